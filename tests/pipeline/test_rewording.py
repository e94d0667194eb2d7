"""Where a passage says the same in nearly the same words, the word that differs decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rewording import nearest_rewording

PASSAGE = "The firm is old. China built 1,854 smart factories in 2023. Rivals, it said, built none."


def test_the_same_words_change_nothing():
    found = nearest_rewording(PASSAGE, "China built 1,854 smart factories in 2023.")
    assert found.share == 1
    assert (found.figure, found.name, found.opposite) == (False, False, False)


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        (PASSAGE, "China built 1,584 smart factories in 2023."),
        (PASSAGE, "China built 1,854 smart factories in 2022."),
        ("Sales came to $5 million last year.", "Sales came to $5 billion last year."),
        ("The road is 40 miles long.", "The road is 40 kilometres long."),
        ("The road cost $40 million.", "The road cost €40 million."),
        ("The rate rose by 2 percent in May.", "The rate rose by 2 percentage points in May."),
    ],
)
def test_another_figure_scale_or_unit_in_its_place_is_seen(passage, claim):
    assert nearest_rewording(passage, claim).figure


def test_another_name_in_its_place_is_seen():
    found = nearest_rewording("The bridge was opened by Ana Ruiz in May.", "The bridge was opened by Eva Lund in May.")
    assert found.name
    assert not found.figure


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        ("The deal was approved by the board.", "The deal was not approved by the board."),
        ("Sales rose 3% in May to $4 million.", "Sales fell 3% in May to $4 million."),
        ("Norvik employs more than 300 people.", "Norvik employs fewer than 300 people."),
    ],
)
def test_an_opposite_or_a_denial_is_seen(passage, claim):
    assert nearest_rewording(passage, claim).opposite


def test_names_that_changed_places_are_the_opposite_unless_their_order_says_nothing():
    passage = "Dario Klem defeated Petra Vance by 2,311 votes."
    swapped = nearest_rewording(passage, "Petra Vance defeated Dario Klem by 2,311 votes.")
    assert swapped.opposite
    assert swapped.share == 1
    assert not nearest_rewording(passage, "Dario Klem defeated Petra Vance by 2,311 votes.").opposite
    pair = nearest_rewording("Klem and Vance met in Oslo in May.", "Vance and Klem met in Oslo in May.")
    assert not pair.opposite


def test_a_passage_on_something_else_shares_little():
    assert nearest_rewording("The weather was fine all week.", "China built 1,854 smart factories in 2023.").share < 0.3


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_two_texts_can_be_compared(passage, claim):
    found = nearest_rewording(passage, claim)
    assert 0 <= found.share <= 1
