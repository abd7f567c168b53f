"""A sentence that is too long ends between two words, with an ellipsis, wherever it is read."""

from __future__ import annotations

import pytest

from trueup.alerts.receivers.message import cut
from trueup.build.dbt_results import MEANING_LENGTH, _comment
from trueup.reports.page.formats import plain

SENTENCE = "visits that something brought, and nobody knows what"


@pytest.mark.parametrize("shorten", [cut, plain])
@pytest.mark.parametrize(
    ("most", "kept"),
    [(44, "visits that something brought, and nobody…"), (52, SENTENCE),
     (43, "visits that something brought, and nobody…"),
     (42, "visits that something brought, and nobody…")],
)  # fmt: skip
def test_a_sentence_is_cut_between_words(shorten, most: int, kept: str):
    assert shorten(SENTENCE, most) == kept and len(kept) <= most


def test_one_long_word_is_cut_within():
    assert cut("a " + 30 * "b", 20) == "a " + 17 * "b" + "…"


def test_what_a_dbt_test_means_is_cut_between_words():
    meaning = _comment("\n".join(["-- " + SENTENCE] * 8))
    assert meaning.endswith(" …") and len(meaning) <= MEANING_LENGTH
    assert set(meaning.removesuffix(" …").split()) <= set(SENTENCE.split())
