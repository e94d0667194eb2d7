"""The report as Markdown (CommonMark with GitHub's tables), for notes, issues and content systems.

Texts of articles and sources are escaped, so that they show as they are and act as nothing else.
"""

from __future__ import annotations

import re
from typing import get_args

from pipeline.records import Judgement, Label, Report, Verdict
from pipeline.report.contract import summarise
from pipeline.report.wording import (
    SIGN,
    STANCE_SIGN,
    day,
    independent_sources,
    percent,
    rationale_parts,
    source_details,
    source_name,
    web_address,
)

_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~$:@=^])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def render_markdown(report: Report) -> str:
    """Render the report as one Markdown page: a summary, then each claim with its evidence."""
    article = report.article
    counts = summarise(report)
    byline = [escape(part) for part in (article.publisher, day(article.published)) if part]
    lines = [f"# {escape(article.title or article.uri)}", "", " · ".join([*byline, link(article.uri, article.uri)]), ""]
    if report.verdicts:
        lines += ["| Verdict | Claims |", "|---|---:|"]
        lines += [f"| {SIGN[label]} {label} | {counts[label.replace(' ', '_')]} |" for label in get_args(Label)]
    else:
        lines.append("No checkable claim was found.")
    for number, verdict in enumerate(report.verdicts, start=1):
        lines += ["", *_claim(number, verdict)]
    if report.skipped:
        lines += ["", "## Sentences without a checkable claim", ""]
        lines += [f"- {escape(sentence.reason)}: {escape(sentence.text)}" for sentence in report.skipped]
    checked = f" on {day(report.run.checked)}" if report.run.checked else ""
    lines += ["", "---", "", f"Checked with Claimline {escape(report.run.claimline)}{checked}.", ""]
    return "\n".join(lines)


def _claim(number: int, verdict: Verdict) -> list[str]:
    lines = [
        f"## {number}\\. {escape(verdict.claim.text)}",
        "",
        f"**{SIGN[verdict.label]} {verdict.label}**, {percent(verdict.confidence)} confidence. "
        f"{escape(verdict.explanation)}",
        "",
        f"{independent_sources(verdict.independent_support, verdict.independent_dispute)}.",
    ]
    for judgement in verdict.judgements:
        lines += ["", *_evidence(judgement)]
    return lines


def _evidence(judgement: Judgement) -> list[str]:
    source = judgement.retrieved.source
    about = "".join(f", {escape(detail)}" for detail in source_details(source))
    flag = "" if judgement.independent else " (not independent: not counted)"
    before, rationale, after = (escape(part) for part in rationale_parts(judgement))
    marked = f"**{rationale.strip()}**" if rationale.strip() else ""
    stance = f"{STANCE_SIGN[judgement.stance]} **{judgement.stance}**{flag}"
    lines = [
        f"- {stance}: {link(source_name(source), source.uri)}{about}",
        "",
        "  > " + " ".join(part for part in (before.strip(), marked, after.strip()) if part),
    ]
    if judgement.quantities:
        lines += ["", "  | The claim says | The evidence says | Finding |", "  |---|---|---|"]
    for finding in judgement.quantities:
        figure = escape(finding.evidence.text) if finding.evidence else "no figure for it"
        lines.append(f"  | {escape(finding.claim.text)} | {figure} | {finding.finding} |")
    return lines


def escape(text: str) -> str:
    """Write `text` on one line so that Markdown shows it letter by letter."""
    return _ACTIVE.sub(r"\\\1", " ".join(_CONTROL.sub(" ", text).split()))


def link(text: str, uri: str) -> str:
    """Write a link if `uri` is a plain web address, else the text alone."""
    address = web_address(uri)
    return f"[{escape(text)}](<{address}>)" if address else escape(text)
