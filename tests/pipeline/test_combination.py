"""The verifier's word, the figures and the wording are weighed together, by weights that were fitted."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.pairs import Pair
from models.weights import WeightsError
from pipeline.combination import (
    ABLATION,
    Combination,
    Evidence,
    features_of,
    fit_combination,
    load_combination,
    save_combination,
)
from pipeline.judgement import aligned, is_opposed
from pipeline.records import Probabilities

UNSURE = Probabilities(0.4, 0.2, 0.4)
PASSAGE = "China has built 1,854 smart factories, the ministry said in September."


def weighed(claim, passage=PASSAGE, felt=UNSURE, similarity=0.8):
    pair = Evidence(passage, claim, felt, aligned(passage, claim), similarity)
    return load_combination().weigh(features_of(pair, opposed=is_opposed(passage, claim)))


def test_the_same_figure_supports_and_another_in_its_place_disputes():
    same, other = weighed("China has built 1,854 smart factories."), weighed("China has built 1,584 smart factories.")
    assert same.support > 0.5 > other.support
    assert other.dispute > 0.5 > same.dispute


def test_fifty_is_not_found_in_fifteen_hundred():
    passage = "The firm employs 1500 people in three towns."
    assert weighed("The firm employs 50 people.", passage).support < 0.3


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The fund holds 4,523,000 dollars.", "The fund holds 4523000 dollars."),
        ("The group is worth ¥22 trillion.", "The group is worth 22,000 billion yuan."),
    ],
)
def test_one_figure_written_in_two_ways_supports(claim, passage):
    assert weighed(claim, passage).support > 0.5


def test_million_for_billion_disputes():
    assert weighed("Sales came to $5 million in 2024.", "Sales came to $5 billion in 2024.").dispute > 0.5


def test_a_verifier_that_is_sure_is_believed_where_nothing_speaks_against_it():
    claim, passage = (
        "Norvik moved its head office to Oslo.",
        "The head office of Norvik is in Oslo now; it moved there.",
    )
    assert weighed(claim, passage, Probabilities(0.97, 0.01, 0.02)).support > 0.6
    assert weighed(claim, passage, Probabilities(0.01, 0.01, 0.98)).support < 0.3


@given(
    st.text(max_size=120),
    st.text(max_size=80),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(-1, 1),
    st.booleans(),
)
def test_any_pair_has_finite_features_and_probabilities_that_sum_to_one(passage, claim, first, second, near, opposed):
    support, dispute = first, second * (1 - first)
    pair = Evidence(passage, claim, Probabilities(support, dispute, max(0.0, 1 - support - dispute)), (), near)
    features = features_of(pair, opposed=opposed)
    assert all(math.isfinite(value) for value in features.values())
    found = load_combination().weigh(features)
    assert found.support + found.dispute + found.neutral == pytest.approx(1)


def test_every_feature_is_weighed_and_the_ablation_names_only_features():
    features = set(features_of(Evidence("a", "b", UNSURE, (), 0.1), opposed=False))
    shipped = load_combination()
    assert set(shipped.support) == set(shipped.dispute) == features
    assert all(set(kind or ()) <= features for kind in ABLATION.values())


def test_a_fit_finds_what_tells_the_labels_apart():
    rows, pairs = [], []
    for number in range(60):
        label = ("supported", "disputed", "neutral")[number % 3]
        rows.append({"constant": 1.0, "yes": float(label == "supported"), "no": float(label == "disputed")})
        pairs.append(Pair("p", "c", label))
    found = fit_combination(rows, pairs, [1.0] * 60)
    assert found.weigh({"constant": 1.0, "yes": 1.0, "no": 0.0}).support > 0.8
    assert found.weigh({"constant": 1.0, "yes": 0.0, "no": 1.0}).dispute > 0.8
    assert found.weigh({"constant": 1.0, "yes": 0.0, "no": 0.0}).neutral > 0.8


def test_a_row_that_only_is_not_supported_leaves_dispute_and_silence_open():
    rows = [{"constant": 1.0}] * 40
    found = fit_combination(rows, [Pair("p", "c", "not_supported")] * 40, [1.0] * 40).weigh(rows[0])
    assert found.support < 0.2
    assert found.dispute == pytest.approx(found.neutral, abs=0.05)


def test_weights_are_saved_with_their_figures_and_read_again(tmp_path):
    path = tmp_path / "combination.json"
    save_combination(Combination({"a": 1.0}, {"a": -1.0}), {"pairs": 3.0}, "tiny", path)
    assert load_combination(path) == Combination({"a": 1.0}, {"a": -1.0})
    assert json.loads(path.read_text())["figures"] == {"pairs": 3.0}


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_damaged_weights_are_refused(tmp_path, text):
    path = tmp_path / "combination.json"
    path.write_text(text)
    with pytest.raises(WeightsError, match="install Claimline again"):
        load_combination(path)
