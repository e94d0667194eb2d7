"""Finds the figures of a text: number, scale, unit, and the words that bound or soften it.

A number is looked for first; then what stands before and after it says whether it is a quantity (and not an ordinal,
a date, a name such as "Boeing 737"), in which unit, and how exactly. Every digit of a quantity stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.quantities import lexicon as lex
from pipeline.quantities.currency import code_of, currency_context
from pipeline.records import Comparator, Quantity, Span


def _words(words: Mapping[str, object] | list[str] | frozenset[str] | set[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_UNITS = _words([word for word, value in lex.ONES.items() if 0 < value < 10])
_BELOW_100 = rf"(?:(?:{_words(lex.TENS)})(?:[- ](?:{_UNITS})\b)?|(?:{_words(lex.ONES)}))"
_BELOW_1000 = rf"(?:{_BELOW_100}[- ]hundred\b(?:(?: and | |-){_BELOW_100})?|{_BELOW_100})"
_NUMBER_WORDS = rf"(?:{_BELOW_1000}[- ]thousand\b(?:(?:,? and |,? ){_BELOW_1000})?|{_BELOW_1000})"
_DIGITS = (
    r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?(?![\d,]*\d)|\d{1,3}(?:[\u00a0\u202f\u2009']\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3}){2,}(?!\d)"
    r"|\d+\.\d+|\d+|(?<![\d])\.\d+"
)
NUMBER = re.compile(
    rf"(?P<digits>(?:{_DIGITS})[½¼¾⅓⅔]?|[½¼¾⅓⅔])"
    rf"|\b(?P<words>{_NUMBER_WORDS}|(?:a|one|several) (?=hundred|thousand|million|billion|"
    rf"trillion|dozen|lakh|crore)(?:hundred|thousand)?)\b",
    re.IGNORECASE,
)
SCALE = re.compile(rf"\s?-?(?P<scale>{_words(lex.SCALES)})\b(?! (?:years|months)\b)", re.IGNORECASE)
LETTER_SCALE = re.compile(r" ?(?P<scale>[kmbt])(?:il)?\b(?![/²³'’]|-(?!a-|an-|per-|strong\b))", re.IGNORECASE)
PERCENT = re.compile(
    r"\s?(?:%|percent\b|per cent\b|pct\b|pc\b)(?!\s?-?\s?points?\b)(?:age\b(?! points?))?", re.IGNORECASE
)
POINTS = re.compile(
    r"(?:\s?-?| of an? )(?:%|percentage|percent|per cent)[- ]?points?\b|\s?(?:pp|ppts?|pps)\b", re.IGNORECASE
)
BASIS_POINTS = re.compile(r"[\s-]?(?:basis[- ]points?|bps|bp)\b", re.IGNORECASE)
SIGN_BEFORE = re.compile(rf"(?:(?<![\w$])(?P<sign>{_words(lex.SIGNS)})|\b(?P<code>{'|'.join(lex.CODES)}))\s?$")
CODE_AFTER = re.compile(rf"\s(?P<code>{'|'.join(lex.CODES)})\b")
NAME_AFTER = re.compile(rf"[\s-](?P<name>{_words(lex.CURRENCY_NAMES)})(?:s|es)?\b", re.IGNORECASE)
HUNDREDTH_AFTER = re.compile(rf"\s?(?P<name>{_words(lex.HUNDREDTHS)}|¢|p(?=\b))s?\b", re.IGNORECASE)
PHYSICAL_AFTER = re.compile(rf"(?P<gap>[\s-]?)(?P<unit>{_words(lex.PHYSICAL)})(?P<plural>s?)(?![\w°²³])", re.IGNORECASE)
TIME_AFTER = re.compile(rf"[\s-](?P<unit>{_words(lex.TIME)})(?P<plural>s?)\b(?P<old>[\s-]olds?\b)?", re.IGNORECASE)
RATE = re.compile(
    rf"(?:-an?-|-per-|\s?/\s?|\s(?:a|an|per|each|every|for each|for every)\s)(?P<per>{_words(lex.PER)})s?\b(?! (?:earlier|ago|before|later|after))",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|(?:-|\s)?(?:st|nd|rd|th)\b(?=[\s-])", re.IGNORECASE)
NOUN = re.compile(r"(?P<gap>[\s-])(?P<word>[A-Za-zÀ-ÿ][\w'’-]*)")
YEAR = re.compile(r"(?:1[4-9]|20|21)\d\d")
YEAR_RANGE = re.compile(
    r"\b(?P<first>(?:1[4-9]|20|21)\d\d)\s?[-–—/]\s?(?P<last>(?:1[4-9]|20|21)\d\d|\d\d)\b(?![-–/.,]?\d)"
)
BETWEEN_YEARS = re.compile(r"\bbetween (?P<first>(?:1[4-9]|20)\d\d) and (?P<last>(?:1[4-9]|20)\d\d)\b", re.IGNORECASE)
DECADE = re.compile(rf"\b(?P<word>{_words(lex.DECADES)})\b", re.IGNORECASE)
SCORE = re.compile(r"(?<![\w.,/–-])(?P<first>\d{1,3})[-–](?P<last>\d{1,3})(?![\w/%–-]|[.,]\d)")
FRACTION = re.compile(
    rf"\b(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[\s-](?P<part>{_words(lex.FRACTIONS)})(?:s)?\b"
    rf"|(?<![\w-])(?P<half>half)\b(?!-| past\b)|\b(?P<point>quarter|half)(?=[ -](?:percentage )?point\b)",
    re.IGNORECASE,
)
ONE_IN = re.compile(
    rf"(?<![\d.,])\b(?:(?P<part>one|1)(?: [a-z]+(?: of [a-z]+| [a-z]+)?)?\sin|(?P<some>\d{{1,3}}|{_NUMBER_WORDS})\s(?:in every|out of(?: every)?))"
    rf"\s(?:every |each )?(?P<whole>\d{{1,3}}(?:,000)?|{_NUMBER_WORDS}|a hundred)\b(?!\s?%|[.,]?\d|-|\s(?:{'|'.join(lex.MONTHS)}|per|percent|of|years|days)\b)",
    re.IGNORECASE,
)
TIMES = re.compile(r"[\s-](?:times|fold)\b|-fold\b|x\b", re.IGNORECASE)
TWICE = re.compile(rf"\b(?P<word>twice|thrice|(?:{_UNITS}|ten)fold)\b", re.IGNORECASE)
SCORING = re.compile(r"\bscor(?:e|ed|es|ing)\s$", re.IGNORECASE)
PEOPLE = re.compile(
    r"\b(?P<who>population|inhabitants|workforce|headcount|payroll|staff)\b(?:[^.;:,]|[.,](?=\d)){0,60}$", re.IGNORECASE
)
UNIT_OF_PEOPLE = {"population": "person", "inhabitants": "person"}
PER_HEAD = re.compile(r"\bper (?:head|capita|person)\b[^.;:\d$€£¥₹]{0,40}[$€£¥₹]?$", re.IGNORECASE)
MONEY = frozenset([*lex.CODES, *lex.CURRENCY_NAMES.values()])
NAMED = re.compile(rf"(?:^|\W)(?:{_words(lex.NAMING)})\s$", re.IGNORECASE)
MOVED = re.compile(
    r"\b(?:rose|risen|fell|fallen|shed|lost|gained|added|climbed|dropped|slid|jumped|grew|grown|up|down|dipped|slipped|eased|edged \w+|cut|raised|lowered)(?: by)?(?: (?:about|nearly|almost|just|some|over))?\s$",
    re.IGNORECASE,
)
DEGREES_ATTACHED = re.compile(r"\s?(?P<unit>[CF])(?![\w$€£¥.’'-])")
LEAD = re.compile(
    r"\ba (?P<unit>point|goal|length|stroke|shot|game|seat)(?= (?:behind|ahead|clear|adrift|short|up|down)\b)",
    re.IGNORECASE,
)
"""One, by which somebody leads: "a point behind"."""
_MINUTES = r"[1-5]\d|ten|fifteen|twenty(?:-five)?|thirty(?:-five)?|forty(?:-five)?|fifty(?:-five)?"
HOURS_AND_MINUTES = re.compile(
    rf"\b(?P<hours>\d{{1,2}}|{_NUMBER_WORDS}) hours? (?P<minutes>{_MINUTES})\b(?=[.,;!?]?(?:\s|$))(?!\s(?:minutes?|years?|people|times|percent|per|%)\b)",
    re.IGNORECASE,
)
"""A length of time with its minutes unnamed: "three hours forty"."""
RATIO = re.compile(
    rf"\bratio of (?P<one>\d{{1,3}}(?:\.\d+)?|{_NUMBER_WORDS}) to (?P<other>\d{{1,3}}(?:\.\d+)?|{_NUMBER_WORDS})\b(?![.,]?\d)",
    re.IGNORECASE,
)
PRICED_FROM = re.compile(
    r"\b(?:tickets?|prices?|fares?|rates?|rooms?|entry|admission|seats?|starts?|starting|costs?|costing|priced|sells?|available) (?:cost |start |are |at )?from\s*$",
    re.IGNORECASE,
)
"""What stands before the lowest price: "tickets from £14"."""
WHOLE_TIME = re.compile(r"\ba (?P<unit>decade|century)\b", re.IGNORECASE)
CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?::\d{2})?(?=\s?(?:[ap]\.?m\b|h\b|hrs\b|o'clock))|\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{1,2}\s?[ap]\.?m\b\.?"
)
DATE = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{'|'.join(sorted(lex.MONTHS))})\b\.?"
    rf"|\b(?:{'|'.join(sorted(lex.MONTHS))})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!\d|[.,]?\d)",
    re.IGNORECASE,
)
NO_FIGURE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|\+\d[\d ()-]{6,}\d|\b\d+(?:\.\d+){2,}\b|\b\d+(?:[+*=<>]\d+)+|\b\d{3}-\d{3,4}-\d{3,4}\b"
    r"|\b[A-Za-z]+\d[\w-]*|\b(?<!top-)(?<!mid-)[A-Z][A-Za-z]*-\d[\w-]*",
)
NEGATED = re.compile(r"(?:\bnot|\bnever|n['’]t)(?: \w+){0,3} $", re.IGNORECASE)
"""Before a bound, which it turns round: "not to use more than 10 percent" is at most 10 percent."""
TURNED: dict[Comparator, Comparator] = {"over": "at most", "under": "at least", "at least": "under", "at most": "over"}
RANGE_JOIN = re.compile(r"\s?(?:[-–—]|to|and)\s?", re.IGNORECASE)
GLYPHS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3}
COMPARATOR = [
    (re.compile(rf"(?<![\w-])(?:{words})\s*(?:the |a |an )?$", re.IGNORECASE), name) for words, name in lex.COMPARATORS
]
COMPARATOR_AFTER = [(re.compile(rf"\s?(?:{words})(?!\w)", re.IGNORECASE), name) for words, name in lex.AFTER]
LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with its unit, before ranges and comparators are looked at."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str
    comparator: Comparator = "exactly"
    counted: bool = False
    """The unit is a noun of the text and not a fixed measure."""


def find_quantities(text: str, *, currency: Mapping[str, str] | None = None) -> tuple[Quantity, ...]:
    """Find the quantities of a text, in order and without overlap.

    Args:
        text: any text; nothing raises.
        currency: what ambiguous signs stand for, as `currency_context` finds it; found from the text if it is None.

    Returns:
        Quantities whose spans index `text`, and whose `text` is what the span cuts out.
    """
    if not re.search(r"\d|[½¼¾⅓⅔]", text) and not _WORDY.search(text):
        return ()
    known = currency_context(text) if currency is None else currency
    figures = _without_overlap([*_special(text, known), *_plain(text, known)])
    ranged = list(_join_ranges(text, figures))
    found = [replace(figure, comparator=_comparator(text, figure)) for figure in ranged]
    return tuple(
        Quantity(text[f.start : f.end], f.low, f.high, f.unit, f.comparator, Span(f.start, f.end)) for f in found
    )


_WORDY = re.compile(
    rf"\b(?:{_words({**lex.ONES, **lex.TENS})}|half|quarter|third|fifth|tenth|twice|thrice|dozen|decade|century|{_words(lex.DECADES)}"
    rf"|hundred|thousand|million|billion|trillion)s?\b",
    re.IGNORECASE,
)


def _special(text: str, currency: Mapping[str, str]) -> Iterator[_Figure]:
    """Figures of a shape of their own: years, scores, fractions, shares. They go before plain numbers."""
    for match in NO_FIGURE.finditer(text):
        yield _Figure(match.start(), match.end(), Decimal(0), Decimal(0), _NOTHING)
    for match in DATE.finditer(text):
        yield _Figure(match.start(), match.end(), Decimal(0), Decimal(0), _NOTHING)
    for match in CLOCK.finditer(text):
        yield _Figure(match.start(), match.end(), Decimal(0), Decimal(0), _NOTHING)
    for match in BETWEEN_YEARS.finditer(text):
        yield _Figure(match.start(), match.end(), Decimal(match["first"]), Decimal(match["last"]), "year", "between")
    for match in YEAR_RANGE.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        last = last if last > 99 else first - first % 100 + last
        if first <= last and not SIGN_BEFORE.search(text[: match.start()][-6:]):
            yield _Figure(match.start(), match.end(), Decimal(first), Decimal(last), "year", "between")
    for match in SCORE.finditer(text):
        yield from _score(text, match)
    for match in ONE_IN.finditer(text):
        share = _share(_value(match["part"] or match["some"]), _value(match["whole"]))
        if share:
            yield _Figure(match.start(), match.end(), *share, "%")
    for match in FRACTION.finditer(text):
        figure = _fraction(text, match, currency)
        if figure:
            yield figure
    for match in DECADE.finditer(text):
        low = Decimal(lex.DECADES[match["word"].lower()])
        if re.search(
            r"\b(?:his|her|their|in the) (?:early |mid-?|late )?$", text[: match.start()][-20:], re.IGNORECASE
        ):
            yield _Figure(match.start(), match.end(), low, low + 9, "year", "between")
    yield from _worded_measures(text)


def _worded_measures(text: str) -> Iterator[_Figure]:
    """Lengths of time, ratios and leads told in words of their own: "three hours forty", "a ratio of five to four", "a point behind"."""
    for match in TWICE.finditer(text):
        word = match["word"].lower()
        value = Decimal({"twice": 2, "thrice": 3, "tenfold": 10}.get(word) or lex.ONES[word[:-4]])
        goals = SCORING.search(text[max(0, match.start() - 12) : match.start()])
        yield _Figure(match.start(), match.end(), value, value, "goal" if goals else "times")
    for match in HOURS_AND_MINUTES.finditer(text):
        hours, minutes = _value(match["hours"]), _value(match["minutes"])
        if hours is not None and minutes is not None:
            yield _Figure(match.start(), match.end(), 60 * hours + minutes, 60 * hours + minutes, "minute")
    for match in RATIO.finditer(text):
        one, other = _value(match["one"]), _value(match["other"])
        if one and other:
            yield _Figure(match.start("one"), match.end(), one / other, one / other, "times")
    for match in LEAD.finditer(text):
        yield _Figure(match.start(), match.end(), Decimal(1), Decimal(1), match["unit"].lower(), counted=True)
    for match in WHOLE_TIME.finditer(text):
        value = Decimal(lex.SPANS_OF_YEARS[match["unit"].lower()])
        if not text[: match.start()].lower().endswith(("half ", "quarter of ", "third of ")):
            yield _Figure(match.start(), match.end(), value, value, "year")


_NOTHING = "\0"
"""Unit of a stretch in which no figure is to be looked for."""


def _score(text: str, match: re.Match[str]) -> Iterator[_Figure]:
    first, last = Decimal(match["first"]), Decimal(match["last"])
    if SIGN_BEFORE.search(text[max(0, match.start() - 6) : match.start()]):
        return
    around = text[max(0, match.start() - 80) : match.end() + 60].lower()
    if re.match(
        r"[\s-](?:year|month|week|day|hour|minute|per|percent|km|m\b|mile|page|member|man|person)", text[match.end() :]
    ):
        return
    unit = ""
    if re.search(
        r"\b(?:vot\w+|court|justices|judges|committee|parliament|abstention|approved|rejected|ruled)\b", around
    ):
        unit = "vote"
    elif re.search(
        r"\b(?:goal|goals|striker|penalty|header|league|half-time|equalis\w+|scor\w+|keeper|fixture)\b", around
    ):
        unit = "goal"
    elif not re.search(
        r"\b(?:beat\w*|won|win|lost|lose|defeat\w*|victory|draw|drew|match|game|set|final|lead|led|crush\w*|rout\w*|thrash\w*)\b",
        around,
    ):
        # Two numbers with a dash and no contest about: a range, or nothing that can be told.
        if first < last:
            figure = _unit_of(text, match.end(), match.start(), {})
            yield _Figure(match.start(), figure[1], first, last, figure[0], "between", counted=figure[2])
        return
    middle = match.end("first")
    yield _Figure(match.start(), middle, first, first, unit)
    yield _Figure(middle + 1, match.end(), last, last, unit)


def _share(part: Decimal | None, whole: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """A part of a whole in percent, between the tenths that enclose it: "one in six" is 16.6 to 16.7."""
    if part is None or whole is None or whole <= 1 or part <= 0 or part >= whole:
        return None
    exact = part * 100 / whole
    tenth = Decimal("0.1")
    low, high = exact.quantize(tenth, ROUND_FLOOR), exact.quantize(tenth, ROUND_CEILING)
    return (exact, exact) if low == high else (low, high)


def _fraction(text: str, match: re.Match[str], currency: Mapping[str, str]) -> _Figure | None:
    part = (match["part"] or match["half"] or match["point"]).lower()
    counts = {"a": 1, "an": 1, **lex.ONES}
    count = counts.get((match["count"] or "one").lower(), 1)
    top, bottom = lex.FRACTIONS[part][0] * count, lex.FRACTIONS[part][1]
    after = text[match.end() :]
    points = re.match(r"(?: of)?(?: an?| one)?[ -](?:percentage )?point\b", after)
    if points and (part in {"half", "quarter"}):
        value = Decimal(top) / bottom
        return _Figure(match.start(), match.end() + points.end(), value, value, "percentage point")
    measure = re.match(r"(?: of)?(?: an?)?(?=[ -]\w)", after)
    if part in {"half", "quarter"} and measure:
        place = match.end() + measure.end()
        unit, end, counted = _unit_of(text, place, match.start(), currency)
        if unit and not counted and unit not in {"%"} and not _is_period_name(text, match):
            value = Decimal(top) / bottom
            return _Figure(match.start(), end, value, value, unit)
    scaled = re.match(r" (?:a )?(?:million|billion|trillion)\b", after)
    if part == "half" and scaled:
        value = Decimal("0.5") * lex.SCALES[scaled.group().split()[-1].lower()]
        unit, end, counted = _unit_of(text, match.end() + scaled.end(), match.start(), currency)
        return _Figure(match.start(), end, value, value, unit, counted=counted)
    if _is_ordinal(text, match, part) or _is_period_name(text, match):
        return None
    share = _share(Decimal(top), Decimal(bottom))
    return _Figure(match.start(), match.end(), *share, "%") if share else None


def _is_ordinal(text: str, match: re.Match[str], part: str) -> bool:
    """Whether "a third" counts in order ("a third group") and is no share ("a third of", "fell by a third")."""
    if (match["count"] or "").lower() not in {"a", "an", "one"} or part in {"half", "halves"}:
        return False
    if match.group().lower().startswith("one-") or "-" in match.group():
        return False
    after = text[match.end() :]
    if part == "quarter" and re.match(
        r"\s+(?:to|were|was|is|and|have|had|on|by|with|over|against|between|do|did)\b", after
    ):
        return True
    if re.match(r"\s*(?:of\b|$|[.,;:)\]—–]|than\b|more\b|less\b|lower\b|higher\b|smaller\b|larger\b|fewer\b|in\b|since\b|from\b|to\b|the\b|were\b"
                r"|was\b|are\b|is\b|and\b|have\b|had\b|said\b|say\b|on\b|between\b|over\b|against\b|by\b|with\b|do\b|did\b)", after):  # fmt: skip
        return False
    before = text[: match.start()][-24:].lower()
    return not re.search(
        r"\b(?:by|nearly|almost|about|around|roughly|over|under|than|least|up|only|another)\s$", before
    )


def _is_period_name(text: str, match: re.Match[str]) -> bool:
    """Whether "half" or "quarter" names a stretch of a year or a match: "first half", "a quarter later"."""
    if not re.search(r"half|quarter", match.group(), re.IGNORECASE):
        return False
    before, after = text[: match.start()][-14:].lower(), text[match.end() :]
    if re.search(
        r"\b(?:first|second|third|fourth|last|latest|next|other|previous|better|the|this|each|that|per|every)[ -]$",
        before,
    ):
        return (
            not re.match(r"\s*(?:of (?:the|all|its|their|them|those|our)|the)\b", after)
            or "first" in before
            or "second" in before
        )
    return (
        re.match(r"(?:-|\s)(?:time|year|day|hour|dozen|century|brother|sister|earlier|later|ago|final)", after)
        is not None
    )


def _value(text: str) -> Decimal | None:
    """The value of a number in digits or words; None where it has none."""
    plain = text.strip().lower()
    glyph = Decimal(0)
    if plain and plain[-1] in GLYPHS:
        glyph, plain = GLYPHS[plain[-1]], plain[:-1]
        if not plain:
            return glyph
    if re.fullmatch(r"[\d.,'\s\u00a0\u202f\u2009]+", plain):
        digits = re.sub(r"[,'\s\u00a0\u202f\u2009]", "", plain)
        return Decimal(digits) + glyph if re.fullmatch(r"\d*\.?\d+", digits) and digits.isascii() else None
    return _worded(re.split(r"[\s-]+", plain))


def _worded(words: list[str]) -> Decimal | None:
    total, group = 0, 0
    for word in words:
        if word in lex.ONES:
            group += lex.ONES[word]
        elif word in lex.TENS:
            group += lex.TENS[word]
        elif word == "hundred":
            group = max(1, group) * 100
        elif word == "thousand":
            total, group = total + max(1, group) * 1000, 0
        elif word not in {"and", "a", "an", "one", "several", ""}:
            return None
        elif word == "one":
            group += 1
    return Decimal(total + group) if total + group or words == ["zero"] else Decimal(1)


def _plain(text: str, currency: Mapping[str, str]) -> Iterator[_Figure]:
    for match in NUMBER.finditer(text):
        figure = _figure(text, match, currency)
        if figure:
            yield figure


def _figure(text: str, match: re.Match[str], currency: Mapping[str, str]) -> _Figure | None:
    start, end = match.start(), match.end()
    if match["digits"] and (_inside_word(text, start, end) or ORDINAL.match(text, end)):
        return None
    value = _value(match.group())
    if value is None:
        return None
    if not match["digits"] and re.match(r"-(?!\w+)", text[end:]):
        return None
    sign = SIGN_BEFORE.search(text[max(0, start - 6) : start])
    if sign:
        start = max(0, start - 6) + sign.start()
    unscaled_end = end
    half = re.match(r" and a half\b", text[end:])
    if half:
        value, end = value + Decimal("0.5"), end + half.end()
    end, value, scaled = _scale(text, end, value, with_sign=bool(sign))
    if sign:
        code = code_of(sign["sign"], currency, lex.SIGNS[sign["sign"]]) if sign["sign"] else _code(sign["code"])
        unit, counted = code, False
        after = CODE_AFTER.match(text, end)
        if after and (sign["sign"] or "") == "$":
            unit, end = _code(after["code"]), after.end()
        rate = _rate(text, end)
        unit = f"{code}/{rate[0]}" if rate else unit
        end = rate[1] if rate else end
    else:
        unit, end, counted = _unit_of(text, end, start, currency)
        if unit == _BASIS:
            unit, value = "percentage point", value / 100
        elif unit.startswith(_HUNDREDTH):
            unit, value = unit[len(_HUNDREDTH) :], value / 100
    if unit == "point" and re.search(r"%|per ?cent|\brate\b", text[max(0, start - 120) : start + 80]):
        unit, counted = "percentage point", False
    if counted and match["digits"] and NAMED.search(text[max(0, start - 14) : start]):
        return None
    unit, end = _warmth(text, match, unit, end)
    if not unit:
        per = RATE.match(text, end)
        if per and match["digits"]:
            return _Figure(start, per.end(), value, value, f"/{per['per'].lower()}")
        return _bare(text, match, start, max(end, unscaled_end), value, scaled=scaled)
    if unit == "year" and value > 1300:
        return None
    if (
        (match["words"] or "").lower() in {"one", "a", "several"}
        and counted
        and text[unscaled_end : unscaled_end + 1] != "-"
    ):
        # "one" before a noun is more often a pronoun or an article than a count; as a count it says so little that it is left out,
        # unless a verdict can hang on it ("one abstention" after a vote).
        return (
            _Figure(start, end, value, value, unit, counted=True)
            if re.match(r"\s[a-z]+tions?\b", text[unscaled_end:])
            else None
        )
    start, value = _signed(text, start, value, unit)
    return _Figure(start, end, value, value, unit, counted=counted)


def _warmth(text: str, match: re.Match[str], unit: str, end: int) -> tuple[str, int]:
    """Degrees whose sign was left out, "25C"; and "strong", which counts people."""
    if unit == "strong":
        return "person", end
    warm = DEGREES_ATTACHED.match(text, end) if unit == "" and match["digits"] else None
    if warm and (end == warm.start("unit") or re.search(r"\b(?:minus|plus|degrees?|temperatures?)\b", text)):
        return f"°{warm['unit']}", warm.end()
    return unit, end


def _signed(text: str, start: int, value: Decimal, unit: str) -> tuple[int, Decimal]:
    """The sign before a figure: a dash that joins nothing, or "minus" before degrees."""
    negative = start > 0 and text[start - 1] in "-−" and not re.search(r"[\w)]\s?$", text[: start - 1])
    if negative:
        start, value = start - 1, -value
    minus = re.search(r"\b[Mm]inus\s$", text[max(0, start - 6) : start])
    if minus and unit in {"°C", "°F", "°", "degree", "%"}:
        start, value = start - 6, -value
    return start, value


def scaled_or_digits(match: re.Match[str]) -> bool:
    """Whether a number is one of digits, and no word that may stand for something else."""
    return bool(match["digits"])


_BASIS = "\1"
_HUNDREDTH = "\2"


def _code(code: str) -> str:
    return "CNY" if code == "RMB" else code


def _inside_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before and (
        before.isalnum() or before in "_#@/\\" or (before in ".," and text[max(0, start - 2) : start - 1].isdigit())
    ):
        return True
    if SCALE.match(text, end):
        # "£7.4million", as some papers write it.
        return False
    return bool(after) and (after == "_" or (after.isalpha() and not re.match(
        r"(?:c|f|k|m|b|t|bn|mn|tn|trn|km|kg|g|mm|cm|ml|l|x|p|pp|bps?|pc|pct|mg|h|s|kw|mw|gw|kwh|mwh|gwh|twh|gb|mb|tb|ft|lb|lbs|kph|mph|ha|"
        r"hz|ghz|mhz|w|v)(?![\w])", text[end : end + 6], re.IGNORECASE)))  # fmt: skip


def _scale(text: str, end: int, value: Decimal, *, with_sign: bool) -> tuple[int, Decimal, bool]:
    scaled = False
    while match := SCALE.match(text, end):
        value, end, scaled = value * lex.SCALES[" ".join(match["scale"].lower().split())], match.end(), True
    if not scaled:
        letter = LETTER_SCALE.match(text, end)
        if letter and (with_sign or _is_scale_letter(text, end)):
            return letter.end(), value * lex.LETTER_SCALES[letter["scale"].lower()], True
    return end, value, scaled


def _is_scale_letter(text: str, end: int) -> bool:
    """Whether a letter stuck to a number without a currency is its scale: "163K jobs", "3.5M users", but not "5 m" or "4K TV"."""
    if re.match(r"[km] [a-z]{3,}s\b|[KMB] (?!tv|video|resolution|run|race)[a-z]{3,}", text[end:]):
        return True
    return re.match(r"[kK](?![\w-])(?! (?:tv|video|resolution|run|race)\b)", text[end:]) is not None and not re.search(
        r"(?<!\d)(?:401|[48])$", text[:end]
    )


def _rate(text: str, end: int) -> tuple[str, int] | None:
    match = RATE.match(text, end)
    if match is None:
        return None
    per = match["per"].lower()
    per = {"head": "person", "capita": "person"}.get(per, per)
    return lex.PHYSICAL.get(per, per), match.end()


def _unit_of(text: str, end: int, start: int, currency: Mapping[str, str]) -> tuple[str, int, bool]:
    """The unit after a number that ends at `end`: unit, where it ends, and whether it is a counted noun."""
    for pattern, unit in ((POINTS, "percentage point"), (BASIS_POINTS, _BASIS), (PERCENT, "%")):
        match = pattern.match(text, end)
        if match:
            return unit, match.end(), False
    match = CODE_AFTER.match(text, end)
    if match:
        return _with_rate(text, _code(match["code"]), match.end())
    match = HUNDREDTH_AFTER.match(text, end)
    if match and (match["name"].lower() in lex.HUNDREDTHS):
        unit, stop, counted = _with_rate(text, lex.HUNDREDTHS[match["name"].lower()], match.end())
        return _HUNDREDTH + unit, stop, counted
    match = NAME_AFTER.match(text, end)
    if match:
        name = match["name"].lower()
        code = lex.CURRENCY_NAMES[name]
        code = (
            currency.get("$", "USD")
            if name == "dollar"
            else currency.get("krone", code)
            if code in {"krone", "SEK"}
            else code
        )
        if not (
            name in {"won", "real", "mark", "crown", "pound"} and text[match.end() : match.end() + 1].isalpha()
        ) and not (
            name == "won" and re.match(r"\s(?:the|a|an|by|in|of|on|at|more|seats|votes|gold)\b", text[match.end() :])
        ):
            return _with_rate(text, code, match.end())
    times = TIMES.match(text, end)
    if times and not text[end:].startswith(" x"):
        return "times", times.end(), False
    match = TIME_AFTER.match(text, end)
    if match:
        unit = match["unit"].lower()
        if match["unit"][0].isupper() and text[end : end + 1] == "-":
            # "14th Five-Year Plan" is a name.
            return "", end, False
        if match["old"]:
            return unit, match.end(), False
        return _with_rate(text, unit, match.end()) if unit != "quarter" else ("quarter", match.end(), False)
    match = PHYSICAL_AFTER.match(text, end)
    if match and _is_measure(text, match):
        return _with_rate(text, lex.PHYSICAL[match["unit"].lower()], match.end())
    return _counted(text, end, start)


def _with_rate(text: str, unit: str, end: int) -> tuple[str, int, bool]:
    rate = _rate(text, end)
    return (f"{unit}/{rate[0]}", rate[1], False) if rate else (unit, end, False)


def _is_measure(text: str, match: re.Match[str]) -> bool:
    """Whether a symbol after a number is a unit: one letter counts only in lower case (or V, W) and not before a word that it begins."""
    unit = match["unit"]
    if len(unit) == 1:
        return not match["plural"] and (unit.islower() or unit in "VWL°")
    return not (unit.lower() == "degree" and re.match(r"s? (?:in|from)\b", text[match.end("unit") :]))


def _counted(text: str, end: int, start: int) -> tuple[str, int, bool]:
    """A counted noun: up to three words to the first plural, "1,854 smart factories"; after a hyphen one word."""
    first = NOUN.match(text, end)
    if first is None:
        return "", end, False
    if first["gap"] == "-":
        word = first["word"].split("-")[0]
        return (
            (_singular(word), first.start("word") + len(word), True)
            if word.islower() and word not in lex.STOP
            else ("", end, False)
        )
    words: list[str] = []
    place = end
    for _ in range(3):
        match = NOUN.match(text, place)
        if match is None or match["gap"] == "-" or _ends_noun_phrase(match["word"].lower()):
            break
        word = match["word"].rstrip("'’")
        words.append(word)
        place = match.end()
        if _is_plural(word):
            further = NOUN.match(text, place)
            if further and further["gap"] == " " and _heads_plural(further["word"].rstrip("'’")):
                # "5,230 measles cases": the noun that is counted is the last.
                words.append(word := further["word"].rstrip("'’"))
                place = further.end()
            unit = " ".join([*words[:-1], _singular(word)])
            unit, place, _ = _with_rate(text, unit.lower() if word.islower() else unit, place)
            return unit, place, True
        if not re.fullmatch(r"[a-zA-Z-]+", word):
            break
    lone = words[0].lower() if words else ""
    if text[start:end].strip().lower() in {"one", "1"} and lone.endswith(("tion", "seat", "vote", "goal", "point")):
        return lone, NOUN.match(text, end).end(), True  # type: ignore[union-attr]
    return "", end, False


def _heads_plural(word: str) -> bool:
    """Whether a word behind a plural is the plural that is counted: a verb behind a plural has no "s"."""
    return word.islower() and _is_plural(word) and not _ends_noun_phrase(word)


def _ends_noun_phrase(word: str) -> bool:
    return word in lex.STOP or word in lex.MONTHS or word in lex.ONES or word in lex.TENS or word in lex.SCALES


def _is_plural(word: str) -> bool:
    lower = word.lower()
    if lower in lex.IRREGULAR:
        return True
    return (
        len(lower) > 3
        and lower.endswith("s")
        and not lower.endswith(("ss", "us", "is", "'s", "’s"))
        and lower not in lex.NOT_PLURAL
    )


def _singular(word: str) -> str:
    lower = word.lower()
    if lower in lex.IRREGULAR:
        return lex.IRREGULAR[lower]
    if len(word) > 2 and word[:-1].isupper() and word.endswith("s"):
        return word[:-1]
    if not _is_plural(word):
        return word
    if lower.endswith("ies") and len(lower) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", lower) or lower.endswith(("oes", "sses")):
        return word[:-2]
    return word[:-1]


def _bare(text: str, match: re.Match[str], start: int, end: int, value: Decimal, *, scaled: bool) -> _Figure | None:
    """A number without a unit: a year, a plain figure, or part of a name."""
    raw = match.group()
    before = text[max(0, start - LOOK_BACK) : start]
    if _is_age(text, start, end, value):
        return _Figure(start, end, value, value, "year")
    if (
        not scaled
        and match["digits"]
        and YEAR.fullmatch(raw)
        and not re.search(r"(?:than|least|most|nearly|about)\s$", before)
    ):
        if text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum() and raw.endswith("0"):
            return _Figure(start, end + 1, value, value + 9, "year", "between")
        return _Figure(start, end, value, value, "year")
    if match["words"]:
        # A bare word is a pronoun or part of a phrase as often as a figure, and says little without its noun.
        if raw.lower() in {"one", "a", "several", "zero"} and not scaled:
            return None
        if (
            not scaled
            and value < 13
            and not re.search(r"(?:than|least|most|nearly|about|to|but|of|by|from|against|only|between)\s$", before)
            and not re.match(
                r"\s?(?:[.,;:)]|$|in a row|were|was|have|had|are|did|failed|passed|of (?:the (?:past|last|first) |them|the|those|these|its|their)|more\b|fewer\b)",
                text[end:],
            )
        ):
            return None
    if re.match(r"-(?!year|old)[a-z]", text[end:]) and match["words"]:
        return None
    previous = re.search(r"([\w.]+)\s$", before)
    if previous and not scaled:
        word = previous.group(1)
        if word.lower() in lex.NAMING:
            return None
        opening = re.search(r"(?:^|[.!?:;]\s+|[“\"(])$", before[: previous.start()])
        if (
            match["digits"]
            and "," not in raw
            and word[0].isupper()
            and not opening
            and word.lower() not in lex.MONTHS
            and word not in {"I", "A"}
        ):
            return None
    return _Figure(start, end, value, value, "")


def _is_age(text: str, start: int, end: int, value: Decimal) -> bool:
    """Whether a bare number is somebody's age: "aged 97", "Ada Brook, 61, of ...", "the retirement age from 64 to 66"."""
    if not 0 < value < 120:
        return False
    before = text[max(0, start - 40) : start]
    if re.search(
        r"\b(?:aged?|ages)\b(?:[ \w]{0,12}?(?:from|between|of|to|and|over|under|at)? ?(?:\d+ (?:to|and) )?)?$", before
    ):
        return True
    if re.match(r",(?: (?:of|from|who|a|an|the|has|was|is|said)\b|\s[a-z])", text[end:]) and re.search(
        r"[A-Z][\w'’-]+ [A-Z][\w'’-]+, $", before
    ):
        return True
    if re.match(r",", text[end:]) and re.search(
        r"\b(?:girl|boy|man|woman|son|daughter|child|widow|student|teenager), $", before
    ):
        return True
    return bool(
        re.search(r"\b(?:those|people|adults|children|women|men|anyone|everyone) (?:over|under|above|below) $", before)
    )


def _without_overlap(figures: list[_Figure]) -> list[_Figure]:
    """Drop what lies in a stretch taken before; the specials come first."""
    taken: list[_Figure] = []
    spans: list[tuple[int, int]] = []
    for figure in figures:
        if any(figure.start < end and start < figure.end for start, end in spans):
            continue
        spans.append((figure.start, figure.end))
        if figure.unit != _NOTHING:
            taken.append(figure)
    return sorted(taken, key=lambda figure: figure.start)


def _join_ranges(text: str, figures: list[_Figure]) -> Iterator[_Figure]:
    """Join "between 14 and 19", "$4.10 to $4.25" and "6,000–7,000 tonnes" into one quantity each; "from 64 to 66" stays two."""
    index = 0
    while index < len(figures):
        first = figures[index]
        second = figures[index + 1] if index + 1 < len(figures) else None
        if (
            second
            and second.unit in {"m", ""}
            and second.high > first.high
            and text[first.start] in "$€£¥₹"
            and re.fullmatch(r"[-–—]", text[first.end : second.start])
        ):
            # "£20–30m": the sign stands before the first and the scale behind the second.
            shared = Decimal(10) ** 6 if second.unit == "m" else Decimal(1)
            low = _lift(text, replace(first, unit=""), second) * shared
            yield _Figure(first.start, second.end, low, second.high * shared, first.unit, "between")
            index += 2
            continue
        if second and _is_range(text, first, second):
            start = first.start
            opening = re.search(r"between\s+$", text[max(0, start - 10) : start], re.IGNORECASE)
            if opening:
                start = max(0, start - 10) + opening.start()
            low = first.low
            if first.unit == "" and second.low and first.low < second.low:
                low = _lift(text, first, second)
            yield _Figure(start, second.end, low, second.high, second.unit, "between", second.counted)
            index += 2
            continue
        yield _lend_unit(text, first, figures, index)
        index += 1


def _is_range(text: str, first: _Figure, second: _Figure) -> bool:
    between = text[first.end : second.start]
    if not RANGE_JOIN.fullmatch(between) or first.comparator == "between" or second.comparator == "between":
        return False
    if second.unit == "year" and second.high > 1300 and first.low < 1300:
        return False
    if between.strip() == "to" and first.unit and MOVED.search(text[max(0, first.start - 24) : first.start]):
        return False
    if first.unit not in {"", second.unit, second.unit.split("/")[0]} or (
        first.high >= second.low and _lift(text, first, second) >= second.low
    ):
        return False
    before = text[max(0, first.start - 12) : first.start].lower()
    if between.strip().lower() == "and":
        return before.rstrip().endswith("between")
    if re.search(r"\b(?:from|by)\s+$", before) or (
        between.strip() == "to" and re.search(r"\bvotes?$", text[: first.end])
    ):
        return False
    return (
        "–" in between or "-" in between or "—" in between or first.unit in {"", second.unit, second.unit.split("/")[0]}
    )


def _lift(text: str, first: _Figure, second: _Figure) -> Decimal:
    """The scale of the second figure belongs to the first as well: "2 to 3 million"."""
    scale = SCALE.search(text[second.start : second.end])
    own = SCALE.search(text[first.start : first.end])
    return (
        first.low * lex.SCALES[" ".join(scale["scale"].lower().split())]
        if scale and not own and first.unit == ""
        else first.low
    )


_PARTNER = re.compile(
    r"\b(?:of which|of whom|of them|of these|another|a further|the other|by|against|all but|and|or|only)\s$",
    re.IGNORECASE,
)


def _known_unit(text: str, figure: _Figure, figures: list[_Figure], index: int) -> _Figure | None:
    """A figure with its own unit, or with that of what it counts by the words before it; None where neither is there."""
    before = text[max(0, figure.start - 80) : figure.start]
    if figure.unit and "/" not in figure.unit and (not figure.counted and figure.unit not in lex.TIME | {"%", "percentage point", "times", "year", "goal", "vote"}):  # fmt: skip
        return replace(figure, unit=f"{figure.unit}/person") if PER_HEAD.search(before) else figure
    if figure.unit == "other" and index:
        counted = next((one for one in reversed(figures[:index]) if one.counted), None)
        return replace(figure, unit=counted.unit) if counted else figure
    if figure.unit:
        return figure
    people = PEOPLE.search(before)
    if people and not (figure.low.is_finite() and figure.low < 13 and figure.low == figure.high):
        return replace(figure, unit=UNIT_OF_PEOPLE.get(people["who"].lower(), "employee"))
    if re.match(r" in a row\b", text[figure.end :]) and re.search(
        r"\b(?:won|win|lost|drawn|games?|match(?:es)?)\b", before
    ):
        return replace(figure, unit="match")
    if re.search(r"\bvotes?\b[^.;,]{0,12}$", text[max(0, figure.start - 24) : figure.start]):
        return replace(figure, unit="vote")
    if index and figures[index - 1].counted:
        whole = figures[index - 1]
        gap = text[whole.end : figure.start]
        opens = re.search(
            r"(?:^|[.;] |, )[Oo]f (?:the |its |their |all |some |about )*$",
            text[max(0, whole.start - 24) : whole.start],
        )
        if opens and gap.count(",") == 1 and len(gap) < 60:
            return replace(figure, unit=whole.unit, counted=True)
    return None


def _elliptic(text: str, figure: _Figure, earlier: list[_Figure]) -> _Figure | None:
    """A bare figure that leaves out the unit told before: "17 more than a week ago", "... another 1.1 billion", "64 voted against"."""
    measured = next((one for one in reversed(earlier) if one.unit not in {"", "year", "%", "times"} | lex.TIME), None)
    if measured is not None and not re.search(r"[.!?]\s", text[measured.end : figure.start]):
        if measured.counted and re.match(r" (?:more|fewer|less|short)\b", text[figure.end :]):
            return replace(figure, unit=measured.unit, counted=True)
        if measured.unit in MONEY and all(re.search(r"(?:million|billion|trillion|crore|lakh)$", text[one.start : one.end].removesuffix(_money_word(text, one))) for one in (measured, figure)):  # fmt: skip
            return replace(figure, unit=measured.unit)
        if measured.unit == "vote" and re.match(r" (?:voted|abstained|against|for|in favour)\b", text[figure.end :]):
            return replace(figure, unit="vote", counted=True)
    return None


def _lend_unit(text: str, figure: _Figure, figures: list[_Figure], index: int) -> _Figure:
    """A bare figure takes the unit of its partner: "from 64 to 66 years", "61 votes to 58", "38% and 6", "83 or 57 per cent"."""
    known = _known_unit(text, figure, figures, index)
    if known is not None:
        return known
    if index + 1 < len(figures):
        following = figures[index + 1]
        if following.unit in {"%", "percentage point"} | set(lex.PHYSICAL.values()) | lex.TIME and re.fullmatch(
            r"\s?(?:to|and|or|,|against|from)\s", text[figure.end : following.start]
        ):
            return replace(figure, unit=following.unit)
    if index:
        earlier = figures[index - 1]
        if (
            earlier.unit
            and earlier.unit != "year"
            and not (earlier.unit in {"%", "percentage point"} and "," in text[earlier.end : figure.start])
            and re.fullmatch(
                r"(?:,|(?: [a-z]+){0,4},?)? (?:to|against|from|compared with|versus|v)\s(?:(?:just|only|about|around|nearly|almost|some|over|under|fewer than|more than|less than) ?){0,2}",
                text[earlier.end : figure.start],
            )
        ):
            return replace(figure, unit=earlier.unit)
        between = text[earlier.end : figure.start]
        if (
            earlier.unit in lex.TIME
            and text[: earlier.start].endswith("in ")
            and re.fullmatch(r" than (?:\w+ ){1,5}in ", between)
        ):
            return replace(figure, unit=earlier.unit)
        if earlier.counted and len(between) < 80 and not re.search(r"[.!?;:]", between) and _PARTNER.search(between):
            return replace(figure, unit=earlier.unit, counted=True)
    elliptic = _elliptic(text, figure, figures[:index])
    if elliptic is not None:
        return elliptic
    if index + 1 < len(figures) and (figures[index + 1].counted or figures[index + 1].unit in lex.TIME):
        following = figures[index + 1]
        if re.fullmatch(
            r" of (?:the|its|their|all|every) (?:past |last |first |next |remaining )?",
            text[figure.end : following.start],
        ):
            return replace(figure, unit=following.unit, counted=True)
    return figure


def _money_word(text: str, figure: _Figure) -> str:
    """The name of a currency that a figure ends in, with its blank."""
    match = re.search(rf"\s(?:{_words(lex.CURRENCY_NAMES)})s?$", text[figure.start : figure.end], re.IGNORECASE)
    return match.group() if match else ""


def _comparator(text: str, figure: _Figure) -> Comparator:
    if figure.comparator != "exactly":
        return figure.comparator
    before = text[max(0, figure.start - LOOK_BACK) : figure.start]
    for pattern, name in COMPARATOR:
        match = pattern.search(before)
        if match and re.search(r"\bnever (?:fell|dropped|sank|went|been|gone) below\s*$", before):
            return "at least"
        stated = re.search("[a-z]", text[figure.start : figure.end]) is not None
        if match and not (name in {"over", "under", "about"} and _is_place(before, match, figure, stated=stated)):
            return TURNED.get(name, name) if NEGATED.search(before[: match.start()]) else name
    after = text[figure.end : figure.end + 16]
    if figure.unit in MONEY and PRICED_FROM.search(before) and not re.match(r"\s(?:to|down to|up to)\b", after):
        return "at least"
    for pattern, name in COMPARATOR_AFTER:
        if pattern.match(after):
            return name
    return "exactly"


def _is_place(before: str, match: re.Match[str], figure: _Figure, *, stated: bool) -> bool:
    """Whether the word places and does not bound: "put around", "fell below" are bounds; "over 2021" and "about the 3" are not."""
    word = match.group().strip().lower()
    if figure.unit in lex.TIME and word == "over" and stated:
        # "over a decade" says for how long, not that it was more.
        return True
    if figure.unit == "year" and figure.low > 1300:
        return word not in {"about", "around", "circa", "some"}
    return word.split()[0] in {"over", "under", "about"} and bool(
        re.search(r"\b(?:what|hear|think|talk|worry) (?:over|under|about)\s*$", before)
    )
