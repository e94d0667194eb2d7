"""Words are counted as a reader would, and both ways of finding are fused into one order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.search import WordIndex, best_places, fuse, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Companies' factories", ["companie", "factorie"]),
        ("1,854 smart factories", ["1854", "smart", "factorie"]),
        ("¥22.5 trillion, 51%", ["22.5", "trillion", "51"]),
        ("China’s steel; its losses", ["china", "steel", "losse"]),
        ("p53 and COVID-19", ["p53", "covid", "19"]),
        ("鞍钢", ["鞍", "钢"]),
        ("", []),
    ],
)
def test_words_are_lower_case_without_plural_and_figures_whole(text, found):
    assert tokens(text) == found


def test_a_figure_is_found_however_its_thousands_are_set_off():
    index = WordIndex([tokens("It built 1854 plants."), tokens("It built 1,855 plants.")])
    scores = index.scores("1,854")
    assert scores[0] > 0 == scores[1]


def test_rare_words_weigh_more_and_long_texts_less():
    index = WordIndex([tokens(text) for text in ("steel output", "steel prices", "steel output " + "and more " * 50)])
    scores = index.scores("output")
    assert scores[0] > scores[2] > scores[1] == 0
    assert index.scores("zinc").tolist() == [0, 0, 0]


def test_an_index_of_nothing_finds_nothing():
    assert WordIndex([]).scores("steel").tolist() == []


def test_what_both_ways_find_comes_first():
    similarity, lexical = np.array([0.9, 0.2, 0.8]), np.array([0.0, 5.0, 5.0])
    assert best_places(fuse(similarity, lexical), 3)[0] == 2
    assert fuse(similarity, np.zeros(3)).argmax() == 0


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 50))
def test_the_best_places_are_those_of_a_stable_sort(scores, top_k):
    expected = sorted(range(len(scores)), key=lambda place: -scores[place])[:top_k]
    assert best_places(np.array(scores, dtype=float), top_k) == expected
