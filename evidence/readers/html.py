"""Web pages: the article without the navigation around it, and the page's metadata."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from evidence.readers.decoding import decode
from evidence.readers.errors import EmptyError
from evidence.readers.metadata import clean, parse_day
from pipeline.records import BlockKind, Document, DocumentBlock, Span

DROPPED = {
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "noscript",
    "template",
    "svg",
    "button",
    "iframe",
    "select",
}
CLUTTER = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|breadcrumbs?|share|sharing|social|cookie|consent|banner|related|recommend\w*|newsletter|subscribe|promo|advert\w*"
    r"|ads?|sidebar|comments?|footer|masthead|popup|modal|toolbar)\b",
    re.IGNORECASE,
)
KINDS: dict[str, BlockKind] = {"p": "paragraph", "li": "list item", "figcaption": "caption", "tr": "row", "blockquote": "paragraph",
                               "dd": "paragraph", "dt": "paragraph", "pre": "paragraph", "caption": "caption"}  # fmt: skip


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a web page."""
    from lxml import html

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, uri))
    try:
        page = html.document_fromstring(source)
    except (ValueError, html.etree.ParserError) as error:
        raise EmptyError(f"{uri} is a page without content; name one with an article in it.") from error
    known = _metadata(page)
    text, blocks = _content(page)
    if not blocks:
        raise EmptyError(f"{uri} is a page without text; name one with an article in it.")
    yield Document(
        text,
        known.get("uri") or uri,
        hashlib.sha256(data).hexdigest(),
        tuple(blocks),
        known.get("title"),
        known.get("publisher"),
        parse_day(known.get("published")),
        (known.get("language") or "")[:2].lower() or None,
    )


def _metadata(page: Any) -> dict[str, str | None]:
    """Title, publisher, day, language and address, from JSON-LD, Open Graph and plain HTML, in this order."""
    linked = _linked_data(page)
    meta = {
        (tag.get("property") or tag.get("name") or "").lower(): tag.get("content")
        for tag in page.iter("meta")
        if tag.get("content")
    }
    publisher = linked.get("publisher")
    day = next((tag.get("datetime") for tag in page.iter("time") if tag.get("datetime")), None)
    canonical = next((tag.get("href") for tag in page.iter("link") if tag.get("rel") == "canonical"), None)
    title = page.find(".//title")
    return {
        "title": clean(linked.get("headline"))
        or clean(meta.get("og:title"))
        or (clean(title.text_content()) if title is not None else None),
        "publisher": clean(publisher.get("name") if isinstance(publisher, dict) else publisher)
        or clean(meta.get("og:site_name")),
        "published": clean(linked.get("datePublished"))
        or clean(meta.get("article:published_time"))
        or clean(meta.get("date"))
        or clean(day),
        "language": clean(page.get("lang")),
        "uri": canonical if canonical and canonical.startswith("http") else None,
    }


def _linked_data(page: Any) -> dict[str, Any]:
    for tag in page.iter("script"):
        if tag.get("type") != "application/ld+json":
            continue
        try:
            found = json.loads(tag.text or "")
        except ValueError:
            continue
        rows = found if isinstance(found, list) else found.get("@graph", [found]) if isinstance(found, dict) else []
        for row in rows:
            if isinstance(row, dict) and ("headline" in row or "datePublished" in row):
                return row
    return {}


def _content(page: Any) -> tuple[str, list[DocumentBlock]]:
    root = max(
        [*page.iter("article"), *page.iter("main")],
        key=lambda tag: len(tag.text_content()),
        default=page.find(".//body"),
    )
    if root is None:
        root = page
    pieces: list[tuple[BlockKind, int, str]] = []
    _walk(root, pieces, [])
    text = ""
    blocks = []
    for kind, level, words in pieces:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{words}" if text else words
        blocks.append(DocumentBlock(kind, Span(start, start + len(words)), level))
    return text, blocks


def _walk(tag: Any, pieces: list[tuple[BlockKind, int, str]], headers: list[str]) -> None:
    if not isinstance(tag.tag, str) or tag.tag in DROPPED or _is_clutter(tag):
        return
    if re.fullmatch(r"h[1-6]", tag.tag):
        _add(pieces, "heading", int(tag.tag[1]), tag.text_content())
    elif tag.tag == "tr":
        cells = [" ".join(cell.text_content().split()) for cell in tag if cell.tag in {"td", "th"}]
        if cells and all(cell.tag == "th" for cell in tag if cell.tag in {"td", "th"}):
            headers[:] = cells
        else:
            named = zip(headers, cells, strict=True) if len(headers) == len(cells) else None
            _add(
                pieces,
                "row",
                0,
                "; ".join(f"{name}: {cell}" for name, cell in named if cell) if named else "; ".join(cells),
            )
    elif tag.tag in KINDS and not any(child.tag in {"p", "ul", "ol", "table"} for child in tag):
        for line in _lines(tag):
            _add(pieces, KINDS[tag.tag], 0, line)
    else:
        inner = [] if tag.tag == "table" else headers
        block_children = any(isinstance(child.tag, str) and child.tag not in INLINE for child in tag)
        if not block_children:
            for line in _lines(tag):
                _add(pieces, "paragraph", 0, line)
            return
        _add(pieces, "paragraph", 0, tag.text or "")
        for child in tag:
            if isinstance(child.tag, str) and child.tag in INLINE:
                _add(pieces, "paragraph", 0, child.text_content())
            else:
                _walk(child, pieces, inner)
            _add(pieces, "paragraph", 0, child.tail or "")


INLINE = {
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "sub",
    "sup",
    "small",
    "abbr",
    "time",
    "mark",
    "u",
    "code",
    "q",
    "cite",
    "br",
    "img",
    "font",
}


def _is_clutter(tag: Any) -> bool:
    named = f"{tag.get('class') or ''} {tag.get('id') or ''} {tag.get('role') or ''}"
    return bool(CLUTTER.search(named.replace("_", " "))) and len(tag.text_content()) < 1500


def _lines(tag: Any) -> list[str]:
    for br in tag.iter("br"):
        br.tail = "\n" + (br.tail or "")
    return str(tag.text_content()).split("\n") if tag.find(".//br") is not None else [tag.text_content()]


def _add(pieces: list[tuple[BlockKind, int, str]], kind: BlockKind, level: int, words: str) -> None:
    plain = " ".join(words.split())
    if plain:
        pieces.append((kind, level, plain))
