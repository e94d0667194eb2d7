"""Reads pair files: a premise, a claim, and what the premise says of the claim.

The first step of training and of `claimline bench pairs`. Every row is checked, and what is wrong is
named with its line.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from pipeline.records import UserError

PairLabel = Literal["supported", "disputed", "neutral", "not_supported"]
LABELS: tuple[PairLabel, ...] = ("supported", "disputed", "neutral", "not_supported")


class PairFileError(UserError, ValueError):
    """A pair file cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: what `premise` says of `claim`."""

    premise: str
    claim: str
    label: PairLabel
    """`not_supported` where it is only known that the premise does not support the claim."""
    source: str = ""
    """Name of the set it comes from."""
    soft: tuple[float, float, float] | None = None
    """Probabilities of support, dispute and neutral by a stronger verifier, to be learned beside the label."""


@dataclass(frozen=True, slots=True)
class WrittenPassage:
    """A passage written for training, with its claims; some with the sentences that decide."""

    id: str
    text: str
    claims: tuple[tuple[str, PairLabel, str, tuple[str, ...]], ...]
    """Claim, label, kind, rationale sentences."""

    @property
    def family(self) -> str:
        """The id without the letter of a twin, so that twins stay on one side of a split."""
        return self.id.rstrip("abcd") if self.id[-2:-1].isdigit() else self.id


def open_text(path: Path) -> IO[str]:
    """Open a plain or gzip-compressed UTF-8 file for reading."""
    return (
        cast("IO[str]", gzip.open(path, "rt", encoding="utf-8"))
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    )


def json_rows(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the line number and the object of every line of a JSON Lines file.

    Raises:
        PairFileError: the file is missing or unreadable, or a line is no JSON object.
    """
    try:
        with open_text(path) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise PairFileError(
                        f"{path}, line {number}: not JSON ({error.msg}); write one object a line."
                    ) from error
                if not isinstance(row, dict):
                    raise PairFileError(f"{path}, line {number}: a JSON object was expected, not {type(row).__name__}.")
                yield number, row
    except FileNotFoundError as error:
        raise PairFileError(f"{path} does not exist; name a .jsonl or .jsonl.gz file.") from error
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise PairFileError(f"{path} cannot be read as a UTF-8 .jsonl or .jsonl.gz file ({error}).") from error


def _text(path: Path, number: int, row: dict[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        what = "is missing" if field not in row else "must be a text that is not empty"
        raise PairFileError(f"{path}, line {number}: `{field}` {what}.")
    return value


def read_pairs(path: Path) -> list[Pair]:
    """Read a pair file: rows of `premise`, `claim` and `label`, and optionally `source`.

    Raises:
        PairFileError: a field is missing or empty, a label is unknown, or there is no row or only one class.
    """
    pairs: list[Pair] = []
    for number, row in json_rows(path):
        label = row.get("label")
        if label not in LABELS:
            raise PairFileError(f"{path}, line {number}: label {label!r} is unknown; use one of {', '.join(LABELS)}.")
        source = row.get("source")
        pairs.append(
            Pair(
                _text(path, number, row, "premise"),
                _text(path, number, row, "claim"),
                label,
                source if isinstance(source, str) else path.name.split(".")[0],
            )
        )
    require_classes(pairs, path)
    return pairs


def require_classes(pairs: Iterable[Pair], path: Path) -> None:
    """Raise unless there are supported pairs and others: with one class nothing can be learned or measured."""
    counts = Counter("supported" if pair.label == "supported" else "rest" for pair in pairs)
    if len(counts) < 2:
        found = f"only {'supported' if counts['supported'] else 'pairs without support'}" if counts else "no rows"
        raise PairFileError(f"{path} holds {found}; both supported pairs and others are needed.")


def read_written(path: Path) -> list[WrittenPassage]:
    """Read passages with their claims: rows of `id`, `passage` and `claims`.

    Raises:
        PairFileError: a field is missing or empty, or a label is unknown.
    """
    passages = []
    for number, row in json_rows(path):
        claims = row.get("claims")
        if not isinstance(claims, list) or not claims:
            raise PairFileError(f"{path}, line {number}: `claims` must be a list that is not empty.")
        read = []
        for claim in claims:
            if not isinstance(claim, dict) or claim.get("label") not in LABELS:
                raise PairFileError(
                    f"{path}, line {number}: each claim needs `claim` and a `label` of {', '.join(LABELS)}."
                )
            rationale = tuple(sentence for sentence in claim.get("rationale", ()) if isinstance(sentence, str))
            read.append((_text(path, number, claim, "claim"), claim["label"], str(claim.get("kind", "")), rationale))
        passages.append(
            WrittenPassage(_text(path, number, row, "id"), _text(path, number, row, "passage"), tuple(read))
        )
    return passages


def held_out(family: str) -> bool:
    """Whether a family of passages belongs to the tenth that is never trained on."""
    return int(hashlib.sha256(family.encode()).hexdigest(), 16) % 10 == 0
