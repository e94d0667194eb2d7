"""Prints how well changed figures are told from equal ones: `python benchmarks/numeric.py ARTICLES [--pairs N] [-v]`.

Sentences with figures are drawn from a folder of articles. Each stands as the passage of a claim that is the same
sentence with one figure changed (a dispute) or with one figure put otherwise (support), a kind a row.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from models.embedder import load_embedder
from models.training.pairs import PairLabel
from models.training.synthesis import NUMBER, SCALES, TURNED, WORDS
from models.verifier import load_verifier
from pipeline.article import read_articles
from pipeline.judgement import judge_pairs, similarities_of
from pipeline.quantities import find_quantities

STANCES = {"supported": "supports", "disputed": "disputes"}
SCALE = re.compile(r"(?<=\d )(?P<scale>million|billion|trillion)\b")
PERCENT = re.compile(r"(?<=\d)(?:%| percent| per cent)(?! points?)")
POINTS = re.compile(r"\bpercentage points?\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
UNITS = {
    "dollars": "euros", "euros": "yen", "kilometres": "miles", "kilometers": "miles", "km": "miles", "miles": "kilometres",
    "metres": "feet", "meters": "feet", "feet": "metres", "kilograms": "grams", "kg": "grams", "tonnes": "kilograms",
    "tons": "kilograms", "years": "months", "months": "weeks", "weeks": "days", "days": "hours", "hours": "minutes",
    "minutes": "hours", "hectares": "square kilometres", "acres": "square miles", "megawatts": "gigawatts", "litres": "gallons",
}  # fmt: skip
UNIT = re.compile(r"(?<=\d )(?:" + "|".join(UNITS) + r")\b")
COMPARING = re.compile(
    r"\b(?:(?:more than|over|at least|above|fewer than|less than|below|under)(?= [$€£]?\d)|rose|fell|increased|grew|higher|lower)\b"
)
"""A comparator before a figure, or which way something went."""
SIGN = re.compile(r"[$€£](?=\d)")
OTHER_SIGN = {"$": "€", "€": "£", "£": "$"}
SHARES = {Decimal(50): "half", Decimal(25): "a quarter", Decimal(75): "three-quarters", Decimal(20): "a fifth"}
QUALIFIED = re.compile(
    r"(?:\b(?:than|least|most|about|around|nearly|almost|over|under|to|some|roughly|up|and|between|from|exceeding|approximately|only|just)\s|[$€£¥₹#-]|No\. ?)$"
)
Change = Callable[[str, random.Random], str | None]


def plain_figure(text: str, rng: random.Random) -> re.Match[str] | None:
    """A figure of a sentence that is an amount and not a year, a date or part of a name."""
    amounts = {
        (quantity.span.start, quantity.span.end)
        for quantity in find_quantities(text)
        if quantity.unit != "year" and quantity.low == quantity.high
    }
    found = [
        match
        for match in NUMBER.finditer(text)
        if any(start <= match.start() and match.end() <= end for start, end in amounts)
        and not YEAR.fullmatch(match.group())
    ]
    return rng.choice(found) if found else None


def swap_digits(text: str, rng: random.Random) -> str | None:
    """Exchange two neighbouring digits of a figure."""
    match = plain_figure(text, rng)
    if match is None:
        return None
    digits = match.group()
    places = [
        place
        for place in range(len(digits) - 1)
        if digits[place : place + 2].isdigit() and digits[place] != digits[place + 1] and digits[place + 1] != "0"
    ]
    if not places:
        return None
    place = rng.choice(places)
    changed = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    return text[: match.start()] + changed + text[match.end() :]


def other_digit(text: str, rng: random.Random) -> str | None:
    """Replace a figure's first digit."""
    match = plain_figure(text, rng)
    if match is None:
        return None
    first = rng.choice([digit for digit in "123456789" if digit != match.group()[0]])
    return text[: match.start()] + first + match.group()[1:] + text[match.end() :]


def other_magnitude(text: str, rng: random.Random) -> str | None:
    """Million for billion."""
    match = SCALE.search(text)
    if match is None:
        return None
    other = rng.choice([word for word in SCALES if word not in {match["scale"], "thousand"}])
    return text[: match.start()] + other + text[match.end() :]


def other_unit(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Miles for kilometres, euros for dollars."""
    match = UNIT.search(text)
    if match:
        return text[: match.start()] + UNITS[match.group()] + text[match.end() :]
    sign = SIGN.search(text)
    return text[: sign.start()] + OTHER_SIGN[sign.group()] + text[sign.end() :] if sign else None


def points_for_percent(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Percentage points for percent, or the other way round."""
    if POINTS.search(text):
        return POINTS.sub("percent", text, count=1)
    rise = re.search(r"\b(?:rose|fell|grew|up|down|increase[ds]?|decrease[ds]?|declined|dropped)\b[^.;]*?$", text)
    match = PERCENT.search(text, rise.start()) if rise else None
    return text[: match.start()] + " percentage points" + text[match.end() :] if match else None


def other_year(text: str, rng: random.Random) -> str | None:
    """Another year."""
    found = list(YEAR.finditer(text))
    if len(found) != 1:
        return None
    changed = str(int(found[0].group()) + rng.choice([-10, -3, -2, -1, 1, 2, 3, 10]))
    return text[: found[0].start()] + changed + text[found[0].end() :]


def turned(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """The comparator or direction turned round."""
    found = list(COMPARING.finditer(text))
    if len(found) != 1:
        return None
    return text[: found[0].start()] + TURNED[found[0].group()] + text[found[0].end() :]


def smaller_scale(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """22 trillion as 22,000 billion."""
    match = re.search(r"(?P<figure>\d+(?:\.\d+)?) (?P<scale>million|billion|trillion)\b", text)
    if match is None:
        return None
    smaller = {"million": "thousand", "billion": "million", "trillion": "billion"}[match["scale"]]
    figure = f"{Decimal(match['figure']) * 1000:,f}"
    figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return f"{text[: match.start()]}{figure} {smaller}{text[match.end() :]}"


def in_words(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """A small count in words, or "percent" for the sign."""
    match = re.search(r"(?<=[a-z] )(?P<figure>[2-9]|1[0-2])(?= [a-z])", text)
    if match:
        return text[: match.start()] + WORDS[int(match["figure"])] + text[match.end() :]
    sign = re.search(r"(?<=\d)%", text)
    return text[: sign.start()] + " percent" + text[sign.end() :] if sign else None


def as_a_share(text: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """50 percent of as half of."""
    match = re.search(r"(?P<figure>\d\d)(?:%| percent| per cent) of (?=the|all|its|their|his|her|our)", text)
    if match is None or Decimal(match["figure"]) not in SHARES:
        return None
    return f"{text[: match.start()]}{SHARES[Decimal(match['figure'])]} of {text[match.end() :]}"


def _bounded(text: str, rng: random.Random, *, holds: bool) -> str | None:
    match = plain_figure(text, rng)
    if match is None or QUALIFIED.search(text[: match.start()]):
        return None
    value = Decimal(match.group().replace(",", ""))
    if value < 13 or value != value.to_integral_value():
        return None
    step = Decimal(10) ** max(0, len(str(int(value))) - 2)
    down, up = (value // step) * step, (value // step + 1) * step
    choices = [("more than", down if holds else up), ("less than", up if holds else down)]
    bound, figure = rng.choice(choices)
    if figure == value:
        return None
    return f"{text[: match.start()]}{bound} {figure:,f}{text[match.end() :]}"


def bound_that_holds(text: str, rng: random.Random) -> str | None:
    """More than 1,800 for 1,854."""
    return _bounded(text, rng, holds=True)


def bound_that_fails(text: str, rng: random.Random) -> str | None:
    """Less than 1,800 for 1,854."""
    return _bounded(text, rng, holds=False)


def rounded(text: str, rng: random.Random) -> str | None:
    """About 1,850 for 1,854."""
    match = plain_figure(text, rng)
    if match is None or QUALIFIED.search(text[: match.start()]):
        return None
    value = Decimal(match.group().replace(",", ""))
    if value < 100 or value != value.to_integral_value():
        return None
    step = Decimal(10) ** max(1, len(str(int(value))) - 3)
    near = (value / step).to_integral_value() * step
    return f"{text[: match.start()]}about {near:,f}{text[match.end() :]}" if near != value else None


KINDS: dict[str, tuple[Change, PairLabel]] = {
    "digits exchanged": (swap_digits, "disputed"),
    "another digit": (other_digit, "disputed"),
    "another magnitude": (other_magnitude, "disputed"),
    "another unit": (other_unit, "disputed"),
    "points for percent": (points_for_percent, "disputed"),
    "another year": (other_year, "disputed"),
    "comparator turned": (turned, "disputed"),
    "bound that fails": (bound_that_fails, "disputed"),
    "bound that holds": (bound_that_holds, "supported"),
    "smaller scale": (smaller_scale, "supported"),
    "in words": (in_words, "supported"),
    "as a share": (as_a_share, "supported"),
    "rounded": (rounded, "supported"),
}


def numeric_pairs(folder: Path, count: int) -> list[tuple[str, str, str, PairLabel]]:
    """Kind, passage, claim and label, the kinds in turn, each sentence once a kind."""
    sentences = [
        sentence.text
        for article in read_articles(folder)
        for sentence in article.sentences
        if 8 <= len(sentence.text.split()) <= 40 and sentence.text.endswith(".") and NUMBER.search(sentence.text)
    ]
    rng = random.Random(29)
    waiting = {kind: rng.sample(sentences, len(sentences)) for kind in KINDS}
    made: list[tuple[str, str, str, PairLabel]] = []
    while len(made) < count and any(waiting.values()):
        for kind, (change, label) in KINDS.items():
            while waiting[kind]:
                sentence = waiting[kind].pop()
                claim = change(sentence, rng)
                if claim and claim != sentence:
                    made.append((kind, sentence, claim, label))
                    break
    return made[:count]


def main() -> None:
    """Print the share that is right, by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, help="a folder of plain articles")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--model", help="another verifier")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what went wrong")
    arguments = parser.parse_args()
    rows = numeric_pairs(arguments.articles, arguments.pairs)
    pairs = [(passage, claim) for _, passage, claim, _ in rows]
    judged = judge_pairs(pairs, load_verifier(arguments.model), similarities_of(pairs, load_embedder()))
    right: dict[str, list[bool]] = defaultdict(list)
    felt: dict[str, list[bool]] = defaultdict(list)
    for (kind, passage, claim, label), one in zip(rows, judged, strict=True):
        right[kind].append(one.stance == STANCES[label])
        alone = max(
            ("supports", one.felt.support),
            ("disputes", one.felt.dispute),
            ("neutral", one.felt.neutral),
            key=lambda pair: pair[1],
        )
        felt[kind].append(alone[0] == STANCES[label])
        if arguments.verbose and not right[kind][-1]:
            print(f"{kind}: {one.stance}\n  {passage}\n  {claim}")
    print(f"{'kind':<22}{'pairs':>7}{'right':>9}{'network alone':>15}")
    for kind in KINDS:
        if right[kind]:
            print(f"{kind:<22}{len(right[kind]):>7}{share(right[kind]):>9.3f}{share(felt[kind]):>15.3f}")
    everything = [hit for hits in right.values() for hit in hits]
    alone_all = [hit for hits in felt.values() for hit in hits]
    print(f"{'all':<22}{len(everything):>7}{share(everything):>9.3f}{share(alone_all):>15.3f}")


def share(hits: list[bool]) -> float:
    """The share of hits."""
    return sum(hits) / max(1, len(hits))


if __name__ == "__main__":
    main()
