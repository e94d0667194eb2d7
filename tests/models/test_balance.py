"""Pairs whose label the claim gives away are thinned out; the others are kept."""

import random

from models.training.balance import balanced, thinned
from models.training.pairs import Pair

GIVEN_AWAY = [
    Pair(f"Passage {n}.", f"All of the {n} firms already agreed.", "disputed") for n in range(60)
]  # fmt: skip
PLAIN = [
    Pair(f"Passage {n}.", f"Firm {n} opened a plant.", ("supported", "disputed", "neutral")[n % 3]) for n in range(60, 240)
]  # fmt: skip


def test_what_the_claim_gives_away_is_thinned_more_than_what_it_does_not():
    pairs = GIVEN_AWAY + PLAIN
    kept = set(balanced(pairs, [pair.premise for pair in pairs], random.Random(3)))
    given_away = len(kept & set(GIVEN_AWAY)) / len(GIVEN_AWAY)
    plain = len(kept & set(PLAIN)) / len(PLAIN)
    assert given_away < 0.6
    assert plain > 0.8
    assert plain > given_away + 0.3


def test_the_same_seed_keeps_the_same_pairs_in_their_order():
    shares = [0.9 if pair.label == "disputed" else 0.2 for pair in PLAIN]
    first = thinned(PLAIN, shares, random.Random(5))
    assert first == thinned(PLAIN, shares, random.Random(5))
    assert first == [pair for pair in PLAIN if pair in first]
    assert all(pair in first for pair in PLAIN if pair.label != "disputed")
