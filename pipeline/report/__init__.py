"""The verdict report in the forms that people and programs read: the last step on the way of the data.

Each format is a module of its own; all of them take a `Report` and recompute nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.contract import claim_to_json, from_json, read_report, skipped_to_json, summarise, to_json
from pipeline.report.files import FORMATS, write_reports

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.records import Report

__all__ = [
    "FORMATS",
    "claim_to_json",
    "from_json",
    "print_report",
    "read_report",
    "skipped_to_json",
    "summarise",
    "to_json",
    "write_reports",
]


def print_report(report: Report, console: Console) -> None:
    """Print the report as a table with a summary, readable in 80 columns and without colour."""
    from pipeline.report import terminal

    terminal.print_report(report, console)
