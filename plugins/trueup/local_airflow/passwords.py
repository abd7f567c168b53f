"""The password of the local Airflow: made once, shown once, kept where its user alone reads it."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

USER = "trueup"


def file(folder: Path) -> Path:
    """Where Airflow reads its users' passwords."""
    return folder / "passwords.json"


def keep(folder: Path) -> str:
    """The password where it is made now; nothing where there is one already. Whoever else could
    read the file can no longer."""
    path = file(folder)
    if read(folder):
        path.chmod(0o600)
        return ""
    made = secrets.token_urlsafe(18)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump({USER: made}, handle)
    return made


def read(folder: Path) -> str:
    """The password in force; nothing where none has been made."""
    try:
        return str(json.loads(file(folder).read_text(encoding="utf-8"))[USER])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return ""
