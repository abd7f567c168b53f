"""The credentials of demo.env, which the sandbox vendors accept and nobody else does."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("demo.env")


def environment() -> dict[str, str]:
    """The variables of demo.env."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def secret(name: str) -> str:
    """The secret kept under `name`, such as shopify_client_id."""
    return environment()[f"TRUEUP_SECRET_{name.upper()}"]
