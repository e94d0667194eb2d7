"""Puts days, months, quarters and years that a claim tells by the article's day into dates: "on Thursday", "last year", "first-half".

Only what the calendar settles is filled in. A quarter whose end lies too far back may be one of a firm's own year, and is left.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from pipeline.records import Resolution

QUARTER = re.compile(
    r"\b(?:the )?(?P<name>(?:first|second|third|fourth|fiscal (?:first|second|third|fourth))[ -](?:quarter"
    r"|half)(?: of (?:fiscal |the fiscal year )?(?:19|20)\d\d)?)",
    re.IGNORECASE,
)
THE_QUARTER = re.compile(r"\bthe (?P<unit>quarter|half|period|six months|three months)\b(?! (?:of|to|ended|ending|from|before|after)\b)", re.IGNORECASE)  # fmt: skip
LENGTHS = {"six months": "half", "three months": "quarter"}
ACCOUNTS = re.compile(
    r"\b(?:revenues?|sales|profits?|earnings|loss(?:es)?|turnover|income|margins?|GDP|output|growth|exports|imports|orders"
    r"|deliveries|shipments|production|dividends?|ebitda|cash flow)\b",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"\b(?P<order>first|second|third|fourth)(?P<joint>[ -])(?P<unit>quarter|half)\b(?!,? (?:of )?(?:fiscal |the |that |its "
    r"|their )?(?:year|(?:19|20)\d\d))(?!-)",
    re.IGNORECASE,
)
ORDERS = ("first", "second", "third", "fourth")
RECENT = timedelta(days=100)
"""How long after its end a period is reported on, at most; what ended before that would be named with its year, or is of another year's count."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = re.compile(
    rf"(?:\b(?P<lead>on|since|until|by|from|before|after) "
    rf"|(?<=[a-z%\d] )(?<!\bnext )(?<!\blast )(?<!\bevery )(?<!\beach )(?<!\bthis )(?<!\bof )(?<!\bto )(?<!\bthe )(?<!\band )(?<!\ba )(?<!\bor )(?<!\bthat ))"
    rf"(?P<day>{'|'.join(WEEKDAYS)})\b(?: (?P<part>morning|afternoon|evening|night)\b)?(?!,? (?:\d|the \d|(?:Jan|Feb|Mar|Apr"
    rf"|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d))(?![’'-]| [A-Z])"
)
RELATIVE_YEAR = re.compile(r"\b(?P<words>(?:in |of |during )?(?:last|this|next) year)\b(?!['’]s)", re.IGNORECASE)
RELATIVE_MONTH = re.compile(
    r"\b(?P<words>(?:(?:in|during) )?(?P<which>last|this|next) month)\b(?!['’]s)", re.IGNORECASE
)
RELATIVE_DAY = re.compile(
    r"(?<![\w’'-])(?<!\bof )(?P<word>yesterday|tomorrow)\b(?!['’]s)(?! (?:morning|evening|night))"
)
SHIFT = {"last": -1, "this": 0, "next": 1}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
LAST_MONTH = re.compile(
    rf"\b(?P<lead>(?:in|since|until|by|from|of|before|after|for) )?last (?P<month>{'|'.join(MONTHS)})\b(?! \d)"
)
IN_MONTH = re.compile(
    rf"\b(?P<lead>(?:in|since|by|until|from|to|during|on|before|after|for|ended|ending|of|late|early|mid)(?: (?:late|early|mid"
    rf"|the end of|end of))?[ -](?P<first>\d{{1,2}} )?)"
    rf"(?P<month>{'|'.join(MONTHS)})(?P<day> \d{{1,2}}(?!\d))?\b(?!,? (?:19|20)\d\d)(?(first)|(?! \w+s\b))(?![’'])"
)
YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]*\d|%)")
YEARS_ON = re.compile(
    r"\b(?P<count>a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|\d{1,3}) years? (?P<way>later|earlier|before|afterwards)\b(?! than\b)",
    re.IGNORECASE,
)
COUNTS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"a": 1, "fifteen": 15, "twenty": 20}
PLANNING = frozenset("vote agree plan decide promise aim propose order be intend want hope expect".split())
AHEAD = frozenset({"will", "shall"})


def fill_in(text: str, match: re.Match[str], new: str, made: list[Resolution], words: str | None = None) -> str:
    """Put new words for those of a match, and record it."""
    made.append(Resolution(words or match.group().strip(), new.strip()))
    return text[: match.start()] + new + text[match.end() :]


def is_ahead(sentence: Any, word: str = "") -> bool:
    """Whether a sentence speaks of what is to come: "will open on Saturday", "opens on Saturday".

    Args:
        sentence: parsed.
        word: a day or month in it; where its own verb is in the past tense, it is past.
    """
    token = next((t for t in sentence if word and t.text == word), None)
    while token is not None and token.head.i != token.i:
        token = token.head
        if token.pos_ not in {"VERB", "AUX"}:
            continue
        helpers = {c.tag_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
        if token.tag_ == "VBD" or (token.tag_ == "VBN" and "MD" not in helpers):
            return False
        if "MD" in helpers:
            break
        if (token.tag_ == "VB" and "TO" in helpers and any(a.lemma_ in PLANNING for a in token.ancestors)) or (
            token.tag_ in {"VBZ", "VBP"} and token.lemma_ != "have"
        ):
            # "voted to close it from 1 May", "opens on Saturday".
            return True
    verbs = [t for t in sentence if t.pos_ in {"VERB", "AUX"} and t.lemma_ not in {"say", "add", "report"}]
    if any(t.lower_ in AHEAD or t.lower_ == "due" for t in sentence):
        return True
    return (
        bool(verbs)
        and not any(t.tag_ in {"VBD", "VBN"} for t in verbs)
        and any(t.tag_ in {"VBZ", "VBP"} and t.lemma_ != "have" for t in verbs)
    )


def fill_in_periods(
    text: str, sentence: Any, quarter: str | None, published: date | None, made: list[Resolution]
) -> str:
    """Date the periods that a claim tells by the article's day.

    Args:
        text: of the claim.
        sentence: parsed, that it was cut from.
        quarter: the one that the article has named before: "first half".
        published: the article's day.
        made: takes what was filled in.
    """
    text = _years_on(text, sentence, made)
    told = THE_QUARTER.search(text)
    if told and quarter and not QUARTER.search(text):
        unit = LENGTHS.get(told["unit"].lower(), told["unit"].lower())
        if unit == "period" or unit in quarter.lower():
            text = fill_in(text, told, f"the {quarter}", made)
    if published is None:
        return text
    text = _period(text, published, made) if not is_ahead(sentence) else text
    year = RELATIVE_YEAR.search(text)
    if year:
        counted = published.year + SHIFT[year["words"].split()[-2].lower()]
        before = text[: year.start()]
        dated = re.search(r"\b(?:" + "|".join(MONTHS) + r") $", before) is not None
        of = year["words"].lower().startswith("of ")
        text = fill_in(text, year, str(counted) if dated else f"of {counted}" if of else f"in {counted}", made)
    month = RELATIVE_MONTH.search(text)
    if month:
        number = published.month - 1 + SHIFT[month["which"].lower()]
        text = fill_in(text, month, f"in {MONTHS[number % 12]} {published.year + number // 12}", made)
    text = _last_month(text, published, made)
    near = RELATIVE_DAY.search(text)
    if near:
        when = published + timedelta(days=1 if near["word"].lower() == "tomorrow" else -1)
        text = fill_in(text, near, f"on {_long(when)}", made)
    day = DAY.search(text)
    if day:
        back = (published.weekday() - WEEKDAYS.index(day["day"])) % 7
        later = is_ahead(sentence, day["day"]) or (day["lead"] or "").lower() in {"until", "by"}
        when = published - timedelta(days=back - 7 if later and back else back)
        part = f"the {day['part']} of " if day["part"] else ""
        text = fill_in(text, day, f"{day['lead'] or 'on'} {part}{day['day']} {_long(when)}", made)
    return _month(text, sentence, published, made)


def _last_month(text: str, published: date, made: list[Resolution]) -> str:
    """Name the year of "last June": of the latest June before the article's month."""
    match = LAST_MONTH.search(text)
    if match is None:
        return text
    number = MONTHS.index(match["month"]) + 1
    named = f"{match['month']} {published.year - (number >= published.month)}"
    return fill_in(text, match, f"{match['lead']}{named}" if match["lead"] else f"in {named}", made)


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(text: str, sentence: Any, published: date, made: list[Resolution]) -> str:
    month = IN_MONTH.search(text)
    if month is None or re.search(r"\b(?:19|20)\d\d\b", text[month.end() : month.end() + 8]):
        return text
    if any(
        int(year) < published.year - 1 for year in YEAR.findall(sentence.text[: sentence.text.find(month["month"])])
    ):
        # A text that tells of earlier years goes on in them.
        return text
    number = MONTHS.index(month["month"]) + 1
    since = month["lead"].lower().startswith("since")
    later = (not since and is_ahead(sentence, month["month"])) or month["lead"].lower().startswith(("by ", "until "))
    shift = -1 if number > published.month and not later else 1 if number < published.month and later else 0
    return fill_in(text, month, f"{month.group()} {published.year + shift}", made)


def _period(text: str, published: date, made: list[Resolution]) -> str:
    """Name the year of the half or quarter that the figures of an account are told of, where it has ended just before the article's day."""
    match = PERIOD.search(text)
    if match is None or not ACCOUNTS.search(text) or re.search(r"\bfiscal\b|\bfinancial year\b", text):
        return text
    months = 6 if match["unit"].lower() == "half" else 3
    end = (ORDERS.index(match["order"].lower()) + 1) * months
    if end > 12:
        return text
    ended = [date(year, end, monthrange(year, end)[1]) for year in (published.year - 1, published.year)]
    last = max((day for day in ended if day < published), default=None)
    if last is None or published - last > RECENT:
        return text
    of = " " if match["joint"] == "-" else " of "
    return fill_in(text, match, f"{match.group()}{of}{last.year}", made)


def _years_on(text: str, sentence: Any, made: list[Resolution]) -> str:
    """Count on from the one year that the sentence names before: "began in 1923 and made its first car six years later"."""
    match = YEARS_ON.search(text)
    if match is None or re.search(r"\b(?:from|than|with|against|to|of|since|or|and)\s*$", text[: match.start()]):
        return text
    place = sentence.text.find(match.group())
    years = set(YEAR.findall(sentence.text[: max(place, 0)]))
    if len(years) != 1 or YEAR.search(text):
        return text
    word = match["count"].lower()
    count = COUNTS[word] if word in COUNTS else int(word)
    forward = match["way"].lower() in {"later", "afterwards"}
    return fill_in(text, match, f"in {int(years.pop()) + (count if forward else -count)}", made)
