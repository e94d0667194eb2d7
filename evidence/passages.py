"""Cuts documents into passages: whole sentences, sized for the verifier, below their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.records import Document, DocumentBlock, Passage, Span

WORDS = 110
"""A passage has at most about as many words: with its title and a claim it fits one window of the verifier."""
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    headings: tuple[str, ...]


def cut_passages(document: Document, source_id: str) -> tuple[Passage, ...]:
    """Cut a document into passages.

    Short paragraphs under one heading stay together, so that "it" keeps what it stands for; long ones are cut at
    sentence ends, with the last sentence repeated. A table's row is a passage of its own.

    Args:
        document: as read.
        source_id: opens the passages' ids.
    """
    return tuple(
        Passage(f"{source_id}:{number}", source_id, document.text[s.start : s.end], Span(s.start, s.end), s.headings)
        for number, s in enumerate(_stretches(document))
    )


def _stretches(document: Document) -> Iterator[_Stretch]:
    headings: list[tuple[int, str]] = []
    waiting: list[DocumentBlock] = []
    for block in document.blocks:
        if block.kind in {"paragraph", "list item", "caption"}:
            waiting.append(block)
            continue
        # Anything else ends the stretch: a passage is one run of the text, and must not run over what is left out.
        above = tuple(text for _, text in headings)
        yield from _merged(document.text, waiting, above)
        waiting = []
        words = document.text[block.span.start : block.span.end]
        if block.kind == "heading" and words.strip():
            level = max(1, block.level)
            headings = [one for one in headings if one[0] < level] + [(level, " ".join(words.split()))]
        elif block.kind == "row" and words.strip():
            left = block.span.start + len(words) - len(words.lstrip())
            yield _Stretch(left, left + len(words.strip()), above)
    yield from _merged(document.text, waiting, tuple(text for _, text in headings))


def _merged(text: str, blocks: list[DocumentBlock], headings: tuple[str, ...]) -> Iterator[_Stretch]:
    current: list[Span] = []
    for block in blocks:
        for sentence in _sentences(text, block.span):
            if current and size_of(text[current[0].start : sentence.end]) > WORDS:
                yield _Stretch(current[0].start, current[-1].end, headings)
                last = current[-1]
                current = [last] if size_of(text[last.start : sentence.end]) <= WORDS else []
            current.append(sentence)
    if current:
        yield _Stretch(current[0].start, current[-1].end, headings)


def size_of(text: str) -> int:
    """The length of a text in words; one written without spaces counts ten characters as a word."""
    return max(len(text.split()), len(text) // 10)


def _sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a block; one that is far too long is cut between words."""
    import nupunkt

    block = text[span.start : span.end]
    for start, end in nupunkt.sent_spans(block):
        part = block[start:end]
        left = span.start + start + len(part) - len(part.lstrip())
        right = left + len(part.strip())
        while size_of(text[left:right]) > 2 * WORDS:
            cut = _cut(text, left, right)
            yield Span(left, cut)
            left = cut + len(text[cut:right]) - len(text[cut:right].lstrip())
        if left < right:
            yield Span(left, right)


def _cut(text: str, left: int, right: int) -> int:
    """Where the first passage's worth of an endless sentence ends: after its words, or in a text without spaces."""
    limit = min(right, left + 10 * WORDS)
    ends = [match.start() for match in islice(SPACE.finditer(text, left, limit), WORDS)]
    return ends[-1] if ends else limit
