"""Lists of web addresses: RSS and Atom feeds, and plain texts with an address a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from evidence.readers.errors import DamagedError
from evidence.readers.metadata import clean, parse_day

OPENING = 2000
"""Bytes of a file in which a feed shows itself."""


@dataclass(frozen=True, slots=True)
class Item:
    """One address of a feed, with what the feed says of it."""

    address: str
    title: str | None = None
    published: date | None = None


def is_feed(data: bytes) -> bool:
    """Whether bytes are an RSS or Atom feed."""
    opening = data[:OPENING].lower()
    return b"<rss" in opening or b"<rdf:rdf" in opening or (b"<feed" in opening and b"w3.org/2005/atom" in opening)


def is_address_list(data: bytes) -> bool:
    """Whether bytes are a plain list of web addresses: one a line, with blank lines and lines that open with #."""
    lines = _lines(data)
    return bool(lines) and all(line.startswith(("http://", "https://")) and len(line.split()) == 1 for line in lines)


def read_addresses(data: bytes, uri: str) -> list[Item]:
    """The items of a feed or of a plain list, in order, each address once.

    Raises:
        DamagedError: a feed that cannot be read, or names no address.
    """
    items = list(_feed(data, uri)) if is_feed(data) else [Item(line) for line in _lines(data)]
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.address, item)
    if not found:
        raise DamagedError(f"{uri} is a feed that names no pages; name another.")
    return list(found.values())


def _lines(data: bytes) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _feed(data: bytes, uri: str) -> Iterator[Item]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedError(f"{uri} is a damaged feed ({error.msg}); name its pages one by one.") from error
    if root is None:
        raise DamagedError(f"{uri} is a damaged feed; name its pages one by one.")
    for entry in root.iter("{*}item", "{*}entry"):
        link = _link(entry)
        if link:
            address = urljoin(uri, link) if uri.startswith(("http://", "https://")) else link
            yield Item(address, clean(_text(entry, "title")), _day(entry))


def _link(entry: Any) -> str | None:
    links = entry.findall("{*}link")
    for link in links:
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return str(link.get("href")).strip()
    said = next((link.text.strip() for link in links if link.text and link.text.strip()), None)
    if said:
        return str(said)
    identity = next((tag for tag in entry.findall("{*}guid") if tag.get("isPermaLink", "true") == "true"), None)
    return str(identity.text).strip() if identity is not None and identity.text else None


def _text(entry: Any, *names: str) -> str | None:
    return next(
        (found.text for name in names if (found := entry.find(f"{{*}}{name}")) is not None and found.text), None
    )


def _day(entry: Any) -> date | None:
    said = _text(entry, "pubDate", "published", "date", "updated")
    if not said:
        return None
    try:
        return parsedate_to_datetime(said).date()
    except (ValueError, TypeError):
        return parse_day(said)
