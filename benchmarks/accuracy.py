"""Prints the accuracy table of a verifier over pair files: `python benchmarks/accuracy.py FILE... [--model NAME]`.

The figures are those of `claimline bench pairs`; the last line is the mean over the files.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean

from models.verifier import load_verifier
from pipeline.bench import bench_pairs

FIGURES = {
    "balanced": "balanced_accuracy",
    "its network": "balanced_accuracy_network_alone",
    "accuracy": "accuracy",
    "macro F1": "macro_f1",
    "false disp.": "false_disputes",
    "its network ": "false_disputes_network_alone",
    "ECE": "ece",
    "pairs/s": "pairs_per_second",
}
"""Heading to figure; "its network" is the same without the figures weighed."""


def main() -> None:
    """Measure every file and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="pair files, .jsonl or .jsonl.gz")
    parser.add_argument("--model", help="another verifier")
    arguments = parser.parse_args()
    verifier = load_verifier(arguments.model)
    print(f"{verifier.name} sha256:{verifier.sha256[:12]}")
    print(f"{'file':<22}{'pairs':>7}" + "".join(f"{heading.strip():>13}" for heading in FIGURES))
    rows = []
    for path in arguments.files:
        figures, _ = bench_pairs(path, verifier)
        rows.append(figures)
        shown = "".join(f"{figures[name]:>13.3f}" if name in figures else f"{'-':>13}" for name in FIGURES.values())
        print(f"{path.name.split('.')[0]:<22}{figures['pairs']:>7.0f}{shown}", flush=True)
    means = [
        mean(found) if (found := [row[name] for row in rows if name in row]) else None for name in FIGURES.values()
    ]
    print(f"{'mean':<29}" + "".join(f"{value:>13.3f}" if value is not None else f"{'-':>13}" for value in means))


if __name__ == "__main__":
    main()
