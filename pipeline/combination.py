"""Weighs the verifier's word, the figures and the wording of a pair together.

Stands between what was found on a pair and its probabilities. The weights are those of a multinomial logistic regression
(stacking: Wolpert 1992) fitted by `claimline calibrate` on pairs that the verifier was not trained on, so the outcome is
calibrated as well. They are few, and each has a name.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.training.pairs import Pair
from models.weights import SHIPPED, WeightsError
from pipeline.quantities import Alignment
from pipeline.quantities.comparison import all_words, content_words, distinctive_digits, names
from pipeline.records import Probabilities
from pipeline.rewording import nearest_rewording

WEIGHTS = SHIPPED / "combination.json"
AGREEING = frozenset({"equal", "compatible"})
FARTHEST = 6.0
"""Log odds beyond which a network is not believed to be any surer."""
CLOSE = 0.7
"""Share of a claim's words in a sentence from which one changed word decides."""
DIRECTIONS: dict[str, tuple[int, int]] = {
    "support": (1, -1), "dispute": (-1, 1), "names covered": (1, 0), "all figures agree": (1, -1),
    "all figures agree, near": (1, -1), "digits that agree": (1, -1), "agreement": (1, -1), "telling figure missing": (-1, 0),
    "a figure differs": (-1, 1), "a figure differs, near": (-1, 1), "years agree": (1, -1), "a year is missing": (-1, 0),
    "opposed": (-1, 1), "opposed, with dispute felt": (-1, 1), "same words, a figure changed": (-1, 1),
    "same words, a name changed": (-1, 0), "same words, an opposite": (-1, 1), "same words, nothing changed": (1, -1),
    "words in another order": (-1, 0),
}  # fmt: skip
"""Which way a feature may speak for support and for dispute; 0 leaves it open. Figures that differ never support a claim,
whatever a handful of odd rows would have (monotone constraints)."""
STEPS, RATE = 1500, 0.03
PENALTY = 0.3
"""Of squared weights, so that no feature counts on a handful of pairs."""


NETWORK = ("constant", "support", "dispute")
SUBJECT = (*NETWORK, "similarity", "words covered", "names covered")
FIGURES = (
    *SUBJECT, "support, with figures", "dispute, with figures", "has figures", "all figures agree", "all figures agree, near",
    "digits that agree", "agreement", "some figures agree", "telling figure missing", "a figure differs",
    "a figure differs, near", "years agree", "a year is missing",
)  # fmt: skip
ABLATION = {"network": NETWORK, "and_subject": SUBJECT, "and_figures": FIGURES, "and_wording": None}
"""Ever more of the features, for showing what each kind adds; None for all."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a pair of passage and claim."""

    passage: str
    claim: str
    felt: Probabilities
    """By the verifier."""
    alignments: tuple[Alignment, ...]
    """The claim's figures beside the passage's."""
    similarity: float
    """Cosine of the embeddings."""


def features_of(pair: Evidence, *, opposed: bool) -> dict[str, float]:
    """What decides, as numbers of about one in size.

    Args:
        pair: what is known.
        opposed: the passage's sentence nearest to the claim denies it, or goes up where the claim goes down.
    """
    felt = pair.felt
    support = _log_odds(felt.support, felt.neutral)
    dispute = _log_odds(felt.dispute, felt.neutral)
    figures = [one for one in pair.alignments if one.claim.unit != "year"]
    years = [one for one in pair.alignments if one.claim.unit == "year"]
    agreeing = [one for one in figures if one.finding in AGREEING]
    differing = max((one.strength for one in figures if one.finding == "different"), default=0.0)
    missing = [one for one in figures if one.finding not in AGREEING]
    has, whole = bool(figures), bool(figures) and not missing
    stated = bool(pair.alignments) and all(one.finding in AGREEING for one in pair.alignments)
    reworded = nearest_rewording(pair.passage, pair.claim)
    wanted, named = content_words(pair.claim), names(pair.claim)
    inside = all_words(pair.passage)
    close = max(0.0, reworded.share - CLOSE) / (1 - CLOSE)
    swapped = max(0.0, reworded.anyhow - reworded.share) if reworded.anyhow > CLOSE else 0.0
    return {
        "constant": 1.0,
        "support": support,
        "dispute": dispute,
        "support, with figures": has * support,
        "dispute, with figures": has * dispute,
        "similarity": pair.similarity,
        "words covered": len(wanted & inside) / len(wanted) if wanted else 0.0,
        "names covered": len(named & inside) / len(named) if named else 1.0,
        "has figures": float(has),
        "all figures agree": float(whole),
        "all figures agree, near": whole * pair.similarity,
        "digits that agree": min(4, sum(max(1, distinctive_digits(one.claim)) for one in agreeing)) / 4
        if whole
        else 0.0,
        "agreement": sum(one.strength for one in agreeing) / len(agreeing) if whole else 0.0,
        "some figures agree": float(bool(agreeing) and bool(missing)),
        "telling figure missing": float(any(distinctive_digits(one.claim) > 1 for one in missing)),
        "a figure differs": differing,
        "a figure differs, near": differing * pair.similarity,
        "years agree": float(bool(years) and all(one.finding in AGREEING for one in years)),
        "a year is missing": float(any(one.finding not in AGREEING for one in years)),
        "opposed": float(opposed),
        "opposed, with dispute felt": opposed * felt.dispute,
        "same words": close,
        "same words, a figure changed": close * reworded.figure * (not stated),
        "same words, a name changed": close * reworded.name,
        "same words, an opposite": close * reworded.opposite,
        "same words, nothing changed": close * (not (reworded.figure or reworded.name or reworded.opposite)),
        "words in another order": swapped,
    }


def _log_odds(value: float, rest: float) -> float:
    odds = math.log(max(value, 1e-6) / max(rest, 1e-6))
    return max(-FARTHEST, min(FARTHEST, odds)) / 3


@dataclass(frozen=True, slots=True)
class Combination:
    """Fitted weights: feature to what it adds to the log odds of support and of dispute against silence."""

    support: dict[str, float]
    dispute: dict[str, float]

    def weigh(self, features: dict[str, float]) -> Probabilities:
        """The probabilities of a pair with these features."""
        support = sum(self.support.get(name, 0.0) * value for name, value in features.items())
        dispute = sum(self.dispute.get(name, 0.0) * value for name, value in features.items())
        most = max(support, dispute, 0.0)
        shares = [math.exp(value - most) for value in (support, dispute, 0.0)]
        return Probabilities(*(value / sum(shares) for value in shares))


@lru_cache(maxsize=1)
def load_combination(path: Path = WEIGHTS) -> Combination:
    """The shipped weights.

    Raises:
        WeightsError: they are missing or damaged.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Combination(dict(read["support"]), dict(read["dispute"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"the weights {path} cannot be read ({error}); install Claimline again.") from error


def save_combination(combination: Combination, figures: dict[str, float], verifier: str, path: Path) -> None:
    """Write weights with the figures of their fit and the verifier that they were fitted to."""
    card = {"verifier": verifier, "figures": figures, "support": combination.support, "dispute": combination.dispute}
    partial = path.with_name(path.name + ".tmp")
    partial.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def fit_combination(
    features: Sequence[dict[str, float]], pairs: Sequence[Pair], shares: Sequence[float]
) -> Combination:
    """Fit the weights.

    Args:
        features: of each pair.
        pairs: their labels; `not_supported` leaves open whether the passage disputes the claim or is silent.
        shares: how much each pair counts.
    """
    import torch

    from models.training.train import LABEL_IDS, losses_of

    names_ = list(features[0])
    table = torch.tensor([[one[name] for name in names_] for one in features], dtype=torch.float64)
    labels = torch.tensor([LABEL_IDS[pair.label] for pair in pairs])
    counts = torch.tensor(list(shares), dtype=torch.float64)
    weights = torch.zeros(len(names_), 2, dtype=torch.float64, requires_grad=True)
    ways = torch.tensor([DIRECTIONS.get(name, (0, 0)) for name in names_], dtype=torch.float64)
    optimizer = torch.optim.Adam([weights], lr=RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, STEPS)
    for _ in range(STEPS):
        optimizer.zero_grad()
        logits = torch.cat([table @ weights, torch.zeros(len(table), 1, dtype=torch.float64)], dim=1)
        loss = ((losses_of(logits, labels) * counts).sum() + PENALTY * (weights[1:] ** 2).sum()) / counts.sum()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            weights[(weights * ways) < 0] = 0.0
    found = weights.detach().tolist()
    return Combination(
        {name: round(row[0], 4) for name, row in zip(names_, found, strict=True)},
        {name: round(row[1], 4) for name, row in zip(names_, found, strict=True)},
    )
