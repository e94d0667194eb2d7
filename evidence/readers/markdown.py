"""Markdown, with YAML front matter for what the document says of itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from evidence.readers.decoding import decode
from evidence.readers.errors import DamagedError, EmptyError
from evidence.readers.metadata import clean, parse_day
from pipeline.records import BlockKind, Document, DocumentBlock, Span

FRONT = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<words>.+?)\s*#*\s*$")
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?P<words>.+)$")
ROW = re.compile(r"^\s*\|(?P<cells>.+)\|\s*$")


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a Markdown file."""
    text = decode(data, uri)
    front = FRONT.match(text)
    known = _front_matter(front["yaml"], uri) if front else {}
    body = text[front.end() :] if front else text
    blocks = tuple(_blocks(body))
    if not blocks:
        raise EmptyError(f"{uri} holds no text; name a file with text in it.")
    first = next((body[b.span.start : b.span.end] for b in blocks if b.kind == "heading" and b.level == 1), None)
    yield Document(
        body,
        clean(known.get("url") or known.get("uri")) or uri,
        hashlib.sha256(data).hexdigest(),
        blocks,
        clean(known.get("title")) or first,
        clean(known.get("publisher") or known.get("source")),
        parse_day(known.get("published") or known.get("date")),
        clean(known.get("language") or known.get("lang")),
    )


def _front_matter(source: str, uri: str) -> dict[str, Any]:
    import yaml

    try:
        known = yaml.safe_load(source)
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0]
        raise DamagedError(
            f"{uri}: the front matter between the --- lines is no YAML ({first}); mend or remove it."
        ) from error
    return {str(key).lower(): value for key, value in known.items()} if isinstance(known, dict) else {}


def _blocks(text: str) -> Iterator[DocumentBlock]:
    place = 0
    begun: tuple[int, int] | None = None
    for line in [*text.split("\n"), ""]:
        start, place = place, place + len(line) + 1
        kind: BlockKind = "paragraph"
        heading, item, row = HEADING.match(line), ITEM.match(line), ROW.match(line)
        special = heading or item or row
        if begun and (special or not line.strip()):
            yield DocumentBlock("paragraph", Span(*begun))
            begun = None
        if heading:
            yield DocumentBlock(
                "heading", Span(start + heading.start("words"), start + heading.end("words")), len(heading["marks"])
            )
        elif item:
            yield DocumentBlock("list item", Span(start + item.start("words"), start + len(line.rstrip())))
        elif row:
            if not re.fullmatch(r"[\s|:-]+", row["cells"]):
                kind = "row"
                yield DocumentBlock(kind, Span(start + row.start("cells"), start + row.end("cells")))
        elif line.strip() and not re.fullmatch(r"\s*(?:[-*_]\s*){3,}", line):
            left = start + len(line) - len(line.lstrip(" >"))
            begun = (begun[0] if begun else left, start + len(line.rstrip()))
