"""What documents say of themselves: days in the forms in which they are written."""

from __future__ import annotations

import re
from datetime import date, datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = re.compile(
    rf"\b(?:(?P<y>\d{{4}})[-/](?P<m>\d{{1,2}})[-/](?P<d>\d{{1,2}})|(?P<d2>\d{{1,2}})\.(?P<m2>\d{{1,2}})\.(?P<y2>\d{{4}})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)? (?P<m3>{_MONTH})\.?,? (?P<y3>\d{{4}})|(?P<m4>{_MONTH})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>\d{{4}}))",
    re.IGNORECASE,
)


def parse_day(value: object) -> date | None:
    """The day that a value stands for; None where it stands for none.

    Args:
        value: a date, or a text with a day in ISO 8601 or written out.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DAY.search(value) if isinstance(value, str) else None
    if match is None:
        return None
    found = {key: text for key, text in match.groupdict().items() if text}
    year = next(text for key, text in found.items() if key[0] == "y")
    month = next(text for key, text in found.items() if key[0] == "m")
    day = next(text for key, text in found.items() if key[0] == "d")
    try:
        return date(int(year), MONTHS.get(month.lower()) or int(month), int(day))
    except ValueError:
        return None


def clean(value: object) -> str | None:
    """A text without surplus white space; None where there is none."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return " ".join(str(value).split()) or None
