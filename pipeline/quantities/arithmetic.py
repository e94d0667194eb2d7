"""Figures that a passage does not state but that follow from those it does.

"Some 690 homes" follows from "2,300 flats, 30 percent of them below market rent". Whoever looks for 690 in the passage finds nothing, or finds
2,300 and takes it for a contradiction. Small round numbers follow from almost anything, so they need a word in the claim
that names the operation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pipeline.records import Quantity

DIFFERENCE = re.compile(
    r"\b(?:than|below|above|short|beyond|difference|gap|margin|lead|ahead|behind|by|down|up|left|remain\w*|over[- ]?ran|overrun|after|longer|earlier|later"
    r"|before|decline|drop|fall|rise|increase|improve\w*|lost|gained|plus|minus)\b",
    re.IGNORECASE,
)
SUM = re.compile(
    r"\b(?:total\w*|together|combin\w+|in all|altogether|overall|both|includ\w+|sum|between them|all told|and|two|three|four)\b",
    re.IGNORECASE,
)
SHARING = re.compile(r"\b(?:average\w*|mean|per|each|apiece|every|a head)\b", re.IGNORECASE)
EACH = re.compile(r"\b(?:each|apiece|every|per)\b|×", re.IGNORECASE)
MULTIPLES = (
    (re.compile(r"\b(?:doubl\w+|twice|twofold)\b", re.IGNORECASE), Decimal(2)),
    (re.compile(r"\b(?:tripl\w+|trebl\w+|threefold)\b", re.IGNORECASE), Decimal(3)),
    (re.compile(r"\b(?:quadrupl\w+|fourfold)\b", re.IGNORECASE), Decimal(4)),
    (re.compile(r"\b(?:hal[fv]\w*)\b", re.IGNORECASE), Decimal("0.5")),
)
SURE_DIGITS = 3
"""Digits from which a figure is believed to follow though no word names the operation."""
FEW_DIGITS = 2
MOST_FIGURES = 24
"""Figures of a passage beyond which any number follows from some two of them."""
SHARES = frozenset({"%", "percentage point"})
SCALES = (
    (re.compile(r"(?<!\d )\bthousands?\b", re.IGNORECASE), Decimal(1000)),
    (re.compile(r"(?<!\d )\bmillions?\b", re.IGNORECASE), Decimal(1_000_000)),
)
"""Of a table whose header says "thousand ha": the cells are so many times smaller than what they mean."""


def follows_from(
    claim: Quantity,
    claim_text: str,
    passage: str,
    figures: Sequence[Quantity],
    *,
    digits: int,
    quantum: Decimal,
    factor: Callable[[str, str], Decimal | None],
) -> Quantity | None:
    """Find an operation on one or two figures of a passage that gives a figure of the claim.

    Args:
        claim: the claim's figure.
        claim_text: the claim, whose words may name the operation.
        passage: the passage.
        figures: the passage's figures, in order.
        digits: distinctive digits of the claim's figure.
        quantum: the unit of its last digit; the result may be off by half of it.
        factor: what a value in the second unit is multiplied with to be one in the first; None where the two differ.

    Returns:
        The result as a quantity whose text is the operation ("2,300 × 30 percent"), or None.
    """
    if claim.unit == "year" or claim.low != claim.high or not claim.low or len(figures) > MOST_FIGURES:
        return None
    exact = [one for one in figures if one.low == one.high and one.low and one.unit != "year"]
    wanted = abs(claim.low)
    own = significant(claim)
    if any(len(own) >= FEW_DIGITS and significant(one) == own for one in exact):
        return None  # 121.6 kilograms for 121.6 grams is a slip, not a product
    for text, value, sure in _results(claim, claim_text, passage, exact, digits, factor):
        if sure and abs(abs(value) - wanted) <= quantum / 2:
            return Quantity(text, value, value, claim.unit, "about", exact[0].span)
    return None


def _results(
    claim: Quantity,
    claim_text: str,
    passage: str,
    figures: Sequence[Quantity],
    digits: int,
    factor: Callable[[str, str], Decimal | None],
) -> Iterator[tuple[str, Decimal, bool]]:
    """Operations, their results in the claim's unit, and whether a coincidence is unlikely."""
    less = digits >= SURE_DIGITS or bool(DIFFERENCE.search(claim_text))
    more = digits >= SURE_DIGITS or bool(SUM.search(claim_text))
    shared = bool(SHARING.search(claim_text))
    each = bool(EACH.search(passage))
    multiples = [value for pattern, value in MULTIPLES if pattern.search(passage) or pattern.search(claim_text)]
    scales = [value for pattern, value in SCALES if pattern.search(passage)]
    reached = [(one, _into(claim, one, factor)) for one in figures]
    for one, into in reached:
        if into is None:
            continue
        alike = one.unit == claim.unit or digits >= FEW_DIGITS
        for multiple in multiples:
            yield f"{one.text.strip()} × {multiple}", one.low * into * multiple, alike
            yield f"{one.text.strip()} / {multiple}", one.low * into / multiple, alike
    for (first, own), (second, other) in combinations(reached, 2):
        for a, into, b in ((first, own, second), (second, other, first)):
            x, y = a.text.strip(), b.text.strip()
            if into is not None and b.unit == "%":
                yield f"{x} × {y}", a.low * into * b.low / 100, digits >= FEW_DIGITS or claim.unit == "%"
                yield f"{x} / {y}", a.low * into * 100 / b.low, digits >= FEW_DIGITS
            if into is not None and a.unit != b.unit and b.unit not in SHARES | {"times"}:
                yield f"{x} × {y}", a.low * into * b.low, each and digits >= FEW_DIGITS
                yield f"{x} / {y}", a.low * into / b.low, shared
            if claim.unit in {"%", "times"} and (same := factor(b.unit, a.unit)) is not None and a.unit not in SHARES:
                ratio = a.low / (b.low / same)
                yield (
                    f"{x} / {y}",
                    ratio * (100 if claim.unit == "%" else 1),
                    digits >= FEW_DIGITS or claim.unit == "times",
                )
        if own is not None and other is not None:
            x, y = first.text.strip(), second.text.strip()
            difference, total = first.low * own - second.low * other, first.low * own + second.low * other
            # Children may be summed from daughters and sons, but five hours are not nine points less four hours.
            one_kind = digits >= SURE_DIGITS or first.unit == second.unit or not (first.unit and second.unit)
            yield f"{x} − {y}", difference, less and one_kind
            yield f"{x} + {y}", total, more
            if digits >= FEW_DIGITS:
                for scale in scales if not (first.unit or second.unit) else ():
                    yield f"({x} − {y}) × {scale:,}", difference * scale, less


def significant(quantity: Quantity) -> str:
    """The digits that a figure states, without zeros at either end."""
    return re.sub(r"\D", "", quantity.text).strip("0")


def _into(claim: Quantity, figure: Quantity, factor: Callable[[str, str], Decimal | None]) -> Decimal | None:
    """What a figure is multiplied with to be in the claim's unit; counts go with each other, by whatever noun they count."""
    found = factor(figure.unit, claim.unit)
    if found is not None:
        return found
    if {figure.unit, claim.unit} <= SHARES:
        return Decimal(1)
    return Decimal(1) if _is_bare_count(figure.unit) and _is_bare_count(claim.unit) else None


def _is_bare_count(unit: str) -> bool:
    return not unit or (
        unit not in SHARES and unit != "times" and not unit[:3].isupper() and "/" not in unit and len(unit) > 2
    )
