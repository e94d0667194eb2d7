"""Comparisons behind a comma, "shipped 4,870 tonnes, 16% more than in July": what was measured is one claim, how it compares another.

Such a tail has no verb, and misleads the parser; it is read from its words before the sentence is cut, and put in the
place of the figure that it compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.claims.clauses import TENSED
from pipeline.claims.periods import YEAR
from pipeline.claims.strand import Strand, is_quoting

ABOUT = r"(?:(?:about|nearly|almost|some|around|roughly|over|more than|less than|at least|just|well|far|barely|only) )*"
SCALE = r"(?:\s?(?:trillion|billion|million|thousand|lakh crore|crore|lakh|tn|bn|mn|m|k)\b)?"
UNIT = r"(?:\s?%|\s(?:per cent|percent|percentage points?|basis points?|points?|cents?|pence)\b)?"
NUMBER = rf"(?:(?:US|A|C|HK|NZ)?[$€£¥₹]\s?|(?:SEK|USD|EUR|GBP|Rs)\s)?\d[\d.,]*(?:[–-]\d[\d.,]*)?{SCALE}{UNIT}"
COUNTED = rf"{ABOUT}(?:{NUMBER}|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b)"
MANY = r"more|fewer|less"
MUCH = r"higher|lower|larger|smaller|bigger|greater|faster|slower|longer|shorter|cheaper|better|worse"
SHARE = r"(?:half|a third|a quarter|one[- ](?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)|two[- ]thirds|three[- ]quarters|(?:two|three|four|five)[- ]fifths|\d[\d.]*(?:%| per cent| percent))"
TIMES = r"(?:twice|double|triple|(?:two|three|four|five|six|seven|eight|nine|ten|\d[\d.]*) times)"
ENDS = r"(?=,(?!\d)|;|\.?$)"
COMPARED = re.compile(
    rf",\s+(?P<tail>(?!(?:more|fewer|less) than (?:{SHARE}|{NUMBER}|one in)\b)(?P<by>{COUNTED} |(?:(?:significantly|slightly|far|well|much|sharply) )?)(?P<word>{MANY}|{MUCH})(?P<than> than (?:[^,;]|,(?=\d))+?)){ENDS}"
    rf"(?P<more>,? (?:but|and) (?P<other>{COUNTED} (?:{MANY}) [\w -]+?){ENDS})?"
)
PART = re.compile(
    rf",\s+(?P<tail>{ABOUT}(?:{SHARE} of|{TIMES}) (?:what|the|its|that of|those of|all)\b(?:[^,;]|,(?=\d))+?){ENDS}"
)
AS_MANY = re.compile(
    rf",\s+(?P<tail>(?P<by>{ABOUT}(?:{TIMES}|half) as (?:many|much))(?P<than> as (?:[^,;]|,(?=\d))+?)){ENDS}"
)
BEFORE = re.compile(rf",\s+(?P<tail>(?:up|down) from (?:[^,;]|,(?=\d))+?){ENDS}")


def without_comparison(strand: Strand, sentence: Any) -> Iterator[Strand]:
    """Take a comparison off a strand: the strand without it, and one with it in the place of the figure that it compares.

    Args:
        strand: of a sentence.
        sentence: parsed.
    """
    text = strand.text
    match = COMPARED.search(text) or PART.search(text) or AS_MANY.search(text) or BEFORE.search(text)
    if strand.said or match is None or is_quoting(text, match.start()):
        yield strand
        return
    figure = _figure_before(strand, match.start(), sentence)
    first = sentence[0].idx
    told = any(
        token.tag_ in TENSED and token.idx - first < strand.places[match.start()]
        for token in sentence
        if token.idx - first >= strand.places[0]
    )
    if figure is None or (match.re is PART and not told):
        yield strand
        return
    start, end = figure
    found = match.groupdict()
    yield strand.without(match.start(), match.end())
    if match.re is BEFORE:
        yield strand
    elif match.re is AS_MANY:
        yield strand.pieced((0, start), match.span("by"), (end, match.start()), match.span("than"))
    elif match.re is PART:
        yield strand.pieced((0, start), match.span("tail"), (match.end(), len(text)))
    elif found["word"] in MUCH.split("|"):
        opening = len(re.sub(r"\bof $", "", text[:start]))
        yield strand.pieced((0, opening), match.span("tail"))
    else:
        unit = re.search(r" (?:cents?|points?|percentage points?|pence)$", text[start:end])
        bare = re.fullmatch(r"\D*\d[\d.,]* ", found["by"] or "")
        word: list[tuple[int, int]] = [match.span("by")] if found["by"] else []
        word += (
            [(end - len(unit.group()), end), (match.start("word") - 1, match.end("word"))]
            if unit and bare
            else [match.span("word")]
        )
        yield strand.pieced((0, start), *word, (end, match.start()), match.span("than"))
        if found["other"]:
            yield strand.pieced((0, start), match.span("other"), match.span("than"))


def _figure_before(strand: Strand, comma: int, sentence: Any) -> tuple[int, int] | None:
    """The figure that a tail compares: the last one before its comma that is no date."""
    first = sentence[0].idx
    dated = {
        token.idx - first + offset
        for token in sentence
        if token.ent_type_ in {"DATE", "TIME", "ORDINAL"} or token.dep_ == "compound"
        for offset in range(len(token))
    }
    for match in reversed(list(re.finditer(COUNTED, strand.text[:comma]))):
        digits = match.group().split()[-1]
        if YEAR.fullmatch(digits) or strand.places[match.end() - 1] in dated:
            continue
        if match.start() and re.match(r"[\w-]", strand.text[match.start() - 1]):
            continue
        return match.span()
    return None
