"""Sources and passages as the `claimline evidence` commands print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.records import Passage, RetrievedPassage, Source


def source_to_json(source: Source) -> dict[str, Any]:
    """A source in plain values."""
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "uri": source.uri,
        "published": source.published.isoformat() if source.published else None,
        "retrieved": source.retrieved.isoformat(),
        "language": source.language,
        "trust": source.trust,
        "origin": source.origin,
        "sha256": source.sha256,
        "place": source.place,
    }


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage in plain values."""
    return {
        "id": passage.id,
        "text": passage.text,
        "span": {"start": passage.span.start, "end": passage.span.end},
        "headings": list(passage.headings),
    }


def exported(source: Source, passages: Sequence[Passage]) -> dict[str, Any]:
    """A source with its passages in plain values, and its text as far as they hold it."""
    text, end = "", 0
    for passage in passages:
        gap = passage.span.start > end
        text += ("\n\n" if text and gap else "") + passage.text[max(0, end - passage.span.start) :]
        end = max(end, passage.span.end)
    known = source_to_json(source)
    return {**known, "url": known["uri"], "text": text, "passages": [passage_to_json(one) for one in passages]}


def retrieved_to_json(found: RetrievedPassage) -> dict[str, Any]:
    """A passage that was found, with its source and its place in the ranking."""
    return {
        "rank": found.rank,
        "score": found.score,
        "similarity": found.similarity,
        "passage": passage_to_json(found.passage),
        "source": source_to_json(found.source),
    }


def print_sources(sources: Sequence[Source]) -> None:
    """Print a table of sources."""
    from rich.console import Console
    from rich.table import Table

    from pipeline.report.terminal import clean

    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for name in ("Id", "Published", "Publisher", "Title"):
        table.add_column(name, overflow="fold", no_wrap=name in {"Id", "Published"})
    for source in sources:
        day = source.published.isoformat() if source.published else ""
        table.add_row(
            source.id, day, clean(source.publisher or "", console), clean(source.title or source.uri, console)
        )
    console.print(table)
    console.print(f"{len(sources)} {'source' if len(sources) == 1 else 'sources'}")


def print_passages(found: Sequence[RetrievedPassage]) -> None:
    """Print passages that were found, best first."""
    from rich.console import Console
    from rich.text import Text

    from pipeline.report.terminal import clean

    console = Console(highlight=False)
    for one in found:
        name = one.source.publisher or one.source.title or one.source.uri
        console.print(Text(clean(f"{one.rank}. {name}  {one.score:.3f}  [{one.passage.id}]", console), style="bold"))
        console.print(Text(clean(one.passage.text, console)))
        console.print()
    if not found:
        console.print("Nothing was found.")
