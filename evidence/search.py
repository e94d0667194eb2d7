"""Finds the passages that speak to a claim: by meaning and by words, fused.

Exact and in memory: cosine over all vectors, BM25 (Robertson & Zaragoza 2009) over all words, and a weighted sum of
both after each is put on one scale. Figures are words with their thousands separators removed, and count less than
their rarity says: a claim's wrong figure must not lead away from the passage that has the right one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evidence.stemming import stem
from pipeline.records import Passage, Source

if TYPE_CHECKING:
    import numpy as np

K1, B = 1.2, 0.75
DENSE_SHARE = 0.65
"""Weight of meaning against words; benchmarks/retrieval.py compares it with others and with rank sums."""
FIGURE = 0.5
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|\d+(?:,\d{3})+(?:\.\d+)?(?!\w)|\d+\.\d+(?!\w)|[^\W_]+(?:['’][^\W\d_]+)?"
)
"""A character of a script without spaces, a figure, or a word, which may hold digits ("covid19", "p53")."""
STOP = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been it its that this as has have had not which".split()
)


def tokens(text: str) -> list[str]:
    """The words of a text for BM25: lower case, cut down to their stems, figures whole."""
    found = []
    for match in TOKEN.finditer(text.lower()):
        word = match.group()
        if word[0].isdigit():
            found.append(word.replace(",", ""))
        elif word not in STOP:
            found.append(stem(word.removesuffix("'s").removesuffix("’s")))
    return found


def weight_of(word: str) -> float:
    """How much a word of a claim counts: a figure less than its rarity says, since evidence may give another."""
    return FIGURE if word[0].isdigit() else 1.0


def indexed_text(source: Source, passage: Passage) -> str:
    """A passage as it is embedded and indexed: below its title and headings, where it does not repeat them."""
    above = [part for part in dict.fromkeys((source.title, *passage.headings)) if part and part not in passage.text]
    return "\n".join([*above, passage.text])


class WordIndex:
    """BM25 over a fixed set of texts."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Index texts, each as its `tokens`."""
        import numpy as np

        counted = [Counter(words) for words in texts]
        self._lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
        self._mean = float(self._lengths.mean()) if len(texts) else 1.0
        postings: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for place, counts in enumerate(counted):
            for word, count in counts.items():
                postings[word][0].append(place)
                postings[word][1].append(count)
        self._postings = {
            word: (np.array(places, dtype=np.int32), np.array(counts, dtype=np.float32))
            for word, (places, counts) in postings.items()
        }

    def scores(self, query: str) -> np.ndarray:
        """BM25 of every text for a query: float32 [number of texts]."""
        import numpy as np

        total = np.zeros(len(self._lengths), dtype=np.float32)
        for word in sorted(set(tokens(query))):
            if word not in self._postings:
                continue
            places, counts = self._postings[word]
            rarity = np.log(1 + (len(self._lengths) - len(places) + 0.5) / (len(places) + 0.5))
            norm = K1 * (1 - B + B * self._lengths[places] / max(self._mean, 1e-9))
            total[places] += weight_of(word) * rarity * counts * (K1 + 1) / (counts + norm)
        return total


def fuse(similarity: np.ndarray, lexical: np.ndarray, share: float = DENSE_SHARE) -> np.ndarray:
    """One score from two: cosine as it is, BM25 as a share of the best that any text reaches.

    Args:
        similarity: [n], cosines.
        lexical: [n], BM25.
        share: weight of the cosines.
    """
    best = float(lexical.max()) if len(lexical) else 0.0
    scaled = lexical / best if best > 0 else lexical
    return share * similarity + (1 - share) * scaled


def best_places(scores: np.ndarray, top_k: int) -> list[int]:
    """The places of the highest scores, best first; equal scores keep their order."""
    import numpy as np

    if top_k < len(scores):
        nearest = np.argpartition(-scores, top_k - 1)[:top_k]
        least = scores[nearest].min()
        nearest = np.flatnonzero(scores >= least)
    else:
        nearest = np.arange(len(scores))
    return [int(place) for place in nearest[np.argsort(-scores[nearest], kind="stable")][:top_k]]


def spread(scores: np.ndarray, owners: Sequence[str], top_k: int) -> list[int]:
    """The places of the highest scores, best first, no more than half of one owner where others have any.

    Args:
        scores: one a passage.
        owners: the source of each.
        top_k: how many places are wanted.
    """
    most = -(-top_k // 2)
    ranked = best_places(scores, len(scores) if _crowded(scores, owners, top_k, most) else top_k)
    taken: list[int] = []
    left: list[int] = []
    counts: Counter[str] = Counter()
    for place in ranked:
        if len(taken) == top_k:
            break
        if counts[owners[place]] < most:
            counts[owners[place]] += 1
            taken.append(place)
        else:
            left.append(place)
    chosen = taken + left[: top_k - len(taken)]
    return sorted(chosen, key=lambda place: (-scores[place], place))


def _crowded(scores: np.ndarray, owners: Sequence[str], top_k: int, most: int) -> bool:
    counts = Counter(owners[place] for place in best_places(scores, top_k))
    return bool(counts) and max(counts.values()) > most
