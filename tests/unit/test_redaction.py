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
    # Signs and domains beyond ASCII, or encoded
    "ann\uff20example.com", "ann%2540example.com", "ann&#64;example.com", "ann\\u0040example.com",
    "аня@почта.рф", "用户@例子.广告", "ann@почта.xn--p1ai", "a" * 200 + "nn@example.com",
    # Numbers kept together by spaces and dashes that do not break, or set in pairs
    "+49\u00a0151\u00a023456789", "+49\u2011151\u201123456789", "+49\u2009151\u200923456789",
    "06 12 34 56 78", "06.12.34.56.78", "%2B49%20151%2023456789",
    # What opens a door, in an address
    "hooks.slack.com/services/T01ABC/B02DEF/abcDEF123456ghiJKL789mno",
    "hooks/123456789012345678/abc-DEF_123456ghiJKL", "access_token%3Dhunter2secret",
    "123456789012345|abcDEFghiJKLmnoPQRstuv", "sig=abc%2Fdef12345%3D", "4/0AX4XfWh-abcdefgh",
    "Set-Cookie: session=abcdef123",
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


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("postgres://u:pa55word@db:5432/x", "postgres://removed@db:5432/x"),
        ("https://ann:p@55@127.0.0.1:80/x", "https://removed@127.0.0.1:80/x"),
        ("https://token@vendor.example/x", "https:removed/x"),
        ("https://vendor.example/@ann/x", "https://vendor.example/@ann/x"),
    ],
)
def test_a_password_in_an_address_is_cut(address: str, left: str) -> None:
    assert redaction.clean(address) == left


@pytest.mark.parametrize("kept", KEPT)
def test_what_a_person_needs_stays(kept: str) -> None:
    assert kept in str(TrueupError("odd", got=kept))


@pytest.mark.parametrize(
    "code",
    ["MISSING_SCOPES", "rateLimitExceeded", "crm.associations.NO_ASSOCIATIONS_FOUND", "100", "-1",
     "1487534", "graphql.json", "INVALID_ARGUMENT"],
)  # fmt: skip
def test_a_code_is_shown(code: str) -> None:
    assert redaction.code(code) == code


@pytest.mark.parametrize(
    "value", ["Ann Planted", "", None, True, 1.5, [], {}, "A" * 65, "naïve", "x y", "4915123456789"]
)
def test_what_is_no_code_is_not_shown(value: object) -> None:
    assert redaction.code(value) == ""


@pytest.mark.parametrize(
    "piece",
    ["x", "0", "a.", "token", "+1 ", "eyJ", "-----BEGIN A", "@", "a@b.", "a%40", "%40", "a%2540b."]
    + ["a@", "://a:", "hook/1", "0 12", "x" * 127 + "@", '"@', "cookie: ", "1|", "&#64;a.b"],
)
def test_cutting_takes_no_longer_than_its_text(piece: str) -> None:
    began = time.monotonic()
    redaction.clean(piece * (100_000 // len(piece)))
    redaction.code(piece * 100_000)
    assert time.monotonic() - began < 10
