"""Signs, dates and addresses as every report format shows them to a reader."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from pipeline.records import Judgement, Label, Source, Stance

SIGN: dict[Label, str] = {"supported": "✓", "disputed": "✗", "conflicting": "⇄", "not enough evidence": "?"}
"""A verdict is never shown by colour alone."""
STANCE_SIGN: dict[Stance, str] = {"supports": "✓", "disputes": "✗", "neutral": "–"}

# Not from strftime, which would follow the locale.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SPACE_OR_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069\\<>\"]")


def percent(share: float) -> str:
    """Write a share of one as a whole percentage; only certainty itself is written as 100%."""
    whole = round(share * 100)
    return f"{min(whole, 99) if share < 1 else 100}%"


def day(moment: date | None) -> str:
    """Write a date as "17 September 2025", whatever the locale; the empty string for None."""
    return "" if moment is None else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def web_address(uri: str) -> str | None:
    """Give `uri` back if it is a plain http or https address that is safe to make a link of, else None.

    Addresses come from sources that nobody has vouched for: `javascript:`, `data:` and `file:` addresses,
    and those with blanks, quotes or control characters, stay text.
    """
    if _SPACE_OR_CONTROL.search(uri):
        return None
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    return uri if parts.scheme in {"http", "https"} and parts.hostname else None


def source_name(source: Source) -> str:
    """Name a source by its title, else its publisher, else its address."""
    return source.title or source.publisher or source.uri


def source_details(source: Source) -> list[str]:
    """Tell who published a source and when, and whether it is trusted more or less than usual."""
    publisher = source.publisher if source.title else None
    trust = None if source.trust == "normal" else f"{source.trust} trust"
    return [detail for detail in (publisher, day(source.published), trust) if detail]


def independent_sources(support: int, dispute: int) -> str:
    """Tell how many independent sources stand on each side."""
    if not support and not dispute:
        return "No independent source supports or disputes it"
    sides = [
        f"{count} independent {'source' if count == 1 else 'sources'} {verb}{'s' if count == 1 else ''}"
        for count, verb in ((support, "support"), (dispute, "dispute"))
        if count
    ]
    return " and ".join(sides) + " it"


def rationale_parts(judgement: Judgement) -> tuple[str, str, str]:
    """Cut a passage into what is before its rationale, the rationale, and what is after it."""
    text, span = judgement.retrieved.passage.text, judgement.rationale
    return text[: span.start], text[span.start : span.end], text[span.end :]
