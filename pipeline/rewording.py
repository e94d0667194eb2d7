"""How a claim differs, word by word, from the sentence of a passage that is nearest to it.

Stands beside the quantity grammar, before the judgement: where a passage says the same in nearly the same words, the one
word that differs decides, and a network that reads for meaning easily misses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.quantities import lexicon as lex
from pipeline.quantities.comparison import COMMON, SENTENCE_END

TOKEN = re.compile(r"[%$€£¥₹]|[^\W_]+(?:[.,:'’-][^\W_]+)*")
FIGURE = re.compile(r"\d")
SCALES = frozenset("hundred thousand million billion trillion lakh crore bn tn m k dozen".split())
UNITS = (
    frozenset("% $ € £ ¥ ₹ percent percentage points point basis".split())
    | lex.TIME
    | {word for word in (*lex.PHYSICAL, *lex.CURRENCY_NAMES) if len(word) > 1 and " " not in word}
)
DENIALS = frozenset(
    "not no never none neither nor without cannot didn't doesn't wasn't weren't isn't aren't hasn't haven't won't".split()
)
OPPOSITES = {
    frozenset(pair)
    for pair in (
        ("more", "fewer"), ("more", "less"), ("over", "under"), ("above", "below"), ("most", "least"), ("most", "fewest"),
        ("higher", "lower"), ("larger", "smaller"), ("bigger", "smaller"), ("rose", "fell"), ("rise", "fall"), ("rising", "falling"),
        ("increased", "decreased"), ("increase", "decrease"), ("grew", "shrank"), ("gained", "lost"), ("up", "down"),
        ("before", "after"), ("first", "last"), ("best", "worst"), ("highest", "lowest"), ("largest", "smallest"),
        ("won", "lost"), ("approved", "rejected"), ("accepted", "rejected"), ("opened", "closed"), ("all", "none"),
        ("many", "few"), ("improved", "worsened"), ("strengthened", "weakened"), ("widened", "narrowed"), ("faster", "slower"),
        ("younger", "older"), ("earlier", "later"), ("maximum", "minimum"), ("north", "south"), ("east", "west"),
    )
}  # fmt: skip
"""Words of which one denies what the other says."""
LEAST = 4
"""Words of a claim below which likeness says nothing."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """How a claim differs from the sentence nearest to it."""

    share: float
    """Of the claim's words, in their order, that stand in the sentence: 0..1."""
    figure: bool = False
    """A figure, scale or unit of the claim stands in another's place."""
    name: bool = False
    """A name of the claim stands in another's place."""
    opposite: bool = False
    """A word of the claim stands in the place of its opposite, one of the two is denied, or two names have changed places."""


@lru_cache(maxsize=4096)
def _sentences(passage: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(TOKEN.findall(sentence)) for sentence in SENTENCE_END.split(passage) if sentence and sentence.strip()
    )


def nearest_rewording(passage: str, claim: str) -> Rewording:
    """Compare a claim with the sentence of a passage that shares most of its words, in their order.

    Args:
        passage: as the verifier reads it.
        claim: standing alone.
    """
    said = TOKEN.findall(claim)
    if len(said) < LEAST:
        return Rewording(0.0)
    plain = [_plain(token) for token in said]
    known = set(plain)
    best: tuple[float, tuple[str, ...], SequenceMatcher[str]] | None = None
    for sentence in _sentences(passage):
        theirs = [_plain(token) for token in sentence]
        # A bound that costs little: no order can match more words than both have.
        if best and len(known & set(theirs)) <= best[0] * len(known) * 0.8:
            continue
        matcher = SequenceMatcher(None, theirs, plain, autojunk=False)
        share = sum(block.size for block in matcher.get_matching_blocks()) / len(plain)
        if best is None or share > best[0]:
            best = (share, sentence, matcher)
    if best is None:
        return Rewording(0.0)
    share, sentence, matcher = best
    if _is_swapped(sentence, said):
        return Rewording(len(known & {_plain(token) for token in sentence}) / len(known), opposite=True)
    figure = name = opposite = False
    for there, here in _changes(matcher):
        old, new = sentence[there[0] : there[1]], said[here[0] : here[1]]
        figure = figure or _is_figure_changed(old, new)
        name = name or _is_name_changed(old, new, here[0])
        opposite = opposite or _is_opposite(old, new)
    return Rewording(share, figure, name, opposite)


def _plain(token: str) -> str:
    return token.lower().replace("’", "'").removesuffix("'s").replace(",", "")


def _changes(matcher: SequenceMatcher[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """What stands in the place of what: places in the sentence and in the claim."""
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield (first, last), (start, end)


def _is_figure_changed(old: tuple[str, ...], new: list[str]) -> bool:
    mine, theirs = _figures(new), _figures(old)
    return bool(mine and theirs and mine != theirs)


def _figures(words: tuple[str, ...] | list[str]) -> list[str]:
    plain = [_plain(word) for word in words]
    return [word for word in plain if FIGURE.search(word) or word in SCALES or {word, word.removesuffix("s")} & UNITS]


def _is_name_changed(old: tuple[str, ...], new: list[str], start: int) -> bool:
    mine = {
        _plain(word)
        for place, word in enumerate(new, start)
        if word[:1].isupper() and place and word.lower() not in COMMON
    }
    theirs = {_plain(word) for word in old if word[:1].isupper() and word.lower() not in COMMON}
    return bool(mine and theirs and not mine & theirs)


def _is_swapped(sentence: tuple[str, ...], said: list[str]) -> bool:
    """Whether a claim has the sentence's words, but two names in each other's place: who beat whom, who bought whom."""
    theirs, mine = [_plain(token) for token in sentence], [_plain(token) for token in said]
    if not set(mine) <= set(theirs) or any(mine.count(word) > theirs.count(word) for word in mine):
        return False
    names = [_plain(word) for word in said if word[:1].isupper() and word.lower() not in COMMON]
    there = [word for word in theirs if word in set(names)]
    verbs = [word for word in mine if word not in set(names)]
    # In a list, and on the two sides of "by" or "with", names may stand in any order.
    return (
        len(set(names)) >= 2
        and sorted(there) == sorted(names)
        and there != names
        and verbs == [word for word in theirs if word in set(verbs)]
        and not {"and", "or", "with", "both"} & set(mine)
        and mine[0] in names
        and theirs[0] in names
    )


def _is_opposite(old: tuple[str, ...], new: list[str]) -> bool:
    mine, theirs = {_plain(word) for word in new}, {_plain(word) for word in old}
    if bool(mine & DENIALS) != bool(theirs & DENIALS) and len(old) <= LEAST and len(new) <= LEAST:
        return True
    return any(frozenset((a, b)) in OPPOSITES for a in mine - theirs for b in theirs - mine)
