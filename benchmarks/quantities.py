"""Prints how well figures are found: `python benchmarks/quantities.py NEWS_GOLD.jsonl [-v]`.

Rows: an excerpt with its sentences, each with claims and their quantities. A figure counts as found when its bounds,
unit and comparator are all right; figures that the claims of a sentence share count once.
"""

from __future__ import annotations

import argparse
import json
import time
from decimal import Decimal
from pathlib import Path

from pipeline.quantities import currency_context, find_quantities


def main() -> None:
    """Compare every sentence's figures with the gold ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("-v", action="store_true", help="print what was missed and what was too much")
    arguments = parser.parse_args()
    hits = extra = missed = characters = 0
    seconds = 0.0
    for line in arguments.file.read_text(encoding="utf-8").splitlines():
        excerpt = json.loads(line)
        for sentence in excerpt["sentences"]:
            if not sentence["claims"]:
                continue
            rows = [row for claim in sentence["claims"] for row in claim["quantities"]]
            gold = list({(row["text"].lower(), row["low"]): row for row in rows}.values())
            started = time.perf_counter()
            context = currency_context(sentence["text"], around=excerpt["text"])
            found = find_quantities(sentence["text"], currency=context)
            seconds += time.perf_counter() - started
            characters += len(sentence["text"])
            left = [(Decimal(r["low"]), Decimal(r["high"]), r["unit"].lower(), r["comparator"]) for r in gold]
            surplus = []
            for one in found:
                key = (one.low, one.high, one.unit.lower(), one.comparator)
                if key in left:
                    left.remove(key)
                    hits += 1
                else:
                    surplus.append((one.text, *map(str, key)))
            extra += len(surplus)
            missed += len(left)
            if arguments.v and (left or surplus):
                print(sentence["text"], "\n  missed", [tuple(map(str, key)) for key in left], "\n  extra ", surplus)
    precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missed)
    print(f"precision {precision:.3f}  recall {recall:.3f}  F1 {2 * hits / (2 * hits + extra + missed):.3f}")
    print(f"{characters / seconds:,.0f} characters/s")


if __name__ == "__main__":
    main()
