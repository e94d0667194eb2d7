"""Web pages: the article without the navigation around it, and the page's metadata."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

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

TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title")
SITES = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "citation_journal_title", "application-name")  # fmt: skip
DAYS = (
    "article:published_time", "og:article:published_time", "datepublished", "citation_publication_date", "citation_date",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "date",
)  # fmt: skip
LANGUAGES = ("og:locale", "content-language", "dc.language", "dcterms.language", "language")


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a web page."""
    from lxml import html

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, uri, said=_said_encoding(data)))
    try:
        page = html.document_fromstring(source)
    except (ValueError, html.etree.ParserError) as error:
        raise EmptyError(f"{uri} is a page without content; name one with an article in it.") from error
    known = _metadata(page, uri)
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


def _said_encoding(data: bytes) -> str | None:
    """The encoding that a page names in its opening (HTML standard, 13.2.3.2)."""
    match = re.search(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", data[:2048], re.IGNORECASE)
    return match[1].decode("ascii") if match else None


def _metadata(page: Any, uri: str) -> dict[str, str | None]:
    """Title, publisher, day, language and address, from JSON-LD, Open Graph and plain HTML, in this order."""
    linked = _linked_data(page)
    meta: dict[str, str] = {}
    for tag in page.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or "").lower()
        if name and clean(tag.get("content")):
            meta.setdefault(name, tag.get("content"))
    title, heading = page.find(".//title"), page.find(".//h1")
    site = clean(linked.get("publisher")) or _first(meta, SITES)
    named = (
        clean(linked.get("headline"))
        or _first(meta, TITLES)
        or (clean(title.text_content()) if title is not None else None)
        or (clean(heading.text_content()) if heading is not None else None)
    )
    return {
        "title": _without_site(named, _first(meta, SITES) or site),
        "publisher": site,
        "published": clean(linked.get("datePublished")) or _first(meta, DAYS) or _marked_day(page),
        "language": clean(page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or clean(linked.get("inLanguage"))
        or _first(meta, LANGUAGES),
        "uri": _canonical(page, meta, uri),
    }


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((clean(meta[name]) for name in names if name in meta), None)


def _without_site(title: str | None, site: str | None) -> str | None:
    """A title without the site's name that many pages put behind it."""
    match = re.fullmatch(r"(?P<title>.+?) [|–—·-] (?P<site>[^|–—·]+)", title or "")
    return match["title"] if match and site and match["site"].lower() == site.lower() else title


def _marked_day(page: Any) -> str | None:
    """The day that the page marks as its own, else the first that stands in it."""
    times = [tag for tag in page.iter("time") if clean(tag.get("datetime"))]
    own = [tag for tag in times if tag.get("pubdate") is not None or "published" in (tag.get("itemprop") or "").lower()]
    return next((clean(tag.get("datetime")) for tag in [*own, *times]), None)


def _canonical(page: Any, meta: dict[str, str], uri: str) -> str | None:
    """The address that a page gives as its own; one that was fetched cannot pass itself off as another site's."""
    said = next((tag.get("href") for tag in page.iter("link") if tag.get("rel") == "canonical"), None)
    said = clean(said) or _first(meta, ("og:url",))
    fetched = uri.startswith(("http://", "https://"))
    try:
        address = urljoin(uri, said) if said and fetched else said
        if not address or not address.startswith(("http://", "https://")):
            return None
        return address if not fetched or _host(address) == _host(uri) else None
    except ValueError:
        return None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _linked_data(page: Any) -> dict[str, Any]:
    """The JSON-LD of the page's article: headline, datePublished, inLanguage, and its publisher's name."""
    rows: list[dict[str, Any]] = []
    for tag in page.iter("script"):
        if (tag.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            rows += _rows(json.loads(tag.text or "", strict=False))
        except (ValueError, RecursionError):
            continue
    names = {row["@id"]: row.get("name") for row in rows if isinstance(row.get("@id"), str)}
    articles = [row for row in rows if "headline" in row or "datePublished" in row]
    for row in sorted(articles, key=lambda row: "headline" not in row):
        publisher = row.get("publisher") or row.get("sourceOrganization")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        if isinstance(publisher, dict):
            publisher = publisher.get("name") or names.get(publisher.get("@id"))
        return {**row, "publisher": publisher}
    return {}


def _rows(found: Any) -> list[dict[str, Any]]:
    """All objects of a JSON-LD script that may describe the page, outermost first."""
    if isinstance(found, list):
        return [row for one in found for row in _rows(one)]
    if not isinstance(found, dict):
        return []
    inner = [row for key in ("@graph", "mainEntity", "publisher") for row in _rows(found.get(key))]
    return [found, *inner]


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
