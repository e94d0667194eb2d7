"""A clause of a parsed sentence while it is being gathered, and what can be asked of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

DIGIT = re.compile(r"\d|[½¼¾⅓⅔]")
SCALE_WORDS = frozenset("hundred thousand million billion trillion lakh crore dozen".split())
TENSED = frozenset({"VBD", "VBZ", "VBP", "MD"})
"""Tags of verbs that stand in a tense, and of modals."""
BE = {True: "were", False: "was"}
IS = {True: "are", False: "is"}


@dataclass(slots=True)
class Clause:
    """A clause while it is being gathered."""

    verb: Any
    subject: list[Any]
    """Words of the subject that it shares with an earlier clause; empty where it has its own."""
    attribution: str | None = None
    members: set[int] = field(default_factory=set)
    lead: list[Any] = field(default_factory=list)
    swaps: dict[int, str] = field(default_factory=dict)
    floor: int = -1
    """The last word before the speech: what stands before it belongs to the saying."""
    moved: frozenset[int] = frozenset()
    """Words that it repeats in another place."""


def is_figure(token: Any) -> bool:
    """Whether a word is a number or part of one."""
    return bool(token.pos_ == "NUM" or token.like_num or DIGIT.search(token.text) or token.text == "%")


def has_figure(tokens: Iterable[Any]) -> bool:
    """Whether there is a number among words."""
    return any(is_figure(token) for token in tokens)


def is_verb(token: Any) -> bool:
    """Whether a word is a verb or an auxiliary."""
    return bool(token.pos_ in {"VERB", "AUX"})


def subject_of(verb: Any) -> Any | None:
    """The subject of a verb, if it has one of its own."""
    return next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass", "expl", "csubj"}), None)


def is_finite(verb: Any) -> bool:
    """Whether a verb stands in a tense of its own or of its auxiliary."""
    if verb.tag_ in TENSED:
        return True
    return any(child.dep_ in {"aux", "auxpass"} and child.tag_ in TENSED for child in verb.children)


def is_plural(head: Any) -> bool:
    """Whether a noun phrase takes a plural verb."""
    return bool(
        head.tag_ in {"NNS", "NNPS"}
        or head.lower_ in {"they", "we", "these", "those", "people"}
        or any(child.dep_ == "conj" for child in head.children)
    )


def joined(tokens: Sequence[Any], swaps: dict[int, str]) -> str:
    """Words of a sentence put together again, some of them swapped for others.

    Args:
        tokens: in the order of the claim.
        swaps: new words by the index of the token that they stand for; empty to leave it out.
    """
    out = ""
    indexes = {token.i for token in tokens}
    for token in tokens:
        if token.text == "," and not ({token.i - 1, token.i + 1} <= indexes):
            out = out.rstrip() + " "
            continue
        word = swaps.get(token.i, token.text)
        gap = token.whitespace_ if token.i + 1 in indexes else " "
        out += word + (gap if word or not out.endswith(" ") else "")
        if token.i in swaps and word and gap == "":
            out += " "
    return re.sub(r"\s+", " ", out).strip()
