"""Translates the labels of other people's NLI models into support, dispute and neutral.

The one place that knows label names and orders; the verifier sees three columns only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records import UserError

SUPPORT = {
    "consistent",
    "entail",
    "entailed",
    "entailment",
    "entails",
    "faithful",
    "support",
    "supported",
    "supports",
    "true",
    "yes",
}
DISPUTE = {
    "contradict",
    "contradiction",
    "contradictory",
    "contradicts",
    "dispute",
    "disputed",
    "disputes",
    "refute",
    "refuted",
    "refutes",
}
NEUTRAL = {
    "nei",
    "neutral",
    "notenoughinfo",
    "notenoughinformation",
    "unknown",
    "unrelated",
}
REST = {
    "false",
    "hallucinated",
    "hallucination",
    "inconsistent",
    "no",
    "nonentailment",
    "notentailed",
    "notentailment",
    "notsupported",
    "unfaithful",
    "unsupported",
}
MINICHECK = ("bespoke", "minicheck")
"""MiniCheck's checkpoints leave their two labels unnamed: 1 is supported (Tang et al. 2024, arXiv:2404.10774)."""


class LabelError(UserError, ValueError):
    """A model's labels are not those of an NLI model."""


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """Which column of a model's logits says what; None where the model has no such label."""

    support: int
    dispute: int | None
    neutral: int | None
    """In a two-label model the column of "not supported", which says neither which of the two."""


def label_columns(id2label: Mapping[int, str], *, name: str) -> LabelColumns:
    """Recognise a model's labels.

    Args:
        id2label: as in the model's configuration.
        name: of the model, for the error, and for MiniCheck-style models whose labels have no names.

    Raises:
        LabelError: the labels are not recognised; it names those found.
    """
    columns: dict[str, int] = {}
    for index, label in sorted(id2label.items()):
        plain = re.sub(r"[^a-z]", "", label.lower())
        for role, words in (("support", SUPPORT), ("dispute", DISPUTE), ("neutral", NEUTRAL), ("rest", REST)):
            if plain in words and role not in columns:
                columns[role] = int(index)
    if len(columns) == len(id2label) == 3 and "rest" not in columns:
        return LabelColumns(columns["support"], columns["dispute"], columns["neutral"])
    if len(id2label) == 2 and "support" in columns and len(columns) == 2:
        # A model of entailment against contradiction has no label for silence, so its second column stays a dispute.
        other = columns.get("rest", columns.get("neutral"))
        return LabelColumns(columns["support"], columns.get("dispute"), other)
    if len(id2label) == 2 and not columns and any(word in name.lower() for word in MINICHECK):
        return LabelColumns(1, None, 0)
    found = ", ".join(f"{index}: {label}" for index, label in sorted(id2label.items()))
    raise LabelError(
        f"{name} is no NLI model that can be used here: its labels are {found}; "
        "needed are entailment, contradiction and neutral (or entailment against the rest)."
    )
