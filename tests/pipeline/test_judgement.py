"""The verifier's word, the figures and the wording together make what a passage says of a claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.judgement import aligned, stance_of, weigh
from pipeline.records import Probabilities

UNSURE = Probabilities(0.4, 0.2, 0.4)
PASSAGE = "China has built 1,854 smart factories, the ministry said in September."


def weighed(claim, passage=PASSAGE, felt=UNSURE, similarity=0.8):
    return weigh(felt, aligned(passage, claim), passage, claim, similarity)


def test_the_same_figure_supports_and_another_in_its_place_disputes():
    assert stance_of(weighed("China has built 1,854 smart factories.")) == "supports"
    assert stance_of(weighed("China has built 1,584 smart factories.")) == "disputes"


def test_fifty_is_not_found_in_fifteen_hundred():
    assert (
        stance_of(weighed("The firm employs 50 people.", "The firm employs 1500 people in three towns.")) != "supports"
    )


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The fund holds 4,523,000 dollars.", "The fund holds 4523000 dollars."),
        ("The group is worth ¥22 trillion.", "The group is worth 22,000 billion yuan."),
    ],
)
def test_one_figure_written_in_two_ways_supports(claim, passage):
    assert stance_of(weighed(claim, passage)) == "supports"


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Sales came to $5 million in 2024.", "Sales came to $5 billion in 2024."),
        ("The road to the port is 40 kilometres long.", "The road to the port is 40 miles long."),
        ("The old plant at Chakan was opened in 2018.", "The old plant at Chakan was opened in 2019."),
        ("The wing was flown by the squadron in 1932-43.", "The wing was flown by the squadron in 1942-43."),
        ("She has a 2.84 goals-against average this year.", "She has a 2.48 goals-against average this year."),
        ("The board did not approve the sale in May.", "The board did approve the sale in May."),
    ],
)
def test_one_changed_word_in_the_same_sentence_disputes_however_alike_it_feels(claim, passage):
    assert stance_of(weighed(claim, passage, Probabilities(0.9, 0.05, 0.05))) == "disputes"


def test_another_figure_is_no_dispute_where_the_verifier_is_sure_of_another_subject():
    claim, passage = "Canada added 22,000 jobs in December.", "The United States added 103,000 jobs in December."
    assert stance_of(weighed(claim, passage, Probabilities(0.04, 0.06, 0.9), 0.6)) == "neutral"


def test_the_same_digits_in_another_unit_dispute_whatever_was_felt():
    claim, passage = "The canister held 121.6 kilograms of dust.", "In the canister were 121.6 grams of dust."
    assert stance_of(weighed(claim, passage, Probabilities(0.1, 0.2, 0.7), 0.5)) == "disputes"


def test_a_figure_that_follows_from_two_others_supports():
    claim = "Some 690 homes in the Harbour Quarter will be let below the market rate."
    passage = "The Harbour Quarter will have 2,300 flats, 30 percent of them below market rent."
    assert stance_of(weighed(claim, passage, Probabilities(0.6, 0.3, 0.1), 0.6)) == "supports"


def test_two_figures_that_a_passage_does_not_give_are_not_supported_however_sure_it_feels():
    claim = "Investment surpassed ¥8.6 trillion, equal to $1.2 trillion USD, since 2021."
    passage = "Between 2021 and 2025 the firms put far more money into new industries than before."
    assert stance_of(weighed(claim, passage, Probabilities(0.76, 0.1, 0.14), 0.7)) == "neutral"


LAUNCH = "OSIRIS-REx left Cape Canaveral on 8 September 2016."


@pytest.mark.parametrize(
    ("passage", "felt", "stance"),
    [
        ("The Atlas V lifted off from Florida on Sept. 8, 2016.", Probabilities(0.36, 0.5, 0.14), "supports"),
        ("The capsule fell to Earth in Utah on 24 September 2023.", Probabilities(0.1, 0.85, 0.05), "neutral"),
        ("The capsule fell to Earth in Utah on 24 September 2023.", Probabilities(0.6, 0.2, 0.2), "neutral"),
        ("OSIRIS-REx left Cape Canaveral on 9 September 2016.", Probabilities(0.6, 0.2, 0.2), "disputes"),
        ("The Atlas V lifted off from Florida.", Probabilities(0.6, 0.2, 0.2), "supports"),
    ],
)
def test_a_passage_about_another_day_tells_of_something_else(passage, felt, stance):
    assert stance_of(weighed(LAUNCH, passage, felt, 0.6)) == stance


def test_a_passage_in_other_words_is_left_to_the_verifier():
    claim, passage = (
        "Norvik moved its head office to Oslo.",
        "Oslo is where the glass maker has been run from since May.",
    )
    assert weighed(claim, passage) == UNSURE


@given(st.text(max_size=120), st.text(max_size=80), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1))
def test_whatever_the_texts_the_probabilities_sum_to_one(passage, claim, first, second, near):
    support, dispute = first, second * (1 - first)
    felt = Probabilities(support, dispute, 1 - support - dispute)
    found = weighed(claim, passage, felt, near)
    assert found.support + found.dispute + found.neutral == pytest.approx(1)
