"""Finds days of the calendar in text: "8 September 2016", "Sept. 8, 2016", "2016-09-08", "September 8".

A day is no quantity: it says when, not how much. Judging holds a claim's days beside a passage's.
"""

from __future__ import annotations

import re
from calendar import month_abbr
from dataclasses import dataclass

_MONTH = rf"(?P<month>{'|'.join(month_abbr[1:])})[a-z]{{0,6}}\.?"
_DAY = r"(?P<day>\d{1,2})"
_FORMS = (
    re.compile(rf"\b{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>[12]\d{{3}})\b)?"),
    re.compile(rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?\b(?!,\d)(?:,? (?P<year>[12]\d{{3}})\b)?"),
)
_ISO = re.compile(r"\b(?P<year>[12]\d{3})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_NUMBERS = {name: number for number, name in enumerate(month_abbr) if name}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; the year is None where the text gives none."""

    month: int
    day: int
    year: int | None

    def is_same_as(self, other: Day) -> bool:
        """Whether two texts may mean one day: a year that one of them leaves out is no difference."""
        same = (self.month, self.day) == (other.month, other.day)
        return same and (self.year is None or other.year is None or self.year == other.year)


def find_days(text: str) -> list[Day]:
    """The days that a text names, in order of their forms; what no calendar has is left out."""
    found = [(int(m["day"]), _NUMBERS[m["month"]], m["year"]) for form in _FORMS for m in form.finditer(text)]
    found += [(int(m["day"]), int(m["month"]), m["year"]) for m in _ISO.finditer(text)]
    return [
        Day(month, day, int(year) if year else None)
        for day, month, year in found
        if 1 <= day <= 31 and 1 <= month <= 12
    ]
