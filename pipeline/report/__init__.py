"""The verdict report in the forms that people and programs read: the last step on the way of the data.

Each format is a module of its own; all of them take a `Report` and recompute nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.contract import claim_to_json, from_json, read_report, skipped_to_json, summarise, to_json
from pipeline.report.files import FORMATS, article_folder, write_reports

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.records import ClaimSet, Report

__all__ = [
    "FORMATS",
    "article_folder",
    "claim_to_json",
    "from_json",
    "print_claims",
    "print_report",
    "read_report",
    "skipped_to_json",
    "summarise",
    "to_json",
    "write_reports",
]


def print_report(report: Report, console: Console | None = None, *, passages: bool = False) -> None:
    """Print the report as a table with a summary, readable in 80 columns and without colour.

    Args:
        report: What to print.
        console: Where to; standard output if none is given.
        passages: Print also every passage of the evidence with its stance.
    """
    from pipeline.report import terminal

    terminal.print_report(report, console or _standard_output(), passages=passages)


def print_claims(found: ClaimSet, console: Console | None = None) -> None:
    """Print the claims of an article, without verdicts."""
    from pipeline.report import terminal

    terminal.print_claims(found, console or _standard_output())


def _standard_output() -> Console:
    from rich.console import Console

    return Console(highlight=False)
