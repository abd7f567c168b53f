"""The names secrets are kept under, distinguished from secrets that were pasted in their place.

What stands in the place of a name is shown in messages and makes a variable's name, so a value must
be known by its look before anything is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

#: The key of the file under which secrets are named.
CREDENTIALS = "credentials"
PATTERN = r"^[a-z][a-z0-9_-]*$"
#: What pydantic's error of a pasted value is called.
PASTED = "pasted_secret"
#: What stands in a path in the place of a pasted value.
HIDDEN = "(not shown)"
#: What tokens and keys of vendors begin with, as far as a name may begin so too.
_VENDORS = re.compile(r"(shp[a-z]{2,3}_|cbat_|pat-|sk[_-]|rk_|xox[a-z]-|gh[oprsu]_|glpat-|whsec_)")
#: Characters a name has at most, and each of its words.
_LONGEST_NAME, _LONGEST_WORD = 64, 30
#: Digits of the longest account id that is a word of its own, and of a number within a word.
_LONGEST_ID, _LONGEST_NUMBER = 17, 5
#: Pairs of letters that are usual in the words of Europe's languages, and the share of a word's
#: pairs that they have at least; it is asked of words so long that chance seldom gives so many.
_USUAL = frozenset(
    "al an ap ar as at ce ch co de ds ea ed el en er es et ey ge ha he ho ia ic ie in io is "
    "it ke la le li ll lo ma me nd ne ng no nt of ok om on op or ou pi ra rd re ri ro sc se "
    "sh si ss st ta te th ti to un ur us ut ve".split()
)
_LONG, _USUAL_SHARE = 12, 0.25


def looks_pasted(text: str) -> bool:
    """Whether `text`, which has a name's characters, is rather a secret itself."""
    if _VENDORS.match(text) or len(text) > _LONGEST_NAME:
        return True
    return any(map(_is_random, re.split("[_-]", text)))


def shown(text: object) -> object:
    """What may be shown of what stands in the place of a name."""
    is_name = re.fullmatch(PATTERN, str(text)) and not looks_pasted(str(text))
    return text if is_name else HIDDEN


def path(of: Sequence[Any]) -> list[Any]:
    """The path `of` a problem in the file, without what below `credentials` may be a secret."""
    below = of.index(CREDENTIALS) + 1 if CREDENTIALS in of else len(of)
    return [*of[:below], *map(shown, of[below:])]


def _is_random(word: str) -> bool:
    if word.isdigit():
        return len(word) > _LONGEST_ID
    if len(word) > _LONGEST_WORD or re.search(rf"\d{{{_LONGEST_NUMBER + 1}}}", word):
        return True
    turns = len(re.findall(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", word))
    if turns > 3 or (turns > 2 and len(word) >= 8):
        return True
    pairs = [first + second for first, second in zip(word, word[1:], strict=False)]
    return len(word) >= _LONG and sum(pair in _USUAL for pair in pairs) < len(pairs) * _USUAL_SHARE


def _is_name(text: str) -> str:
    if looks_pasted(text):
        raise PydanticCustomError(PASTED, "looks like a secret, where its name should stand")
    return text


SecretName = Annotated[str, Field(pattern=PATTERN), AfterValidator(_is_name)]
