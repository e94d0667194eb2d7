"""Word files: headings, paragraphs, lists and tables, with the file's properties."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from evidence.readers.errors import DamagedError, EmptyError
from evidence.readers.metadata import clean, parse_day
from evidence.readers.text import opening
from pipeline.records import BlockKind, Document, DocumentBlock, Span

TEMPLATE_DAY = date(2013, 12, 23)


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a .docx file."""
    import zipfile

    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        file = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DamagedError(f"{uri} is a damaged Word file, or none; save it again as .docx.") from error
    text, blocks = "", []
    for kind, level, words in _pieces(file):
        plain = " ".join(words.split())
        if plain:
            start = len(text) + (2 if text else 0)
            text = f"{text}\n\n{plain}" if text else plain
            blocks.append(DocumentBlock(kind, Span(start, start + len(plain)), level))
    if not blocks:
        raise EmptyError(f"{uri} holds no text; name a file with text in it.")
    properties = file.core_properties
    title, publisher, published = opening(text, tuple(blocks))
    heading = next((text[b.span.start : b.span.end] for b in blocks if b.kind == "heading"), None)
    yield Document(
        text,
        uri,
        hashlib.sha256(data).hexdigest(),
        tuple(blocks),
        clean(properties.title) or title or heading,
        publisher or _company(data),
        published or _created(properties),
        (clean(properties.language) or "")[:2].lower() or None,
    )


def _created(properties: Any) -> date | None:
    """The day that a file was made; that of python-docx's own template says nothing of it."""
    made = parse_day(properties.created)
    return None if properties.author == "python-docx" and made == TEMPLATE_DAY else made


def _company(data: bytes) -> str | None:
    """The company in a file's extended properties."""
    import zipfile

    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            root = etree.fromstring(package.read("docProps/app.xml"), etree.XMLParser(resolve_entities=False))
    except (KeyError, etree.XMLSyntaxError):
        return None
    return clean(root.findtext("{*}Company"))


def _pieces(file: Any) -> Iterator[tuple[BlockKind, int, str]]:
    from docx.table import Table

    for item in file.iter_inner_content():
        if isinstance(item, Table):
            rows = [[cell.text for cell in row.cells] for row in item.rows]
            for row in rows[1:]:
                yield (
                    "row",
                    0,
                    "; ".join(f"{name}: {cell}" for name, cell in zip(rows[0], row, strict=False) if cell.strip()),
                )
            continue
        style = item.style.name if item.style is not None else ""
        heading = re.match(r"(?:Heading (\d)|Title)", style or "")
        if heading:
            yield "heading", int(heading[1] or 1), item.text
        elif style == "Caption":
            yield "caption", 0, item.text
        else:
            yield ("list item" if "List" in (style or "") else "paragraph"), 0, item.text
