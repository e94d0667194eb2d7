"""Turns what a person names into documents: files, folders, web addresses, lists of addresses, standard input.

What cannot be read is collected and does not stop the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evidence.feeds import Item, is_address_list, is_feed, read_addresses
from evidence.readers import (
    LARGEST,
    MODULES,
    TooLargeError,
    UnsupportedError,
    document_paths,
    read_data,
    read_documents,
)
from evidence.web import Fetcher, Page, is_address
from pipeline.records import Document, UserError

if TYPE_CHECKING:
    from evidence.store import AddResult, EvidenceStore

STDIN = "-"
LISTS = frozenset({".xml", ".rss", ".atom"})
"""Endings of files that can only be feeds."""
FORMATS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/markdown": ".md",
    "text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.apache.parquet": ".parquet",
}  # fmt: skip
"""Media types to the endings of files of that format."""
FORMATS_READ = (
    "name .txt, .md, .html, .pdf, .docx, .csv, .tsv, .jsonl or .parquet files, a folder of them, or web addresses"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing to read."""

    name: str
    """A path, a web address, or - for standard input."""
    named: bool = True
    """A person named it, and not the folder that it lies in; only then is a list of addresses followed."""
    item: Item | None = None
    """Where a feed names it."""


@dataclass
class Gathering:
    """The documents of some places, and what went wrong on the way."""

    places: list[Place]
    fetcher: Fetcher
    problems: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    """The places that could not be read."""

    def documents(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Document]:
        """Read place after place; lists of addresses are followed when their turn comes.

        Args:
            progress: called with how many places have been read, and how many there are as far as is known.
        """
        waiting, done = list(reversed(self.places)), 0
        while waiting:
            place = waiting.pop()
            try:
                for found in _read(place, self.fetcher):
                    if isinstance(found, Place):
                        waiting.append(found)
                    else:
                        yield found
            except UserError as error:
                self.problems.append(str(error))
                self.failed.add(place.name)
            except OSError as error:
                self.problems.append(f"{place.name} cannot be read ({error.strerror or error}); check the file.")
                self.failed.add(place.name)
            done += 1
            progress(done, done + len(waiting))


def gather(names: Sequence[str], *, allow_private: bool = False) -> Gathering:
    """Find out what names stand for; nothing is read yet.

    Args:
        names: paths, web addresses, or - for standard input.
        allow_private: also fetch from private and loopback addresses.
    """
    gathering = Gathering([], Fetcher(allow_private=allow_private))
    for name in names:
        if name == STDIN or is_address(name):
            gathering.places.append(Place(name))
            continue
        try:
            path = Path(name)
            found = document_paths(path)
        except UserError as error:
            gathering.problems.append(str(error))
            continue
        gathering.places += [Place(str(one), named=not path.is_dir()) for one in found]
    gathering.places = list(dict.fromkeys(gathering.places))
    return gathering


def _read(place: Place, fetcher: Fetcher) -> Iterator[Document | Place]:
    """The documents of a place, or of a list of addresses its places, last first."""
    if place.item is not None or is_address(place.name):
        yield from _page(place, fetcher.fetch(place.name))
    elif place.name == STDIN:
        data = sys.stdin.buffer.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise TooLargeError(
                f"standard input has more than {LARGEST // 1024**2} MB, the most that is read; cut it up."
            )
        uri = "standard input"
        if is_feed(data) or is_address_list(data):
            yield from _listed(data, uri)
            return
        # Two texts on standard input are two sources.
        yield from read_data(data, f"{uri} {sha256(data).hexdigest()[:12]}")
    else:
        yield from _file(place)


def _file(place: Place) -> Iterator[Document | Place]:
    path = Path(place.name)
    suffix = path.suffix.lower()
    if place.named and path.is_file() and (suffix in LISTS or MODULES.get(suffix, "text") == "text"):
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) <= LARGEST and (is_feed(data) or is_address_list(data)):
            yield from _listed(data, place.name)
            return
    if suffix in LISTS:
        raise UnsupportedError(f"{path} is no feed of pages; name an RSS or Atom feed.")
    for document in read_documents(path):
        yield replace(document, place=str(path.absolute()))


def _page(place: Place, page: Page) -> Iterator[Document | Place]:
    if is_feed(page.data) or (page.kind in {"", "text/plain"} and is_address_list(page.data)):
        if not place.named:
            raise UnsupportedError(f"{place.name} is itself a list of addresses; name it by itself.")
        yield from _listed(page.data, page.address)
        return
    ending = Path(urlsplit(page.address).path).suffix.lower()
    suffix = FORMATS.get(page.kind) or (ending if page.kind in {"", "text/plain", "application/octet-stream"} else "")
    for document in read_data(_utf8(page), page.address, suffix):
        known = replace(document, place=place.name)
        if place.item is not None:
            known = replace(
                known,
                title=known.title or place.item.title,
                published=known.published or place.item.published,
            )
        yield known


def _listed(data: bytes, uri: str) -> Iterator[Place]:
    for item in reversed(read_addresses(data, uri)):
        yield Place(item.address, named=False, item=item)


def _utf8(page: Page) -> bytes:
    """A page's bytes; a text whose site names its encoding, and that is not UTF-8, in UTF-8."""
    if not page.charset or not page.kind.startswith("text/"):
        return page.data
    try:
        page.data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return page.data.decode(page.charset).encode("utf-8")
        except (UnicodeDecodeError, LookupError):
            return page.data
    return page.data


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What reading sources again came to."""

    result: AddResult
    removed: int
    """Sources that their file no longer holds."""
    problems: list[str]


def refresh_sources(
    store: EvidenceStore,
    ids: Sequence[str] = (),
    *,
    allow_private: bool = False,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> Refreshed:
    """Read sources again where they came from; what cannot be read stays as it is.

    Args:
        store: that holds them.
        ids: the sources; none for all.
        allow_private: also fetch from private and loopback addresses.
        progress: called with a step, how many of its items are done, and how many there are.

    Raises:
        StoreError: an id is unknown.
    """
    chosen = [store.source(one) for one in ids] if ids else store.sources()
    held = store.sources()
    places = list(dict.fromkeys(source.place for source in chosen if source.place))
    gathering = Gathering([Place(place, named=False) for place in sorted(places)], Fetcher(allow_private=allow_private))
    once = sum(source.place is None for source in chosen)
    result = store.add_documents(
        gathering.documents(lambda done, total: progress("reading", done, total)),
        progress=lambda done, total: progress("embedding", done, total),
    )
    met = set(result.sources)
    gone = [one for one in held if one.place in places and one.place not in gathering.failed and one.id not in met]
    for source in gone:
        store.remove(source.id)
    problems = list(gathering.problems)
    if once:
        problems.append(f"{once} {'source' if once == 1 else 'sources'} that came from no file or address; add the text again to change it.")  # fmt: skip
    return Refreshed(result, len(gone), problems)
