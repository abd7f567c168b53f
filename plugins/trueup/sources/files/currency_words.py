"""Currencies as people and programs write them: a sign, a word or a name in place of the ISO code.

What means one currency is that one. What means several says which, and it is the select's to say.
"""

from __future__ import annotations

import re
import unicodedata

from trueup.sources.currencies import CODES
from trueup.sources.files.casts import CURRENCY
from trueup.sources.files.reading import Job

#: A file is of a few currencies; a column of more texts than these is none of currencies.
MOST_WORDS = 200
#: Everything but letters and signs of currencies comes and goes: US$, U.S.$, "US $", kr., (GBP).
_FILLING = re.compile(r"[^\w$¢\u20a0-\u20cf£¥฿৳៛֏/]|_")
_BETWEEN = re.compile(r"[\s()/-]+")
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
#: How the money of a country is called in words: by its own name, or by the country's.
_NAMES = {
    "AED": "uaedirham emiratidirham", "AUD": "australiandollar", "BRL": "brazilianreal real reais",
    "CAD": "canadiandollar", "CHF": "swissfranc schweizerfranken francsuisse",
    "CNY": "chineseyuan yuan renminbi", "CZK": "czechkoruna czechcrown", "DKK": "danishkrone",
    "EUR": "euro", "GBP": "britishpound poundsterling poundssterling sterling ukpound",
    "HKD": "hongkongdollar", "HUF": "hungarianforint forint", "IDR": "indonesianrupiah rupiah",
    "ILS": "israelishekel israelinewshekel shekel", "INR": "indianrupee",
    "JPY": "japaneseyen yen", "KRW": "southkoreanwon koreanwon", "MXN": "mexicanpeso",
    "MYR": "malaysianringgit ringgit", "NOK": "norwegiankrone", "NZD": "newzealanddollar",
    "PHP": "philippinepeso", "PLN": "polishzloty polishzłoty zloty złoty",
    "RUB": "russianruble russianrouble", "SEK": "swedishkrona", "SGD": "singaporedollar",
    "THB": "thaibaht baht", "TRY": "turkishlira", "TWD": "newtaiwandollar taiwandollar",
    "UAH": "ukrainianhryvnia hryvnia", "USD": "usdollar unitedstatesdollar americandollar",
    "VND": "vietnamesedong", "ZAR": "southafricanrand rand",
}  # fmt: skip
#: Signs and abbreviations, those that come before a bare sign of several currencies too.
_SIGNS = {
    "AMD": "֏", "AUD": "a$ au$ aud$", "AZN": "₼", "BDT": "৳", "BRL": "r$",
    "CAD": "ca$ can$ cad$ cdn$ $ca", "CHF": "sfr sfrs fr chfr", "CNY": "rmb cn¥ cny¥ rmb¥ 人民币",
    "COP": "col$", "CRC": "₡", "CZK": "kč kc", "DKK": "dkr", "EUR": "€", "GBP": "£ gb£ uk£ ukp stg",
    "GEL": "₾", "GHS": "₵ gh₵", "HKD": "hk$ hkd$", "HUF": "ft", "IDR": "rp", "ILS": "₪ nis",
    "INR": "₹", "JPY": "jp¥ jpy¥ 円 日本円", "KHR": "៛", "KRW": "₩", "KZT": "₸", "LAK": "₭",
    "MNT": "₮", "MXN": "mx$ mex$ mxn$", "MYR": "rm", "NGN": "₦", "NOK": "nkr", "NZD": "nz$ nzd$",
    "PEN": "s/", "PHP": "₱", "PLN": "zł zl", "PYG": "₲", "RUB": "₽ руб rur", "SEK": "skr",
    "SGD": "s$ sg$ sgd$", "THB": "฿", "TRY": "₺ tl ytl", "TWD": "nt$ ntd twd$", "UAH": "₴ грн",
    "USD": "us$ $us usd$ u$s", "VND": "₫", "ZAR": "r",
}  # fmt: skip
#: What means several, or a part of one.
_DOUBTS = {
    "may be USD, AUD, CAD or another dollar or peso": "$ dollar dollars peso pesos",
    "may be DKK, ISK, NOK or SEK": "kr krona krone kroner kronor krónur",
    "may be CNY or JPY": "¥ 元",
    "may be CAD or NIO": "c$",
    "may be INR, PKR, LKR, NPR or another rupee": "rs rupee rupees ₨",
    "may be RON or MDL": "lei leu",
    "may be AED or MAD": "dh dhs dirham dirhams",
    "may be XAF or XOF": "cfa fcfa",
    "may be CHF or another franc": "franc francs franken",
    "may be GBP or another pound": "pound pounds",
    "may be BOB or VES": "bs",
    "is hundredths of a currency: let the select divide by 100": "gbx pence ¢ cent cents usx zac",
}
#: Prices of shares are in pence, which differ from pounds by one small letter.
_PENCE = "GBp"
_CODE_OF = {word: code for code, words in _SIGNS.items() for word in words.split()}
_CODE_OF |= {
    word: code
    for code, words in _NAMES.items()
    for one in words.split()
    for word in (one, f"{one}s")
}
_DOUBT_OF = {word: why for why, words in _DOUBTS.items() for word in words.split()}


def code_of(written: str) -> str | None:
    """The ISO code a text stands for; None where it stands for none, or for more than one."""
    if written.strip() == _PENCE:
        return None
    word = _plain(written)
    if word.upper() in CODES:
        return word.upper()
    if word in _CODE_OF:
        return _CODE_OF[word]
    named = {code for code in _CODE.findall(written) if code in CODES}
    named = named or {_CODE_OF.get(_plain(part), "") for part in _BETWEEN.split(written) if part}
    return named.pop() or None if len(named) == 1 else None


def doubt_of(written: str) -> str | None:
    """Why nobody can tell which currency a text means, where it is a word of several."""
    word = "gbx" if written.strip() == _PENCE else _plain(written)
    return _DOUBT_OF.get(word) if code_of(written) is None else None


def _plain(written: str) -> str:
    return _FILLING.sub("", unicodedata.normalize("NFC", written)).lower()


def put_codes(job: Job, given: dict[str, str]) -> dict[str, str]:
    """Put codes in `mapped` for the texts a select gave as currencies, and give those that nobody
    can tell, each with the reason."""
    if given.get(CURRENCY) != "VARCHAR":
        return {}
    found = job.con.execute(
        f"select distinct {CURRENCY} from mapped where {CURRENCY} is not null limit {MOST_WORDS}"
    ).fetchall()
    texts = [text for (text,) in found if text.strip().upper() not in CODES or _PENCE in text]
    codes = {text: code for text in texts if (code := code_of(text))}
    if codes:
        job.con.execute(
            f"update mapped set {CURRENCY} = map($texts, $codes)[{CURRENCY}]"
            f" where {CURRENCY} in (select unnest($texts))",
            {"texts": list(codes), "codes": list(codes.values())},
        )
    return {text: why for text in texts if (why := doubt_of(text))}
