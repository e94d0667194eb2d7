"""Words are counted as a reader would, and both ways of finding are fused into one order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.search import WordIndex, best_places, fuse, spread, tokens
from evidence.stemming import stem


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Companies' factories", ["compani", "factori"]),
        ("1,854 smart factories", ["1854", "smart", "factori"]),
        ("¥22.5 trillion, 51%", ["22.5", "trillion", "51"]),
        ("China’s steel; its losses", ["china", "steel", "loss"]),
        ("p53 and COVID-19", ["p53", "covid", "19"]),
        ("鞍钢", ["鞍", "钢"]),
        ("", []),
    ],
)
def test_words_are_lower_case_stems_and_figures_whole(text, found):
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


def test_one_source_gives_no_more_than_half_where_others_have_any():
    scores, owners = np.array([9, 8, 7, 6, 5, 1, 0.5]), ["long"] * 5 + ["short", "other"]
    assert spread(scores, owners, 4) == [0, 1, 5, 6]
    assert spread(scores, owners, 6) == [0, 1, 2, 3, 5, 6]
    assert spread(scores, ["long"] * 7, 4) == [0, 1, 2, 3]
    assert spread(scores, list("abcdefg"), 3) == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=30), st.integers(1, 12))
def test_spreading_keeps_the_number_the_order_and_the_best(rows, top_k):
    scores, owners = np.array([score for score, _ in rows], dtype=float), [owner for _, owner in rows]
    found = spread(scores, owners, top_k)
    assert len(found) == len(set(found)) == min(top_k, len(rows))
    assert found == sorted(found, key=lambda place: (-scores[place], place))
    assert found[:1] == best_places(scores, 1)


@pytest.mark.parametrize(
    ("words", "common"),
    [
        ("factory factories", "factori"), ("connect connected connecting connection connections", "connect"),
        ("relational", "relat"), ("hopping hoped", None), ("national", "nation"), ("agreed", "agre"), ("sky", "sky"),
        ("is", "is"), ("p53", "p53"), ("größe", "größe"), ("electricity", "electr"), ("controlling", "control"),
    ],
)  # fmt: skip
def test_words_of_one_family_share_a_stem(words, common):
    stems = [stem(word) for word in words.split()]
    assert stems == ([common] * len(stems) if common else ["hop", "hope"])


def test_a_wrong_figure_does_not_lead_away_from_the_right_one():
    """Given many texts with the claim's figure, when it is of other things, then the one with its words comes first."""
    texts = [f"In 1,854 the town of {name} was founded." for name in ("Ulm", "Bonn", "Cork", "Bath", "Lund")]
    index = WordIndex([tokens(text) for text in [*texts, "China has built 1,584 smart factories."]])
    assert best_places(index.scores("China has built 1,854 smart factories."), 1) == [5]
