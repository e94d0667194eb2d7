"""The report on a terminal: a table of verdicts and a summary, readable in 80 columns and without colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from pipeline.records import ClaimSet, Judgement, Label, Report, Verdict
from pipeline.report.contract import summarise
from pipeline.report.wording import SIGN, percent, rationale_parts, source_details, source_name

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLE: dict[Label, str] = {
    "supported": "green",
    "disputed": "red",
    "conflicting": "yellow",
    "not enough evidence": "bright_black",
}
LABEL_LINES: dict[Label, str] = {
    "supported": "supported",
    "disputed": "disputed",
    "conflicting": "conflicting",
    "not enough evidence": "not enough\n  evidence",
}
PLAIN_SIGN: dict[Label, str] = {"supported": "+", "disputed": "x", "conflicting": "~", "not enough evidence": "?"}
"""For a terminal that cannot show the usual signs."""

# A text under check may hold escape sequences or marks that turn the writing round: neither reaches the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def print_report(report: Report, console: Console, *, passages: bool = False) -> None:
    """Print the verdict on each claim with what decided it, then a line of counts.

    Args:
        report: What to print.
        console: Where to; its width and its encoding are kept to.
        passages: Print also every passage of the evidence with its stance.
    """
    from rich.table import Table
    from rich.text import Text

    article = report.article
    if article.title:
        console.print(Text(clean(article.title, console), style="bold"))
    if not report.verdicts:
        console.print("No checkable claim was found.")
        return
    sign = SIGN if encodes("".join(SIGN.values()), console) else PLAIN_SIGN
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("Verdict", width=14)
    table.add_column("Sure", justify="right", no_wrap=True)
    table.add_column("Claim, and what the evidence says of it", overflow="fold", ratio=1)
    for verdict in report.verdicts:
        label = Text(f"{sign[verdict.label]} {LABEL_LINES[verdict.label]}", style=STYLE[verdict.label])
        statement = _statement(verdict, console)
        if passages:
            for judgement in verdict.judgements:
                statement.append_text(_passage(judgement, console))
        table.add_row("", "", "")
        table.add_row(label, percent(verdict.confidence), statement)
    console.print(table)
    console.print()
    console.print(_summary(report, sign))


def print_claims(found: ClaimSet, console: Console) -> None:
    """Print the claims of an article, how much each is worth checking, and what was filled in."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("Worth", justify="right", no_wrap=True)
    table.add_column("Claim", overflow="fold", ratio=1)
    for claim in found.claims:
        statement = Text(clean(claim.text, console))
        for resolution in claim.resolved:
            reading = (
                f"for “{resolution.words}”: {resolution.to}" if resolution.to else f"unclear: “{resolution.words}”"
            )
            statement.append("\n" + clean(reading, console), style="dim")
        table.add_row(f"{claim.worthiness:.2f}", statement)
    if found.claims:
        console.print(table)
        console.print()
    claims, skipped = len(found.claims), len(found.skipped)
    console.print(
        f"{claims} {'claim' if claims == 1 else 'claims'}; "
        f"{skipped} {'sentence' if skipped == 1 else 'sentences'} without one."
    )


def _statement(verdict: Verdict, console: Console) -> Text:
    from rich.text import Text

    statement = Text(clean(verdict.claim.text, console), style="bold")
    statement.append("\n" + clean(verdict.explanation, console), style="not bold")
    if verdict.claim.contradicts:
        statement.append("\nThe article itself gives another figure elsewhere.", style="not bold italic")
    source = _unnamed_source(verdict)
    if source:
        statement.append("\n" + clean(source, console), style="not bold dim")
    return statement


def _passage(judgement: Judgement, console: Console) -> Text:
    from rich.text import Text

    source = judgement.retrieved.source
    about = ", ".join([source_name(source), *source_details(source)])
    flag = "" if judgement.independent else " (not independent: not counted)"
    before, rationale, after = rationale_parts(judgement)
    shown = Text(f"\n\n{judgement.stance}{flag}: ", style="not bold")
    shown.append(clean(about, console), style="not bold italic")
    shown.append("\n" + clean(before + rationale + after, console), style="not bold dim")
    return shown


def _unnamed_source(verdict: Verdict) -> str | None:
    """Name the source that weighs most, unless the explanation does so already."""
    best = next((j for j in verdict.judgements if j.stance != "neutral" and j.independent), None)
    if best is None:
        return None
    source = best.retrieved.source
    if (source.publisher or source_name(source)) in verdict.explanation:
        return None
    return ", ".join([source_name(source), *source_details(source)])


def _summary(report: Report, sign: dict[Label, str]) -> Text:
    from rich.text import Text

    counts = summarise(report)
    summary = Text(f"{counts['claims']} {'claim' if counts['claims'] == 1 else 'claims'}: ")
    for position, label in enumerate(get_args(Label)):
        summary.append(", " if position else "")
        summary.append(f"{sign[label]} {counts[label.replace(' ', '_')]} {label}", style=STYLE[label])
    return summary


def clean(text: str, console: Console) -> str:
    """Give `text` on one line, without control characters and with "?" for what the terminal cannot show."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if encodes(line, console) else line.encode(console.encoding, errors="replace").decode(console.encoding)


def encodes(text: str, console: Console) -> bool:
    """Tell whether the console's encoding has every character of `text`."""
    try:
        text.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
