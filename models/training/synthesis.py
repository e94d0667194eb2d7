"""Makes training pairs by code, of the kinds that fail in the field.

Figures changed (dispute) or written otherwise (support), names swapped, negation, and passages that are close
and say nothing on the claim (neutral). Stands between reading pairs and training; each kind has its own switch.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from evidence.readers import table
from evidence.readers.errors import ReadingError
from models.training.pairs import Pair, PairLabel, WrittenPassage

Nearest = Callable[[Sequence[str], Sequence[str], int], Sequence[Sequence[int]]]
"""Gives, for each claim, the indices of its closest passages, best first."""
CLAIMS_A_ROW = 12
"""Claims of other passages, for each row of a table, that are put beside their nearest row."""
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
NUMBER = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w]|[.,]\d)")
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NAME = re.compile(r"\b[A-Z][\w'’.-]*[a-z](?:\s+(?:of\s+|de\s+|van\s+)?[A-Z][\w'’-]+)+|\b[A-Z][a-z]{3,}\b")
NO_AMOUNT = re.compile(
    r"\s?(?:st|nd|rd|th)\b|[-–/:]\d|\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
"""After a number that is an ordinal, a score, a time or a date, where a figure cannot be put otherwise."""
AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|can|could|did|does|would)\b(?! not|n't)")
PERIODS = frozenset(
    word
    for line in (
        "January February March April May June July August September October November December",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "The This That These Those After Before During While When Most More Some Under",
    )
    for word in line.split()
)
TURNED = {
    "more than": "fewer than",
    "over": "under",
    "at least": "at most",
    "above": "below",
    "fewer than": "more than",
    "less than": "more than",
    "up to": "more than",
    "below": "above",
    "under": "over",
    "higher": "lower",
    "lower": "higher",
    "rose": "fell",
    "fell": "rose",
    "increased": "decreased",
    "grew": "shrank",
    "larger": "smaller",
    "smaller": "larger",
    "first": "last",
    "before": "after",
    "after": "before",
    "most": "fewest",
    "increase": "decrease",
    "decrease": "increase",
}
TURN = re.compile(r"\b(" + "|".join(TURNED) + r")\b")


def _grouped(value: Decimal, like: str) -> str:
    text = f"{value:,f}" if "," in like or value >= 10000 else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[:2] in {"18", "19", "20"}


def shared_numbers(premise: str, claim: str) -> list[re.Match[str]]:
    """The figures of the claim that stand in the premise with the same digits: those that decide."""
    known = {match.group().replace(",", "") for match in NUMBER.finditer(premise)}
    return [
        match
        for match in NUMBER.finditer(claim)
        if match.group().replace(",", "") in known and not NO_AMOUNT.match(claim, match.end())
    ]


def _changed_digits(text: str, rng: random.Random) -> str | None:
    places = [index for index, char in enumerate(text) if char.isdigit()]
    if _is_year(text):
        return str(int(text) + rng.choice([-10, -3, -2, -1, 1, 2, 3, 10]))
    pairs = [(a, b) for a, b in itertools.pairwise(places) if text[a] != text[b] and not (a == 0 and text[b] == "0")]
    chars = list(text)
    if pairs and rng.random() < 0.5:
        a, b = rng.choice(pairs)
        chars[a], chars[b] = chars[b], chars[a]
        return "".join(chars)
    place = places[0] if rng.random() < 0.5 else rng.choice(places)
    chars[place] = rng.choice([digit for digit in "123456789" if digit != chars[place]])
    changed = "".join(chars)
    return changed if changed != text else None


def change_figure(premise: str, claim: str, rng: random.Random) -> str | None:
    """The claim with one deciding figure made wrong: digits, magnitude, or a factor of ten; None where it has none."""
    found = shared_numbers(premise, claim)
    if not found:
        return None
    match = rng.choice(found)
    scale = re.match(r"\s*-?(thousand|million|billion|trillion)\b", claim[match.end() :])
    before, after = claim[: match.start()], claim[match.end() :]
    kind = rng.random()
    if scale and kind < 0.4:
        other = rng.choice([word for word in SCALES if word != scale.group(1)])
        return before + match.group() + after.replace(scale.group(1), other, 1)
    if kind < 0.15 and not _is_year(match.group()):
        factor = rng.choice([Decimal(10), Decimal("0.1"), Decimal(100)])
        return before + _grouped(Decimal(match.group().replace(",", "")) * factor, match.group()) + after
    changed = _changed_digits(match.group(), rng)
    if changed is None or NUMBER.fullmatch(changed) is None or changed.replace(",", "") in premise.replace(",", ""):
        return None
    return before + changed + after


def rewrite_figure(premise: str, claim: str, rng: random.Random) -> tuple[str, PairLabel] | None:
    """The claim with one deciding figure written otherwise or bounded, and whether it still holds."""
    found = [match for match in shared_numbers(premise, claim) if not _is_year(match.group())]
    if not found:
        return None
    match = rng.choice(found)
    value = Decimal(match.group().replace(",", ""))
    before, after = claim[: match.start()], claim[match.end() :]
    scale = re.match(r"(\s*-?)(million|billion|trillion)\b", after)
    choices: list[tuple[str, PairLabel]] = []
    if scale and not before.endswith("-"):
        smaller = {"million": "thousand", "billion": "million", "trillion": "billion"}[scale.group(2)]
        choices.append(
            (
                before + f"{value * 1000:,f}".rstrip("0").rstrip(".") + after.replace(scale.group(2), smaller, 1),
                "supported",
            )
        )
    elif value >= 100000 and value == value.to_integral_value():
        unit, word = (Decimal(10) ** 9, "billion") if value >= 10**9 else (Decimal(10) ** 6, "million")
        shown = (value / unit).normalize()
        if len(str(shown)) < 9:
            choices.append((f"{before}{shown:f} {word}{after}", "supported"))
    if (
        match.group().isdigit()
        and value < len(WORDS)
        and not after.startswith(("%", " per", "-"))
        and before[-1:] in {" ", ""}
    ):
        word = WORDS[int(value)]
        choices.append(((before + word if before else word.capitalize()) + after, "supported"))
    if after.startswith("%"):
        choices.append((f"{before}{match.group()} percent{after[1:]}", "supported"))
    qualified = re.search(
        r"\b(than|least|most|about|around|nearly|almost|over|under|to|some|and|between|from|exceeding)\s+\S?$", before
    )
    if value > 12 and not qualified and not re.search(r"(?:[\w$€£¥₹-]|No\.) ?$", before[-1:]):
        step = Decimal(10) ** max(0, len(str(int(value))) - 2)
        down, up = (value // step) * step, (value // step + 1) * step
        if down < value:
            choices += [
                (f"{before}more than {_grouped(down, match.group())}{after}", "supported"),
                (f"{before}less than {_grouped(down, match.group())}{after}", "disputed"),
            ]
        choices += [
            (f"{before}less than {_grouped(up, match.group())}{after}", "supported"),
            (f"{before}more than {_grouped(up, match.group())}{after}", "disputed"),
            (
                f"{before}about {_grouped(down if value - down <= up - value else up, match.group())}{after}",
                "supported",
            ),
        ]
    return rng.choice(choices) if choices else None


def _names(text: str) -> list[str]:
    found = [
        match.group()
        for match in NAME.finditer(text)
        if match.group().split()[0] not in PERIODS
        and (" " in match.group() or text[: match.start()].rstrip()[-1:] not in {"", ".", "?", "!", '"', "“", ":"})
    ]
    return list(dict.fromkeys(found))


def swap_names(premise: str, claim: str, rng: random.Random) -> tuple[str, PairLabel] | None:
    """The claim with two of its names exchanged, or one replaced by another of the premise: not supported."""
    inside = [name for name in _names(claim) if name in premise]
    if len(inside) >= 2:
        first, second = rng.sample(inside, 2)
        if first not in second and second not in first:
            return claim.replace(first, "\0").replace(second, first).replace("\0", second), "not_supported"
    others = (
        [name for name in _names(premise) if name not in claim and len(name.split()) == 1 + len(inside[0].split()) - 1]
        if inside
        else []
    )
    if inside and others:
        return claim.replace(inside[0], rng.choice(others)), "not_supported"
    return None


def foreign_subject(premise: str, claim: str, strangers: Sequence[str], rng: random.Random) -> str | None:
    """The claim about somebody else, of whom the premise says nothing: neutral."""
    match = NAME.match(claim)
    if match is None or match.group().split()[0] in PERIODS or match.group() not in premise:
        return None
    options = [name for name in rng.sample(strangers, min(20, len(strangers))) if name not in premise]
    if not options:
        return None
    return claim.replace(match.group(), options[0])


def negate(claim: str) -> str | None:
    """The claim denied, by its first auxiliary; None where it has none."""
    match = AUXILIARY.search(claim)
    if match is None or re.search(r"\b(not|no|none|never|nobody|only|if|unless|neither)\b|n't\b", claim):
        return None
    return claim[: match.end()] + " not" + claim[match.end() :]


def turn(claim: str) -> str | None:
    """The claim with its comparator or direction turned round; None where it has none or several."""
    found = TURN.findall(claim)
    if len(found) != 1:
        return None
    return TURN.sub(lambda match: TURNED[match.group()], claim)


def figure_pairs(pairs: Iterable[Pair], rng: random.Random) -> list[Pair]:
    """Supported pairs with a deciding figure made wrong, turned round, or written otherwise."""
    made = []
    for pair in pairs:
        if pair.label != "supported":
            continue
        changed = change_figure(pair.premise, pair.claim, rng)
        if changed:
            made.append(Pair(pair.premise, changed, "disputed", "figures"))
        rewritten = rewrite_figure(pair.premise, pair.claim, rng)
        if rewritten:
            made.append(Pair(pair.premise, rewritten[0], rewritten[1], "figures"))
        turned = turn(pair.claim)
        if turned:
            made.append(Pair(pair.premise, turned, "disputed", "figures"))
    return made


def name_pairs(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Supported pairs with names exchanged (not supported) or about somebody of whom nothing is said (neutral)."""
    strangers = sorted({name for pair in pairs for name in _names(pair.claim)[:2] if " " in name})
    made = []
    for pair in pairs:
        if pair.label != "supported":
            continue
        swapped = swap_names(pair.premise, pair.claim, rng)
        if swapped:
            made.append(Pair(pair.premise, *swapped, "names"))
        foreign = foreign_subject(pair.premise, pair.claim, strangers, rng)
        if foreign:
            made.append(Pair(pair.premise, foreign, "neutral", "names"))
    return made


def negation_pairs(pairs: Iterable[Pair]) -> list[Pair]:
    """Supported pairs whose claim is denied: disputed."""
    denied = ((pair, negate(pair.claim)) for pair in pairs if pair.label == "supported")
    return [Pair(pair.premise, claim, "disputed", "negation") for pair, claim in denied if claim]


def rationale_pairs(passages: Iterable[WrittenPassage]) -> list[Pair]:
    """Passages cut down to what decides (label kept) and passages from which that was taken out (neutral)."""
    made = []
    for passage in passages:
        for claim, label, _, rationale in passage.claims:
            if not rationale or label == "neutral" or not all(sentence in passage.text for sentence in rationale):
                continue
            rest = passage.text
            for sentence in rationale:
                rest = rest.replace(sentence, " ")
            rest = " ".join(rest.split())
            made.append(Pair(" ".join(rationale), claim, label, "rationale"))
            if len(rest.split()) > 12:
                made.append(Pair(rest, claim, "neutral", "rationale"))
    return made


def row_pairs(passages: Sequence[WrittenPassage], nearest: Nearest, rng: random.Random) -> list[Pair]:
    """Rows of tables, each a passage as the store keeps them, with claims of the table and of other passages.

    Search brings rows for every claim that shares a word or a figure with them, and nearly all of them say nothing on it. The row
    that decides a claim by itself keeps the claim's label; any other row, and any row beside a claim of another passage, is neutral.
    """
    made: list[Pair] = []
    rows: list[tuple[str, str]] = []
    for passage in passages:
        told = _rows_of(passage.text)
        rows += [(passage.family, line) for line in told.values()]
        for claim, label, _, rationale in passage.claims:
            deciding = [told[line] for line in rationale if line in told]
            others = [line for line in told.values() if line not in deciding]
            if label != "neutral" and len(deciding) == len(rationale) == 1:
                made.append(Pair(deciding[0], claim, label, "rows"))
            if label == "neutral" or len(rationale) == 1:
                made += [Pair(line, claim, "neutral", "rows") for line in rng.sample(others, min(2, len(others)))]
    if rows:
        claims = [(p.family, claim) for p in passages for claim, _, _, _ in p.claims]
        asked = rng.sample(claims, min(len(claims), CLAIMS_A_ROW * len(rows)))
        made += [replace(pair, source="rows") for pair in close_pairs(asked, rows, nearest, per_claim=1)]
    return made


def _rows_of(text: str) -> dict[str, str]:
    """The lines of a passage that is a table, each with how the store reads it; none where it is no table."""
    lines = text.splitlines()
    if len(lines) < 3 or ":" in lines[0] or min(line.count(",") for line in lines) < 2:
        return {}
    try:
        (read,) = table.read(text.encode(), "table.csv")
    except ReadingError:
        return {}
    told = read.text.splitlines()
    return dict(zip(lines[1:], told, strict=True)) if len(told) == len(lines) - 1 else {}


def close_pairs(
    claims: Sequence[tuple[str, str]],
    passages: Sequence[tuple[str, str]],
    nearest: Nearest,
    per_claim: int = 2,
    look: int = 8,
) -> list[Pair]:
    """Claims with passages that retrieval finds close but that belong to another family: neutral.

    Args:
        claims: (family, claim).
        passages: (family, passage).
        nearest: gives, for each claim, the indices of its closest passages, best first.
        per_claim: how many to keep a claim.
        look: how many to look at, so that enough are left after the claim's own family is dropped.
    """
    found = nearest([claim for _, claim in claims], [text for _, text in passages], look)
    made = []
    for (family, claim), indices in zip(claims, found, strict=True):
        strangers = [index for index in indices if passages[index][0] != family][:per_claim]
        made += [Pair(passages[index][1], claim, "neutral", "close") for index in strangers]
    return made


def padded_pairs(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Pairs whose premise stands beside another premise, so that the deciding words must be found: label kept."""
    made = []
    for pair in pairs:
        other = rng.choice(pairs).premise
        if other == pair.premise or len(other) + len(pair.premise) > 1300:
            continue
        premise = f"{pair.premise} {other}" if rng.random() < 0.5 else f"{other} {pair.premise}"
        made.append(Pair(premise, pair.claim, pair.label, "padded"))
    return made
