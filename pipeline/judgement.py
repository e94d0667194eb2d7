"""Judges passages against claims: the verifier, the figures and the words together.

Stands between search and the verdict. The verifier reads meaning, the quantity grammar reads figures; where a claim has
figures they have the last word, and where a passage says nearly the same the word that differs. `claimline bench pairs` takes this same path.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.quantities import Alignment, align_quantities, currency_context, find_quantities
from pipeline.quantities.comparison import (
    DOWN,
    SENTENCE_END,
    UP,
    Setting,
    all_words,
    content_words,
    distinctive_digits,
    has_same_digits,
    names,
)
from pipeline.quantities.days import find_days
from pipeline.records import (
    Claim,
    Judgement,
    Probabilities,
    Quantity,
    QuantityFinding,
    RetrievedPassage,
    Stance,
)
from pipeline.rewording import nearest_rewording

if TYPE_CHECKING:
    from evidence.store import TextEmbedder
    from models.verifier import Verifier

SAME_MEASURE = 0.6
"""Alignment strength from which two figures are taken to speak of the same measure, subject and period."""
SAME_SUBJECT = 0.45
"""Cosine from which a passage is near enough to a claim for another figure to be a dispute."""
SUPPORT_BAR = 0.4
DISPUTE_BAR = 0.65
SLIP_MEASURE = 0.5
"""The same where both figures have the same digits: 121.6 kilograms and 121.6 grams seldom stand for two things."""
BELIEVED = 0.6
"""Neutral or support of the verifier from which another figure is taken to be of something else."""
SAME_TEXT = 0.85
"""Cosine from which it is not: a passage so near says the same thing with another figure."""
AGREEING = -0.7
DIGIT, NEARNESS, ALIGNMENT, FELT_SPEAKING, FELT_FOR = 0.2, 2.0, 0.4, 0.25, 0.5
"""What makes support likely where all figures agree, in log-odds: each digit (at most four), the cosine, the alignment, and the
logarithms of felt support over neutral and over dispute. Fitted by logistic regression on pairs whose figures agree, each
set left out in turn; the cosine and the figures raise the area under the curve from 0.73, by the verifier alone, to 0.76. The
constant is raised from the fitted -1.9: those sets hold many passages chosen to mislead, more than search finds, and up to -0.7 it
costs them next to nothing."""
SUREST = 0.95
SURE_SUPPORT = 0.6
"""Support from which the verifier is taken to have found the claim's figure in other words, or to have counted it out."""
UNSAID, SURELY_UNSAID = 0.5, 0.8
"""What is left of support that was felt, and of sure support for a single figure, where the passage has none of the claim's."""
HALF_SAID = 0.6
"""What is left of it where the passage has only some of them."""
TELLING = 2
"""Digits from which a figure is missed: smaller ones are often counted out ("three of the firms") and not stated."""
UNMATCHED = 0.5
"""What is left of dispute that was felt, where the passage has no other figure for the claim's measure."""
SAME_DAY = 2.0
"""How much likelier support is, against dispute and silence, where the passage names the claim's day."""
OTHER_DAY = 0.5
"""What is left of support and of dispute where the passage names other days only, and so tells of something else."""
SAME_WORDS = 0.79
"""Share of a claim's words in a sentence, in their order, from which the word that differs decides."""
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
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
    felt = verifier.judge(pairs, progress=progress)
    judged = []
    for index, ((passage, claim), probabilities) in enumerate(zip(pairs, felt, strict=True)):
        alignments = aligned(passage, claim, quantities[index] if quantities is not None else None, setting)
        weighed = weigh(probabilities, alignments, passage, claim, similarities[index])
        findings = tuple(QuantityFinding(a.claim, a.evidence, a.finding) for a in alignments)
        judged.append(JudgedPair(weighed, stance_of(weighed), findings, probabilities))
    return judged


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


def weigh(
    felt: Probabilities, alignments: Sequence[Alignment], passage: str, claim: str, similarity: float
) -> Probabilities:
    """Correct what the verifier felt by the figures, then the days, then the wording; see each for what it takes."""
    weighed = weigh_days(weigh_figures(felt, alignments, passage, claim, similarity), passage, claim)
    return weigh_wording(weighed, alignments, passage, claim)


def weigh_figures(
    felt: Probabilities, alignments: Sequence[Alignment], passage: str, claim: str, similarity: float
) -> Probabilities:
    """Let the figures correct what the verifier felt, which reads figures poorly.

    Another figure for the same measure disputes the claim. A passage without the claim's figures seldom supports it. The
    same figures in a near passage support it, the more surely the more digits they have, unless it denies the claim or
    turns its direction round. None of it holds of a passage that the verifier takes to be about something else.

    Args:
        felt: the verifier's probabilities.
        alignments: the claim's figures beside the passage's.
        passage: as the verifier read it.
        claim: standing alone.
        similarity: cosine of their embeddings.
    """
    figures = [one for one in alignments if one.claim.unit != "year"]
    if not figures:
        return felt
    agreeing = [one for one in figures if one.finding in {"equal", "compatible"}]
    different = [one for one in figures if one.finding == "different"]
    differing = max((one.strength for one in different), default=0.0)
    slipped = max((one.strength for one in different if has_same_digits(one)), default=0.0)
    elsewhere = max(felt.neutral, felt.support) >= BELIEVED and similarity < SAME_TEXT
    meant = differing >= SAME_MEASURE and similarity >= SAME_SUBJECT and not elsewhere
    if meant or slipped >= SLIP_MEASURE:
        sure = max(
            min(SUREST, 0.5 + differing / 2) * min(1.0, similarity / 0.6),
            min(SUREST, 0.5 + slipped / 2) if slipped else 0.0,
        )
        dispute = max(felt.dispute, sure)
        return Probabilities(0.0, dispute, 1 - dispute)
    if len(agreeing) < len(figures):
        missing = [one for one in figures if one.finding not in {"equal", "compatible"}]
        telling = differing or any(distinctive_digits(one.claim) >= TELLING for one in missing)
        # One figure may be counted out or told in words; two are not by chance.
        unsaid = SURELY_UNSAID if felt.support > SURE_SUPPORT and len(missing) == 1 else UNSAID
        kept = felt.support * ((HALF_SAID if agreeing else unsaid) if telling else 1.0)
        # What has no figure to hold against the claim's can still deny it in words, but seldom does.
        denied = felt.dispute if differing >= SLIP_MEASURE or is_opposed(passage, claim) else felt.dispute * UNMATCHED
        return Probabilities(kept, denied, 1 - kept - denied)
    if is_opposed(passage, claim):
        return felt
    digits = min(4, sum(max(1, distinctive_digits(one.claim)) for one in agreeing))
    strength = sum(one.strength for one in agreeing) / len(agreeing)
    odds = AGREEING + DIGIT * digits + NEARNESS * max(0.0, similarity) + ALIGNMENT * strength
    odds += FELT_SPEAKING * _log_ratio(felt.support, felt.neutral) + FELT_FOR * _log_ratio(felt.support, felt.dispute)
    support = min(SUREST, 1 / (1 + math.exp(-odds)))
    rest = (1 - support) / max(1e-9, felt.dispute + felt.neutral)
    return Probabilities(support, felt.dispute * rest, felt.neutral * rest)


def _log_ratio(one: float, other: float) -> float:
    return math.log((one + 0.02) / (other + 0.02))


def weigh_days(felt: Probabilities, passage: str, claim: str) -> Probabilities:
    """Let the days of the calendar correct what the verifier felt, which reads their numbers poorly.

    A passage that tells of the claim's day likely tells of its event, one that tells of other days of another. A passage
    without days says nothing either way: what is filled in beside a claim is seldom repeated in its evidence.

    Args:
        felt: the probabilities so far.
        passage: as the verifier read it.
        claim: standing alone.
    """
    asked = find_days(claim)
    told = find_days(passage) if asked else []
    if not told:
        return felt
    if not all(any(one.is_same_as(other) for other in told) for one in asked):
        support, dispute = felt.support * OTHER_DAY, felt.dispute * OTHER_DAY
        return Probabilities(support, dispute, 1 - support - dispute)
    if is_opposed(passage, claim):
        return felt
    total = 1 + felt.support * (SAME_DAY - 1)
    return Probabilities(felt.support * SAME_DAY / total, felt.dispute / total, felt.neutral / total)


def weigh_wording(felt: Probabilities, alignments: Sequence[Alignment], passage: str, claim: str) -> Probabilities:
    """Let one changed word decide where a passage says the claim in nearly the same words.

    Another figure, scale or unit in its place, an opposite or a denial disputes the claim, however alike the two texts feel;
    the same figures put otherwise, and nothing else changed, support it.

    Args:
        felt: the probabilities so far.
        alignments: the claim's figures beside the passage's; where all agree, other digits are another way to write them.
        passage: as the verifier read it.
        claim: standing alone.
    """
    reworded = nearest_rewording(passage, claim)
    stated = _states_figures(passage, claim, alignments)
    if reworded.share < SAME_WORDS:
        return felt
    if stated and not (reworded.opposite or reworded.name) and not _adds_words(passage, claim, alignments):
        support = max(felt.support, min(SUREST, reworded.share))
        return Probabilities(support, 0.2 * (1 - support), 0.8 * (1 - support))
    if not (reworded.opposite or (reworded.figure and not stated)):
        return felt
    dispute = max(felt.dispute, min(SUREST, reworded.share))
    return Probabilities(0.2 * (1 - dispute), dispute, 0.8 * (1 - dispute))


def _states_figures(passage: str, claim: str, alignments: Sequence[Alignment]) -> bool:
    """Whether a passage has all the figures of a claim: each of its digits, or a figure that agrees, calendar years aside."""
    if not alignments or any(one.finding not in {"equal", "compatible"} or one.calculated for one in alignments):
        return False
    agreeing = " ".join(one.claim.text for one in alignments if one.claim.unit != "year")
    known = set(DIGITS.findall(passage))
    return all(one in known or one in agreeing for one in DIGITS.findall(claim))


def _adds_words(passage: str, claim: str, alignments: Sequence[Alignment]) -> bool:
    """Whether a claim has words of content, beside its figures, that the passage has not."""
    figures = " ".join(one.claim.text for one in alignments)
    return bool(content_words(claim) - all_words(passage) - all_words(figures))


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


def _names_others(claim: str, premise: str, setting: Setting | None) -> bool:
    """Whether a passage that search found names none of those whom the claim names."""
    opening = content_words(claim.split(maxsplit=1)[0]) & (setting.names if setting else frozenset())
    named = names(claim) | opening
    return bool(named) and not named & all_words(premise)


def _of_a_stranger(judged: JudgedPair) -> JudgedPair:
    """A judgement of a passage about somebody else: that a row about one firm differs from what is said of another is no dispute."""
    felt = judged.probabilities
    dispute = felt.dispute * UNMATCHED
    probabilities = Probabilities(felt.support, dispute, felt.neutral + felt.dispute - dispute)
    return replace(judged, probabilities=probabilities, stance=stance_of(probabilities))


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
    judged = [
        _of_a_stranger(one) if _names_others(claim.text, premise, setting) else one
        for one, (claim, _, _), (premise, _) in zip(judged, found, pairs, strict=True)
    ]
    wanted = {"supports": True, "disputes": False, "neutral": None}
    rationales = verifier.locate(
        [(retrieved.passage.text, claim.text) for claim, retrieved, _ in found], [wanted[one.stance] for one in judged]
    )
    return [
        Judgement(retrieved, one.probabilities, one.stance, rationale, one.quantities, independent)
        for (_, retrieved, independent), one, rationale in zip(found, judged, rationales, strict=True)
    ]
