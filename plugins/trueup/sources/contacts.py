"""Personal data that sits where nobody declared it: in links, in ids, and in the text of bad rows.

What a person is (an e-mail address, a phone number, a name, an address on the net) and what opens a
door (a token, a password) is known by its form, or by what the parameter or column is called.
"""

from __future__ import annotations

import re

#: What parameters and columns are called that hold contact details or keys, as words of a name.
NAMES = (
    r"mail|phone|msisdn|mobile|telefon|telephone|whatsapp|"
    r"(?:first|last|full|given|family|middle|maiden|sur|user|customer|contact|guest|guests|person|"
    r"buyer|recipient|cardholder|billing|shipping)[_. -]?name|[fl]name|surname|vorname|nachname|"
    r"apellidos?|birth|passwo?r?d|passwd|secret|token|api[_-]?key|access[_-]?key|signature|"
    r"session[_-]?id|otp|iban|card[_-]?number|passport|tax[_-]?id|"
    r"ip[_-]?addr(?:ess)?|client[_-]?ip|user[_-]?ip|remote[_-]?addr|street|postcode|zipcode"
)
#: Whole names, which are part of many a harmless one.
WHOLE_NAMES = r"tel|ip|name|zip|dob|auth|pwd|sid|address|jwt"
#: A query parameter named like one, whatever its case; group 1 is all but the value.
PARAMETER = rf"([?&#;](?:[^=&#]*(?:{NAMES})[^=&#]*|(?:{WHOLE_NAMES}))=)[^&#]*"
#: Anything in a link that looks like an e-mail address, also where it is encoded, once or more.
EMAIL_IN_LINK = r"[A-Za-z0-9._%+~-]{1,128}(?:@|%(?:25)*40)[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
#: The same in text of any kind, for DuckDB, whose patterns cost no more than the text is long. They
#: need no bounds, which it writes out: preparing 128 and 255 took longer than reading a small file.
EMAIL_IN_TEXT = r"""[^\s@"':,;]+(?:@|%40)[^\s@"':,;]+\.[A-Za-z]{2,}"""
#: The @ of an address, also encoded (once or more, as links, pages and JSON do) and as the wide
#: sign of East Asian keyboards.
AT = "@|\uff20|\ufe6b" + r"|%(?:25)*40|&#0*64;|&commat;|\\u0040"
_AT = re.compile(AT)
#: What stands before it, read from the sign on, and what stands behind it. Bounded, so that a text
#: costs no more than a multiple of its length.
_IN_TEXT_BEFORE = re.compile(r"""[^\s@"':,;]{1,128}|"[^"]{1,126}\"""")
_IN_TEXT_BEHIND = re.compile(r"""[^\s@"':,;]{1,255}\.(?:xn--[\w-]{2,60}|[^\W\d_]{2,})""")
_IN_LINK_BEFORE = re.compile(r"[A-Za-z0-9._%+~-]{1,128}")
_IN_LINK_BEHIND = re.compile(r"[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}")
_LONGEST_BEFORE = 128
#: What one of them is looked for in: most links hold neither an @ nor such a parameter.
GUARD = rf"@|%(?:25)*40|(?i:{NAMES})|(?i:[?&#;](?:{WHOLE_NAMES})=)"

#: A phone number as it is written for abroad.
_GAP = r"(?:[ ().\-/\u00a0\u2007-\u2015\u202f\u2212]|%20)"
PHONE = (
    r"(?<![\w.])(?:\+|%2B|00(?=[1-9]\d{0,2}[ ().\-/]))[1-9]\d{0,2}"
    rf"{_GAP}*(?:\d{_GAP}*){{7,12}}(?!\w)"
)
#: A person's address in the net; one of this machine itself is nobody's.
IP = (
    r"(?<![\w.])(?!127\.)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])"
)
#: Keys as the systems we speak with and their like write them.
KEYS = (
    r"\b(?:shp(?:at|ss|ca|pa|tka)_[A-Za-z0-9]{16,}|EAA[A-Za-z0-9]{20,}|ya29\.[\w-]{16,}|"
    r"1//[\w-]{20,}|pat-[a-z]{2}\d-[\w-]{16,}|AIza[\w-]{30,}|GOCSPX-[\w-]{16,}|sk_live_\w{12,}|"
    r"rk_live_\w{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{12,}|"
    r"eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?|[Bb]earer\s+[\w.~+/-]{16,}=*)"
)
_IN_TEXT = re.compile(f"{KEYS}|{PHONE}|{IP}")
#: What a text must hold for any of them to be in it; cheap to ask, also of Arrow and DuckDB.
HINT = (
    rf"[+=]|{AT}|%2B|00\d[ ().\-/\d]|shp|EAA|ya29|1//|pat-|AIza|GOCSPX|_live_|gh[a-z]_"
    r"|hub_pat|xox|AKIA|eyJ|earer|\d\.\d{1,3}\."
)
_HINT = re.compile(HINT)

#: A key and its value in a row written as JSON, in either spacing.
_CELL = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:\s*)("(?:[^"\\]|\\.)*"|[^,}\s][^,}]*)')
_PERSONAL_KEY = re.compile(
    rf"{NAMES}|^(?:{WHOLE_NAMES})$|note|comment|memo|remark|message|bemerkung|observa|customer$|guest$"
    r"|^(?:who|person|contact|client|kunde|cliente|anschrift|adresse)$|straße|strasse|rua\b|city",
    re.IGNORECASE,
)
#: Words next to each other are a name as likely as not, unless the column says what they are.
_HARMLESS_KEY = re.compile(
    r"campaign|status|product|item|type|goal|channel|source|medium|stage|currency|account|platform"
    r"|action|method|category|country|form|origin|keyword",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}[.,]?(?: [^\W\d_]{1,}[.,]?)+")
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{9,}(?![\d.])")
#: A telephone number as people type it: so many digits, whatever stands between them. A year, a
#: price or an order number has fewer.
_TYPED_PHONE = re.compile(r"(?<!\d)(?:\d[ ().\-/]{0,2}){8,}\d(?!\d)")


def removed(link: str) -> str:
    """A link, or a value out of one, without contact details."""
    link = re.sub(PARAMETER, r"\1removed", link, flags=re.IGNORECASE)
    return _without_emails(link, "removed", _IN_LINK_BEFORE, _IN_LINK_BEHIND)


def cut(text: str, mark: str = "removed") -> str:
    """Text of any kind without addresses, phone numbers and keys; `mark` stands for an e-mail
    address where it is more than one word says."""
    if not _HINT.search(text):
        return text
    text = re.sub(PARAMETER, r"\1removed", text, flags=re.IGNORECASE)
    text = _without_emails(text, mark, _IN_TEXT_BEFORE, _IN_TEXT_BEHIND)
    return _IN_TEXT.sub("removed", text)


def _without_emails(text: str, mark: str, before: re.Pattern[str], behind: re.Pattern[str]) -> str:
    """`text` with `mark` for every e-mail address. From each sign outwards, because a pattern that
    begins anywhere tries every beginning with every end."""
    kept: list[str] = []
    done = 0
    for sign in _AT.finditer(text):
        if sign.start() < done:
            continue
        local = before.match(text[max(done, sign.start() - _LONGEST_BEFORE) : sign.start()][::-1])
        domain = behind.match(text, sign.end())
        if local and domain:
            kept += text[done : sign.start() - local.end()], mark
            done = domain.end()
    return "".join((*kept, text[done:]))


def is_typed(text: str) -> bool:
    """Whether what somebody typed, as into a search, tells who they are: rather once too often."""
    return cut(text) != text or _TYPED_PHONE.search(text) is not None


def impersonal(content: str) -> str:
    """What a row that cannot be used held, as JSON, without what may be personal: what is left are
    numbers, days, codes and single words of columns that are called nothing personal."""
    return _CELL.sub(_cell, content) if content.startswith("{") else cut(content)


def form(line: str) -> str:
    """A line's form: its marks and short numbers, of its words and long numbers that they were."""
    return re.sub(r"[^\W\d_]+", "a", _LONG_NUMBER.sub("9", cut(line)))


def _cell(found: re.Match[str]) -> str:
    key, colon, value = found.groups()
    name, bare = key.strip('"'), value.strip('"')
    if bare in ("", "null", "removed"):
        return found[0]
    is_words = not _HARMLESS_KEY.search(name) and _WORDS.search(bare)
    if _PERSONAL_KEY.search(name) or is_words or (value[0] == '"' and _LONG_NUMBER.search(bare)):
        return f'{key}{colon}"removed"'
    if value[0] == "{":
        return f"{key}{colon}{value}"
    kept = cut(bare)
    return found[0] if kept == bare else f'{key}{colon}"{kept}"'
