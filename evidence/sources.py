"""Where evidence comes from: who published it, what shares its origin, and whether it is independent of an article."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.records import Article, Document, Source, Trust

if TYPE_CHECKING:
    import numpy as np

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
"""Numbers of a signature."""
BAND = 4
"""Numbers of a signature that are looked up together."""
PRIME = (1 << 61) - 1
UNSORTED = 2000
"""Signatures that wait before they are sorted in with the others."""

COMMON = 50
"""Documents that are looked up by one band."""


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
        language_code(document.language),
        trust,
        origin_of(document.publisher, document.uri) or name,
        document.place,
    )


def language_code(language: str | None) -> str | None:
    """A language without its region: "en" for "en-GB"."""
    match = re.match(r"([a-z]{2,3})(?![a-z])", (language or "").lower())
    return match[1] if match else None


def origin_of(publisher: str | None, uri: str) -> str | None:
    """The origin that a publisher or a site gives a source; None where neither is known."""
    return normal_name(publisher or "") or site_of(uri)


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


def sketch_of(text: str) -> bytes | None:
    """The MinHash signature of a text (Broder 1997): its similarity to another is known from both to about 0.04.

    Returns:
        The smallest of its shingles' hashes under each of 128 permutations, as little-endian 32-bit numbers; None where
        it has fewer than twelve words.
    """
    import numpy as np

    # crc32 and not hash(): the latter differs from one process to the next.
    hashes = np.array(sorted({zlib.crc32(" ".join(one).encode()) for one in shingles(text)}), dtype=np.uint64)
    if not len(hashes):
        return None
    factors, offsets = _permutations()
    smallest = np.full(SKETCH, 2**32, dtype=np.uint64)
    for start in range(0, len(hashes), 4096):
        part = (hashes[start : start + 4096, None] * factors + offsets) % PRIME & np.uint64(0xFFFFFFFF)
        smallest = np.minimum(smallest, part.min(axis=0))
    return smallest.astype("<u4").tobytes()


@lru_cache(maxsize=1)
def _permutations() -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    drawn = np.random.default_rng(1997)
    # Factors below 2**29 keep the products within 64 bits.
    return (
        drawn.integers(1, 2**29, SKETCH, dtype=np.uint64),
        drawn.integers(0, 2**29, SKETCH, dtype=np.uint64),
    )


class Originals:
    """Knows the texts of a store and of the add under way, so that a near copy takes the origin of the first.

    Texts that may be alike are found by bands of their signatures (Leskovec, Rajaraman & Ullman, Mining of Massive
    Datasets, 3.4): of two with a similarity of 0.7 one band at least is the same with a probability of 0.9998.
    """

    def __init__(self, held: Sequence[tuple[bytes, str, str]] = ()) -> None:
        """Take the signatures, origins and ids of the sources that a store holds."""
        import numpy as np

        self._origins = [origin for _, origin, _ in held]
        self._ids = [source_id for _, _, source_id in held]
        self._sketches = np.frombuffer(b"".join(sketch for sketch, _, _ in held), dtype="<u4").reshape(-1, SKETCH)
        self._new: list[np.ndarray] = []
        self._having: dict[tuple[int, int], list[int]] = {}
        self._sort()

    def _sort(self) -> None:
        """Put the bands of all signatures in order: a sorted array takes a tenth of the memory of a dictionary."""
        import numpy as np

        if self._new:
            self._sketches = np.concatenate([self._sketches, np.stack(self._new)])
            self._new, self._having = [], {}
        keys = _bands(self._sketches).T
        self._order = np.argsort(keys, axis=1, kind="stable").astype(np.int32)
        self._keys = np.take_along_axis(keys, self._order, axis=1)

    def _remember(self, sketch: np.ndarray, keys: Sequence[int], origin: str, source_id: str) -> None:
        for band in enumerate(keys):
            self._having.setdefault(band, []).append(len(self._ids))
        self._new.append(sketch)
        self._origins.append(origin)
        self._ids.append(source_id)
        if len(self._new) == UNSORTED:
            self._sort()

    def _alike(self, keys: Sequence[int]) -> list[int]:
        """The places of the signatures that have a band in common with one."""
        import numpy as np

        found: set[int] = set()
        for band, key in enumerate(keys):
            first = int(np.searchsorted(self._keys[band], np.uint64(key)))
            # Words that very many documents share are a template, and would make each add slower than the last.
            near = slice(first, first + COMMON)
            found.update(self._order[band, near][self._keys[band, near] == key].tolist())
            found.update(self._having.get((band, key), [])[:COMMON])
        return sorted(found)

    def origin_of(self, sketch: bytes | None, origin: str, source_id: str) -> str:
        """The origin of a document: its own, or that of an earlier near copy.

        Args:
            sketch: of the document, by `sketch_of`.
            origin: its own, as its publisher or site gives it.
            source_id: its own; what the store holds of it already is no copy.
        """
        if sketch is None:
            return origin
        import numpy as np

        own = np.frombuffer(sketch, dtype="<u4")
        keys: list[int] = _bands(own[None, :])[0].tolist()
        sorted_ones, near = len(self._sketches), []
        for place in self._alike(keys):
            other = self._sketches[place] if place < sorted_ones else self._new[place - sorted_ones]
            alike = float((own == other).mean())
            if self._ids[place] != source_id and alike >= NEAR_COPY:
                near.append((-alike, place))
        found = self._origins[min(near)[1]] if near else origin
        self._remember(own, keys, found, source_id)
        return found


def _bands(sketches: np.ndarray) -> np.ndarray:
    """The bands of signatures, each as one number: uint64 [n, SKETCH / BAND]."""
    import numpy as np

    parts = sketches.reshape(len(sketches), SKETCH // BAND, BAND).astype(np.uint64)
    keys = np.zeros(parts.shape[:2], dtype=np.uint64)
    for number in range(BAND):
        keys = (keys ^ parts[:, :, number]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys
