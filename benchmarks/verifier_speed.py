"""Times the verifier beside a plain transformers pipeline with the same weights, in turns, in one run.

`python benchmarks/verifier_speed.py FILE [--pairs N]` prints tokens a second of both and their ratio.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from statistics import median

from models.quantization import classifier_from
from models.training.pairs import read_pairs
from models.verifier import load_verifier
from models.weights import verifier_location


def main() -> None:
    """Time both on the same pairs, three times in turn."""
    from transformers import AutoTokenizer, pipeline

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a pair file with a mix of real lengths")
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--model", default="compact", help="a shipped verifier or a model folder")
    arguments = parser.parse_args()
    rows = read_pairs(arguments.file)
    rows = random.Random(5).sample(rows, min(arguments.pairs, len(rows)))
    pairs = [(row.premise, row.claim) for row in rows]
    verifier = load_verifier(arguments.model)
    folder = str(verifier_location(arguments.model)[1] or arguments.model)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    plain = pipeline(
        "text-classification",
        model=classifier_from(folder, "float32"),
        tokenizer=tokenizer,
        top_k=None,
        truncation=True,
    )
    inputs = [{"text": passage, "text_pair": claim} for passage, claim in pairs]
    tokens = sum(len(tokenizer(*pair)["input_ids"]) for pair in pairs)
    verifier.judge(pairs[:32])
    plain(inputs[:32], batch_size=8)
    ours, theirs = [], []
    for _ in range(3):
        started = time.perf_counter()
        verifier.judge(pairs)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        plain(inputs, batch_size=8)
        theirs.append(time.perf_counter() - started)
    print(f"{len(pairs)} pairs, {tokens:,} tokens, {tokens / len(pairs):.0f} a pair")
    print(f"claimline     {tokens / median(ours):>10,.0f} tokens/s")
    print(f"transformers  {tokens / median(theirs):>10,.0f} tokens/s (float32, batches of 8)")
    print(f"ratio         {median(t / o for t, o in zip(theirs, ours, strict=True)):>10.2f}")


if __name__ == "__main__":
    main()
