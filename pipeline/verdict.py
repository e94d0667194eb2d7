"""Turns all judgements of a claim into one verdict: a label, a confidence, and a sentence that says why.

The last step before the report. Sources of one origin count once; passages that are not independent of the article
are shown and do not count; a claim is never supported because nothing disputes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Claim, Judgement, Label, QuantityFinding, Verdict

TRUST_WEIGHT = {"high": 1.0, "normal": 1.0, "low": 0.7}
"""How far a source's word counts: from a source of low trust only a sure judgement decides."""
RIVAL = 0.6
"""A side with less than this share of the other side's strength does not make a conflict."""
SHOWN_WORDS = 32


def weight_of(judgement: Judgement) -> float:
    """How much a judgement weighs for its stance, 0..1."""
    felt = max(judgement.probabilities.support, judgement.probabilities.dispute)
    return felt * TRUST_WEIGHT[judgement.retrieved.source.trust]


def decide(claim: Claim, judgements: Sequence[Judgement]) -> Verdict:
    """Decide what all the evidence together says of a claim.

    Args:
        claim: the claim.
        judgements: of the passages found for it, in any order.
    """
    ordered = tuple(sorted(judgements, key=_order))
    heard = _heard(ordered)
    support, dispute = _by_origin(heard, "supports"), _by_origin(heard, "disputes")
    for_it, against = _together(support), _together(dispute)
    label: Label
    if for_it and against and min(for_it, against) >= RIVAL * max(for_it, against):
        label, confidence = "conflicting", min(for_it, against)
    elif for_it and for_it >= against:
        label, confidence = "supported", for_it
    elif against:
        label, confidence = "disputed", against
    else:
        nearest = max((weight_of(j) for j in ordered if j.independent), default=0.0)
        label, confidence = "not enough evidence", 1.0 - nearest
    return Verdict(claim, label, round(confidence, 4), explain(label, ordered), ordered, len(support), len(dispute))


def _order(judgement: Judgement) -> tuple[bool, bool, float, int, str]:
    return (
        judgement.stance == "neutral",
        not judgement.independent,
        -weight_of(judgement),
        judgement.retrieved.rank,
        judgement.retrieved.passage.id,
    )


def _heard(ordered: Sequence[Judgement]) -> list[Judgement]:
    """The judgements that count: of each independent source the strongest.

    Where a table has a row that has the claim's figures, its other rows are about another year or another firm, not a
    second opinion.
    """
    strongest: dict[str, Judgement] = {}
    for judgement in sorted(ordered, key=lambda one: not _has_figures(one)):
        if judgement.independent and judgement.stance != "neutral":
            strongest.setdefault(judgement.retrieved.source.id, judgement)
    return sorted(strongest.values(), key=_order)


def _has_figures(judgement: Judgement) -> bool:
    """Whether a passage supports a claim and has all its figures, calendar years aside."""
    figures = [one.finding for one in judgement.quantities if one.claim.unit != "year"]
    return judgement.stance == "supports" and bool(figures) and all(one in {"equal", "compatible"} for one in figures)


def _by_origin(heard: Sequence[Judgement], stance: str) -> dict[str, float]:
    """Origin to the weight of its strongest judgement of that stance."""
    found: dict[str, float] = {}
    for judgement in heard:
        if judgement.stance == stance:
            origin = judgement.retrieved.source.origin
            found[origin] = max(found.get(origin, 0.0), weight_of(judgement))
    return found


def _together(weights: dict[str, float]) -> float:
    """The strongest origin's weight; each further origin closes a third of what is missing to certainty."""
    ordered = sorted(weights.values(), reverse=True)
    total = ordered[0] if ordered else 0.0
    for weight in ordered[1:]:
        total += (1 - total) * weight / 3
    return total


def explain(label: Label, judgements: Sequence[Judgement]) -> str:
    """Say in one sentence why a claim has its label, naming the figures and the sources.

    Args:
        label: of the verdict.
        judgements: in order of weight.
    """
    heard = _heard(judgements)
    support = next((j for j in heard if j.stance == "supports"), None)
    dispute = next((j for j in heard if j.stance == "disputes"), None)
    if label == "supported" and support:
        return f"{_said(support)}{_more(heard, support)}."
    if label == "disputed" and dispute:
        return f"{_said(dispute)}{_more(heard, dispute)}."
    if label == "conflicting" and support and dispute:
        return f"Sources disagree: {_bare(_said(support))}, but {_counter(dispute)}."
    return _silence(judgements)


def _name(judgement: Judgement) -> str:
    source = judgement.retrieved.source
    name = source.publisher or source.title or source.uri
    return f"{name} ({source.published.isoformat()})" if source.published else name


def _said(judgement: Judgement) -> str:
    finding = _telling(judgement)
    if finding is None or finding.evidence is None:
        verb = "says so" if judgement.stance == "supports" else "says otherwise"
        return f"{_name(judgement)} {verb}: “{_rationale(judgement)}”"
    stated, given = _quoted(finding), finding.evidence.text.strip()
    if finding.finding == "equal":
        same = "gives the same figure" if given == finding.claim.text.strip() else f"gives the same figure, as {given}"
        return f"The article says {stated}; {_name(judgement)} {same}"
    if finding.finding == "compatible":
        return f"The article says {stated}; {_name(judgement)} gives {given}, which agrees with it"
    return f"The article says {stated}; {_name(judgement)} gives {given}"


def _counter(judgement: Judgement) -> str:
    finding = _telling(judgement)
    if finding is None or finding.evidence is None:
        return f"{_name(judgement)} says otherwise: “{_rationale(judgement)}”"
    return f"{_name(judgement)} gives {finding.evidence.text.strip()}"


def _quoted(finding: QuantityFinding) -> str:
    qualifier = "" if finding.claim.comparator in {"exactly", "between"} else f"{finding.claim.comparator} "
    return f"{qualifier}{finding.claim.text.strip()}"


def _telling(judgement: Judgement) -> QuantityFinding | None:
    """The figure that decides: one that differs for a dispute, one that agrees for support; years last."""
    wanted = {"supports": ("equal", "compatible"), "disputes": ("different",)}.get(judgement.stance, ())
    found = [q for q in judgement.quantities if q.finding in wanted and q.evidence is not None]
    return min(found, key=lambda q: (q.claim.unit == "year", wanted.index(q.finding)), default=None)


def _rationale(judgement: Judgement) -> str:
    words = judgement.retrieved.passage.text[judgement.rationale.start : judgement.rationale.end].split()
    shown = " ".join(words[:SHOWN_WORDS])
    return shown.rstrip(".") if len(words) <= SHOWN_WORDS else f"{shown} …"


def _more(heard: Sequence[Judgement], first: Judgement) -> str:
    origins = {j.retrieved.source.origin for j in heard if j.stance == first.stance}
    others = len(origins - {first.retrieved.source.origin})
    if not others:
        return ""
    return f", and so {'does one other source' if others == 1 else f'do {others} other sources'}"


def _bare(sentence: str) -> str:
    return sentence.replace("The article says", "the article says", 1)


def _silence(judgements: Sequence[Judgement]) -> str:
    counted = [j for j in judgements if j.independent]
    if not judgements:
        return "No passage of the evidence speaks of this."
    if any(not j.independent and j.stance != "neutral" for j in judgements):
        return "Only passages that are not independent of the article speak to this, and they do not count."
    if not counted:
        return "The passages found are not independent of the article and do not count."
    nearest = min(counted, key=lambda j: j.retrieved.rank)
    missing = next((q for q in nearest.quantities if q.finding == "not comparable" and q.claim.unit != "year"), None)
    about = f" the figure {missing.claim.text.strip()}" if missing else " this"
    return f"The nearest passage, from {_name(nearest)}, neither confirms nor denies{about}."
