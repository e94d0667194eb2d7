"""From an article to its claims: sentences worth checking, cut, made to stand alone, and each told once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from models.checkworthy import spoken_worth
from pipeline.claims.cutting import Piece, cut, cut_conversion, cut_nominal
from pipeline.claims.parser import load_parser
from pipeline.claims.resolving import (
    ROLE,
    Register,
    acronyms_of,
    main_organisation,
    note,
    resolve,
    short_names,
)
from pipeline.claims.rows import Table
from pipeline.claims.strand import Strand
from pipeline.claims.strands import AGE, Conversion, conversions_of, strands_of
from pipeline.claims.worthiness import Judge, assess, is_spoken_opinion
from pipeline.quantities import currency_context, find_quantities
from pipeline.quantities.comparison import content_words
from pipeline.records import Article, Claim, ClaimSet, Quantity, Resolution, Sentence, SkippedSentence, Span
from pipeline.repair import raw_span

DEFAULT_MIN_WORTH = 0.5
SAME = 0.6
"""Share of content words that two claims with the same figures have in common when they are one claim."""
ALIKE = 0.9
"""Share of all their content words that two claims of one sentence have in common when they are one claim."""
NO_CLAIM_KINDS = {"heading", "caption"}


def sentence_worthiness(texts: Sequence[str], *, judge: Judge | None = spoken_worth) -> list[float]:
    """How much each sentence is worth checking, 0..1, as `extract_claims` finds it in a text of these sentences."""
    assessed = assess([document[:] for document in load_parser().pipe(texts)], judge)
    return [min(score, 0.3) if reason else score for score, reason in assessed]


def extract_claims(
    article: Article, *, min_worth: float = DEFAULT_MIN_WORTH, judge: Judge | None = spoken_worth
) -> ClaimSet:
    """Find the checkable claims of an article.

    Args:
        article: as read.
        min_worth: claims less worth checking, 0..1, are skipped with the reason.
        judge: how likely sentences are worth checking, asked where the text is speech; None to go by the features alone.
    """
    parser = load_parser()
    candidates = [
        sentence for sentence in article.sentences if article.blocks[sentence.block].kind not in NO_CLAIM_KINDS
    ]
    documents = list(parser.pipe([sentence.text for sentence in candidates], disable=["ner"]))
    found = [strands_of(document) for document in documents]
    reasons: list[str | None] = []
    scores: list[float] = []
    for strands, (score, reason) in zip(found, assess([document[:] for document in documents], judge), strict=True):
        worth = max(score, 0.6) if any(cut_nominal(strand) for strand in strands) else score
        scores.append(worth)
        reasons.append(
            (None if strands else "heading") or reason or ("below the threshold" if worth < min_worth else None)
        )
    # Names cost as much as the parse: they are looked for where claims are made, and no further.
    telling = [document for document, reason in zip(documents, reasons, strict=True) if reason is None]
    for _ in parser.get_pipe("ner").pipe(telling):
        pass
    register = Register(
        main=main_organisation(article.title, documents),
        acronyms=acronyms_of(article.text),
        names=short_names(documents),
    )
    if article.title:
        note(register, parser(article.title)[:])
        # The name of a site or paper is not what "it" means below.
        register.thing = None
    for document in documents:
        note_people(register, document)
    claims: list[Claim] = []
    skipped = [
        SkippedSentence(sentence.text, sentence.span, article.blocks[sentence.block].kind, 0.0)
        for sentence in article.sentences
        if article.blocks[sentence.block].kind in NO_CLAIM_KINDS
    ]
    captions = [sentence for sentence in article.sentences if article.blocks[sentence.block].kind in NO_CLAIM_KINDS]
    table = Table()
    kept = [[] if reason else strands for strands, reason in zip(found, reasons, strict=True)]
    parsed = _parsed_strands(parser, documents, kept)
    for sentence, document, parts, score, reason in zip(candidates, documents, parsed, scores, reasons, strict=True):
        while captions and captions[0].start < sentence.start:
            table.head(captions.pop(0).text)
        if reason:
            table.leave()
            skipped.append(SkippedSentence(sentence.text, sentence.span, reason, score))
        else:
            claims += _claims_of(article, sentence, document, parts, score, register, table)
        if reason not in {"boilerplate", "heading", "fragment"}:
            note(register, document[:])
    told = _with_echoes(article, _told_once(claims))
    numbered = [replace(claim, id=f"c{number}") for number, claim in enumerate(told, 1)]
    return ClaimSet(tuple(_with_contradictions(numbered)), tuple(sorted(skipped, key=lambda one: one.span.start)))


def _with_article(entity: Any) -> bool:
    """Whether "the" stands before a name: a team or a firm, and no person."""
    return bool(entity[0].i > 0 and entity[0].nbor(-1).lower_ == "the")


PERSON_NAME = re.compile(
    r"(?:[A-ZÀ-Þ]\. )?[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ]\.)? (?:(?:de|van|von|der|bin|al|el|da|di) )*[A-ZÀ-Þ][\w’'-]+"
)


def note_people(register: Register, document: Any) -> None:
    """Take down the full names of an article before any sentence is resolved: a surname may come first."""
    for entity in document.ents:
        name = re.sub(r"[’']s$", "", entity.text).strip()
        if (
            entity.label_ == "PERSON"
            and PERSON_NAME.fullmatch(name)
            and name not in register.people
            and not _with_article(entity)
        ):
            register.people.append(name)
    for match in (*ROLE.finditer(document.text), *AGE.finditer(document.text)):
        name = re.sub(r"[’']s$", "", match["name"])
        if name not in register.people:
            register.people.append(name)


def _parsed_strands(
    parser: Any, documents: Sequence[Any], found: Sequence[Sequence[Strand]]
) -> list[list[tuple[Strand, Any]]]:
    """The strands of each sentence, parsed; a strand that is the whole sentence keeps its parse."""
    texts = [
        strand.text if strand.text[-1] in '.!?…”"' else f"{strand.text}."
        for document, strands in zip(documents, found, strict=True)
        for strand in strands
        if strand.text != document.text
    ]
    parsed = iter(parser.pipe(texts, disable=["ner"]))
    return [
        [
            (strand, document if strand.text == document.text else _with_entities(next(parsed), strand, document))
            for strand in strands
        ]
        for document, strands in zip(documents, found, strict=True)
    ]


def _with_entities(parsed: Any, strand: Strand, document: Any) -> Any:
    """A parsed strand with the names that were found in its sentence."""
    spans: list[Any] = []
    index = strand.offsets()
    for entity in sorted(document.ents, key=lambda one: index.get(one.start_char, -1)):
        start, end = index.get(entity.start_char, -1), index.get(entity.end_char - 1, -1) + 1
        span = parsed.char_span(start, end, label=entity.label_) if 0 <= start < end else None
        if span is not None and (not spans or spans[-1].end <= span.start):
            spans.append(span)
    parsed.ents = spans
    return parsed


def _claims_of(
    article: Article,
    sentence: Sentence,
    whole: Any,
    parts: Sequence[tuple[Strand, Any]],
    score: float,
    register: Register,
    table: Table,
) -> Iterator[Claim]:
    context = currency_context(sentence.text, around=article.text)
    quantities = find_quantities(sentence.text, currency=context)
    cuts = [(piece, document) for strand, document in parts for piece in cut(document, strand, table)]
    if parts:
        cuts += [_converted(one, cuts, parts[0][1]) for one in conversions_of(sentence.text)]
    for piece, parsed in cuts:
        if piece.attribution and is_spoken_opinion(piece.text):
            continue
        text, resolved = resolve(piece.text, parsed[:], register, article.published, piece.attribution, whole)
        text = _with_speaker(text, piece.attribution)
        place = Span(sentence.start + piece.start, sentence.start + max(piece.start + 1, piece.end))
        span = raw_span(article.edits, place)
        yield Claim(
            id="",
            text=text,
            span=span,
            sentence=sentence.text,
            quantities=_quantities(article, sentence, piece, text, quantities, register.acronyms),
            worthiness=score,
            resolved=(*(Resolution(*filled) for filled in piece.filled), *resolved),
            places=(span,),
            attribution=piece.attribution,
        )


def _converted(one: Conversion, cuts: Sequence[tuple[Piece, Any]], parsed: Any) -> tuple[Piece, Any]:
    """What a sum in brackets is equal to, in the words of the shortest claim that tells the sum."""
    place = (one.start, one.end)
    hosts = [(piece, document) for piece, document in cuts if piece.text.count(one.stated) == 1]
    if not hosts:
        return cut_conversion(one), parsed
    host, document = min(hosts, key=lambda pair: len(pair[0].text))
    told = re.sub(
        rf"{re.escape(one.stated)}(?P<end>\.$|,)?",
        lambda match: f"{one.stated}, equal to {one.equal}{match['end'] or ','}",
        host.text,
    )
    return replace(host, text=told, start=one.start, end=one.end, parts=(*host.parts, place)), document


FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|us|me)\b")


def _with_speaker(text: str, speaker: str | None) -> str:
    """A claim in the first person with who says it, without whom it does not stand alone."""
    unquoted = re.sub(r"[“\"][^”\"]*[”\"]", " ", text)
    if speaker is None or FIRST_PERSON.search(speaker) or not FIRST_PERSON.search(unquoted):
        return text
    mark = "’" if "“" in text or '"' in text else "”"
    opening = "‘" if mark == "’" else "“"
    return f"{speaker[:1].upper()}{speaker[1:]} said: {opening}{text}{mark}"


def _quantities(
    article: Article,
    sentence: Sentence,
    piece: Piece,
    claim: str,
    quantities: Sequence[Quantity],
    acronyms: dict[str, str],
) -> tuple[Quantity, ...]:
    """The figures of the words that the claim repeats, with spans into the raw text."""
    kept = []
    for quantity in quantities:
        if not any(start < quantity.span.end and quantity.span.start < end for start, end in piece.parts):
            continue
        if not _states(piece.text, quantity.text) or not _states(claim, quantity.text):
            continue
        place = Span(sentence.start + quantity.span.start, sentence.start + quantity.span.end)
        unit = re.sub(r"[A-Z]{2,}", lambda match: acronyms.get(match.group(), match.group()), quantity.unit)
        unit = unit if "/" in unit or unit == quantity.unit else unit.lower()
        kept.append(replace(quantity, span=raw_span(article.edits, place), unit=unit))
    return tuple(kept)


def _states(claim: str, figure: str) -> bool:
    """Whether a claim says a figure: its number, at least, if what was counted stands elsewhere."""
    told = claim.lower()
    head = re.match(r"\S*\d\S*|(?!an? )\S+", figure.lower())
    sized = re.match(r"[\w,.]+(?=-[a-z]+$)", figure.lower())
    if sized and re.search(rf"\b{re.escape(sized.group())} [a-z]", told):
        # "The nine-member council" has nine members.
        return True
    return figure.lower() in told or bool(head and head.group().rstrip(".,;") in told)


def _told_once(claims: Sequence[Claim]) -> list[Claim]:
    """Claims in the order of the article; one that is repeated keeps its fuller wording and all its places."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda one: (one.span.start, one.span.end)):
        twin = next((index for index, other in enumerate(kept) if _same(claim, other)), None)
        if twin is None:
            kept.append(claim)
            continue
        other = kept[twin]
        fuller, shorter = (claim, other) if _detail(claim) > _detail(other) else (other, claim)
        places = (fuller.span, *(place for place in (*other.places, *claim.places) if place != fuller.span))
        kept[twin] = replace(
            fuller, places=tuple(dict.fromkeys(places)), worthiness=max(fuller.worthiness, shorter.worthiness)
        )
    return sorted(kept, key=lambda one: (one.span.start, one.span.end))


def _with_echoes(article: Article, claims: Sequence[Claim]) -> list[Claim]:
    """Claims with their places in captions and headings, which say again what the text says."""
    found = list(claims)
    for sentence in article.sentences:
        if article.blocks[sentence.block].kind not in NO_CLAIM_KINDS:
            continue
        figures = find_quantities(sentence.text, currency=currency_context(sentence.text, around=article.text))
        echo = Claim("", sentence.text, sentence.span, sentence.text, figures, 0.0)
        twin = next((index for index, claim in enumerate(found) if figures and _same(claim, echo)), None)
        if twin is not None:
            found[twin] = replace(found[twin], places=(*found[twin].places, sentence.span))
    return found


def _with_contradictions(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Claims with the others that say the same with another figure: the article contradicts itself."""
    subjects = [_words_without_figures(claim) for claim in claims]
    for index, claim in enumerate(claims):
        against = tuple(
            other.id
            for place, other in enumerate(claims)
            if place != index and subjects[place] == subjects[index] and _differ_in_a_figure(claim, other)
        )
        yield replace(claim, contradicts=against) if against else claim


def _words_without_figures(claim: Claim) -> frozenset[str]:
    """What a claim speaks of: its content words but for those of its figures."""
    text = claim.text
    for quantity in claim.quantities:
        if quantity.unit != "year":
            text = text.replace(quantity.text, f" {quantity.unit} ", 1)
    return frozenset(word for word in content_words(text) if word not in BOUNDING)


BOUNDING = frozenset("about around nearly almost over under more less least most exactly some roughly than".split())
ROUNDING = Decimal("0.03")
"""Share by which two tellings of one figure may differ in rounding."""


def _differ_in_a_figure(claim: Claim, other: Claim) -> bool:
    mine, theirs = claim.quantities, other.quantities
    if claim.sentence == other.sentence or len(mine) != len(theirs) or _denied(claim.text) != _denied(other.text):
        return False
    pairs = list(zip(mine, theirs, strict=True))
    if any(a.unit != b.unit or (a.unit == "year" and (a.low, a.high) != (b.low, b.high)) for a, b in pairs):
        return False
    apart = [(a, b) for a, b in pairs if abs(a.low - b.low) > ROUNDING * max(abs(a.low), abs(b.low))]
    return len(apart) == 1 and all(a.comparator == b.comparator == "exactly" for a, b in apart)


def _detail(claim: Claim) -> tuple[bool, int, int, int]:
    """How specific a wording is: nothing left unclear, bounds, figures, words."""
    clear = all(one.to for one in claim.resolved)
    bounds = sum(quantity.comparator != "exactly" for quantity in claim.quantities)
    return clear, bounds, len(claim.quantities), len(claim.text.split())


def _same(claim: Claim, other: Claim) -> bool:
    """Whether two claims say the same: the same figures, and most of the words of the shorter one."""
    mine = {(q.low, q.high, q.unit) for q in claim.quantities}
    theirs = {(q.low, q.high, q.unit) for q in other.quantities}
    if mine != theirs or _denied(claim.text) != _denied(other.text):
        return False
    first, second = content_words(claim.text), content_words(other.text)
    shared, fewer = len(first & second), min(len(first), len(second))
    if not fewer:
        return False
    if claim.sentence == other.sentence and shared / len(first | second) < ALIKE:
        # Cut from one sentence they are two, unless they say quite the same.
        return False
    return shared / fewer >= (SAME if mine else 0.9) and shared / len(first | second) >= (0.4 if mine else 0.7)


def _denied(text: str) -> bool:
    return bool(re.search(r"\b(?:not|no|none|never|nobody|neither)\b|n[’']t\b", text))
