"""Which values of a container may be read, and which land as a hash alone.

A tag's fields hold what people put there: code, keys of other systems, addresses of persons. Only
what is known to be none of these is shown; of the rest, that it changed.
"""

from __future__ import annotations

import hashlib
import re

from trueup import redaction

#: Public ids of Google's own tags, which every page shows.
_PUBLIC_ID = r"(?:G|GT|AW|DC|UA|GTM|HA|MC)-[A-Z0-9]{4,16}(?:-\d{1,4})?"
#: Whole lower-case words, a switch, a short number, or a reference to a variable by its name.
_HARMLESS = re.compile(
    rf"{_PUBLIC_ID}|[a-z]{{1,24}}(?:_[a-z]{{1,24}}){{0,5}}|[A-Z]{{3}}|-?\d{{1,6}}(?:\.\d{{1,4}})?"
    r"|\{\{[\w .:/|()&-]{1,80}\}\}"
)
#: What these hold is a word by which others know the tag, whatever its spelling.
_WORDS = {"parameter eventName", "parameter event_name", "parameter conversionId"}
_WORD = re.compile(r"[\w .:/{}-]{1,64}")
#: What such a field holds is never shown, however harmless it looks.
_SECRET = re.compile(
    r"secret|passw|token|auth|credential|api.?key|signature|e?mail|phone|user|login|hash|salt|html"
    r"|javascript|script|code",
    re.IGNORECASE,
)
_LONGEST_NAME = 200


def name(value: object) -> str | None:
    """What an object is called, without contact details and credentials."""
    text = redaction.clean(str(value)).strip() if isinstance(value, str | int) else ""
    return text[:_LONGEST_NAME] or None


def split(setting: str, value: str | None) -> tuple[str | None, str | None]:
    """`value` as it may be read, and the digest of what may not; one of the two is null."""
    if value is None or is_harmless(setting, value):
        return value, None
    return None, hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def is_harmless(setting: str, value: str) -> bool:
    if setting in _WORDS:
        return bool(_WORD.fullmatch(value)) and redaction.clean(value) == value
    if setting.startswith("parameter ") and _SECRET.search(setting.removeprefix("parameter ")):
        return value in ("true", "false")
    return bool(_HARMLESS.fullmatch(value))
