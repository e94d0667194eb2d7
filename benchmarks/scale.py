"""Measures a store of many passages: adding, index upkeep, search one by one and in batches, and what it leaves out.

`python benchmarks/scale.py FOLDER [--passages N] [--queries N]` fills FOLDER with passages of made-up words, whose
vectors stand in clusters as those of real texts do, and prints milliseconds a claim, recall@20 against an exact search, the
process's peak memory, the room on disk, the rate of adding beside that of the embedder, and the share of it that index
upkeep takes; last how many times a claim costs what it costs among 1,000 passages, with its embedding and without. An
existing FOLDER is searched as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from lancedb.background_loop import LOOP

from evidence.lance import READ, LanceStore, _near
from models.embedder import load_embedder
from pipeline.records import Document, DocumentBlock, Span

DIMENSION = 384
TOPIC = 500
"""Passages of a topic, which is a cluster of vectors."""
WORDS = 50_000
COMMONEST = 40
"""Words that are so common are not searched for."""
EMBEDDED = 150.0
"""Passages that the embedder reads a second on the machine of the README; upkeep is measured against it."""
FEW = 1_000
"""Passages of the store that the cost of a claim is compared with."""
SENTENCES = Path(__file__).parent.parent / "seeds" / "soe-consolidation.txt"
"""Real claims, whose embedding is timed."""
EACH = 20
"""Passages of a document."""


class MadeVectors:
    """An embedder of made-up texts: the vector of a text's topic, turned a little by its words."""

    name = "made"
    sha256 = "0" * 64
    dimension = DIMENSION

    def __init__(self, topics: int) -> None:
        self.seconds = 0.0
        self._topics = np.random.default_rng(7).standard_normal((topics, DIMENSION)).astype(np.float32)

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed texts whose first word names their topic."""
        started = time.perf_counter()
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for place, text in enumerate(texts):
            topic = int(text[text.index("topic") + 5 :].split(" ", 1)[0])
            seed = int.from_bytes(hashlib.blake2b(text[-60:].encode(), digest_size=8).digest(), "big")
            vectors[place] = self._topics[topic] + 0.8 * np.random.default_rng(seed).standard_normal(DIMENSION)
        if progress:
            progress(len(texts))
        self.seconds += time.perf_counter() - started
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class TimedStore(LanceStore):
    """A store that counts the seconds of index upkeep, and sees what room it takes after it."""

    upkeep = 0.0
    largest = 0.0

    def _tidy(self, *, ended: bool) -> None:
        started = time.perf_counter()
        super()._tidy(ended=ended)
        spent = time.perf_counter() - started
        self.upkeep += spent
        if spent > 1:
            self.largest = max(self.largest, room(Path(self._address)))


def words_of(drawn: np.random.Generator, count: int) -> list[str]:
    """Words as often as those of a language are, where the n-th most common has a share of 1/n, but for the commonest."""
    return [f"w{rank}" for rank in np.exp(drawn.uniform(np.log(COMMONEST), np.log(WORDS), count)).astype(int)]


def documents(passages: int) -> Iterator[Document]:
    """Documents of as many passages in all, each passage with its topic, words and a figure."""
    drawn = np.random.default_rng(5)
    for number in range(-(-passages // EACH)):
        text, blocks = "", []
        topic = int(drawn.integers(topics_of(passages)))
        for part in range(min(EACH, passages - number * EACH)):
            words = words_of(drawn, 60)
            body = f"topic{topic} {' '.join(words)} {drawn.integers(10_000)} tonnes in part {number}x{part}."
            blocks.append(DocumentBlock("row", Span(len(text), len(text) + len(body))))
            text += body + "\n"
        yield Document(text, f"{number}.txt", hashlib.sha256(text.encode()).hexdigest(), tuple(blocks))


def topics_of(passages: int) -> int:
    """How many topics so many passages have."""
    return max(20, passages // TOPIC)


def claims(count: int, topics: int) -> list[str]:
    """Claims on random topics."""
    drawn = np.random.default_rng(11)
    return [
        f"topic{drawn.integers(topics)} {' '.join(words_of(drawn, 12))} {drawn.integers(10_000)} tonnes"
        for _ in range(count)
    ]


def room(folder: Path) -> float:
    """What a folder takes on disk, in gigabytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**3


def memory() -> float:
    """The most memory that the process has had, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def resident() -> float:
    """The memory that the process has now, in gigabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**3


def exact_recall(store: LanceStore, texts: Sequence[str], embedder: MadeVectors) -> float:
    """The share of the 20 nearest passages by meaning that are among those that a search reads."""
    shares, asked = [], LOOP.run(store._latest(0))
    for query in embedder.embed(texts):
        near = store._table.search(query, vector_column_name="vector").distance_type("cosine").with_row_id(True)
        exact = near.bypass_vector_index().select(["_distance"]).limit(20).to_arrow()
        real = set(exact["_rowid"].to_pylist())
        shares.append(len(real & set(LOOP.run(_near(asked, query[None, :], None, READ))[0])) / len(real))
    return float(np.mean(shares))


def search_times(store: LanceStore, texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds a claim, one by one and all at once: each the median of several."""
    return times(lambda some: store.search(some, top_k=8), texts)


def embedding_times(count: int) -> tuple[float, float]:
    """Milliseconds that the default embedder takes for a real claim, one by one and so many at once."""
    sentences = SENTENCES.read_text(encoding="utf-8").replace("\n", " ").split(". ")
    return times(load_embedder().embed, [sentences[place % len(sentences)] for place in range(count)])


def times(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds a text of some work, one by one and all at once: each the median of several."""
    work(texts[:3])
    single, batch = [], []
    for text in texts[:50]:
        started = time.perf_counter()
        work([text])
        single.append(1000 * (time.perf_counter() - started))
    for _ in range(3):
        started = time.perf_counter()
        work(texts)
        batch.append(1000 * (time.perf_counter() - started) / len(texts))
    return median(single), median(batch)


def main() -> None:
    """Fill a store and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100)
    arguments = parser.parse_args()
    embedder = MadeVectors(topics_of(arguments.passages))
    new = not arguments.folder.exists()
    store = TimedStore(str(arguments.folder), embedder=lambda: embedder, create=True)
    if new:
        started = time.perf_counter()
        store.add_documents(documents(arguments.passages))
        spent = time.perf_counter() - started
        upkeep = store.upkeep
        real = arguments.passages / EMBEDDED
        print(
            f"added {arguments.passages:,} passages in {spent:.0f} s: {arguments.passages / (spent - embedder.seconds):,.0f} a second beside embedding"
        )
        print(
            f"index upkeep {upkeep:.0f} s: {upkeep / real:.1%} of the embedder's time at {EMBEDDED:.0f} passages a second"
        )
        print(f"peak memory of adding {memory():.2f} GB")
        print(f"{max(store.largest, room(arguments.folder)):.1f} GB on disk at most while adding")
    texts = claims(arguments.queries, topics_of(arguments.passages))
    single, batch = search_times(store, texts)
    print(f"search p50 {single:.1f} ms for one claim, {batch:.1f} ms a claim in a batch of {len(texts)}")
    print(f"memory {resident():.2f} GB after searching, {memory():.2f} GB at most")
    print(f"{room(arguments.folder):.1f} GB on disk")
    print(f"recall@20 against exact {exact_recall(store, texts[:50], embedder):.3f}")
    with tempfile.TemporaryDirectory() as folder:
        few = MadeVectors(topics_of(FEW))
        small = LanceStore(folder, embedder=lambda: few, create=True)
        small.add_documents(documents(FEW))
        before = search_times(small, claims(arguments.queries, topics_of(FEW)))
    for name, large, little, embedding in zip(
        ("alone", "in a batch"), (single, batch), before, embedding_times(arguments.queries), strict=True
    ):
        print(
            f"a claim {name}: {large / little:.1f} times the {little:.1f} ms among {FEW:,} passages, "
            f"{(large + embedding) / (little + embedding):.1f} times with the {embedding:.1f} ms of its embedding"
        )


if __name__ == "__main__":
    main()
