"""What may stand in a text that people read."""

from __future__ import annotations

import time

import pytest

from trueup import redaction
from trueup.errors import TrueupError

PRIVATE = (
    "ann@example.com", "ann%40example.com", "Ann.O'Neil+x@mail.example.co.uk",
    "+49 151 23456789", "0049 30 901820", "0171 2345678", "(555) 123-4567", "+1-202-555-0143",
    "Bearer abc123def456", "access_token=EAABsbCS1234ZC", "shpat_0123456789abcdef0123456789abcdef",
    "pat-eu1-0123abcd-4567-89ef-0123-456789abcdef", "EAABsbCS1234ZCzzzz", "ya29.a0AfH6SMBx",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln", "1//0gLx-refresh-token", "GOCSPX-abc_DEF-123",
    '"client_secret": "hunter22"', "-----BEGIN PRIVATE KEY-----MIIE", "a1" * 20,
)  # fmt: skip
KEPT = (
    "window: [2026-09-01, 2026-09-02)", "2026-09-14T06:00:00+00:00", "12,345 of 1,000,000 rows",
    "act_900100200", "4711002200", "20260915T060102123456-1f2e3d4c", "127.0.0.1:37707",
    "3221c58f-3446-4843-a452-a517787121c6", "harbour-house.myshopify.com", "09-10-2026",
    "renew access_token and app_secret", "int_conversions__row_uses", "0.000001",
    "sha256 1f2e3d4c5b6a",
    "/admin/oauth/access_token: refused", "[2026-09-01 00:00:00, 2026-09-02 23:59:59]",
)  # fmt: skip


@pytest.mark.parametrize("private", PRIVATE)
def test_contact_details_and_credentials_are_cut(private: str) -> None:
    error = TrueupError(f"it said {private}, twice", got=f"{private} again", source="shop")
    assert private not in str(error) and private not in error.problem + str(error.got)
    assert redaction.REMOVED in str(error) and "source: shop" in str(error)
    assert redaction.code(private) == ""


@pytest.mark.parametrize("kept", KEPT)
def test_what_a_person_needs_stays(kept: str) -> None:
    assert kept in str(TrueupError("odd", got=kept))


@pytest.mark.parametrize(
    "code",
    ["MISSING_SCOPES", "rateLimitExceeded", "crm.associations.NO_ASSOCIATIONS_FOUND", "100", "-1",
     "1487534", "graphql.json", "INVALID_ARGUMENT"],
)  # fmt: skip
def test_a_code_is_told(code: str) -> None:
    assert redaction.code(code) == code


@pytest.mark.parametrize(
    "value", ["Ann Planted", "", None, True, 1.5, [], {}, "A" * 65, "naïve", "x y", "4915123456789"]
)
def test_what_is_no_code_is_not_told(value: object) -> None:
    assert redaction.code(value) == ""


@pytest.mark.parametrize(
    "piece", ["x", "0", "a.", "token", "+1 ", "eyJ", "-----BEGIN A", "@", "a@b."]
)
def test_cutting_takes_no_longer_than_its_text(piece: str) -> None:
    began = time.monotonic()
    redaction.clean(piece * (100_000 // len(piece)))
    redaction.code(piece * 100_000)
    assert time.monotonic() - began < 10
