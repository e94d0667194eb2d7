"""Thins out pairs whose label the claim alone gives away, so that a verifier has to read the passage.

Stands between reading the written pairs and drawing from them. Who writes a claim that is disputed writes "all" and "already" more often;
a model that learns that is right for the wrong reason (Gururangan et al. 2018, arXiv:1803.02324). Each pair is kept with a
probability that falls with how surely a model of the claim's words alone gives its label, a lighter form of adversarial
filtering (Le Bras et al. 2020, arXiv:2002.04108).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from models.training.pairs import Pair

if TYPE_CHECKING:
    import numpy as np

FOLDS = 5


def claim_only_model() -> Any:
    """A model that labels a claim by its words and pairs of words, without a passage."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(max_iter=2000))


def share_given_away(known: Sequence[Pair], asked: Sequence[Pair]) -> np.ndarray:
    """How likely a model of claims alone, fitted on `known`, finds the label of each pair of `asked`: float64 [len(asked)]."""
    import numpy as np

    model = claim_only_model().fit([pair.claim for pair in known], [pair.label for pair in known])
    column = {label: place for place, label in enumerate(model.classes_)}
    shares = model.predict_proba([pair.claim for pair in asked])
    return np.array([shares[row, column[pair.label]] for row, pair in enumerate(asked)])


def thinned(pairs: Sequence[Pair], shares: Sequence[float], rng: random.Random, labels: int = 3) -> list[Pair]:
    """Keep each pair with a probability of chance over the share to which the claim gives its label away."""
    return [pair for pair, share in zip(pairs, shares, strict=True) if rng.random() < 1 / labels / max(share, 1e-9)]


def balanced(pairs: Sequence[Pair], families: Sequence[str], rng: random.Random) -> list[Pair]:
    """Thin out pairs, each judged by a model that has not seen its family.

    Args:
        pairs: the pairs.
        families: of each pair's passage; pairs of one family are never on both sides of a fold.
        rng: draws what is kept.
    """
    from sklearn.model_selection import GroupKFold

    shares = [0.0] * len(pairs)
    for known, asked in GroupKFold(FOLDS).split(pairs, groups=families):
        found = share_given_away([pairs[row] for row in known], [pairs[row] for row in asked])
        for row, share in zip(asked, found, strict=True):
            shares[row] = float(share)
    return thinned(pairs, shares, rng)
