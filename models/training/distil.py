"""Soft labels: what a stronger verifier says of each pair, for a smaller one to learn from (Hinton et al. 2015, arXiv:1503.02531).

Judging a whole training set takes long, so every chunk is kept as soon as it is judged, and a run that was cut off goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.training.pairs import Pair, PairLabel

if TYPE_CHECKING:
    from models.verifier import Verifier

CHUNK = 512
UNLABELLED = "unlabelled"
"""Source of the pairs that nobody has labelled: the teacher's likeliest label stands in."""
LIKELIEST: tuple[PairLabel, ...] = ("supported", "disputed", "neutral")


def key_of(pair: Pair, teacher: str) -> str:
    """What a soft label is kept under: a hash of the pair and of the teacher's weights."""
    return hashlib.sha256(f"{teacher}\t{pair.premise}\t{pair.claim}".encode()).hexdigest()


def soften(
    pairs: Sequence[Pair], teacher: Verifier, kept: Path, *, report: Callable[[str], None] = lambda line: None
) -> list[Pair]:
    """Give pairs the teacher's probabilities beside their labels, and unlabelled ones its likeliest label.

    Args:
        pairs: rows; a pair that occurs twice is judged once.
        teacher: the stronger verifier.
        kept: file of soft labels, a JSON object a line, read at the start and added to.
        report: called with a line of progress after each chunk.
    """
    known = _read(kept)
    keys = [key_of(pair, teacher.sha256) for pair in pairs]
    left = [(key, pair) for key, pair in dict(zip(keys, pairs, strict=True)).items() if key not in known]
    # The longest first: a chunk of one length wastes nothing on padding, and the time left is not told too short.
    left.sort(key=lambda one: -len(one[1].premise))
    kept.parent.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(left), CHUNK):
        chunk = left[start : start + CHUNK]
        judged = teacher.judge([(pair.premise, pair.claim) for _, pair in chunk])
        with kept.open("a", encoding="utf-8") as file:
            for (key, _), one in zip(chunk, judged, strict=True):
                known[key] = (round(one.support, 4), round(one.dispute, 4), round(one.neutral, 4))
                file.write(json.dumps([key, *known[key]]) + "\n")
        report(f"soft labels: {min(len(left), start + CHUNK):,} of {len(left):,}")
    return [_taught(pair, known[key]) for key, pair in zip(keys, pairs, strict=True)]


def _taught(pair: Pair, soft: tuple[float, float, float]) -> Pair:
    if pair.source != UNLABELLED:
        return replace(pair, soft=soft)
    return replace(pair, soft=soft, label=LIKELIEST[max(range(3), key=lambda column: soft[column])])


def _read(kept: Path) -> dict[str, tuple[float, float, float]]:
    known: dict[str, tuple[float, float, float]] = {}
    if kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            try:
                key, support, dispute, neutral = json.loads(line)
            except ValueError:
                # The line that a kill cut in two: its pair is judged again.
                continue
            known[key] = (support, dispute, neutral)
    return known
