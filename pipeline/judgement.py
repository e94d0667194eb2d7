"""Judges passages against claims: the verifier and the figures together.

Stands between search and the verdict. The verifier reads meaning, the quantity grammar reads figures; where they
speak of the same measure, the figures have the last word. `claimline bench pairs` takes this same path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.quantities import align_quantities, currency_context, find_quantities
from pipeline.records import Claim, Judgement, Probabilities, Quantity, QuantityFinding, RetrievedPassage, Stance

if TYPE_CHECKING:
    from models.verifier import Verifier

SAME_MEASURE = 0.6
"""Alignment strength from which two figures are taken to speak of the same measure, subject and period."""
DISPUTE_BAR = 0.5
SUPPORT_BAR = 0.5


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What was made of one pair of passage and claim."""

    probabilities: Probabilities
    stance: Stance
    quantities: tuple[QuantityFinding, ...]


def stance_of(probabilities: Probabilities) -> Stance:
    """The one decision rule, everywhere: a stance needs half of the probability; anything else is neutral."""
    if probabilities.support >= SUPPORT_BAR and probabilities.support >= probabilities.dispute:
        return "supports"
    return "disputes" if probabilities.dispute >= DISPUTE_BAR else "neutral"


def judge_pairs(
    pairs: Sequence[tuple[str, str]],
    verifier: Verifier,
    *,
    quantities: Sequence[Sequence[Quantity]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[JudgedPair]:
    """Judge pairs of passage and claim.

    Args:
        pairs: (passage, claim).
        verifier: reads the meaning.
        quantities: of each claim, where they are known; otherwise they are read from the claim's text.
        progress: called with the number of pairs finished since the last call.
    """
    felt = verifier.judge(pairs, progress=progress)
    judged = []
    for index, ((passage, claim), probabilities) in enumerate(zip(pairs, felt, strict=True)):
        figures = (
            quantities[index] if quantities is not None else find_quantities(claim, currency=currency_context(claim))
        )
        alignments = align_quantities(figures, passage, claim_text=claim) if figures else ()
        findings = tuple(QuantityFinding(a.claim, a.evidence, a.finding) for a in alignments)
        reckoned = weigh_figures(probabilities, [(a.finding, a.strength) for a in alignments])
        judged.append(JudgedPair(reckoned, stance_of(reckoned), findings))
    return judged


def weigh_figures(felt: Probabilities, figures: Sequence[tuple[str, float]]) -> Probabilities:
    """Let the figures correct what the verifier felt.

    Args:
        felt: the verifier's probabilities.
        figures: (finding, strength) for each figure of the claim.
    """
    differing = max((strength for finding, strength in figures if finding == "different"), default=0.0)
    if differing >= SAME_MEASURE:
        # The claim cannot be supported by a passage that gives another figure for the same thing.
        return Probabilities(0.0, min(1.0, felt.dispute + felt.support), max(0.0, 1 - felt.dispute - felt.support))
    return felt


def premise_of(retrieved: RetrievedPassage) -> str:
    """The passage as the verifier reads it: below its title and heading, which say what "it" and "the group" are."""
    above = [part for part in (retrieved.source.title, *retrieved.passage.headings[-1:]) if part]
    opening = [part for part in dict.fromkeys(above) if part not in retrieved.passage.text]
    return "\n".join([*opening, retrieved.passage.text])


def judge_passages(
    found: Sequence[tuple[Claim, RetrievedPassage, bool]],
    verifier: Verifier,
    *,
    progress: Callable[[int], None] | None = None,
) -> list[Judgement]:
    """Judge what search found.

    Args:
        found: claim, passage, and whether the passage is independent of the article.
        verifier: reads the meaning.
        progress: called with the number of pairs finished since the last call.
    """
    pairs = [(premise_of(retrieved), claim.text) for claim, retrieved, _ in found]
    judged = judge_pairs(pairs, verifier, quantities=[claim.quantities for claim, _, _ in found], progress=progress)
    wanted = {"supports": True, "disputes": False, "neutral": None}
    rationales = verifier.locate(
        [(retrieved.passage.text, claim.text) for claim, retrieved, _ in found], [wanted[one.stance] for one in judged]
    )
    return [
        Judgement(retrieved, one.probabilities, one.stance, rationale, one.quantities, independent)
        for (_, retrieved, independent), one, rationale in zip(found, judged, rationales, strict=True)
    ]
