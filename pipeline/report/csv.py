"""The report as a table for spreadsheets: one row for each claim and each passage of its evidence (RFC 4180).

A claim without evidence has one row, with the evidence columns empty. Cells that a spreadsheet would take
for a formula are prefixed with an apostrophe, as OWASP advises against CSV injection.
"""

from __future__ import annotations

import csv
import io

from pipeline.records import Judgement, Report, Verdict
from pipeline.report.wording import rationale_parts

CLAIM_COLUMNS = (
    "claim_id",
    "claim",
    "verdict",
    "confidence",
    "explanation",
    "independent_support",
    "independent_dispute",
    "sentence",
    "start",
    "end",
    "worthiness",
)
EVIDENCE_COLUMNS = (
    "stance",
    "independent",
    "support",
    "dispute",
    "neutral",
    "source_title",
    "source_publisher",
    "source_published",
    "source_uri",
    "source_trust",
    "passage",
    "rationale",
    "figures",
)
COLUMNS = CLAIM_COLUMNS + EVIDENCE_COLUMNS

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def render_csv(report: Report) -> str:
    """Render the report as CSV with a header row, comma-separated, lines ended by CRLF."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for verdict in report.verdicts:
        for evidence in [_evidence(judgement) for judgement in verdict.judgements] or [[""] * len(EVIDENCE_COLUMNS)]:
            writer.writerow([guard(cell) for cell in (*_claim(verdict), *evidence)])
    return table.getvalue()


def _claim(verdict: Verdict) -> list[str | int | float]:
    claim = verdict.claim
    return [
        claim.id,
        claim.text,
        verdict.label,
        verdict.confidence,
        verdict.explanation,
        verdict.independent_support,
        verdict.independent_dispute,
        claim.sentence,
        claim.span.start,
        claim.span.end,
        claim.worthiness,
    ]


def _evidence(judgement: Judgement) -> list[str | int | float]:
    source = judgement.retrieved.source
    return [
        judgement.stance,
        "yes" if judgement.independent else "no",
        judgement.probabilities.support,
        judgement.probabilities.dispute,
        judgement.probabilities.neutral,
        source.title or "",
        source.publisher or "",
        source.published.isoformat() if source.published else "",
        source.uri,
        source.trust,
        judgement.retrieved.passage.text,
        rationale_parts(judgement)[1],
        "; ".join(
            f"{finding.claim.text} / {finding.evidence.text if finding.evidence else 'no figure'}: {finding.finding}"
            for finding in judgement.quantities
        ),
    ]


def guard(cell: str | int | float) -> str | int | float:
    """Prefix a text with an apostrophe if a spreadsheet would take it for a formula; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    starts_active = cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(_FORMULA_STARTS)
    return f"'{cell}" if starts_active else cell.replace("\x00", "")
