"""Tables: every row reads as a line of its own, each value with its header and unit, so that a figure is evidence."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import PurePath

from evidence.readers.decoding import decode
from evidence.readers.errors import DamagedError, EmptyError
from pipeline.records import Document, DocumentBlock, Span

NUMBER = re.compile(r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONTHS = "January February March April May June July August September October November December".split()
CURRENCIES = frozenset("usd eur gbp cny jpy inr krw sek nok dkk chf cad aud nzd hkd sgd brl zar".split())
SCALES = frozenset(
    "thousand thousands million millions mn billion billions bn trillion trillions crore crores lakh lakhs".split()
)
PERCENT = frozenset("pct percent percentage".split())
UNITS = frozenset(
    "grams gram kg kilograms tonnes tons km kilometres metres meters m cm mm litres hectares mw gw kwh mwh gwh twh years months weeks days hours "
    "minutes seconds people persons employees seats votes".split()
)
WRITTEN_OUT = {"mins": "minutes", "secs": "seconds", "sec": "seconds", "hrs": "hours", "hr": "hours", "celsius": "degrees Celsius"}  # fmt: skip
SPAN_OF_TIME = frozenset("time wait waiting delay duration runtime travel trip journey drive length queue".split())
"""Words of a header behind which "min" is minutes and no minimum."""


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a CSV or TSV file with a header line."""
    source = decode(data, uri)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(source[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel_tab if uri.lower().endswith(".tsv") else csv.excel
    try:
        rows = [
            row for row in csv.reader(io.StringIO(source), dialect, strict=False) if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise DamagedError(f"{uri} cannot be read as a table ({error}); save it again as CSV.") from error
    if len(rows) < 2:
        raise EmptyError(f"{uri} holds no rows below its header; name a table with rows.")
    headers = [_header(cell) for cell in rows[0]]
    text, blocks = "", []
    for row in rows[1:]:
        cells = (_cell(*header, value.strip()) for header, value in zip(headers, row, strict=False) if value.strip())
        line = "; ".join(cells) + "."
        blocks.append(DocumentBlock("row", Span(len(text), len(text) + len(line))))
        text += line + "\n"
    stem = re.sub(r"[_-]+", " ", PurePath(uri).stem)
    yield Document(text, uri, hashlib.sha256(data).hexdigest(), tuple(blocks), stem[:1].upper() + stem[1:])


def _header(name: str) -> tuple[str, str, str]:
    """A column's words, and what stands before and after its values: "revenue_crore_inr" is revenue, "INR ", " crore"."""
    words = re.sub(r"[_\s]+", " ", name).strip().split(" ")
    bracket = re.fullmatch(r"(?P<name>.+?)\s*[(\[](?P<unit>[^)\]]+)[)\]]", " ".join(words))
    if bracket:
        unit = bracket["unit"].strip()
        return bracket["name"], "", f"{'' if unit == '%' else ' '}{unit}"
    before = after = ""
    while len(words) > 1:
        last = words[-1].lower()
        if last in CURRENCIES and not before:
            before = f"{last.upper()} "
        elif last in PERCENT or last == "%":
            after = f"%{after}"
            words.pop()
            break
        elif last in SCALES or last in UNITS or last in WRITTEN_OUT:
            after = f" {WRITTEN_OUT.get(last, last)}{after}"
        elif last == "min" and SPAN_OF_TIME & {word.lower() for word in words}:
            after = f" minutes{after}"
        else:
            break
        words.pop()
    return " ".join(words), before, after


def _cell(name: str, before: str, after: str, value: str) -> str:
    day = DAY.fullmatch(value)
    if day and 1 <= int(day[2]) <= 12:
        return f"{name}: {int(day[3])} {MONTHS[int(day[2]) - 1]} {day[1]}"
    if (
        NUMBER.search(value)
        and not re.search(r"[A-Za-z%]{4,}.*\d{4}", value)
        and re.fullmatch(rf"[\w<>≤≥~ ]*?{NUMBER.pattern}", value)
    ):
        return f"{name}: {before}{value}{after}"
    return f"{name}: {value}"
