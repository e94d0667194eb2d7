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
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.quantities import lexicon as lex
from pipeline.quantities.arithmetic import follows_from, significant
from pipeline.quantities.currency import currency_context
from pipeline.quantities.grammar import find_quantities
from pipeline.records import Finding, Quantity, QuantityFinding

SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\s[A-Z]\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bNo\.)(?<!\bSt\.)[”\"’)]*\s+(?=[A-Z“\"‘(0-9])|\n+"
)
WORD = re.compile(r"[A-Za-zÀ-ÿ][\w'’-]*")
NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’.&-]*")
COMPARATOR = re.compile(r"\b(?:more|less|fewer|lower|higher|larger|smaller) than\b|\bup to\b", re.IGNORECASE)
OTHER_SUBJECT = re.compile(r"\b(?:(?:an)?other|elsewhere|the rest)\b", re.IGNORECASE)
NAME_GOES_ON = re.compile(r"(?:['’]s)? [A-ZÀ-Þ]|, (?:an?|the|which|who)\b|:")
"""After the first word of a sentence, where that word is a name: "Norvik Glass", "Norvik, a maker of glass", "Norvik: sales"."""
NAME_PHRASE = re.compile(r"\b[A-ZÀ-Þ][\w'’&-]*(?: [A-ZÀ-Þ][\w'’&-]*)*")
OTHER_PERIOD = re.compile(
    r"\b(?:year[- ]ago|a year (?:earlier|ago|before)|(?:twelve|12) months (?:earlier|ago|before)|(?:the )?(?:previous|preceding|prior|last|same) "
    r"(?:\w+ )?(?:year|quarter|month|period|season|election)|in the same (?:quarter|month|period)|had been|used to|until then|for comparison"
    r"|outgoing|compared with|against|up from|down from|from)\b",
    re.IGNORECASE,
)
MONTHS = "january february march april may june july august september october november december"
MONTH = re.compile(rf"\b(?:{MONTHS.replace(' ', '|')})\b", re.IGNORECASE)
SEASON = re.compile(r"\b(?:spring|summer|autumn|winter)\b", re.IGNORECASE)
QUARTER = re.compile(r"\b(?:(?:first|second|third|fourth|next) (?:quarter|half)|q[1-4]|h[12])\b", re.IGNORECASE)
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
"""How far "about" reaches at most: a tenth either way."""
CLOSE = Decimal("0.05")
"""How far it reaches at least. Between the two, "about" reaches as far as rounding to its last digit would."""
NEARLY = Decimal("0.08")
"""How far "nearly" reaches, downwards."""
CURRENCIES = frozenset([*lex.CODES, *lex.CURRENCY_NAMES.values()])
ONE_SIGN = (
    frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "BRL"}),
    frozenset({"JPY", "CNY"}),
    frozenset({"SEK", "NOK", "DKK", "ISK", "CZK"}),
    frozenset({"INR", "PKR", "LKR", "NPR", "IDR"}),
    frozenset({"GBP", "EGP", "TRY"}),
)
"""Currencies that share a sign or a name, so that one may be read for another."""
BOUNDS = frozenset({"over", "under", "at least", "at most"})
FAR = Decimal("1.3")
"""How many times a bound a figure may be and still be what the bound was about."""
SURE_MEASURE, MARGIN = 0.6, 0.2
"""A differing figure is preferred to an agreeing one from this strength on, and only with this lead."""
DISTINCTIVE, DISTINCT = 3, 0.3
"""Digits from which an agreeing figure hardly agrees by chance, and the lead that it takes then."""
ELSEWHERE, LIKELY = 0.15, 0.4
"""Strength below which an agreeing figure is of something else, if a differing one has at least the second."""
REWORDED = 0.7
"""What is left of the likeness of two counts whose nouns differ."""
UNLIKE = 20
"""Two measures in different units that are so many times apart are not of the same thing."""
REMEMBERED = 4096
"""Texts whose words are kept: each passage meets many claims, and each claim many passages."""
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
    calculated: bool = False
    """The evidence is not stated but follows from figures of the passage, as its text says how."""


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
    # "20 percent" is seldom 17 rounded to tens.
    return scale.scaleb(zeros if len(digits) > 2 else 0)


def _range(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """The values that a figure allows, from its comparator and the digits it states; None is without bound."""
    low, high = quantity.low, quantity.high
    if quantity.comparator == "about":
        reach = min(abs(high) * NEAR, max(abs(high) * CLOSE, _quantum(quantity) / 2))
        return low - reach, high + reach
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
        agree = _agree(claim, evidence, factor)
    except InvalidOperation:
        return "not comparable"
    # "Over 22" and "under 70" do not exclude each other, but neither says what the other does.
    return "different" if not agree else "not comparable" if opposed else "compatible"


def _bounds_apart(claim: Quantity, evidence: Quantity, factor: Decimal) -> bool:
    """Whether a bound is kept to by a figure so far off that the two can hardly speak of the same thing.

    70 is over 22, but whoever measured 70 would not have said so.
    """
    mine, theirs = abs(claim.low), abs(evidence.low * factor)
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
    if claim.comparator in BOUNDS and evidence.comparator == "exactly":
        # Whoever says 5,000 does not say "more than 5,100", though the figure may be a round one.
        low, high = evidence.low, evidence.high
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
    if claim.comparator == evidence.comparator == "about":
        # Each may be a little off, but they do not add up: of two figures that are both about right one is not a tenth larger.
        low, high = evidence.low, evidence.high
        second = low * factor, high * factor
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


@lru_cache(maxsize=REMEMBERED)
def content_words(text: str) -> frozenset[str]:
    """The stems of a text's words that carry its subject."""
    return frozenset(_stem(word) for word in WORD.findall(text) if word.lower() not in COMMON and len(word) > 1)


@lru_cache(maxsize=REMEMBERED)
def all_words(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(_stem(word) for word in WORD.findall(text))


@lru_cache(maxsize=REMEMBERED)
def names(text: str) -> frozenset[str]:
    """The stems of a text's capitalised words but for the first of a sentence that is an ordinary word."""
    found = set()
    for match in NAME.finditer(text):
        opening = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in ".!?"
        word = match.group().rstrip(".")
        if (
            word.lower() in COMMON
            or MONTH.fullmatch(word)
            or (opening and word[1:].islower() and not NAME_GOES_ON.match(text, match.end()))
        ):
            continue
        found.add(_stem(word))
    return frozenset(found)


def align_quantities(
    claim: Sequence[Quantity],
    passage: str,
    *,
    claim_text: str,
    currency: Mapping[str, str] | None = None,
    setting: Setting | None = None,
) -> tuple[Alignment, ...]:
    """Find, for each figure of a claim, the figure of the passage that speaks of the same measure.

    Args:
        claim: the claim's quantities.
        passage: the passage, with its title and headings if they are known.
        claim_text: the claim, standing alone.
        currency: what ambiguous signs mean in the passage; found from both texts if it is None.
        setting: what the article is about, for a claim that does not say it.
    """
    context = currency_context(passage, around=f"{claim_text}\n{passage}") if currency is None else currency
    figures = _located(passage, tuple(sorted(context.items())))
    setting = setting or Setting()
    # "Norvik is ...": whether the first word of a sentence is a name, another text tells.
    opening = frozenset(_stem(word) for word in WORD.findall(claim_text)[:1]) & (names(passage) | setting.names)
    texts = _Texts(claim_text, passage, content_words(claim_text), names(claim_text) | opening, setting)
    found = [_align(one, figures, texts) for one in claim]
    # What the passage says of one figure of the claim cannot contradict another: "10 goals" does not dispute "4-1".
    taken = {id(one.evidence) for one in found if one.finding in {"equal", "compatible"}}
    left = [located for located in figures if id(located.quantity) not in taken]
    found = [
        _align(one.claim, left, texts) if one.finding == "different" and id(one.evidence) in taken else one
        for one in found
    ]
    return tuple(
        _beside(one, found, figures) or _derived(one, figures, texts) or _calculated(one, figures, texts) or one
        for one in found
    )


def _beside(one: Alignment, found: Sequence[Alignment], figures: Sequence[_Located]) -> Alignment | None:
    """Match a count by its number alone where another figure of the claim agrees in the same sentence.

    "61 of the 150 seats" and "61 of 150 members" count the same, though by other words.
    """
    if one.finding != "not comparable" or not _is_count(one.claim) or distinctive_digits(one.claim) < 2:
        return None
    agreed = {id(other.evidence): other.strength for other in found if other.finding in {"equal", "compatible"}}
    sentences = {
        located.sentence: agreed[id(located.quantity)] for located in figures if id(located.quantity) in agreed
    }
    for located in figures:
        quantity = located.quantity
        same = (quantity.low, quantity.high) == (one.claim.low, one.claim.high)
        if same and located.sentence in sentences and _is_count(quantity):
            return Alignment(one.claim, quantity, "compatible", 0.8 * sentences[located.sentence])
    return None


def _is_count(quantity: Quantity) -> bool:
    unit = quantity.unit
    return unit not in MEASURES | {"%", "percentage point", "year", "times"} and not unit[:3].isupper()


def _derived(one: Alignment, figures: Sequence[_Located], texts: _Texts) -> Alignment | None:
    """Match a change by the two levels that the passage gives: "up 1.4 points" by "16.9 percent, from 15.5 percent".

    Only figures side by side, of which one is marked as the earlier. They can support a claim, never dispute it.
    """
    change = one.claim
    if one.finding in {"equal", "compatible"} or change.unit not in {"%", "percentage point"}:
        return None
    direction = direction_of(texts.claim)
    for first, second in pairwise(figures):
        a, b = first.quantity, second.quantity
        if a.unit != b.unit or a.low != a.high or b.low != b.high or a.unit == "year" or not a.unit:
            continue
        if (a.unit == "%") != (change.unit == "percentage point"):
            continue
        start, end = texts.passage.find(first.sentence), texts.passage.find(second.sentence)
        between = texts.passage[start : end + len(second.sentence)]
        marked = between[between.find(a.text) + len(a.text) : between.rfind(b.text)]
        rising = re.search(r"\bfrom\s+(?:\w+\s+)?$", between[: between.find(a.text)]) is not None
        if not rising and not OTHER_PERIOD.search(marked):
            continue
        earlier, later = (a.low, b.low) if rising else (b.low, a.low)
        if direction and (later - earlier) * direction < 0:
            continue
        size = abs(later - earlier) if a.unit == "%" else abs(later - earlier) * 100 / abs(earlier) if earlier else None
        if size is None or not _is_rounded(size, change):
            continue
        text = f"{a.text.strip()} → {b.text.strip()}" if rising else f"{b.text.strip()} → {a.text.strip()}"
        levels = Quantity(text, size, size, change.unit, "about", a.span)
        strength = max(_likeness(change, located, texts) for located in (first, second))
        return Alignment(change, levels, "compatible", min(0.9, strength + 0.1 * distinctive_digits(change)))
    return None


def _calculated(one: Alignment, figures: Sequence[_Located], texts: _Texts) -> Alignment | None:
    """Match a figure that follows from two others of the passage: "690 homes" by "2,300 flats" and "30 percent"."""
    if one.finding in {"equal", "compatible"} or direction_of(texts.claim) * direction_of(texts.passage) < 0:
        return None
    result = follows_from(
        one.claim,
        texts.claim,
        texts.passage,
        [located.quantity for located in figures],
        digits=distinctive_digits(one.claim),
        quantum=_quantum(one.claim),
        factor=_factor,
    )
    return Alignment(one.claim, result, "compatible", one.strength, calculated=True) if result else None


def _is_rounded(size: Decimal, change: Quantity) -> bool:
    low, high = _range(change)
    return (low is None or size >= low) and (high is None or size <= high)


def compare_quantities(
    claim: Sequence[Quantity], passage: str, *, claim_text: str, currency: Mapping[str, str] | None = None
) -> tuple[QuantityFinding, ...]:
    """Hold each figure of a claim against the passage, as the report shows it."""
    aligned = align_quantities(claim, passage, claim_text=claim_text, currency=currency)
    return tuple(QuantityFinding(one.claim, one.evidence, one.finding) for one in aligned)


class Rival(NamedTuple):
    """A figure of the passage that may be the one the claim's figure is about; the best sorts last."""

    strength: float
    equal: bool
    order: int
    evidence: Quantity
    finding: Finding


@dataclass(frozen=True, slots=True)
class Setting:
    """Whom and when an article is about: it stands for the names and the year that a claim leaves out."""

    names: frozenset[str] = frozenset()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a claim's figures and a passage's are read in."""

    claim: str
    passage: str
    wanted: frozenset[str]
    named: frozenset[str]
    setting: Setting


@dataclass(frozen=True, slots=True)
class _Located:
    quantity: Quantity
    sentence: str
    clause: str


@lru_cache(maxsize=REMEMBERED)
def _located(passage: str, currency: tuple[tuple[str, str], ...]) -> tuple[_Located, ...]:
    found = []
    start = 0
    pieces = [*SENTENCE_END.finditer(passage), None]
    for piece in pieces:
        end = piece.start() if piece else len(passage)
        sentence = passage[start:end]
        for quantity in find_quantities(sentence, currency=dict(currency)):
            found.append(_Located(quantity, sentence, _clause(sentence, quantity.span.start, quantity.span.end)))
        start = piece.end() if piece else end
    return tuple(found)


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


def _align(claim: Quantity, figures: Sequence[_Located], texts: _Texts) -> Alignment:
    agreeing: list[Rival] = []
    differing: list[Rival] = []
    direction = _direction_at(claim, _clause_of(claim, texts.claim))
    for place, located in enumerate(figures):
        finding = _finding(claim, located, texts.claim)
        reworded = finding == "not comparable" and _is_reworded(claim, located.quantity)
        if finding == "not comparable" and not reworded:
            continue
        strength = _likeness(claim, located, texts)
        if finding == "different":
            strength += _slip(claim, located.quantity)
        elif not _belongs_elsewhere(located, texts):
            # That the very same figure turns up by chance is the less likely the more digits it states.
            strength = max(strength, min(0.9, strength + 0.15 * distinctive_digits(claim)))
        if reworded:
            finding, strength = "compatible", strength * REWORDED
        strength *= _period_factor(claim, located, texts) * _direction_factor(located, texts.claim)
        if finding != "different" and direction and _direction_at(located.quantity, located.clause) == -direction:
            finding = "different"
        rival = Rival(min(1.0, strength), finding == "equal", -place, located.quantity, finding)
        (differing if finding == "different" else agreeing).append(rival)
    differed = max(differing, default=None)
    # Where the passage gives another figure for the claim's own subject, the same one of somebody else is no agreement.
    agreeing = [
        rival for rival in agreeing if rival.strength >= ELSEWHERE or differed is None or differed.strength < LIKELY
    ]
    agreed = max(agreeing, default=None)
    # "1,846 cases" is what "1,846 people" fell ill of, though the next sentence counts other people.
    lead = DISTINCT if agreed and distinctive_digits(claim) >= DISTINCTIVE else MARGIN
    if agreed and (differed is None or differed.strength < max(SURE_MEASURE, agreed.strength + lead)):
        return Alignment(claim, agreed.evidence, agreed.finding, agreed.strength)
    if differed is None:
        return Alignment(claim, None, "not comparable", 0.0)
    # Two figures of one kind in one sentence: which of them answers the claim is a guess, and a dispute must not be one.
    close = sum(rival.strength >= differed.strength - 0.1 for rival in differing)
    strength = differed.strength - 0.15 * (close - 1)
    if strength < 0.25:
        return Alignment(claim, None, "not comparable", max(0.0, strength))
    return Alignment(claim, differed.evidence, "different", strength)


def _finding(claim: Quantity, located: _Located, claim_text: str) -> Finding:
    finding = same_value(claim, located.quantity)
    if finding == "not comparable" and _is_other_currency(claim, located.quantity):
        return "different"
    if finding == "not comparable":
        finding = _unsigned(claim, located, claim_text)
    if finding == "different" and _unsigned(claim, located, claim_text) in {"equal", "compatible"}:
        return "equal"
    if finding == "different" and not _contradicts(claim, located.quantity):
        return "not comparable"
    return finding


def _is_other_currency(claim: Quantity, evidence: Quantity) -> bool:
    """Whether the same sum of money is given in another currency, whose sign cannot be meant for the claim's."""
    if claim.unit not in CURRENCIES or evidence.unit not in CURRENCIES or claim.unit == evidence.unit:
        return False
    if any({claim.unit, evidence.unit} <= family for family in ONE_SIGN):
        return False
    return (claim.low, claim.high) == (evidence.low, evidence.high) and distinctive_digits(claim) > 1


def _is_reworded(claim: Quantity, evidence: Quantity) -> bool:
    """Whether two counts are of one number but of things by different words: "14 kids" and "14 children", or not."""
    same = (claim.low, claim.high) == (evidence.low, evidence.high) and claim.low > 1
    return same and _is_count(claim) and _is_count(evidence)


def has_same_digits(alignment: Alignment) -> bool:
    """Whether a figure that differs has the claim's own digits, if in another order, magnitude, unit or direction."""
    return alignment.evidence is not None and _slip(alignment.claim, alignment.evidence) > 0


def _slip(claim: Quantity, evidence: Quantity) -> float:
    """What a figure gains in likeness that differs as a slip of the pen would: two digits exchanged, or the magnitude.

    121.6 kilograms and 121.6 grams, 1,854 and 1,584: such figures seldom stand for two different things.
    """
    mine, theirs = significant(claim), significant(evidence)
    if len(mine) < 2 or sorted(mine) != sorted(theirs):
        return 0.0
    return 0.1 * min(4, len(mine))


def _belongs_elsewhere(located: _Located, texts: _Texts) -> bool:
    """Whether a figure's sentence is about somebody else: it names others only, or a namesake of whom the claim is about."""
    named, there = texts.named, names(located.sentence)
    if not named:
        return bool(there and texts.setting.names and not (there | names(texts.passage)) & texts.setting.names)
    inside = all_words(located.sentence)
    if named & all_words(texts.passage) and not named & inside and there - named:
        return True
    return _is_namesake(texts.claim, located.sentence)


def _is_namesake(claim_text: str, sentence: str) -> bool:
    """Whether the sentence names a "Farmers' Union" where the claim names a "Civic Union"."""
    mine, theirs = name_phrases(claim_text), name_phrases(sentence)
    present = all_words(sentence)
    return any(
        a[-1] == b[-1] and not set(a) <= present and not set(b) <= set(a)
        for a in mine
        if len(a) > 1
        for b in theirs
        if len(b) > 1
    )


@lru_cache(maxsize=REMEMBERED)
def name_phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The names of a text, each as the stems of its words."""
    return tuple(tuple(_stem(word) for word in match.group().split()) for match in NAME_PHRASE.finditer(text))


def direction_of(clause: str) -> int:
    """1 where a clause says that something went up, -1 where down, 0 where neither or both."""
    bare = COMPARATOR.sub(" ", clause)
    up, down = bool(UP.search(bare)), bool(DOWN.search(bare))
    return int(up) - int(down)


def _direction_at(quantity: Quantity, clause: str) -> int:
    """Which way a figure went: by the words just before and after it, as far as the next figure."""
    start = clause.find(quantity.text)
    if start < 0:
        return 0
    before = re.split(r"\d", clause[:start])[-1].split()[-4:]
    after = re.split(r"\d", clause[start + len(quantity.text) :])[0].split()[:3]
    return direction_of(" ".join([*before, "|", *after]))


def _clause_of(claim: Quantity, claim_text: str) -> str:
    """The clause of the claim in which its figure stands; found by its words, since its span may be in the article."""
    start = claim_text.find(claim.text)
    return _clause(claim_text, start, start + len(claim.text)) if start >= 0 else claim_text


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
    factor = _factor(evidence.unit, claim.unit)
    if claim.unit != evidence.unit and claim.unit in MEASURES and factor and not _slip(claim, evidence):
        # Feet of snow and miles of road: lengths both, but nobody mistakes the one for the other.
        sizes = sorted((abs(claim.low), abs(evidence.low * factor)))
        if sizes[1] > sizes[0] * UNLIKE:
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


def _likeness(claim: Quantity, located: _Located, texts: _Texts) -> float:
    """How surely a figure of the passage measures what the claim's figure measures, of the same subject: 0..1."""
    quantity = located.quantity
    unit_words = content_words(claim.unit) | content_words(claim.text)
    subject = texts.wanted - all_words(claim.text)
    if not subject:
        return 0.3
    inside, around, near = (
        len(subject & content_words(text)) / len(subject) for text in (located.sentence, texts.passage, located.clause)
    )
    own = content_words(_clause_of(claim, texts.claim)) - unit_words
    if own and not own & content_words(located.clause):
        # "Five killed, twelve injured": one measure for each figure.
        near, inside = 0.0, inside * 0.7
    strength = min(1.0, (0.45 * inside + 0.2 * near + 0.35 * around) / (FULL + 0.2))
    if _is_count(claim) and claim.unit:
        strength *= 1.1 if unit_words & content_words(quantity.unit) else 0.75
    named = texts.named & texts.wanted
    if named:
        strength *= 0.4 + 0.6 * len(named & all_words(texts.passage)) / len(named)
        if names(located.sentence) - texts.named and not named & all_words(located.sentence):
            strength *= 0.6
    if _belongs_elsewhere(located, texts):
        strength *= 0.4
    elif OTHER_SUBJECT.search(located.sentence) and not OTHER_SUBJECT.search(texts.claim):
        strength *= 0.6
    return strength


def _years(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d,.])(?:19|20)\d\d(?![\d,])", text))


def _period_factor(claim: Quantity, located: _Located, texts: _Texts) -> float:
    """Less than one where the two figures belong to different periods."""
    if claim.unit == "year":
        return 0.7
    mine, theirs = _years(texts.claim), _years(located.sentence)
    if mine and theirs and not mine & theirs:
        return 0.3
    if any(_apart(pattern, texts.claim, located.clause) for pattern in (MONTH, SEASON, QUARTER)):
        return 0.4
    position = located.clause.find(located.quantity.text)
    before = located.clause[: position if position >= 0 else None]
    if OTHER_PERIOD.search(before[-60:]) and not OTHER_PERIOD.search(texts.claim):
        return 0.5
    present = str(texts.setting.year) if texts.setting.year else ""
    if not mine and present and theirs and present not in theirs and OTHER_PERIOD.search(located.sentence):
        return 0.4
    return 1.0


def _apart(period: re.Pattern[str], claim_text: str, clause: str) -> bool:
    mine, theirs = ({one.lower() for one in period.findall(text)} for text in (claim_text, clause))
    return bool(mine and theirs and not mine & theirs)


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
