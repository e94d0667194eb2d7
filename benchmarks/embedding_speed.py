"""Times the embedder beside sentence-transformers with the same weights, in turns, in one run.

`python benchmarks/embedding_speed.py FILE [--texts N]` takes a text, Markdown or other readable file, cuts it into
passages and prints passages and tokens a second of both, their ratio and the lowest cosine between their vectors.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from statistics import median

from evidence.passages import cut_passages
from evidence.readers import document_paths, read_documents
from models.embedder import default_model_folder, load_embedder


def main() -> None:
    """Time both on the same passages, three times in turn."""
    from sentence_transformers import SentenceTransformer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a file or folder of evidence")
    parser.add_argument("--texts", type=int, default=300)
    arguments = parser.parse_args()
    texts = [
        passage.text
        for path in document_paths(arguments.path)
        for document in read_documents(path)
        for passage in cut_passages(document, "s")
    ]
    texts = random.Random(5).sample(texts, min(arguments.texts, len(texts)))
    embedder = load_embedder()
    plain = SentenceTransformer(str(default_model_folder()), device="cpu")
    tokens = sum(min(256, len(row)) for row in plain.tokenizer(texts, verbose=False)["input_ids"])
    embedder.embed(texts[:32])
    plain.encode(texts[:32], show_progress_bar=False)
    ours, theirs, lowest = [], [], 1.0
    for _ in range(3):
        started = time.perf_counter()
        mine = embedder.embed(texts)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        other = plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        theirs.append(time.perf_counter() - started)
        lowest = min(lowest, float((mine * other).sum(1).min()))
    print(f"{len(texts)} passages, {tokens:,} tokens, {tokens / len(texts):.0f} a passage")
    for name, seconds in (("claimline", median(ours)), ("sentence-transformers", median(theirs))):
        print(f"{name:<22} {len(texts) / seconds:>8,.0f} passages/s {tokens / seconds:>10,.0f} tokens/s")
    print(f"{'ratio':<22} {median(t / o for t, o in zip(theirs, ours, strict=True)):>8.2f}")
    print(f"{'lowest cosine':<22} {lowest:>8.4f}")


if __name__ == "__main__":
    main()
