"""What all the evidence together says of a claim."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import (
    Claim,
    Judgement,
    Passage,
    Probabilities,
    Quantity,
    QuantityFinding,
    RetrievedPassage,
    Source,
    Span,
)
from pipeline.verdict import decide

TEXT = "Central firms have built 1,854 smart factories."
STANCES = {
    "supports": Probabilities(0.9, 0.05, 0.05),
    "disputes": Probabilities(0.05, 0.9, 0.05),
    "neutral": Probabilities(0.05, 0.05, 0.9),
}


def quantity(text, unit="smart factory", comparator="exactly"):
    value = Decimal(text.split()[0].replace(",", ""))
    return Quantity(text, value, value, unit, comparator, Span(0, len(text)))


CLAIM = Claim(
    "c1", "China has built 1,854 smart factories.", Span(0, 38), "", (quantity("1,854 smart factories"),), 0.9
)


def judgement(stance, origin="reportify", *, probabilities=None, independent=True, trust="normal", figures=(), rank=1):
    source = Source(
        origin, f"https://{origin}.example/a", None, origin.title(), date(2025, 9, 17), datetime(2025, 10, 1, tzinfo=UTC),
        "0" * 64, "en", trust, origin,
    )  # fmt: skip
    passage = Passage(f"{origin}-{rank}", origin, TEXT, Span(0, len(TEXT)))
    found = RetrievedPassage(passage, source, rank, 0.03, 0.8)
    return Judgement(found, probabilities or STANCES[stance], stance, Span(0, len(TEXT)), figures, independent)


def findings(finding, evidence):
    return (QuantityFinding(CLAIM.quantities[0], quantity(evidence), finding),)


def test_without_evidence_there_is_no_verdict():
    verdict = decide(CLAIM, [])
    assert verdict.label == "not enough evidence"
    assert "No passage" in verdict.explanation


def test_silence_is_not_support():
    assert decide(CLAIM, [judgement("neutral"), judgement("neutral", "xinhua")]).label == "not enough evidence"


def test_support_names_the_figure_the_source_and_its_date():
    verdict = decide(CLAIM, [judgement("supports", figures=findings("equal", "1,854 smart factories"))])
    assert verdict.label == "supported"
    assert verdict.explanation == (
        "The article says 1,854 smart factories; Reportify (2025-09-17) gives the same figure."
    )


def test_a_dispute_sets_the_figures_side_by_side():
    verdict = decide(CLAIM, [judgement("disputes", figures=findings("different", "1,584 smart factories"))])
    assert verdict.label == "disputed"
    assert (
        verdict.explanation
        == "The article says 1,854 smart factories; Reportify (2025-09-17) gives 1,584 smart factories."
    )


def test_without_figures_the_deciding_sentence_is_quoted():
    assert "“Central firms have built 1,854 smart factories”" in decide(CLAIM, [judgement("supports")]).explanation


def test_good_evidence_both_ways_is_a_conflict_and_both_are_named():
    verdict = decide(
        CLAIM,
        [
            judgement("supports", figures=findings("equal", "1,854 smart factories")),
            judgement("disputes", "caixin", figures=findings("different", "1,584 smart factories")),
        ],
    )
    assert verdict.label == "conflicting"
    assert "Reportify" in verdict.explanation
    assert "Caixin (2025-09-17) gives 1,584 smart factories" in verdict.explanation
    assert (verdict.independent_support, verdict.independent_dispute) == (1, 1)


def test_a_weak_dispute_against_sure_support_is_no_conflict():
    weak = judgement("disputes", "caixin", probabilities=Probabilities(0.2, 0.51, 0.29))
    assert decide(CLAIM, [judgement("supports"), weak]).label == "supported"


def test_sources_of_one_origin_count_once():
    verdict = decide(CLAIM, [judgement("supports"), judgement("supports", rank=2), judgement("supports", rank=3)])
    assert verdict.independent_support == 1
    assert verdict.confidence == decide(CLAIM, [judgement("supports")]).confidence


def test_a_second_origin_makes_it_surer():
    one = decide(CLAIM, [judgement("supports")])
    two = decide(CLAIM, [judgement("supports"), judgement("supports", "xinhua")])
    assert two.confidence > one.confidence
    assert "so does one other source" in two.explanation


def test_the_articles_own_publisher_does_not_count_and_it_is_said():
    verdict = decide(CLAIM, [judgement("supports", independent=False)])
    assert verdict.label == "not enough evidence"
    assert verdict.independent_support == 0
    assert "not independent" in verdict.explanation
    assert len(verdict.judgements) == 1


def test_a_source_of_low_trust_weighs_less():
    low = judgement("disputes", "blog", trust="low", probabilities=Probabilities(0.1, 0.7, 0.2))
    assert decide(CLAIM, [judgement("supports"), low]).label == "supported"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["supports", "disputes", "neutral"]),
            st.sampled_from("abcd"),
            st.booleans(),
            st.integers(1, 9),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_judgements_never_matters(rows, rng):
    made = {
        f"{origin}-{rank}": judgement(stance, origin, independent=free, rank=rank)
        for stance, origin, free, rank in rows
    }
    ordered = list(made.values())
    shuffled = rng.sample(ordered, len(ordered))
    assert decide(CLAIM, ordered) == decide(CLAIM, shuffled)


@given(st.lists(st.sampled_from(["disputes", "neutral"]), max_size=6))
def test_nothing_is_supported_without_a_passage_that_supports_it(stances):
    assert decide(CLAIM, [judgement(stance, f"o{n}") for n, stance in enumerate(stances)]).label != "supported"


@pytest.mark.parametrize("comparator", ["over", "nearly", "at least"])
def test_a_bound_is_quoted_with_its_figure(comparator):
    bounded = replace(CLAIM, quantities=(quantity("800", comparator=comparator),))
    finding = (QuantityFinding(bounded.quantities[0], quantity("812"), "compatible"),)
    verdict = decide(bounded, [judgement("supports", figures=finding)])
    assert f"The article says {comparator} 800; Reportify (2025-09-17) gives 812, which agrees" in verdict.explanation


def test_another_row_of_the_same_source_is_no_second_opinion():
    agreeing = judgement("supports", figures=findings("equal", "1,854 smart factories"))
    weaker = Probabilities(0.0, 0.88, 0.12)
    other_row = judgement(
        "disputes", figures=findings("different", "912 smart factories"), probabilities=weaker, rank=2
    )
    verdict = decide(CLAIM, [other_row, agreeing])
    assert verdict.label == "supported"
    assert verdict.independent_dispute == 0
