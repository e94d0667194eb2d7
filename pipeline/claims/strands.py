"""Strands: the stretches of a sentence that are parsed and cut on their own.

Semicolons, full clauses on both sides of a colon, brackets and dashes mislead a parser, and say plainly where one
statement ends. A strand keeps for each of its characters the place in the sentence that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipeline.claims.clauses import TENSED
from pipeline.claims.comparisons import without_comparison
from pipeline.claims.listing import kinds_of, listing_of
from pipeline.claims.strand import Strand, is_quoting

AMOUNT = r"(?:(?:US|A|AU|C|CA|HK|NZ|S|NT|R)?[$€£¥₹₩]|(?:USD|EUR|GBP|CNY|RMB|JPY|INR|SEK|NOK|DKK|CHF|Rs\.?)\s?)\s?\d[\d.,]*(?:\s?(?:trillion|billion|million|thousand|lakh crore|crore|lakh|tn|bn|mn|m|k)\b)?(?:\s(?:USD|EUR|GBP|CNY|JPY|INR)\b)?"
MEASURE = r"\d[\d.,]*(?:\s?(?:trillion|billion|million|bn|m)\b)?\s?(?:yuan|yen|euros?|dollars|pounds|rupees|kroner|kronor|km|kilomet(?:re|er)s|miles|m|met(?:re|er)s|feet|ft|acres|hectares|ha|kg|kilograms|pounds|lbs?|tonnes|tons|gallons|litres|°C|°F|degrees|mph|km/h)\b(?:\s(?:Celsius|Fahrenheit))?"
CONVERSION = re.compile(
    rf"(?P<sum>(?:{AMOUNT}|{MEASURE}))\s?\((?P<inside>(?:(?:about|around|roughly|some|approximately|nearly|or|over|more than|almost|just over|just under)\s)?(?:{AMOUNT}|{MEASURE}))\)"
)
BRACKET = re.compile(r"\s?\((?P<inside>[^()]*)\)")
ACRONYM = re.compile(r"(?:the )?[“\"]?[A-Z][\w&.-]{1,14}[”\"]?(?:,? [\w ]{0,20})?")
CLOCK = re.compile(r"^(?:\d{1,2}[:.]\d{2}(?:\s?[ap]m)?(?: [A-Z]{2,4})?|[QA])(?::|\s[–—-])?\s+(?=[A-Z“\"])|^A:\s+")
LABEL = re.compile(r"^(?P<label>(?:[A-Z][\w’'&/-]*)(?: [\w’'&/-]+){0,4}):\s+")
DASH = re.compile(r"(?<=\w|[”\"’)%])\s[–—-]\s(?=\S)|(?<=\w)—(?=\w)")
QUOTE_MARKS = '“”"'
SAYS = r"(?:said|says|say|find|finds|found|added|adds|argues?|argued|reported|reports|estimates?|estimated|announced|showed|shows?|suggests?|suggested|indicates?|claims?|claimed|believes?|insists?|insisted|admits|admitted|warns|warned|heard|wrote|writes|told reporters|explained|noted)"
SAID_BETWEEN = re.compile(
    rf",[”\"]? (?P<who>(?:the |a |an )?(?!which\b|who\b|that\b|it\b|and\b|but\b)[\w’'.-]+(?: [\w’'.-]+){{0,6}}?) {SAYS}(?=,)(?: in [^,]+)?",
    re.IGNORECASE,
)
SAID_LAST = re.compile(
    rf",[”\"]? (?:(?P<who>(?:the |a |an )?(?!which\b|who\b|that\b|and\b|but\b|as\b)[A-Z]?[\w’'.-]+(?: [\w’'.-]+){{0,9}}?) {SAYS}(?: (?:on|in|at) [^,]{{3,50}})?\.?$"
    rf"|(?:says|said) (?P<name>(?!that\b|it\b|the\b|they\b|he\b|she\b|there\b|on\b|in\b|at\b|to\b|by\b|last\b|this\b|late\b"
    rf"|early\b)(?:(?! that )[^,])+)(?P<more>,.*)?$)"
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|did|does|do)\b|\w+ed\b|\b(?:rose|fell|grew|made"
    r"|took|won|lost|came|went|said|began|became|held|kept|left|led|paid|ran|sold|saw)\b"
)
SPEAKERS = frozenset("police officials ministry spokesman spokeswoman government hospital minister union".split())


@dataclass(frozen=True, slots=True)
class Conversion:
    """A sum or measure with its equal in brackets; offsets into the sentence."""

    stated: str
    equal: str
    start: int
    end: int


def conversions_of(sentence: str) -> Iterator[Conversion]:
    """The sums put into another currency or measure in brackets."""
    for match in CONVERSION.finditer(sentence):
        inside = re.sub(r"^or\s", "", match["inside"])
        yield Conversion(match["sum"].strip(), inside, match.start(), match.end())


def strands_of(sentence: Any) -> list[Strand]:
    """Split a parsed sentence into its strands.

    Args:
        sentence: a spaCy document or span over one sentence.
    """
    text = sentence.text
    strand = _without_heading(Strand(text, tuple(range(len(text)))))
    clock = CLOCK.match(strand.text)
    if clock:
        strand = strand.part(clock.end(), len(strand.text))
    strand = _without_brackets(strand)
    first = sentence[0].idx
    finite = [
        token.idx - first
        for token in sentence
        if token.tag_ in TENSED or (token.tag_ == "VBN" and token.dep_ == "ROOT")
    ]
    if strand.text.startswith("#"):
        return []
    found = [
        piece
        for half in _labelled(strand, finite)
        for clause in _apart(_with_plain_dashes(half), sentence)
        for spoken in _without_speech(_without_source(clause))
        for part in [_without_long_quotes(spoken)]
        for aged in _without_age(part)
        for plain in without_comparison(aged, sentence)
        for single in _with_single_verbs(plain, sentence)
        for shared in _without_shares(single, sentence)
        for piece in _with_single_names(shared, sentence)
    ]
    return [piece for piece in found if len(piece.text) > 2]


def _without_heading(strand: Strand) -> Strand:
    """Drop short lines without a full stop above the sentence: a heading or a byline that stands in its paragraph."""
    while True:
        line = strand.text.find("\n")
        above, below = strand.text[:line].strip(), strand.text[line + 1 :].lstrip()
        heading = above.startswith("#") or (
            len(above) < 60 and not re.search(r"[.,;:!?”\"]$|\b(?:the|a|an|of|to|in|and|for|on|with)$", above)
        )
        if line < 0 or not below or not heading or not (below[0].isupper() or below[0] in '“"#0123456789'):
            return strand
        strand = strand.part(line + 1, len(strand.text))


PARTY = re.compile(
    r",? (?:\()?[RDI]-[A-Z][\w.’' -]{2,20}(?:\))?(?:,(?! (?:who|which)\b)|(?=, (?:who|which)\b|\.?$)|(?<=\)))"
)
"""Whom an American member of parliament stands for, "R-Shalimar", behind the name."""
CLEFT = re.compile(
    r"^(?:What [^,.]{3,40}?|The (?:fact|truth|upshot|good news|bad news|result|short answer)) is that (?=\w)",
    re.IGNORECASE,
)
"""What only leads up to a statement: "What we can tell you is that ..."."""


def _without_brackets(strand: Strand) -> Strand:
    for match in reversed(list(PARTY.finditer(strand.text))):
        strand = strand.without(match.start(), match.end())
    cleft = CLEFT.match(strand.text)
    if cleft:
        strand = strand.part(cleft.end(), len(strand.text))
    for match in reversed(list(BRACKET.finditer(strand.text))):
        inside = match["inside"].strip()
        known = CONVERSION.search(strand.text[: match.end()])
        converts = any(found.end() == match.end() for found in CONVERSION.finditer(strand.text[: match.end()]))
        by_the_way = BY_THE_WAY.match(inside) and not FINITE.search(inside) and not re.search(r"\d|[“\"]", inside)
        if (known and converts) or ACRONYM.fullmatch(inside) or by_the_way:
            strand = strand.without(match.start(), match.end())
    return strand


BY_THE_WAY = re.compile(
    r"(?:now|formerly|then|also|née|born|plus|including|pictured|right|left|above|below|see|the|an?)\b|[a-z]+(?:, [\w ]+)+$"
)
"""Brackets that a sentence is told without: what a place is called now, examples, pictures."""


def _labelled(strand: Strand, finite: list[int]) -> Iterator[Strand]:
    """Take a label or a speaker off the front, and split at semicolons and between full clauses at a colon."""
    match = LABEL.match(strand.text)
    named = bool(match) and not any(strand.places[0] <= at < strand.places[match.end() - 1] for at in finite)  # type: ignore[union-attr]
    if match and named and len(strand.text) > match.end():
        rest = strand.part(match.end(), len(strand.text))
        label = match["label"]
        if label.split()[-1].lower() in SPEAKERS:
            rest = replace(rest, speaker=label)
        elif not label.lower().startswith(("about ", "note", "update", "breaking", "key ", "why ", "how ")):
            rest = replace(rest, label=label)
        yield from _halves(rest, finite)
        return
    yield from _halves(strand, finite)


def _halves(strand: Strand, finite: list[int]) -> Iterator[Strand]:
    start = 0
    cuts = [match.start() for match in re.finditer(r"[;:](?=\s)", strand.text)]
    for at in cuts:
        before, after = strand.text[start:at], strand.text[at + 1 :]
        if sum(before.count(mark) for mark in QUOTE_MARKS) % 2 or before.count("(") > before.count(")"):
            continue
        here = strand.places[at]
        verb_before = any(strand.places[start] <= place < here for place in finite)
        verb_after = any(place > here for place in finite)
        if strand.text[at] == ";" or (verb_before and verb_after and not after.lstrip().startswith(("“", '"'))):
            yield strand.part(start, at)
            strand = replace(strand, label=None if verb_after else strand.label)
            start = at + 1
    yield strand.part(start, len(strand.text))


def _without_speech(strand: Strand) -> Iterator[Strand]:
    """Take out who says it, where that is thrown in or comes last: "It rained, he said, for days", "It rained, says the ranger"."""
    between = SAID_BETWEEN.search(strand.text)
    if between and not is_quoting(strand.text, _after_mark(strand.text, between.start())):
        # The comma behind it parts nothing where what it cut through was a subject from its verb.
        cut_through = bool(FINITE.match(strand.text, between.end() + 2)) and not FINITE.search(
            strand.text[: between.start()]
        )
        # Nor does it behind a word that joins: "runs on a phone and, the firm claims, makes no errors".
        opened = re.search(r"\b(?:and|but|that|because)$", strand.text[: between.start()])
        joined = strand.without(between.start(), between.end() + (cut_through or opened is not None))
        yield replace(joined, speaker=between["who"])
        return
    last = SAID_LAST.search(strand.text)
    if last and not is_quoting(strand.text, _after_mark(strand.text, last.start())):
        body = strand.part(0, last.start())
        yield replace(body, speaker=(last["who"] or last["name"]).strip().rstrip("."))
        if last["more"]:
            yield strand.part(last.start("name"), len(strand.text))
        elif last["name"]:
            yield strand.part(last.start("name"), last.end("name"))
        return
    yield strand


SOURCE = re.compile(
    r"(?P<opens>^|,? )[Aa]s (?P<who>(?:(?:the|a|an|its|his|her|their)\s|[A-Z])[^,]{2,60}?) (?:\w+ly )?"
    r"(?:shows?|showed|says?|said|reports?|reported|notes?|noted|puts? it|explains?|explained|found|finds?)(?:,\s|\.?$)"
)


def _without_source(strand: Strand) -> Strand:
    """Take out who has it, "As the report shows, ...", which is no claim of its own."""
    match = SOURCE.search(strand.text)
    if match is None or is_quoting(strand.text, match.start()) or len(match.group()) > len(strand.text) - 12:
        return strand
    blank = bool(match["opens"]) and match.group()[-1].isspace()
    rest = strand.without(match.start(), match.end() - blank)
    return replace(rest, speaker=strand.speaker or match["who"])


APART = frozenset({"while", "whereas", "although", "though", "but", "and"})


def _apart(strand: Strand, sentence: Any) -> Iterator[Strand]:
    """Part full clauses joined behind a comma, "..., while pay went up": each is parsed better alone."""
    first = sentence[0].idx
    index = strand.offsets()
    tokens = [token for token in sentence if token.idx - first in index]
    start = 0
    for number, token in enumerate(tokens):
        if token.lower_ not in APART or number < 3 or tokens[number - 1].text != ",":
            continue
        at = index[token.idx - first]
        if at <= start or is_quoting(strand.text, at) or strand.text[:at].count("(") > strand.text[:at].count(")"):
            continue
        before = [t for t in tokens[:number] if index[t.idx - first] >= start]
        after = tokens[number + 1 :]
        while after and after[0].lower_ in {"so", "then", "now"}:
            after = after[1:]
        if not after or not _is_clause(before) or not _opens_clause(after):
            continue
        open_ended = any(t.tag_ in {"WDT", "WP", "WP$", "WRB"} or (t.tag_ == "IN" and t.dep_ == "mark") for t in before)
        if open_ended and token.lower_ == "and":
            continue
        yield strand.part(start, at)
        start = index[after[0].idx - first]
    yield strand.part(start, len(strand.text)) if start else strand


def _is_clause(tokens: list[Any]) -> bool:
    """Whether words hold a subject and a verb in a tense."""
    verb = next((number for number, token in enumerate(tokens) if token.tag_ in TENSED), 0)
    return verb > 0 and any(token.tag_[:2] in {"NN", "PR", "CD", "DT", "EX"} for token in tokens[:verb])


def _opens_clause(tokens: list[Any]) -> bool:
    """Whether words begin with a subject and a verb in a tense, and no comma or relative pronoun between them."""
    if tokens[0].tag_ not in {"PRP", "PRP$", "DT", "NN", "NNS", "NNP", "NNPS", "CD", "EX", "JJ"}:
        return False
    for token in tokens[1:9]:
        if token.tag_ in TENSED:
            return True
        if (
            token.text in {",", ";"}
            or token.tag_ in {"WDT", "WP", "WRB", "VBG", "TO"}
            or token.lower_ in {"that", "than"}
        ):
            return False
    return False


PERSONAL = re.compile(r"\b(?:I|you|we|my|your|our|me|us)\b", re.IGNORECASE)
QUOTATION = re.compile(r"[“\"](?P<inside>[^“”\"]{45,})[”\"]")


def _without_long_quotes(strand: Strand) -> Strand:
    """A quotation of a clause or more is read like any other text: its marks would keep it in one piece."""
    if (
        strand.text[:1] in QUOTE_MARKS
        and len(strand.text) > 45
        and not any(mark in strand.text[1:] for mark in QUOTE_MARKS)
        and not PERSONAL.search(strand.text)
    ):
        return strand.part(1, len(strand.text))
    for match in reversed(list(QUOTATION.finditer(strand.text))):
        if FINITE.search(match["inside"]) and not PERSONAL.search(match["inside"]):
            strand = strand.without(match.end() - 1, match.end()).without(match.start(), match.start() + 1)
    return strand


AGE = re.compile(r"(?P<name>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w.’'-]*)+)(?P<age>, (?P<years>\d{1,2}|1[01]\d))(?=,|\.?$|;)")


def _without_age(strand: Strand) -> Iterator[Strand]:
    """How old somebody is, "Ada Brook, 61, of Leeds", makes a claim of its own."""
    for match in AGE.finditer(strand.text):
        yield replace(strand.part(match.start(), match.end()), said=f"{match['name']} is {match['years']} years old.")
    while age := AGE.search(strand.text):
        # The comma behind it goes with it where the verb follows.
        closed = FINITE.match(strand.text, age.end() + 2) is not None
        strand = strand.without(age.start("age"), age.end("age") + closed)
    yield strand


TENSES = ({"VBZ", "VBP"}, {"VBD"})


def _with_single_verbs(strand: Strand, sentence: Any) -> Iterator[Strand]:
    """The strand once for each verb of a series, "stores 98 kWh, weighs 610 kg and is assembled here", which the parser may not see."""
    first = sentence[0].idx
    index = strand.offsets()
    tokens = [token for token in sentence if token.idx - first in index]
    leading = next((token for token in tokens if token.tag_ in TENSED), None)
    tense = next((tags for tags in TENSES if leading is not None and leading.tag_ in tags), None)
    if strand.said or leading is None or tense is None or any(t.text in QUOTE_MARKS or t.text == ":" for t in tokens):
        yield strand
        return
    finite = [token for token in tokens if token.tag_ in TENSED and token.i > leading.i]
    starts = []
    for token in finite:
        opens = token.i
        while opens - 1 > leading.i and sentence.doc[opens - 1].tag_ == "RB":
            opens -= 1
        joint = sentence.doc[opens - 1].lower_
        if token.tag_ in tense and joint in {",", "and", "but"}:
            starts.append((opens, joint))
    inner = [token for token in tokens if token.i < (starts[-1][0] if starts else 0)]
    whole = len(starts) == len(finite) and len(starts) > 1 and starts[-1][1] != "," and starts[0][1] == ","
    if not whole or any(t.tag_ in {"WDT", "WP", "WP$", "WRB"} or t.dep_ == "mark" for t in inner):
        yield strand
        return
    if any(t.text == "," for t in inner if t.i < leading.i):
        yield strand
        return
    opens = index[leading.idx - first]
    places = [opens, *(index[sentence.doc[at].idx - first] for at, _ in starts), len(strand.text)]
    for start, end in pairwise(places):
        single = strand.pieced((0, opens), (start, end))
        joint = re.search(r",?\s+(?:and|but)$", single.text)
        yield single.part(0, joint.start()) if joint else single


COUNT = r"(?:(?:nearly|almost|about|more than|at least|over|up to|around) )?(?:all|most|half|many|some|several|few|none|both|one|two|three|four|five|six|seven|eight|nine|ten|a (?:third|quarter|fifth|few)|(?:one|two|three|four)-(?:thirds?|quarters?|fifths?)|\d[\d,.]*%?(?: per cent)?)"
SHARE = re.compile(
    rf",\s+(?P<tail>(?P<count>{COUNT}) of (?P<them>them|it|which|whom)\s+(?P<rest>(?:[^,;]|,(?=\d))+?))(?=,(?!\d)|\.?$)",
    re.IGNORECASE,
)
EXPLAINED = re.compile(r",\s+(?:the|an?|which|who|whose|where)\s", re.IGNORECASE)
OF_WHICH = re.compile(r",\s+(?P<of>of (?:which|whom|those|these|them))\s+(?P<rest>[^;]+?)(?=;|\.?$)", re.IGNORECASE)


def _without_shares(strand: Strand, sentence: Any) -> Iterator[Strand]:
    """What is said of a part of what was counted: ", nearly all of them unpaid" and ", of which 30 were let"."""
    match = SHARE.search(strand.text)
    if match and not is_quoting(strand.text, match.start()) and match.start() > 8:
        noun = _counted_before(sentence, strand.places[match.start()], plural=match["them"].lower() in {"them", "whom"})
        if noun:
            many = match["them"].lower() in {"them", "whom"}
            rest = match["rest"]
            end = match.end()
            if EXPLAINED.match(strand.text, end):
                # ", the sum above which ...": what explains the last word of the tail goes with it.
                rest += strand.text[end:]
                end = len(strand.text)
            tail = strand.part(match.start("tail"), end)
            finite = match["them"].lower() in {"which", "whom"} or re.match(r"(?:is|are|was|were|had|have|has)\b", rest)
            lasting = any(token.dep_ == "ROOT" and token.tag_ in {"VBZ", "VBP"} for token in sentence)
            verb = "" if finite else f"{('are' if lasting else 'were') if many else ('is' if lasting else 'was')} "
            yield replace(
                tail,
                said=f"{match['count'][:1].upper()}{match['count'][1:]} of {noun} {verb}{rest.rstrip('.')}.",
            )
            strand = strand.without(match.start(), end)
    match = OF_WHICH.search(strand.text)
    if match and not is_quoting(strand.text, match.start()) and match.start() > 8:
        noun = _counted_before(sentence, strand.places[match.start()], plural=False)
        if noun:
            tail = strand.part(match.start("rest"), match.end("rest"))
            yield strand.part(0, match.start())
            yield replace(tail, opening=f"Of {noun},")
            return
    yield strand


def _with_single_names(strand: Strand, sentence: Any) -> Iterator[Strand]:
    """The strand once for each name of a list, and what the names are: "films such as ..." says that each is a film."""
    listing = None if strand.said else listing_of(strand.text, strand.places, sentence)
    if listing is None:
        yield strand
        return
    for start, end in listing.items:
        single = strand.without(end, listing.end)
        if re.match(r",[”\"]", single.text[end - 2 : end]):
            # The comma of the list stands within the marks of the title.
            single = single.without(end - 2, end - 1)
        yield single.without(listing.start, start)
    for (_, end), said in kinds_of(strand.text, listing):
        yield replace(strand.part(listing.kind_start, end), said=said)


UNIT_NOUN = frozenset(
    "crore lakh million billion trillion percent cent year years dollar dollars euro euros pound pounds yuan yen rupees month months".split()
)


def _counted_before(sentence: Any, place: int, *, plural: bool) -> str | None:
    """The noun that "of them" takes up: the counted one nearest before, or else the nearest that fits in number; with its count where that is exact."""
    first = sentence[0].idx
    nouns = [
        token
        for token in sentence
        if token.idx - first < place
        and token.pos_ in {"NOUN", "PROPN"}
        and token.dep_ not in {"compound", "nmod", "npadvmod"}
        and token.lower_ not in UNIT_NOUN
        and token.ent_type_ not in {"DATE", "TIME", "PERSON", "GPE", "ORG"}
        and (not plural or token.tag_ in {"NNS", "NNPS"})
    ]
    counted = [token for token in nouns if any(child.dep_ == "nummod" for child in token.children)]
    if not nouns:
        return None
    head = (counted or nouns)[-1]
    near = [token for token in sentence if token.idx - first < place][-1:]
    if near and not plural and near[0].ent_type_ == "MONEY":
        return "the money"
    if head.lower_ in {"m", "bn", "tn", "k", "mn"} or head.ent_type_ == "MONEY":
        return "the money"
    # "Three people, all of them" are "the three people"; how many "at least 41" are is not told.
    exact = {c.i for c in head.lefts if plural and c.dep_ == "nummod" and not list(c.children)}
    words = [
        token.lower_ if token.i in exact else token.text
        for token in sentence
        if token.i in exact
        or token.i == head.i
        or (
            token.head.i == head.i
            and token.i < head.i
            and token.dep_ in {"amod", "compound"}
            and not token.like_num
            and not any(character.isdigit() for character in token.text)
        )
    ]
    return "the " + " ".join(words)


def _after_mark(text: str, comma: int) -> int:
    return comma + 2 if text[comma + 1 : comma + 2] in {"”", '"'} else comma


def _with_plain_dashes(strand: Strand) -> Strand:
    """A dash between words reads as a comma to the parser."""
    text, places = strand.text, strand.places
    for match in reversed(list(DASH.finditer(text))):
        at = next(index for index in range(match.start(), match.end()) if text[index] in "–—-")
        text = text[: match.start()] + ", " + text[match.end() :]
        places = (*places[: match.start()], places[at], places[match.end() - 1], *places[match.end() :])
    return replace(strand, text=text, places=places)
