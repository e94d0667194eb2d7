"""Rows of a table told in prose, "Wind: 9% in 2014, 24% in 2024": a claim for each figure, under the table's heading.

What the heading says is measured, and the years that the first row gives its figures, hold for the rows below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.claims.strand import Strand

FIGURE = r"(?:[$€£¥₹]\s?)?\d[\d.,]*\s?(?:%|per cent|percent|bn|tn|m|million|billion|trillion|crore|lakh)?"
CELL = re.compile(
    rf"(?P<cell>(?:unchanged at |about |nearly |over |under )?{FIGURE}(?: (?:in|on|for|by) [\w ]{{2,20}}?)?)(?:,\s+|\s+and\s+|$)"
)
YEAR = re.compile(r" in ((?:19|20)\d\d)$")
HEADING = re.compile(r"^Table\b[^.:]*[.:]\s+(?P<rest>.+)$", re.IGNORECASE)
MEASURE = re.compile(r"^(?:share|number|percentage|proportion|rate|price|value|output|level|production|average|amount|cost)\b[^,]*$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a row as a claim, with its place in the strand."""

    text: str
    start: int
    end: int
    filled: tuple[tuple[str, str], ...] = ()
    """What the claim says in place of the words of the row."""


@dataclass(slots=True)
class Table:
    """What the rows of a table share."""

    measure: str = ""
    years: tuple[str, ...] = ()

    def head(self, caption: str) -> None:
        """Take what is measured from a table's heading: "Table 3. Electricity by source, share of generation, 2014 and 2024"."""
        match = HEADING.match(caption.strip())
        if match is None:
            return
        self.years = ()
        named = [part.strip() for part in match["rest"].rstrip(".").split(",")]
        self.measure = next((part for part in named if MEASURE.match(part)), "")

    def cells(self, strand: Strand) -> list[Cell]:
        """Read a labelled row; empty where it is none."""
        text = strand.text.rstrip(".")
        found = list(CELL.finditer(text)) if strand.label else []
        if not found or "".join(match.group() for match in found) != text:
            self.leave()
            return []
        years = tuple(year[1] for match in found if (year := YEAR.search(match["cell"])))
        if years:
            self.years = years if len(years) == len(found) else ()
        lent = (
            [f" in {year}" for year in self.years] if not years and len(self.years) == len(found) else [""] * len(found)
        )
        about = f"{_owner(strand.label or '')} {self.measure} was" if self.measure else f"{strand.label}:"
        cells = []
        for match, added in zip(found, lent, strict=True):
            filled = [(f"{strand.label}:", about)] if self.measure else []
            filled += [(match["cell"], f"{match['cell']}{added}")] if added else []
            said = f"{about} {match['cell']}{added}."
            cells.append(Cell(said, match.start("cell"), match.end("cell"), tuple(filled)))
        return cells

    def leave(self) -> None:
        """Forget a table whose rows are over."""
        self.measure, self.years = "", ()


def _owner(label: str) -> str:
    return f"{label}’" if label.endswith("s") else f"{label}’s"
