"""Prints the accuracy table of a verifier over pair files: `python benchmarks/accuracy.py FILE... [--model NAME]`.

The figures are those of `claimline bench pairs`; the last line is the mean over the files.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean

from models.verifier import load_verifier
from pipeline.bench import bench_pairs

FIGURES = ("balanced_accuracy", "accuracy", "macro_f1", "false_disputes", "ece", "pairs_per_second")


def main() -> None:
    """Measure every file and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="pair files, .jsonl or .jsonl.gz")
    parser.add_argument("--model", help="another verifier")
    arguments = parser.parse_args()
    verifier = load_verifier(arguments.model)
    print(f"{verifier.name} sha256:{verifier.sha256[:12]}")
    print(f"{'file':<22}{'pairs':>7}" + "".join(f"{name.replace('_', ' ')[:13]:>15}" for name in FIGURES))
    rows = []
    for path in arguments.files:
        figures, _ = bench_pairs(path, verifier)
        rows.append(figures)
        shown = "".join(f"{figures[name]:>15.3f}" if name in figures else f"{'-':>15}" for name in FIGURES)
        print(f"{path.name.split('.')[0]:<22}{figures['pairs']:>7.0f}{shown}", flush=True)
    means = [mean(found) if (found := [row[name] for row in rows if name in row]) else None for name in FIGURES]
    print(f"{'mean':<29}" + "".join(f"{value:>15.3f}" if value is not None else f"{'-':>15}" for value in means))


if __name__ == "__main__":
    main()
