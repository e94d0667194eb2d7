"""Judges passages against claims: the verifier, the figures and the words together.

Stands between search and the verdict. The verifier reads meaning, the quantity grammar figures, and the wording is held
side by side; `pipeline.combination` weighs the three. `claimline bench pairs` takes this same path.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.combination import ABLATION, Combination, Evidence, features_of, fit_combination, load_combination
from pipeline.quantities import Alignment, align_quantities, currency_context, find_quantities
from pipeline.quantities.comparison import DOWN, SENTENCE_END, UP, Setting, content_words
from pipeline.records import (
    Claim,
    Judgement,
    Probabilities,
    Quantity,
    QuantityFinding,
    RetrievedPassage,
    Stance,
)

if TYPE_CHECKING:
    from evidence.store import TextEmbedder
    from models.training.pairs import Pair
    from models.verifier import Verifier

SUPPORT_BAR = 0.45
DISPUTE_BAR = 0.5
FOLDS = 5
STANCE_OF_LABEL: dict[str, Stance] = {"supported": "supports", "disputed": "disputes", "neutral": "neutral"}
DENIAL = re.compile(
    r"\b(?:not|no|none|never|nobody|neither|nor|without|cannot|failed to|denied|denies|refused)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What was made of one pair of passage and claim."""

    probabilities: Probabilities
    stance: Stance
    quantities: tuple[QuantityFinding, ...]
    felt: Probabilities
    """Of the verifier alone, before the figures were weighed."""


def stance_of(probabilities: Probabilities) -> Stance:
    """The one decision rule, everywhere: a stance needs its bar, the higher one for disputes; anything else is neutral."""
    if probabilities.support >= SUPPORT_BAR and probabilities.support >= probabilities.dispute:
        return "supports"
    return "disputes" if probabilities.dispute >= DISPUTE_BAR else "neutral"


def judge_pairs(
    pairs: Sequence[tuple[str, str]],
    verifier: Verifier,
    similarities: Sequence[float],
    *,
    quantities: Sequence[Sequence[Quantity]] | None = None,
    setting: Setting | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[JudgedPair]:
    """Judge pairs of passage and claim.

    Args:
        pairs: (passage, claim).
        verifier: reads the meaning.
        similarities: cosine of the embeddings of each pair.
        quantities: of each claim, where they are known; otherwise they are read from the claim's text.
        setting: what the article is about that the claims are from.
        progress: called with the number of pairs finished since the last call.
    """
    combination = load_combination()
    judged = []
    for pair, opposed in evidence_of(
        pairs, verifier, similarities, quantities=quantities, setting=setting, progress=progress
    ):
        weighed = combination.weigh(features_of(pair, opposed=opposed))
        findings = tuple(QuantityFinding(a.claim, a.evidence, a.finding) for a in pair.alignments)
        judged.append(JudgedPair(weighed, stance_of(weighed), findings, pair.felt))
    return judged


def evidence_of(
    pairs: Sequence[tuple[str, str]],
    verifier: Verifier,
    similarities: Sequence[float],
    *,
    quantities: Sequence[Sequence[Quantity]] | None = None,
    setting: Setting | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[tuple[Evidence, bool]]:
    """What is known of each pair, before it is weighed, and whether the passage is opposed to the claim; as `judge_pairs`."""
    felt = verifier.judge(pairs, progress=progress)
    known = []
    for index, ((passage, claim), probabilities) in enumerate(zip(pairs, felt, strict=True)):
        alignments = aligned(passage, claim, quantities[index] if quantities is not None else None, setting)
        pair = Evidence(passage, claim, probabilities, alignments, similarities[index])
        known.append((pair, is_opposed(passage, claim)))
    return known


def fit_on(
    rows: Sequence[tuple[Pair, float]],
    verifier: Verifier,
    embedder: TextEmbedder,
    *,
    progress: Callable[[int], None] | None = None,
) -> tuple[Combination, dict[str, float]]:
    """Fit the weighing on labelled pairs, and measure it on those folds of them that it was not fitted on.

    Args:
        rows: pairs that the verifier was not trained on, and how much each counts.
        verifier: reads the meaning.
        embedder: for the similarity of passage and claim.
        progress: called with the number of pairs finished since the last call.

    Returns:
        The weights fitted on all rows, and the accuracy on folds left out, with ever more of the features.
    """
    pairs = [pair for pair, _ in rows]
    texts = [(pair.premise, pair.claim) for pair in pairs]
    known = evidence_of(texts, verifier, similarities_of(texts, embedder), progress=progress)
    features = [features_of(pair, opposed=opposed) for pair, opposed in known]
    shares = [share for _, share in rows]
    figures = {"pairs": float(len(pairs))}
    for kind, chosen in ABLATION.items():
        kept = [{name: one[name] for name in chosen or one} for one in features]
        figures |= {f"{kind}_{name}": value for name, value in _left_out(kept, pairs, shares).items()}
    return fit_combination(features, pairs, shares), figures


def _left_out(features: Sequence[dict[str, float]], pairs: Sequence[Pair], shares: Sequence[float]) -> dict[str, float]:
    """Accuracy and false disputes on folds, by passage, that the weights were not fitted on."""
    folds = [zlib.crc32(pair.premise.encode()) % FOLDS for pair in pairs]
    hits = counted = false = silent = 0.0
    for fold in range(FOLDS):
        kept = [place for place, one in enumerate(folds) if one != fold]
        fitted = fit_combination(
            [features[place] for place in kept], [pairs[place] for place in kept], [shares[place] for place in kept]
        )
        for place, one in enumerate(folds):
            label = pairs[place].label
            if one != fold or label not in STANCE_OF_LABEL:
                continue
            stance = stance_of(fitted.weigh(features[place]))
            hits += shares[place] * (stance == STANCE_OF_LABEL[label])
            counted += shares[place]
            silent += shares[place] * (label == "neutral")
            false += shares[place] * (label == "neutral" and stance == "disputes")
    return {"accuracy": round(hits / max(counted, 1e-9), 4), "false_disputes": round(false / max(silent, 1e-9), 4)}


def aligned(
    passage: str, claim: str, quantities: Sequence[Quantity] | None = None, setting: Setting | None = None
) -> tuple[Alignment, ...]:
    """A claim's figures beside those of a passage."""
    figures = (
        quantities
        if quantities is not None
        else find_quantities(claim, currency=currency_context(claim, around=passage))
    )
    return align_quantities(figures, passage, claim_text=claim, setting=setting) if figures else ()


def is_opposed(passage: str, claim: str) -> bool:
    """Whether the passage's sentence nearest to the claim denies it, or goes up where the claim goes down."""
    wanted = content_words(claim)
    nearest = max(SENTENCE_END.split(passage), key=lambda sentence: len(wanted & content_words(sentence)))
    if bool(DENIAL.search(claim)) != bool(DENIAL.search(nearest)):
        return True
    up, down = bool(UP.search(claim)), bool(DOWN.search(claim))
    their_up, their_down = bool(UP.search(nearest)), bool(DOWN.search(nearest))
    return (up and not down and their_down and not their_up) or (down and not up and their_up and not their_down)


def similarities_of(pairs: Sequence[tuple[str, str]], embedder: TextEmbedder) -> list[float]:
    """The cosine of the embeddings of each pair; every text is embedded once."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    place = {text: index for index, text in enumerate(texts)}
    vectors = embedder.embed(texts)
    return [float(vectors[place[passage]] @ vectors[place[claim]]) for passage, claim in pairs]


def premise_of(retrieved: RetrievedPassage) -> str:
    """The passage as the verifier reads it: below its title and heading, which say what "it" and "the group" are."""
    above = [part for part in (retrieved.source.title, *retrieved.passage.headings[-1:]) if part]
    opening = [part for part in dict.fromkeys(above) if part not in retrieved.passage.text]
    return "\n".join([*opening, retrieved.passage.text])


def judge_passages(
    found: Sequence[tuple[Claim, RetrievedPassage, bool]],
    verifier: Verifier,
    *,
    setting: Setting | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Judgement]:
    """Judge what search found.

    Args:
        found: claim, passage, and whether the passage is independent of the article.
        verifier: reads the meaning.
        setting: what the article is about.
        progress: called with the number of pairs finished since the last call.
    """
    pairs = [(premise_of(retrieved), claim.text) for claim, retrieved, _ in found]
    judged = judge_pairs(
        pairs,
        verifier,
        [retrieved.similarity for _, retrieved, _ in found],
        quantities=[claim.quantities for claim, _, _ in found],
        setting=setting,
        progress=progress,
    )
    wanted = {"supports": True, "disputes": False, "neutral": None}
    rationales = verifier.locate(
        [(retrieved.passage.text, claim.text) for claim, retrieved, _ in found], [wanted[one.stance] for one in judged]
    )
    return [
        Judgement(retrieved, one.probabilities, one.stance, rationale, one.quantities, independent)
        for (_, retrieved, independent), one, rationale in zip(found, judged, rationales, strict=True)
    ]
