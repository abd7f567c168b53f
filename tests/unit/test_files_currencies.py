"""Currencies as files name them: a sign or a word is the code it means, or says which it may be."""

from __future__ import annotations

import pytest

from feed_files import ORDERS, Folder
from trueup.sources.files import currency_words

NO_CURRENCY = (
    "breaks the rule: Without an ISO currency code an amount cannot be converted, only guessed"
)
CODES = {
    "AUD": ["A$", "AU$", "Australian Dollars"],
    "BRL": ["R$"],
    "CAD": ["CA$", "$CA", "Canadian dollar"],
    "CHF": ["Fr.", "SFr", "Swiss franc", "CHF."],
    "CNY": ["RMB", "rmb", "CN¥", "Yuan", "Renminbi"],
    "CZK": ["Kč", "CZK Kč"],
    "EUR": ["€", "EURO", "euros", " eur ", "EUR €", "€EUR", "EUR - Euro", "euro (€)"],
    "GBP": ["£", "GBP (£)", "Pounds sterling", "UKP"],
    "IDR": ["Rp", "Rp."],
    "ILS": ["₪", "NIS"],
    "INR": ["₹"],
    "JPY": ["JP¥", "Japanese Yen"],
    "PLN": ["zł", "zl"],
    "SEK": ["SEK kr", "Swedish krona"],
    "TRY": ["TL", "₺"],
    "TWD": ["NT$"],
    "USD": ["US$", "US $", "U.S. dollars", "usd", "$ USD", "US Dollar"],
    "ZAR": ["R"],
}
DOUBTS = {
    "$": "may be USD, AUD, CAD or another dollar or peso",
    "kr": "may be DKK, ISK, NOK or SEK",
    "kr.": "may be DKK, ISK, NOK or SEK",
    "Rs.": "may be INR, PKR, LKR, NPR or another rupee",
    "¥": "may be CNY or JPY",
    "FCFA": "may be XAF or XOF",
    "GBp": "is hundredths of a currency: let the select divide by 100",
}


@pytest.mark.parametrize("code", CODES)
def test_what_means_one_currency_is_its_code(code: str):
    assert {text: currency_words.code_of(text) for text in CODES[code]} == dict.fromkeys(
        CODES[code], code
    )


@pytest.mark.parametrize("text", DOUBTS)
def test_what_means_several_says_which(text: str):
    assert currency_words.code_of(text) is None
    assert currency_words.doubt_of(text) == DOUBTS[text]


@pytest.mark.parametrize("text", ["EUR/USD", "USDT", "n/a", "Euston", "10.00", "-", "All of it"])
def test_other_text_means_none(text: str):
    assert (currency_words.code_of(text), currency_words.doubt_of(text)) == (None, None)


def test_a_currency_is_read_as_it_is_written_and_one_that_may_be_several_says_so(orders: Folder):
    orders.select = ORDERS.replace("'EUR'", "currency")
    rows = "A1,2026-09-01,5, eur\nA2,2026-09-01,6,€\nA3,2026-09-01,7,\nA4,2026-09-01,8,kr\n"
    rows += "A5,2026-09-01,9,RMB\nA6,2026-09-01,10,points\n"
    load = orders.write("till.csv", "id,day,total,currency\n" + rows).land()
    assert orders.rows(load, "currency_code") == ["EUR", "EUR", "CNY"]
    assert orders.aside(load, "reason", "amount") == [
        ("currency_code is empty", 7),
        ("currency_code kr may be DKK, ISK, NOK or SEK", 8),
        (NO_CURRENCY, 10),
    ]
