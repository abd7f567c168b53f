"""Words that stand where a person's address should, and are nobody's."""

from __future__ import annotations

import pytest

from trueup.landing.placeholders import is_nobodys
from trueup.landing.values import converter
from trueup.sources.contract import Column


@pytest.mark.parametrize(
    "value",
    ["noreply@shop.example", "No-Reply+7@Shop.example ", "donotreply@x.example", "test@test.com",
     "test12@shop.example", "none@none.com", "noemail@shop.example", "guest@no-email.com",
     "buyer@nowhere.invalid", "anonymous@x.example", "n/a", "-", "Guest", "walk-in",
     "cash customer",
     "0", "0000000000", "+00 000 000 000", "1111111", "123456789", "0123456789"],
)  # fmt: skip
def test_what_is_nobodys_has_no_hash(value: str):
    assert is_nobodys(value)
    assert converter(Column("person_id", pii="email"), "a-key-of-the-tests")(value) is None


@pytest.mark.parametrize(
    "value",
    ["ann@example.com", "info@hotel.example", "orders@agency.example", "nora.reply@x.example",
     "contest@x.example", "testa.rossi@x.example", "nadia@x.example", "4711", "C-1001", "111111",
     "+351 910 000 000", "guest-81", "nina"],
)  # fmt: skip
def test_what_may_be_a_persons_is_one(value: str):
    assert not is_nobodys(value)
    assert converter(Column("person_id", pii="email"), "a-key-of-the-tests")(value)


def test_what_is_no_address_is_hashed_whatever_it_says():
    assert converter(Column("creator", pii="name"), "a-key-of-the-tests")("test")
