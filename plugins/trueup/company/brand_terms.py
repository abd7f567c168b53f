"""A company's own name as people type it, as a regular expression of what is in a search.

It is met without regard to capitals, accents and what stands between its words: *Harbour House* is
in `the harbour-house hotel` and in `harbourhouse`, and not in `boathouse harbours`.
"""

from __future__ import annotations

import re
import unicodedata

#: What stands between words, in the expressions DuckDB and Spark share.
_BETWEEN = r"[^\p{L}\p{N}]"
#: Scripts that are written without a space between words: there is no edge to look for.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def pattern(term: str) -> str:
    """The expression that finds `term` in a search in lower case and without accents."""
    words = re.findall(r"[^\W_]+", plain(term))
    joined = f"{_BETWEEN}*".join(words)
    before = "" if _is_unspaced(words[0][0]) else f"(?:^|{_BETWEEN})"
    after = "" if _is_unspaced(words[-1][-1]) else f"(?:$|{_BETWEEN})"
    return f"{before}{joined}{after}"


def plain(text: str) -> str:
    """Lower case, without accents."""
    letters = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def _is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)
