"""Cuts documents into passages: whole sentences, sized for the verifier, below their headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.records import Document, DocumentBlock, Passage, Span

WORDS = 110
"""A passage has at most about as many words: with its title and a claim it fits one window of the verifier."""


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
        words = document.text[block.span.start : block.span.end]
        if block.kind == "boilerplate":
            continue
        if block.kind in {"heading", "row"}:
            yield from _merged(document.text, waiting, tuple(text for _, text in headings))
            waiting = []
        if block.kind == "heading":
            headings = [(level, text) for level, text in headings if level < max(1, block.level)] + [
                (max(1, block.level), words)
            ]
        elif block.kind == "row":
            yield _Stretch(block.span.start, block.span.end, tuple(text for _, text in headings))
        else:
            waiting.append(block)
    yield from _merged(document.text, waiting, tuple(text for _, text in headings))


def _merged(text: str, blocks: list[DocumentBlock], headings: tuple[str, ...]) -> Iterator[_Stretch]:
    current: list[Span] = []
    for block in blocks:
        for sentence in _pieces(text, block.span):
            size = len(text[current[0].start : sentence.end].split()) if current else 0
            if current and size > WORDS:
                yield _Stretch(current[0].start, current[-1].end, headings)
                last = current[-1]
                keep = len(text[last.start : sentence.end].split()) <= WORDS
                current = [last] if keep else []
            current.append(sentence)
    if current:
        yield _Stretch(current[0].start, current[-1].end, headings)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a block; one that is far too long is cut between words."""
    import nupunkt

    block = text[span.start : span.end]
    for start, end in nupunkt.sent_spans(block):
        part = block[start:end]
        left = span.start + start + len(part) - len(part.lstrip())
        right = left + len(part.strip())
        while len(text[left:right].split()) > 2 * WORDS:
            cut = text.find(" ", left + len(" ".join(text[left:right].split(" ")[:WORDS])))
            if cut <= left or cut >= right:
                break
            yield Span(left, cut)
            left = cut + 1
        if left < right:
            yield Span(left, right)
