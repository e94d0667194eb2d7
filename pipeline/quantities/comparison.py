"""Holds the figures of a claim against those of a passage.

Two questions, kept apart. `same_value` compares values only: rounding, bounds, approximations, units. `align_quantities`
asks which figure of the passage is about the same thing, by the words and periods around both; when in doubt it says
"not comparable", since a false dispute is the worst failure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from pipeline.quantities import lexicon as lex
from pipeline.quantities.currency import currency_context
from pipeline.quantities.grammar import find_quantities
from pipeline.records import Finding, Quantity, QuantityFinding

SENTENCE_END = re.compile(r"(?<=[.!?;])[”\"’)]*\s+(?=[A-Z“\"‘(0-9])|\n+")
WORD = re.compile(r"[A-Za-zÀ-ÿ][\w'’-]*")
NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’.&-]*")
OTHER_PERIOD = re.compile(
    r"\b(?:year[- ]ago|a year (?:earlier|ago|before)|(?:twelve|12) months (?:earlier|ago|before)|(?:the )?(?:previous|preceding|prior|last|same) "
    r"(?:\w+ )?(?:year|quarter|month|period|season|election)|in the same (?:quarter|month|period)|had been|used to|until then|for comparison"
    r"|outgoing|compared with|against|up from|down from|from)\b",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter"
    r"|(?:first|second|third|fourth|next) (?:quarter|half)|q[1-4]|h[12])\b",
    re.IGNORECASE,
)
COMMON = frozenset(
    "a an the of in on at to for from by with and or but nor than that which who whom whose while when where as if is are was were be been "
    "being am has have had do does did will would can could may might must shall should not no it its they them their he she his her him we "
    "us our you your i me my this these those there here then so yet also only just even more most less least other up down out off about "
    "around nearly almost over under above below some said says say according per cent percent percentage point points year years total new "
    "number figure figures million billion trillion thousand crore lakh now still already one two three four five six seven eight nine ten".split()
)
DOWN = re.compile(
    r"\b(?:f[ae]ll\w*|drop\w*|declin\w*|decreas\w*|lower\w*|los[etsing]+|shr[aiu]nk\w*|cut\w*|reduc\w*|down|slid\w*|slip\w*|sank|fewer|less|contract\w*)\b",
    re.IGNORECASE,
)
UP = re.compile(
    r"\b(?:ris\w*|rose|grow\w*|grew|increas\w*|gain\w*|climb\w*|jump\w*|up|higher|more|surg\w*|expand\w*|widen\w*|edged up)\b",
    re.IGNORECASE,
)
NEAR = Decimal("0.1")
"""How far "about" reaches: a tenth either way."""
NEARLY = Decimal("0.08")
"""How far "nearly" reaches, downwards."""
FAR = Decimal("1.3")
"""How many times a bound a figure may be and still be what the bound was about."""
FULL = 0.5
"""Share of a claim's words in the passage's sentence that makes it sure that the two are on one subject."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A figure of the claim beside the figure of the passage that is nearest to it in what it measures."""

    claim: Quantity
    evidence: Quantity | None
    finding: Finding
    strength: float
    """0..1: how surely the two speak of the same measure, subject and period."""


@cache
def _pint() -> object:
    from pint import UnitRegistry

    return UnitRegistry(cache_folder=None)


PINT_NAMES = {"°C": "degC", "°F": "degF", "°": "degree", "t": "metric_ton", "km²": "km**2", "m²": "m**2", "m³": "m**3", "mile²": "mile**2",
              "ft²": "ft**2", "L": "liter", "mL": "milliliter", "ha": "hectare", "µg": "microgram", "light year": "light_year", "ft": "foot",
              "lb": "pound", "oz": "ounce", "knot": "knot", "cal": "calorie"}  # fmt: skip
MEASURES = frozenset(lex.PHYSICAL.values()) | {"second", "minute", "hour", "day", "week"}


def _factor(unit: str, other: str) -> Decimal | None:
    """What a value in `unit` is multiplied with to be one in `other`; None where the two measure different things."""
    if unit == other:
        return Decimal(1)
    first, _, per = unit.partition("/")
    second, _, other_per = other.partition("/")
    if per != other_per or not first or not second:
        return None
    if {first, second} == {"month", "year"}:
        return Decimal(12) if first == "year" else Decimal(1) / 12
    if first in MEASURES and second in MEASURES and "°" not in first + second:
        registry = _pint()
        try:
            ratio = registry.Quantity(1, PINT_NAMES.get(first, first)).to(PINT_NAMES.get(second, second)).magnitude  # type: ignore[attr-defined]
        except Exception:  # pint has many errors for units that do not convert, and all of them mean just that
            return None
        return Decimal(str(ratio))
    if _noun(first) == _noun(second) and first not in MEASURES and not first.isupper():
        return Decimal(1)
    return None


def _noun(unit: str) -> str:
    """The head of a counted noun: "smart factory" and "factory" count the same things."""
    return unit.rsplit(" ", 1)[-1].lower()


def comparable(unit: str, other: str) -> bool:
    """Whether two units measure the same kind of thing. A figure without a unit goes with counted nouns only."""
    if _factor(unit, other) is not None:
        return True
    bare, named = (unit, other) if not unit else (other, unit)
    return (
        not bare
        and named not in MEASURES
        and named not in {"%", "percentage point", "year", "times"}
        and not named[:3].isupper()
    )


def _quantum(quantity: Quantity) -> Decimal:
    """The unit of the last digit that a figure states: 0.1 for "17.9", 10^9 for "22 billion", 1000 for "120,000"."""
    match = re.search(r"\d[\d,\u00a0\u202f ']*(?:\.(?P<part>\d+))?", quantity.text)
    value = abs(quantity.low)
    if match is None or value == 0:
        return Decimal(1) if value == value.to_integral_value() else Decimal("0.1")
    digits = re.sub(r"\D", "", match.group().split(".")[0])
    part = match["part"] or ""
    stated = Decimal(f"{digits or 0}.{part or 0}")
    scale = value / stated if stated else Decimal(1)
    if part:
        return scale.scaleb(-len(part))
    zeros = len(digits) - len(digits.rstrip("0"))
    return scale.scaleb(zeros)


def _range(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """The values that a figure allows, from its comparator and the digits it states; None is without bound."""
    low, high = quantity.low, quantity.high
    if quantity.comparator == "about":
        return low - abs(low) * NEAR, high + abs(high) * NEAR
    if quantity.comparator == "nearly":
        return low - abs(low) * NEARLY, high + abs(high) * Decimal("0.002")
    half = Decimal(0) if quantity.unit == "year" else _quantum(quantity) / 2
    if quantity.comparator in {"over", "at least"}:
        return low, None
    if quantity.comparator in {"under", "at most"}:
        return None, high
    return low - half, high + half


def same_value(claim: Quantity, evidence: Quantity) -> Finding:
    """Compare two figures by value alone.

    Equal: the same value, however it is written. Compatible: the one may be the other rounded, or keeps to the other's
    bound or approximation. Different: neither. Not comparable: the units measure different things.
    """
    if not comparable(claim.unit, evidence.unit):
        return "not comparable"
    factor = _factor(evidence.unit, claim.unit) or Decimal(1)
    low, high = evidence.low * factor, evidence.high * factor
    opposed = {claim.comparator, evidence.comparator} in ({"over", "under"}, {"at least", "under"}, {"over", "at most"})
    if claim.low == low and claim.high == high:
        return "different" if opposed else "equal"
    if factor != 1 and claim.low and abs(low - claim.low) <= abs(claim.low) * Decimal("0.000001"):
        return "equal"
    if not opposed and _bounds_apart(claim, evidence, factor):
        return "not comparable"
    try:
        return "compatible" if _agree(claim, evidence, factor) else "different"
    except InvalidOperation:
        return "not comparable"


def _bounds_apart(claim: Quantity, evidence: Quantity, factor: Decimal) -> bool:
    """Whether a bound is kept to by a figure so far off that the two can hardly speak of the same thing.

    70 is over 22, but whoever measured 70 would not have said so.
    """
    mine, theirs = abs(claim.low), abs(evidence.low * factor)
    if not mine or not theirs:
        return False
    far = max(mine, theirs) > min(mine, theirs) * FAR
    upper, lower = {"over", "at least"}, {"under", "at most"}
    held = (
        (claim.comparator in upper and theirs > mine)
        or (claim.comparator in lower and theirs < mine)
        or (evidence.comparator in upper and mine > theirs)
        or (evidence.comparator in lower and mine < theirs)
    )
    return far and held


def _agree(claim: Quantity, evidence: Quantity, factor: Decimal) -> bool:
    first = _range(claim)
    low, high = _range(evidence)
    second = (None if low is None else low * factor, None if high is None else high * factor)
    exact = (
        claim.comparator == "exactly"
        and evidence.comparator == "exactly"
        and claim.low == claim.high
        and evidence.low == evidence.high
    )
    if exact:
        # Only the coarser of the two figures may be a rounding of the other: 18 for 17.9, but not 17.8 for 17.9.
        coarse = max(_quantum(claim), _quantum(evidence) * factor)
        if claim.unit == "year":
            return False
        return abs(claim.low - evidence.low * factor) <= coarse / 2 and _quantum(claim) != _quantum(evidence) * factor
    if (first[1] is None and second[1] is None) or (first[0] is None and second[0] is None):
        # Two bounds of one direction never exclude each other, but they say the same only when they are close.
        return abs(claim.low - evidence.low * factor) <= abs(claim.low) * NEAR
    above = first[1] is None or second[0] is None or second[0] <= first[1]
    below = first[0] is None or second[1] is None or second[1] >= first[0]
    return above and below


def _stem(word: str) -> str:
    word = word.lower().replace("’", "'")
    word = re.sub(r"'s?$", "", word)
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def content_words(text: str) -> set[str]:
    """The stems of a text's words that carry its subject."""
    return {_stem(word) for word in WORD.findall(text) if word.lower() not in COMMON and len(word) > 1}


def names(text: str) -> set[str]:
    """The stems of a text's capitalised words but for the first of a sentence that is an ordinary word."""
    found = set()
    for match in NAME.finditer(text):
        opening = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in ".!?"
        word = match.group().rstrip(".")
        if (
            word.lower() in COMMON
            or PERIOD.fullmatch(word)
            or (opening and word[1:].islower() and not re.match(r"(?:'s|’s)? [A-Z]", text[match.end() :]))
        ):
            continue
        found.add(_stem(word))
    return found


def align_quantities(
    claim: Sequence[Quantity],
    passage: str,
    *,
    claim_text: str,
    currency: Mapping[str, str] | None = None,
) -> tuple[Alignment, ...]:
    """Find, for each figure of a claim, the figure of the passage that speaks of the same measure.

    Args:
        claim: the claim's quantities.
        passage: the passage, with its title and headings if they are known.
        claim_text: the claim, standing alone.
        currency: what ambiguous signs mean in the passage; found from both texts if it is None.
    """
    context = currency_context(passage, around=f"{claim_text}\n{passage}") if currency is None else currency
    figures = _located(passage, context)
    wanted = content_words(claim_text)
    return tuple(_align(one, figures, passage, claim_text, wanted) for one in claim)


def compare_quantities(
    claim: Sequence[Quantity], passage: str, *, claim_text: str, currency: Mapping[str, str] | None = None
) -> tuple[QuantityFinding, ...]:
    """Hold each figure of a claim against the passage, as the report shows it."""
    aligned = align_quantities(claim, passage, claim_text=claim_text, currency=currency)
    return tuple(QuantityFinding(one.claim, one.evidence, one.finding) for one in aligned)


@dataclass(frozen=True, slots=True)
class _Located:
    quantity: Quantity
    sentence: str
    clause: str


def _located(passage: str, currency: Mapping[str, str]) -> list[_Located]:
    found = []
    start = 0
    pieces = [*SENTENCE_END.finditer(passage), None]
    for piece in pieces:
        end = piece.start() if piece else len(passage)
        sentence = passage[start:end]
        for quantity in find_quantities(sentence, currency=currency):
            found.append(_Located(quantity, sentence, _clause(sentence, quantity.span.start, quantity.span.end)))
        start = piece.end() if piece else end
    return found


def _clause(sentence: str, start: int, end: int) -> str:
    """The part of a sentence, between commas, in which a figure stands."""
    left = max(
        sentence.rfind(mark, 0, start)
        for mark in (", ", "; ", ": ", " – ", " — ", "(", " while ", " whereas ", " and ")
    )
    rights = [
        place
        for mark in (", ", "; ", " – ", " — ", ")", " while ", " whereas ", " and ")
        if (place := sentence.find(mark, end)) >= 0
    ]
    return sentence[max(0, left) : min(rights, default=len(sentence))]


def _align(claim: Quantity, figures: Sequence[_Located], passage: str, claim_text: str, wanted: set[str]) -> Alignment:
    rivals = []
    for place, located in enumerate(figures):
        finding = same_value(claim, located.quantity)
        if finding == "not comparable":
            finding = _unsigned(claim, located, claim_text)
        if finding == "not comparable":
            continue
        if finding == "different" and _unsigned(claim, located, claim_text) in {"equal", "compatible"}:
            finding = "equal"
        if finding == "different" and not _contradicts(claim, located.quantity):
            continue
        strength = _strength(claim, located, passage, claim_text, wanted)
        agrees = finding in {"equal", "compatible"}
        rivals.append((strength + (0.25 if agrees else 0.0), finding == "equal", -place, strength, located, finding))
    if not rivals:
        return Alignment(claim, None, "not comparable", 0.0)
    _, _, _, strength, best, finding = max(rivals, key=lambda rival: rival[:3])
    if finding == "different":
        # Two figures of one kind in one sentence: which of them answers the claim is a guess, and a dispute must not be one.
        close = [rival for rival in rivals if rival[3] >= strength - 0.1]
        strength -= 0.15 * (len(close) - 1)
    if finding == "different" and strength < 0.25:
        return Alignment(claim, None, "not comparable", max(0.0, strength))
    if finding != "different":
        # That the very same figure turns up by chance is the less likely the more digits it states.
        strength = max(strength, min(0.9, strength + 0.15 * distinctive_digits(claim)))
    return Alignment(claim, best.quantity, finding, min(1.0, strength))


def distinctive_digits(quantity: Quantity) -> int:
    """How many digits a figure states that are no zeros at its end, at most four; none for years and words."""
    digits = re.sub(r"\D", "", quantity.text).rstrip("0")
    return 0 if quantity.unit == "year" else min(4, len(digits))


def _contradicts(claim: Quantity, evidence: Quantity) -> bool:
    """Whether two different values of these units can contradict each other at all.

    Years cannot: a passage names many. Bare figures cannot, since nobody knows what they count; nor can counts of
    things that are told apart by a word, such as bicycle spaces and parking spaces.
    """
    if "year" in {claim.unit, evidence.unit} or not claim.unit or not evidence.unit:
        return False
    mine, theirs = claim.unit.lower().split(), evidence.unit.lower().split()
    return mine == theirs or len(mine) == 1 or len(theirs) == 1


def _unsigned(claim: Quantity, located: _Located, claim_text: str) -> Finding:
    """Compare "fell 6 percent" with the "-6.0%" of a table."""
    quantity = located.quantity
    if quantity.low >= 0 or claim.low < 0 or not DOWN.search(claim_text):
        return "not comparable"
    positive = Quantity(quantity.text, -quantity.high, -quantity.low, quantity.unit, quantity.comparator, quantity.span)
    return same_value(claim, positive)


def _strength(claim: Quantity, located: _Located, passage: str, claim_text: str, wanted: set[str]) -> float:
    """How surely a figure of the passage is about what the claim's figure is about."""
    quantity = located.quantity
    unit_words = content_words(claim.unit) | content_words(claim.text)
    subject = wanted - {_stem(word) for word in WORD.findall(claim.text)}
    sentence, everything = content_words(located.sentence), content_words(passage)
    if not subject:
        return 0.3
    inside = len(subject & sentence) / len(subject)
    around = len(subject & everything) / len(subject)
    near = len(subject & content_words(located.clause)) / len(subject)
    strength = min(1.0, (0.45 * inside + 0.2 * near + 0.35 * around) / (FULL + 0.2))
    if (
        claim.unit
        and not claim.unit.isupper()
        and claim.unit not in MEASURES | {"%", "year", "times", "percentage point"}
    ):
        strength *= 1.1 if unit_words & content_words(quantity.unit) else 0.75
    named = names(claim_text) & wanted
    if named:
        known = {_stem(word) for word in WORD.findall(passage)}
        strength *= 0.4 + 0.6 * len(named & known) / len(named)
        strangers = names(located.sentence) - names(claim_text)
        if strangers and not named & {_stem(word) for word in WORD.findall(located.sentence)}:
            strength *= 0.6
    return strength * _period_factor(claim, located, claim_text) * _direction_factor(located, claim_text)


def _years(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d,.])(?:19|20)\d\d(?![\d,])", text))


def _period_factor(claim: Quantity, located: _Located, claim_text: str) -> float:
    """Less than one where the two figures belong to different periods."""
    if claim.unit == "year":
        return 0.7
    mine, theirs = _years(claim_text), _years(located.sentence)
    if mine and theirs and not mine & theirs:
        return 0.3
    months, others = ({one.lower() for one in PERIOD.findall(text)} for text in (claim_text, located.clause))
    if months and others and not months & others:
        return 0.4
    position = located.clause.find(located.quantity.text)
    before = located.clause[: position if position >= 0 else None]
    if OTHER_PERIOD.search(before[-60:]) and not OTHER_PERIOD.search(claim_text):
        return 0.5
    return 1.0


def _direction_factor(located: _Located, claim_text: str) -> float:
    """Less than one where one of the two is a change and the other a level."""
    change = bool(
        re.search(
            r"\bby\s+(?:\w+\s+){0,3}$|\b(?:up|down|rose|fell|grew|gain|gained|lost)\s+(?:\w+\s+){0,2}$",
            located.clause.split(located.quantity.text)[0][-30:],
        )
    )
    mine = bool(UP.search(claim_text) or DOWN.search(claim_text))
    return 0.6 if change and not mine else 1.0
