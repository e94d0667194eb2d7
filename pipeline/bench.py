"""Measures accuracy: of the verifier on pair files, of worthiness and of search on labelled sets.

Every suite takes the very path that `check` takes; nothing is implemented a second time for measuring.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from models.training.pairs import Pair, read_pairs
from pipeline.judgement import judge_pairs, stance_of
from pipeline.records import Probabilities

if TYPE_CHECKING:
    from models.verifier import Verifier

STANCE_OF_LABEL = {"supported": "supports", "disputed": "disputes", "neutral": "neutral"}


def bench_pairs(
    path: Path, verifier: Verifier, *, progress: Callable[[int], None] | None = None
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Measure a verifier on a pair file.

    Args:
        path: rows of `premise`, `claim`, `label`.
        verifier: what is measured.
        progress: called with the number of pairs finished since the last call.

    Returns:
        The figures, and a prediction for each row, in order.

    Raises:
        models.training.pairs.PairFileError: the file cannot be used; the line is named.
    """
    pairs = read_pairs(path)
    started = time.perf_counter()
    judged = judge_pairs([(pair.premise, pair.claim) for pair in pairs], verifier, progress=progress)
    seconds = time.perf_counter() - started
    probabilities = [one.probabilities for one in judged]
    figures = pair_figures(pairs, probabilities)
    figures["pairs_per_second"] = len(pairs) / seconds
    return figures, [asdict(one) for one in probabilities]


def pair_figures(pairs: Sequence[Pair], probabilities: Sequence[Probabilities]) -> dict[str, float]:
    """The figures of predictions on labelled pairs.

    `balanced_accuracy` is of supported against the rest; `accuracy` and `macro_f1` are over the rows with one of the
    three labels; `false_disputes` is the share of neutral rows called disputed; `ece` the expected calibration error
    of the stance's probability in ten equal bins (Guo et al. 2017, arXiv:1706.04599). A figure
    without rows is left out.
    """
    stances = [stance_of(one) for one in probabilities]
    figures: dict[str, float] = {"pairs": len(pairs)}
    supported = [stance == "supports" for pair, stance in zip(pairs, stances, strict=True) if pair.label == "supported"]
    rest = [stance != "supports" for pair, stance in zip(pairs, stances, strict=True) if pair.label != "supported"]
    figures["balanced_accuracy"] = (_share(supported) + _share(rest)) / 2
    three = [
        (STANCE_OF_LABEL[pair.label], stance, one)
        for pair, stance, one in zip(pairs, stances, probabilities, strict=True)
        if pair.label in STANCE_OF_LABEL
    ]
    if three:
        figures["accuracy"] = _share([gold == said for gold, said, _ in three])
        figures["macro_f1"] = _macro_f1([(gold, said) for gold, said, _ in three])
        figures["ece"] = _calibration_error(three)
    neutral = [said == "disputes" for gold, said, _ in three if gold == "neutral"]
    if neutral:
        figures["false_disputes"] = _share(neutral)
    return figures


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _macro_f1(rows: Sequence[tuple[str, str]]) -> float:
    scores = []
    for label in sorted({gold for gold, _ in rows}):
        hits = sum(gold == said == label for gold, said in rows)
        total = sum(gold == label for gold, _ in rows) + sum(said == label for _, said in rows)
        scores.append(2 * hits / total)
    return sum(scores) / len(scores)


def _calibration_error(rows: Sequence[tuple[str, str, Probabilities]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for gold, said, one in rows:
        sure = {"supports": one.support, "disputes": one.dispute, "neutral": one.neutral}[said]
        bins.setdefault(min(9, int(sure * 10)), []).append((sure, gold == said))
    gaps = [abs(sum(sure for sure, _ in found) - sum(hit for _, hit in found)) for found in bins.values()]
    return sum(gaps) / len(rows)
