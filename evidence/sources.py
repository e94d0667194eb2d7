"""Where evidence comes from: who published it, what shares its origin, and whether it is independent of an article."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter, defaultdict
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.records import Article, Document, Source, Trust

SHINGLE = 5
"""Words of a shingle (Broder 1997)."""
LEAST = 12
"""Words of a passage from which it can be told whether it was copied."""
WORD = re.compile(r"\w+")
COPIED = 0.8
"""Share of a passage's shingles in the article from which it counts as copied."""


NEAR_COPY = 0.7
"""Estimated Jaccard similarity of two texts' shingles from which they share an origin."""
SKETCH = 128
"""Smallest shingle hashes kept of a document: its similarity to another is then known to about 0.04."""

COMMON = 50
"""Documents that are looked up by one shingle."""


def source_of(document: Document, *, retrieved: datetime, trust: Trust = "normal", occurrence: int = 1) -> Source:
    """The source that a document is; its id follows from its address, so that a changed file replaces itself.

    Args:
        document: as read.
        retrieved: when.
        trust: how far it is trusted.
        occurrence: 2 for the second document that gives the same address, such as two excerpts of one page; each
            has an id of its own.
    """
    address = document.uri if occurrence == 1 else f"{document.uri}\n{occurrence}"
    name = hashlib.sha256(address.encode()).hexdigest()[:12]
    return Source(
        name,
        document.uri,
        document.title,
        document.publisher,
        document.published,
        retrieved,
        document.sha256,
        document.language,
        trust,
        origin_of(document) or name,
    )


def origin_of(document: Document) -> str | None:
    """The origin that a document's publisher or site gives it; None where neither is known."""
    return normal_name(document.publisher or "") or site_of(document.uri)


def site_of(uri: str) -> str | None:
    """The site of a web address; None for any other."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def normal_name(publisher: str) -> str:
    """A publisher's name without case, article and punctuation."""
    plain = re.sub(r"[^\w ]+", " ", publisher.lower().replace("’", "").replace("'", ""))
    return re.sub(r"^the ", "", " ".join(plain.split()))


def independent_of(article: Article, source: Source, text: str) -> bool:
    """Whether a passage is evidence in its own right.

    Args:
        article: the text under check.
        source: the passage's.
        text: of the passage.

    Returns:
        False for the article itself, its publisher's pages (its site's, where a publisher is not known), and words
        copied from it or that it copied.
    """
    if source.sha256 == article.id or (article.uri and source.uri == article.uri):
        return False
    publishers = [normal_name(article.publisher or ""), normal_name(source.publisher or "")]
    if all(publishers):
        if publishers[0] == publishers[1]:
            return False
    elif site_of(article.uri) and site_of(article.uri) == site_of(source.uri):
        return False
    own = shingles(text)
    return not own or len(own & _article_shingles(article.text)) < COPIED * len(own)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of five words of a text, without case and punctuation; none where it has fewer than twelve words."""
    words = WORD.findall(text.lower())
    if len(words) < LEAST:
        return frozenset()
    return frozenset(tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1))


@lru_cache(maxsize=4)
def _article_shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Those of an article, which many passages are held against."""
    return shingles(text)


class Originals:
    """Remembers the documents of one add, so that a near copy takes the origin of the first that was seen.

    Similarity is estimated from each document's smallest shingle hashes (Broder 1997).
    """

    def __init__(self) -> None:
        self._sketches: list[tuple[frozenset[int], str]] = []
        self._having: defaultdict[int, list[int]] = defaultdict(list)

    def origin_of(self, text: str, origin: str) -> str:
        """The origin of a document: its own, or that of an earlier near copy.

        Args:
            text: of the document.
            origin: its own, as its publisher or site gives it.
        """
        # crc32 and not hash(): the latter differs from one process to the next.
        hashes = sorted({zlib.crc32(" ".join(one).encode()) for one in shingles(text)})
        sketch = frozenset(hashes[:SKETCH])
        if not sketch:
            return origin
        shared = Counter(place for one in sketch for place in self._having[one])
        for place, count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            other, known = self._sketches[place]
            if 2 * count < NEAR_COPY * min(len(sketch), len(other)):
                break
            smallest = set(sorted(sketch | other)[:SKETCH])
            if len(smallest & sketch & other) >= NEAR_COPY * len(smallest):
                return known
        for one in sketch:
            # Words that very many documents share are a template, and would make each add slower than the last.
            if len(self._having[one]) < COMMON:
                self._having[one].append(len(self._sketches))
        self._sketches.append((sketch, origin))
        return origin
