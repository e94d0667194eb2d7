"""The report on a terminal: a table of verdicts and a summary, readable in 80 columns and without colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from pipeline.records import Label, Report, Verdict
from pipeline.report.contract import summarise
from pipeline.report.wording import SIGN, percent, source_details, source_name

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLE: dict[Label, str] = {
    "supported": "green",
    "disputed": "red",
    "conflicting": "yellow",
    "not enough evidence": "bright_black",
}
PLAIN_SIGN: dict[Label, str] = {"supported": "+", "disputed": "x", "conflicting": "~", "not enough evidence": "?"}
"""For a terminal that cannot show the usual signs."""

# A text under check may hold escape sequences or marks that turn the writing round: neither reaches the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def print_report(report: Report, console: Console) -> None:
    """Print the verdict on each claim with what decided it, then a line of counts.

    Args:
        report: What to print.
        console: Where to; its width and its encoding are kept to.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    article = report.article
    console.print(Text(clean(article.title or article.uri, console), style="bold"))
    if not report.verdicts:
        console.print("No checkable claim was found.")
        return
    sign = SIGN if encodes("".join(SIGN.values()), console) else PLAIN_SIGN
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), expand=False, show_edge=False, pad_edge=False)
    table.add_column("Verdict", width=14)
    table.add_column("Sure", justify="right", no_wrap=True)
    table.add_column("Claim, and what the evidence says of it", overflow="fold", ratio=1)
    for position, verdict in enumerate(report.verdicts):
        label = Text(f"{sign[verdict.label]} {verdict.label}", style=STYLE[verdict.label])
        last = position == len(report.verdicts) - 1
        table.add_row(label, percent(verdict.confidence), _statement(verdict, console, last=last))
    console.print(table)
    console.print()
    console.print(_summary(report, sign))


def _statement(verdict: Verdict, console: Console, *, last: bool) -> Text:
    from rich.text import Text

    statement = Text(clean(verdict.claim.text, console), style="bold")
    statement.append("\n" + clean(verdict.explanation, console), style="not bold")
    source = _best_source(verdict)
    if source:
        statement.append("\n" + clean(source, console), style="not bold dim")
    if not last:
        statement.append("\n")
    return statement


def _best_source(verdict: Verdict) -> str | None:
    best = next((j for j in verdict.judgements if j.stance != "neutral" and j.independent), None)
    if best is None:
        return None
    source = best.retrieved.source
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
