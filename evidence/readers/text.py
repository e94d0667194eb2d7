"""Plain text: paragraphs, headings, and an opening line that names publisher and day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from evidence.readers.decoding import decode
from evidence.readers.errors import EmptyError
from evidence.readers.metadata import DAY, parse_day
from pipeline.records import Document, DocumentBlock, Span

OPENING = re.compile(r"^(?P<name>[^,.|]{3,60})[,|·–-]\s*(?P<rest>.+)$")
WRAPPED = 55
"""Lines of this many characters or more that do not end a sentence are wrapped by hand."""


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a text file."""
    text = decode(data, uri)
    if not text.strip():
        raise EmptyError(f"{uri} is empty; name a file with text in it.")
    blocks = paragraphs(text)
    title, publisher, published = opening(text, blocks)
    yield Document(text, uri, hashlib.sha256(data).hexdigest(), blocks, title, publisher, published)


def paragraphs(text: str, start: int = 0) -> tuple[DocumentBlock, ...]:
    """The paragraphs of a plain text: a line each, or where lines are wrapped by hand, the lines up to a blank one.

    Args:
        text: the text.
        start: added to every offset.
    """
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*[^\s\n][^\n]*", text)]
    joined: list[tuple[int, int]] = []
    for begin, end in lines:
        if joined and _continues(text, joined[-1], (begin, end)):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return tuple(
        DocumentBlock(
            "heading" if _is_heading(text, joined, index) else "paragraph",
            _stripped(text, span, start),
            1 if _is_heading(text, joined, index) else 0,
        )
        for index, span in enumerate(joined)
    )


def _stripped(text: str, span: tuple[int, int], start: int) -> Span:
    part = text[span[0] : span[1]]
    left = span[0] + len(part) - len(part.lstrip())
    return Span(start + left, start + left + len(part.strip()))


def _continues(text: str, before: tuple[int, int], line: tuple[int, int]) -> bool:
    """Whether a line goes on with the paragraph before it, which was wrapped by hand."""
    if text[before[1] : line[0]].count("\n") != 1:
        return False
    last = text[before[0] : before[1]].rsplit("\n", 1)[-1].rstrip()
    following = text[line[0] : line[1]].lstrip()
    if not WRAPPED <= len(last) <= 100 or re.match(r"[-–•*▪·]\s|\d{1,2}[.)]\s", following):
        return False
    return not last.endswith((":",)) and (
        not re.search(r"[.!?][”\"’)]*$", last) or following[:1].islower() or len(last) > 65
    )


def _is_heading(text: str, spans: list[tuple[int, int]], index: int) -> bool:
    words = text[spans[index][0] : spans[index][1]].strip()
    short = len(words) < 80 and "\n" not in words and not re.search(r"[.!?,;:…][”\"’)]*$", words)
    return (
        short
        and index + 1 < len(spans)
        and len(words.split()) <= 12
        and not re.match(r"[-–•*▪·]\s|\d{1,2}[.)]\s", words)
    )


def opening(text: str, blocks: tuple[DocumentBlock, ...]) -> tuple[str | None, str | None, date | None]:
    """Title, publisher and day, as far as the first lines give them: "Bodensee Wirtschaftsdienst, 21 August 2025"."""
    title = publisher = None
    published = None
    for block in blocks[:3]:
        line = text[block.span.start : block.span.end]
        day = DAY.search(line)
        if day and len(line) < 90 and not re.search(r"[.!?]$", line):
            match = OPENING.match(line)
            published = published or parse_day(day.group())
            if match and not DAY.search(match["name"]):
                publisher = publisher or match["name"].strip()
        elif block.kind == "heading" and title is None and len(line.split()) > 2:
            title = line.strip()
    return title, publisher, published
