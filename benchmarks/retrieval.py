"""Measures search: meaning alone, words alone, and ways to join them, over the same passages.

`python benchmarks/retrieval.py FOLDER` takes a folder of corpus.jsonl and claims.jsonl (as `claimline bench retrieval`)
and prints recall@5, recall@20 and nDCG@10 over documents, and milliseconds a claim for the search itself.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from evidence.passages import cut_passages
from evidence.readers.text import paragraphs
from evidence.search import DENSE_SHARE, WordIndex, best_places, fuse, indexed_text, tokens
from evidence.sources import source_of
from models.embedder import load_embedder
from pipeline.records import Document

RRF = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009)."""


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def rank_sum(similarity: np.ndarray, lexical: np.ndarray) -> np.ndarray:
    """Reciprocal rank fusion."""
    total = np.zeros(len(similarity))
    for scores in (similarity, lexical):
        order = np.argsort(-scores, kind="stable")
        total[order] += 1 / (RRF + 1 + np.arange(len(order)))
    return total


def weighted(share: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The fusion of the store, with another weight."""
    return lambda similarity, lexical: fuse(similarity, lexical, share)


def min_max(share: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A weighted sum of both scores, each scaled to 0..1."""

    def joined(similarity: np.ndarray, lexical: np.ndarray) -> np.ndarray:
        scaled = [(one - one.min()) / max(float(one.max() - one.min()), 1e-9) for one in (similarity, lexical)]
        return share * scaled[0] + (1 - share) * scaled[1]

    return joined


def figures(gold: Sequence[set[str]], found: Sequence[list[str]]) -> tuple[float, float, float]:
    """recall@5, recall@20 and nDCG@10 of ranked documents."""
    gains = []
    for relevant, said in zip(gold, found, strict=True):
        reached = sum(1 / np.log2(place + 2) for place, one in enumerate(said[:10]) if one in relevant)
        gains.append(reached / sum(1 / np.log2(place + 2) for place in range(min(10, len(relevant)))))
    recalls = [
        float(np.mean([len(g & set(said[:cut])) / len(g) for g, said in zip(gold, found, strict=True)]))
        for cut in (5, 20)
    ]
    return recalls[0], recalls[1], float(np.mean(gains))


def main() -> None:
    """Measure every way of joining on one set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shares", type=float, nargs="*", default=[0.4, 0.5, 0.6, 0.7, 0.8])
    arguments = parser.parse_args()
    now = datetime.now(UTC)
    texts, owner = [], []
    for row in rows_of(arguments.folder / "corpus.jsonl"):
        body = row.get("abstract", row.get("text", ""))
        text = " ".join(body) if isinstance(body, list) else body
        document = Document(text, str(row.get("doc_id", row.get("id"))), "", paragraphs(text), row.get("title"))
        source = source_of(document, retrieved=now)
        for passage in cut_passages(document, source.id):
            texts.append(indexed_text(source, passage))
            owner.append(document.uri)
    claims = [row for row in rows_of(arguments.folder / "claims.jsonl") if row.get("cited") or row.get("evidence")]
    gold = [{str(one) for one in row.get("cited") or row["evidence"]} for row in claims]
    queries = [row["claim"] for row in claims]
    embedder, index = load_embedder(), WordIndex([tokens(text) for text in texts])
    started = time.perf_counter()
    vectors = embedder.embed(texts)
    seconds = time.perf_counter() - started
    print(f"{len(texts):,} passages of {len(set(owner)):,} documents, {len(texts) / seconds:,.0f} embedded a second")
    similarities = embedder.embed(queries) @ vectors.T
    lexicals = [index.scores(query) for query in queries]
    ways: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
        "meaning alone": lambda similarity, lexical: similarity,
        "words alone": lambda similarity, lexical: lexical,
        "rank sum": rank_sum,
    }
    ways[f"the store's {DENSE_SHARE:.2f}"] = fuse
    ways |= {f"min-max {share:.2f}": min_max(share) for share in arguments.shares}
    ways |= {f"fused {share:.2f}": weighted(share) for share in arguments.shares}
    print(f"{'':<16} recall@5 recall@20 nDCG@10 ms/claim")
    for name, joined in ways.items():
        started = time.perf_counter()
        found = [
            list(dict.fromkeys(owner[place] for place in best_places(joined(similarity, lexical), 100)))
            for similarity, lexical in zip(similarities, lexicals, strict=True)
        ]
        spent = 1000 * (time.perf_counter() - started) / len(queries)
        five, twenty, ndcg = figures(gold, found)
        print(f"{name:<16} {five:>8.3f} {twenty:>9.3f} {ndcg:>7.3f} {spent:>8.2f}")


if __name__ == "__main__":
    main()
