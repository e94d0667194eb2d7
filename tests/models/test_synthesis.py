import random
import re

import pytest

from models.training import synthesis
from models.training.pairs import Pair, WrittenPassage

PREMISE = (
    "Harlow Steel shipped 1,854 rails worth 4.2 million dollars to Denmark in 2019. Ines Quandt leads Harlow Steel."
)


def digits(text):
    return re.findall(r"\d[\d,.]*", text)


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_figure_is_not_one_of_the_premise(seed):
    claim = "Harlow Steel shipped 1,854 rails."
    changed = synthesis.change_figure(PREMISE, claim, random.Random(seed))
    if changed is not None:
        assert changed != claim
        assert digits(changed)[0].replace(",", "").rstrip(".") not in PREMISE.replace(",", "").split()


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_magnitude_keeps_the_digits(seed):
    changed = synthesis.change_figure(PREMISE, "The rails were worth 4.2 million dollars.", random.Random(seed))
    assert changed is None or changed != "The rails were worth 4.2 million dollars."


def test_a_claim_without_a_deciding_figure_is_left_alone():
    assert synthesis.change_figure(PREMISE, "Harlow Steel shipped rails.", random.Random(1)) is None
    assert synthesis.change_figure(PREMISE, "Harlow Steel has 77 staff.", random.Random(1)) is None


@pytest.mark.parametrize("seed", range(60))
def test_a_rewritten_figure_says_whether_it_still_holds(seed):
    made = synthesis.rewrite_figure(PREMISE, "Harlow Steel shipped 1,854 rails.", random.Random(seed))
    assert made is not None
    claim, label = made
    number = int(digits(claim)[0].replace(",", ""))
    if "more than" in claim:
        assert (label == "supported") == (1854 > number)
    elif "less than" in claim:
        assert (label == "supported") == (1854 < number)
    else:
        assert label == "supported"
        assert abs(number - 1854) <= 100


def test_ordinals_dates_and_scores_are_no_amounts():
    premise = "On 14 August they won 14-3 in the 14th round with 14 men."
    claim = "On 14 August they won 14-3 in the 14th round with 14 men."
    assert [match.start() for match in synthesis.shared_numbers(premise, claim)] == [claim.rindex("14")]


@pytest.mark.parametrize("seed", range(20))
def test_swapped_names_are_not_called_disputes(seed):
    premise = "Dario Klem beat Petra Vance in Aldgate Quay."
    claim, label = synthesis.swap_names(premise, "It was Dario Klem who beat Petra Vance.", random.Random(seed))
    assert label == "not_supported"
    assert claim == "It was Petra Vance who beat Dario Klem."


def test_denial_and_turning_change_one_word():
    assert synthesis.negate("The plant was closed.") == "The plant was not closed."
    assert synthesis.negate("The plant was not closed.") is None
    assert synthesis.turn("Sales rose in May.") == "Sales fell in May."
    assert synthesis.turn("Sales rose before costs fell.") is None


def test_a_passage_without_its_deciding_sentence_is_silent():
    rest = "The harbour office opens at nine every day of the week except on Sundays and on public holidays."
    passage = WrittenPassage(
        "x-1", f"Sales rose. {rest}", (("Sales went up.", "supported", "paraphrase", ("Sales rose.",)),)
    )
    assert synthesis.rationale_pairs([passage]) == [
        Pair("Sales rose.", "Sales went up.", "supported", "rationale"),
        Pair(rest, "Sales went up.", "neutral", "rationale"),
    ]


def test_close_passages_come_from_other_families():
    made = synthesis.close_pairs(
        [("a", "Sales went up.")],
        [("a", "Sales rose."), ("b", "Costs rose."), ("c", "Rain fell.")],
        lambda claims, passages, look: [[0, 1, 2][:look] for _ in claims],
        per_claim=1,
    )
    assert made == [Pair("Costs rose.", "Sales went up.", "neutral", "close")]


def test_a_row_of_a_table_decides_its_own_claim_and_says_nothing_on_others():
    text = "port,year,boxes\nTarn,2025,4602\nVelden,2025,4405"
    tables = WrittenPassage("a", text, (("Tarn moved 4,602 boxes.", "supported", "row", ("Tarn,2025,4602",)),))
    other = WrittenPassage("b", "Sales rose.", (("Sales went up.", "supported", "direction", ()),))
    made = synthesis.row_pairs(
        [tables, other], lambda claims, rows, look: [[0, 1][:look] for _ in claims], random.Random(1)
    )
    assert set(made) == {
        Pair("port: Tarn; year: 2025; boxes: 4602.", "Tarn moved 4,602 boxes.", "supported", "rows"),
        Pair("port: Velden; year: 2025; boxes: 4405.", "Tarn moved 4,602 boxes.", "neutral", "rows"),
        Pair("port: Tarn; year: 2025; boxes: 4602.", "Sales went up.", "neutral", "rows"),
    }
