"""From an article to its claims: sentences worth checking, cut, made to stand alone, and each told once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.claims.cutting import Piece, cut, cut_nominal
from pipeline.claims.parser import load_parser
from pipeline.claims.resolving import ROLE, Register, acronyms_of, main_organisation, note, resolve
from pipeline.claims.worthiness import reason_to_skip, worthiness
from pipeline.quantities import currency_context, find_quantities
from pipeline.quantities.comparison import content_words
from pipeline.records import Article, Claim, ClaimSet, Quantity, Sentence, SkippedSentence, Span
from pipeline.repair import raw_span

DEFAULT_MIN_WORTH = 0.5
SAME = 0.6
"""Share of content words that two claims with the same figures have in common when they are one claim."""
NO_CLAIM_KINDS = {"heading", "caption"}


def sentence_worthiness(texts: Sequence[str]) -> list[float]:
    """How much each sentence is worth checking, 0..1."""
    found = []
    for document in load_parser().pipe(texts):
        score = worthiness(document[:])
        found.append(min(score, 0.3) if reason_to_skip(document[:]) else score)
    return found


def extract_claims(article: Article, *, min_worth: float = DEFAULT_MIN_WORTH) -> ClaimSet:
    """Find the checkable claims of an article.

    Args:
        article: as read.
        min_worth: claims less worth checking, 0..1, are skipped with the reason.
    """
    parser = load_parser()
    candidates = [
        sentence for sentence in article.sentences if article.blocks[sentence.block].kind not in NO_CLAIM_KINDS
    ]
    documents = list(parser.pipe([sentence.text for sentence in candidates]))
    register = Register(main=main_organisation(article.title, documents), acronyms=acronyms_of(article.text))
    if article.title:
        note(register, parser(article.title)[:])
    for document in documents:
        note_people(register, document)
    claims: list[Claim] = []
    skipped = [
        SkippedSentence(sentence.text, sentence.span, article.blocks[sentence.block].kind, 0.0)
        for sentence in article.sentences
        if article.blocks[sentence.block].kind in NO_CLAIM_KINDS
    ]
    for sentence, document in zip(candidates, documents, strict=True):
        score = worthiness(document[:])
        if cut_nominal(sentence.text):
            score = max(score, 0.6)
        reason = reason_to_skip(document[:]) or ("below the threshold" if score < min_worth else None)
        if reason:
            skipped.append(SkippedSentence(sentence.text, sentence.span, reason, score))
        else:
            claims += _claims_of(article, sentence, document[:], score, register)
        note(register, document[:])
    told = _told_once(claims)
    numbered = tuple(replace(claim, id=f"c{number}") for number, claim in enumerate(told, 1))
    return ClaimSet(numbered, tuple(sorted(skipped, key=lambda one: one.span.start)))


def note_people(register: Register, document: Any) -> None:
    """Take down the full names of an article before any sentence is resolved: a surname may come first."""
    for entity in document.ents:
        name = re.sub(r"[’']s$", "", entity.text).strip()
        if entity.label_ == "PERSON" and len(name.split()) in {2, 3} and name not in register.people:
            register.people.append(name)
    for match in ROLE.finditer(document.text):
        name = re.sub(r"[’']s$", "", match["name"])
        if name not in register.people:
            register.people.append(name)


def _claims_of(article: Article, sentence: Sentence, parsed: Any, score: float, register: Register) -> Iterator[Claim]:
    context = currency_context(sentence.text, around=article.text)
    for piece in cut(parsed):
        text, resolved = resolve(piece.text, parsed, register, article.published)
        start, end = sentence.start + piece.start, sentence.start + piece.end
        words = article.text[start:end]
        end -= len(words) - len(words.rstrip(" .,;"))
        span = raw_span(article.edits, Span(start, max(start + 1, end)))
        yield Claim(
            id="",
            text=text,
            span=span,
            sentence=sentence.text,
            quantities=_quantities(article, sentence, piece, text, context, register.acronyms),
            worthiness=score,
            resolved=resolved if resolved else (),
            places=(span,),
            attribution=piece.attribution,
        )


def _quantities(
    article: Article, sentence: Sentence, piece: Piece, text: str, context: dict[str, str], acronyms: dict[str, str]
) -> tuple[Quantity, ...]:
    """The figures of the sentence that the claim repeats, with spans into the raw text."""
    kept = []
    whole = text
    for short, long in acronyms.items():
        whole = whole.replace(long, short)
    for quantity in find_quantities(sentence.text, currency=context):
        inside = piece.start <= quantity.span.start < piece.end
        if quantity.text in whole and (inside or quantity.text not in sentence.text[piece.start : piece.end]):
            place = Span(sentence.start + quantity.span.start, sentence.start + quantity.span.end)
            unit = re.sub(r"[A-Z]{2,}", lambda match: acronyms.get(match.group(), match.group()), quantity.unit)
            unit = unit if "/" in unit or unit == quantity.unit else unit.lower()
            kept.append(replace(quantity, span=raw_span(article.edits, place), unit=unit))
    return tuple(kept)


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
    return shared / fewer >= (SAME if mine else 0.9) and shared / len(first | second) >= (0.4 if mine else 0.7)


def _denied(text: str) -> bool:
    return bool(re.search(r"\b(?:not|no|none|never|nobody|neither)\b|n[’']t\b", text))
