"""What may stand in a text that people read: no contact details, no credential, no vendor's prose.

A vendor's answer may repeat what was sent or hold a customer's row, so of an answer only words
that are shaped like a code are shown. What else comes into an error's text is cut here once more.
"""

from __future__ import annotations

import re

from trueup.sources import contacts

REMOVED = "removed"
#: Between the digits of a telephone number: also the spaces and dashes that keep a line together.
_GAP = r" \u00a0\u2007-\u2015\u202f\u2212-"
#: A telephone number: international, of a country with its area code set off, or in pairs.
PHONE = "|".join(
    (
        rf"(?<![\w.:+-])(?:(?:\+|00)\d[\d()./{_GAP}]{{6,}}\d"
        rf"|\(?0\d{{2,5}}\)?[/{_GAP}]\d[\d{_GAP}]{{4,}}\d|0\d(?:[.{_GAP}]\d\d){{4}})(?![\w:])",
        rf"\(\d{{3}}\)[{_GAP}]?\d{{3}}[{_GAP}]\d{{4}}",
    )
)
#: What credentials of vendors begin with, a credential named as such, and any long word of letters
#: and digits. Request ids (UUIDs) and load ids, which have dashes, stay.
TOKEN = "|".join(
    (
        r"(?i:bearer|basic)\s+[\w~+/.=-]{6,}",
        r"(?i:token|secret|password|proof|assertion|api[_-]?key)[\w-]{0,20}"
        r"(?:=|%(?:25)*3[Dd]|[\"']\s*:\s*)[\"']?[\w~+/.%-]{6,}={0,2}",
        r"\bsig=[\w~+/.%-]{8,}={0,2}",
        r"(?i:cookie):\s?[^\s=]{1,80}=[^\s]+",
        r"(?<=://)[^\s/?#\"'<>]{1,256}(?=@)",
        r"(?i:hooks?)[\w.-]{0,80}(?::\d+)?/(?=[^\s\"'<>]{0,80}\d)[^\s\"'<>]{20,}",
        r"\b\d{12,17}\|[\w-]{20,}",
        r"\b4/0A[\w-]{10,}",
        r"\bshp[a-z]{2,3}_\w{6,}",
        r"\bcbat_\w{6,}",
        r"\bsk_\w{2,8}_\w{6,}",
        r"\bxox[a-z]-[\w-]{8,}",
        r"\bpat-\w{2,4}-[\w-]{8,}",
        r"\bEAA\w{10,}",
        r"\bya29\.[\w.-]+",
        r"\b1//\w[\w-]{10,}",
        r"\bGOCSPX-[\w-]+",
        r"\bAIza[\w-]{10,}",
        r"\beyJ[\w-]{8,}(?:\.[\w-]*)*",
        r"-----BEGIN [A-Z ]+-----[^-]*(?:-----END [A-Z ]+-----)?",
        r"\b(?=[A-Za-z]{0,35}\d)(?=\d{0,35}[A-Za-z])[A-Za-z0-9]{36,}",
    )
)
_CUT = re.compile(f"{PHONE}|{TOKEN}")
#: A code: a word or a dotted or dashed row of them, or a short number.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*|-?\d{1,7}")
_LONGEST_CODE, _MOST_DIGITS = 64, 7


def clean(text: str) -> str:
    """`text` without e-mail addresses, telephone numbers and credentials."""
    return _CUT.sub(REMOVED, contacts.cut(text))


def code(value: object) -> str:
    """`value` if it is shaped like a code of a vendor's; else nothing of it."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if len(text) > _LONGEST_CODE or sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return ""
    return text if _CODE.fullmatch(text) and not _CUT.search(text) else ""


def codes(values: object) -> str:
    """Those of `values` that are shaped like codes, each once, in order of the alphabet."""
    several = values if isinstance(values, list | tuple | set | frozenset | dict) else [values]
    return ", ".join(sorted({word for value in several if (word := code(value))}))
