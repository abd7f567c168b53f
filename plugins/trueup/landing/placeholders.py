"""What stands where a person's address or number should, and is nobody's.

A till, a form or a marketplace that must send something sends such a word for everybody; as an
identity it would make one customer of them all. What no list foresees is found by how many records
it stands on (int_customers__shared_keys).
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:(?:no|do[-_. ]?not)[-_. ]?reply[\w.+-]*|no[-_.]?(?:e?-?mail|address|contact|customer)"
    r"|none|null|na|n\.a\.?|nobody|unknown|anonym(?:ous)?|anon|placeholder|dummy|fake"
    r"|test(?:er|ing)?\d*)@.*"
    r"|.*@(?:.*\.)?(?:invalid|localhost|no-?e?mail\.[a-z.]+)"
)
_WORD = re.compile(
    r"none|null|nil|nan|n/?a|unknown|anonym(?:ous)?|guest|walk[-_ ]?in"
    r"|cash(?:[-_ ](?:sale|customer))?|test(?:er|ing)?\d*|placeholder|dummy|undefined|\W+|0+"
)
#: A telephone number nobody has: one digit over and over, or all of them in their order.
_NUMBER = re.compile(r"(\d)\1{6,}|0?123456789\d?")
_TYPED = re.compile(r"[+\d\s().\-/]+")


def is_nobodys(value: str) -> bool:
    """Whether an e-mail address, telephone or customer number says nothing of whose it is."""
    value = value.strip().lower()
    if "@" in value:
        return _ADDRESS.fullmatch(value) is not None
    if _TYPED.fullmatch(value):
        digits = re.sub(r"\D", "", value)
        return not digits.strip("0") or _NUMBER.fullmatch(digits) is not None
    return _WORD.fullmatch(value) is not None
