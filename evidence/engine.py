"""What every engine does alike: which documents are new, what they share with others, how passages are ranked.

An engine adds to this how rows are written in one commit, read, and named as candidates where there are too many to
look at all of them.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from evidence.passages import cut_passages
from evidence.search import WordIndex, fuse, indexed_text, spread, tokens
from evidence.sources import Originals, origin_of, sketch_of, source_of
from evidence.store import AddResult, Given, Limits, StoreError, TextEmbedder
from evidence.web import is_address
from pipeline.records import Document, Passage, RetrievedPassage, Source, Span, Trust

if TYPE_CHECKING:
    import numpy as np

LAYOUT = "3"
BATCH = 512
"""Passages of one commit, at least; a document is never split over two."""
IN_MEMORY = 20_000
"""Passages up to which search is exact and in memory; above it, the engine's indexes name the candidates."""
CANDIDATES = 200
"""Passages that each index names for a text."""

PASSAGE_FIELDS = ("id", "source", "number", "text", "start", "end", "headings")
SOURCE_FIELDS = (
    "source", "uri", "title", "publisher", "published", "retrieved", "sha256", "language", "trust", "origin", "place",
)  # fmt: skip
BOTH_FIELDS = tuple(dict.fromkeys((*PASSAGE_FIELDS, *SOURCE_FIELDS)))
DESCRIBED = ("title", "publisher", "published", "language", "trust", "origin")
"""Fields that say what a source is, beside its text."""
Row = dict[str, Any]


@dataclass
class _Pending:
    """Sources that wait to be written together."""

    sources: list[tuple[Source, tuple[Passage, ...], Row]] = field(default_factory=list)
    """Each with its passages, and what its first row alone holds."""
    passages: int = 0


class EngineStore(ABC):
    """An evidence store, but for the engine that keeps its rows."""

    def __init__(self, address: str, *, embedder: Callable[[], TextEmbedder], shown: str | None = None) -> None:
        self.keep_alive: object = None
        self._address = address
        self._shown = shown or address
        self._load = embedder
        self._embedder: TextEmbedder | None = None
        self._memory: tuple[object, Memory] | None = None

    # What an engine adds.

    @abstractmethod
    def _made_with(self) -> Mapping[str, str]:
        """What the store says of itself: "embedder" and "embedder sha256"; empty before the first commit."""

    @abstractmethod
    def _version(self) -> object:
        """Another value after each commit, of whichever process; None before the first."""

    @abstractmethod
    def _count(self) -> int:
        """The number of passages."""

    @abstractmethod
    def _commit(self, rows: Any, sources: Sequence[str]) -> None:
        """Put rows in place of all rows of some sources, all of it or nothing.

        Args:
            rows: an Arrow table as `arrow_rows` makes it, of whole sources; it may be empty.
            sources: the ids of the sources that are written, or that the rows no longer hold.
        """

    @abstractmethod
    def _set(self, source_id: str, values: Mapping[str, str]) -> None:
        """Give all rows of a source new values, all of them or none."""

    @abstractmethod
    def _heads(self, fields: Sequence[str]) -> list[Row]:
        """The first row of every source."""

    @abstractmethod
    def _rows_of(self, source_ids: Sequence[str], fields: Sequence[str]) -> Any:
        """All rows of some sources, as an Arrow table."""

    @abstractmethod
    def _everything(self, fields: Sequence[str]) -> Any:
        """All rows, as an Arrow table."""

    @abstractmethod
    def _indexed(self) -> bool:
        """Whether there are indexes that can name candidates."""

    @abstractmethod
    def _search_indexes(
        self, texts: Sequence[str], queries: np.ndarray, limits: Limits, top_k: int
    ) -> list[list[RetrievedPassage]]:
        """The best passages for each text, of those that the engine's indexes name."""

    @abstractmethod
    def _tidy(self, *, ended: bool) -> None:
        """Look after files and indexes between commits, where it pays.

        Args:
            ended: the add has come to its end.
        """

    @abstractmethod
    def optimize(self) -> None:
        """Compact the store and drop versions that no reader can need any more."""

    # What all of them do alike.

    @property
    def embedder(self) -> TextEmbedder:
        """The embedder, loaded when it is first needed."""
        if self._embedder is None:
            loaded = self._load()
            self._check_model(loaded)
            self._embedder = loaded
        return self._embedder

    def describe(self) -> str:
        """Address and version."""
        version = self._version()
        return f"{self._shown} version {version}" if version is not None else f"{self._shown} (empty)"

    def add_documents(
        self,
        documents: Iterable[Document],
        *,
        progress: Callable[[int, int], None] | None = None,
        given: Given | None = None,
    ) -> AddResult:
        """Add documents; see `evidence.store.EvidenceStore`."""
        heads = self._heads((*SOURCE_FIELDS, "edited", "sketch"))
        held = {row["source"]: (source_from(row), set(filter(None, (row["edited"] or "").split(",")))) for row in heads}
        originals = Originals([(row["sketch"], row["origin"], row["source"]) for row in heads if row["sketch"]])
        counts = {"added": 0, "unchanged": 0, "replaced": 0, "passages": 0}
        seen: dict[str, int] = {}
        copies: set[tuple[str, str]] = set()
        met: list[str] = []
        said = given.fields() if given else {}
        pending = _Pending()
        now = datetime.now(UTC).replace(microsecond=0)
        for document in documents:
            if (document.uri, document.sha256) in copies:
                continue
            copies.add((document.uri, document.sha256))
            seen[document.uri] = seen.get(document.uri, 0) + 1
            source = source_of(document, retrieved=now, occurrence=seen[document.uri])
            met.append(source.id)
            before, edited = held.get(source.id, (None, set()))
            source, edited = _as_given(source, said, before, edited)
            if before and before.sha256 == source.sha256 and _says_the_same(before, source, said):
                counts["unchanged"] += 1
                continue
            passages = cut_passages(document, source.id)
            if not passages and not before:
                continue
            sketch = sketch_of("\n".join(passage.text for passage in passages))
            if "origin" not in edited:
                origin = originals.origin_of(sketch, source.origin, source.id)
                source = replace(source, origin=origin)
            if before and list(passages) == self.passages(before.id) and _says_the_same(before, source, DESCRIBED):
                # Only what is around the text has changed, as a page's advertisements do.
                counts["unchanged"] += 1
                continue
            counts["replaced" if before else "added"] += 1
            pending.sources.append((source, passages, {"edited": ",".join(sorted(edited)) or None, "sketch": sketch}))
            pending.passages += len(passages)
            if pending.passages >= BATCH:
                self._write(pending, held, counts, progress)
                self._tidy(ended=False)
                pending = _Pending()
        if pending.sources:
            self._write(pending, held, counts, progress)
        self._tidy(ended=True)
        return AddResult(**counts, sources=tuple(met))

    def _write(
        self,
        pending: _Pending,
        held: Mapping[str, tuple[Source, set[str]]],
        counts: dict[str, int],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        """Write whole sources in one commit; only passages that were not there before are embedded."""
        import numpy as np

        done = counts["passages"]
        rows = [(source, number, one, first) for source, passages, first in pending.sources for number, one in enumerate(passages)]  # fmt: skip
        total, finished = done + len(rows), done
        counts["passages"] = total

        def embedded(count: int) -> None:
            nonlocal finished
            finished += count
            if progress:
                progress(finished, total)

        ids = [source.id for source, _, _ in pending.sources]
        kept = self._kept_vectors([one for one in ids if one in held])
        texts = [indexed_text(source, passage) for source, _, passage, _ in rows]
        new = [place for place, text in enumerate(texts) if text not in kept]
        made = self.embedder.embed([texts[place] for place in new], progress=embedded)
        vectors = np.zeros((len(rows), self.embedder.dimension), dtype=np.float32)
        vectors[new] = made
        for place, text in enumerate(texts):
            if text in kept:
                vectors[place] = kept[text]
        if progress and len(new) < len(rows):
            progress(total, total)
        self._commit(arrow_rows(rows, texts, vectors, self._schema()), ids)

    def _kept_vectors(self, source_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The vectors of sources that are about to be replaced, by the text that was embedded."""
        if not source_ids:
            return {}
        table = self._rows_of(source_ids, (*BOTH_FIELDS, "vector"))
        rows = table.drop_columns(["vector"]).to_pylist()
        return {
            indexed_text(source_from(row), passage_from(row)): vector
            for row, vector in zip(rows, vectors_of(table), strict=True)
        }

    def sources(self) -> list[Source]:
        """All sources, in the order of their ids."""
        return sorted((source_from(row) for row in self._heads(SOURCE_FIELDS)), key=lambda source: source.id)

    def source(self, source_id: str) -> Source:
        """One source."""
        rows = self._rows_of([plain_id(source_id)], SOURCE_FIELDS).slice(0, 1).to_pylist()
        if not rows:
            raise StoreError(
                f"there is no source {source_id} in {self._address}; see `claimline evidence list` for the ids."
            )
        return source_from(rows[0])

    def passages(self, source_id: str) -> list[Passage]:
        """A source's passages, in order."""
        rows = self._rows_of([plain_id(source_id)], PASSAGE_FIELDS).to_pylist()
        return [passage_from(row) for row in sorted(rows, key=lambda row: row["number"])]

    def remove(self, source_id: str) -> None:
        """Remove a source and its passages in one commit."""
        self.source(source_id)
        self._commit(None, [source_id])

    def edit(self, source_id: str, *, trust: Trust | None = None, origin: str | None = None) -> Source:
        """Say of a source what it does not say itself; see `evidence.store.EvidenceStore`."""
        self.source(source_id)
        row = self._rows_of([source_id], ("edited",)).slice(0, 1).to_pylist()[0]
        values = {name: value for name, value in (("trust", trust), ("origin", origin)) if value is not None}
        edited = {*filter(None, (row["edited"] or "").split(",")), *values}
        if values:
            self._set(source_id, {**values, "edited": ",".join(sorted(edited))})
        return self.source(source_id)

    def tables(self) -> Iterator[Any]:
        """All rows as Arrow tables of whole sources, with their vectors, to be taken to another store."""
        waiting: list[str] = []
        for source in self.sources():
            waiting.append(source.id)
            if len(waiting) == 200:
                yield self._rows_of(waiting, ALL_FIELDS)
                waiting = []
        if waiting:
            yield self._rows_of(waiting, ALL_FIELDS)

    def add_tables(self, tables: Iterable[Any]) -> int:
        """Take over rows of another store with the same embedder; returns the number of sources."""
        count = 0
        for table in tables:
            ids = sorted(set(table["source"].to_pylist()))
            self._commit(table.select(ALL_FIELDS).cast(self._schema()), ids)
            self._tidy(ended=False)
            count += len(ids)
        self._tidy(ended=True)
        return count

    def search(
        self,
        texts: Sequence[str],
        *,
        top_k: int,
        as_of: date | None = None,
        publisher: str | None = None,
        language: str | None = None,
        trust: Trust | None = None,
    ) -> list[list[RetrievedPassage]]:
        """The best passages for each text; see `evidence.store.EvidenceStore`."""
        if not texts or top_k < 1 or self._version() is None:
            return [[] for _ in texts]
        limits = Limits(as_of, publisher, language, trust)
        queries = self.embedder.embed(texts)
        if self._count() > IN_MEMORY and self._indexed():
            return self._search_indexes(texts, queries, limits, top_k)
        return self._in_memory().best(texts, queries, limits, top_k)

    def _in_memory(self) -> Memory:
        version = self._version()
        if self._memory is None or self._memory[0] != version:
            table = self._everything((*BOTH_FIELDS, "words", "vector"))
            self._memory = (version, Memory(table.sort_by([("source", "ascending"), ("number", "ascending")])))
        return self._memory[1]

    def _check_model(self, loaded: TextEmbedder) -> None:
        kept = self._made_with()
        if kept and (kept.get("embedder"), kept.get("embedder sha256")) != (loaded.name, loaded.sha256):
            same = kept.get("embedder") == loaded.name
            raise StoreError(
                f"the evidence store at {self._address} was made with "
                f"{'other weights of ' if same else ''}the embedding model {kept.get('embedder')}"
                f"{'' if same else f', not {loaded.name}'}; add the sources to a new store with --store."
            )

    def _schema(self) -> Any:
        """The columns of a store, with what made it."""
        made = {"embedder": self.embedder.name, "embedder sha256": self.embedder.sha256}
        return schema_of(self.embedder.dimension, made)


def plain_id(source_id: str) -> str:
    """An id without what could end a quoted string of a filter."""
    return "".join(char for char in source_id if char.isalnum() or char in "-_:")


def schema_of(dimension: int, made: Mapping[str, str]) -> Any:
    """The columns of a store.

    Args:
        dimension: of the vectors.
        made: name and sha256 of the embedder.
    """
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    kinds = {"number": number, "start": number, "end": number, "sketch": pa.binary(), "vector": pa.list_(pa.float32(), dimension)}  # fmt: skip
    fields = [(name, kinds.get(name, text)) for name in ALL_FIELDS]
    return pa.schema(fields, metadata={"claimline": LAYOUT, **made})


ALL_FIELDS = (*BOTH_FIELDS, "edited", "sketch", "words", "vector")


class Memory:
    """All passages of one version of a store, with their vectors and words."""

    def __init__(self, table: Any) -> None:
        self.vectors = vectors_of(table)
        self._words = WordIndex([words.split() for words in table.column("words").to_pylist()])
        known: dict[str, Source] = {}
        self.rows: list[tuple[Passage, Source]] = []
        for row in table.drop_columns(["vector", "words"]).to_pylist():
            if row["source"] not in known:
                known[row["source"]] = source_from(row)
            self.rows.append((passage_from(row), known[row["source"]]))

    def best(
        self, texts: Sequence[str], queries: np.ndarray, limits: Limits, top_k: int
    ) -> list[list[RetrievedPassage]]:
        """The best of the allowed passages for each text, given its vector."""
        import numpy as np

        allowed = np.flatnonzero([limits.allow(source) for _, source in self.rows])
        owners = [self.rows[place][1].id for place in allowed]
        found = []
        for text, query in zip(texts, queries, strict=True):
            similarity = (self.vectors @ query)[allowed]
            scores = fuse(similarity, self._words.scores(text)[allowed])
            best = spread(scores, owners, top_k)
            found.append(
                [
                    retrieved(self.rows[allowed[place]], rank, scores[place], similarity[place])
                    for rank, place in enumerate(best, 1)
                ]
            )
        return found


def _as_given(
    source: Source, said: Mapping[str, Any], before: Source | None, edited: set[str]
) -> tuple[Source, set[str]]:
    """A source as a person describes it: now, or when it was added before. Also which fields are so."""
    kept = {name: getattr(before, name) for name in edited} if before else {}
    if before and is_address(source.place or ""):
        # A page need not say what the feed that named it said.
        kept |= {name: getattr(before, name) for name in ("title", "published") if getattr(source, name) is None}
    known: Source = replace(source, **{**kept, **said})
    names = {*edited, *said}
    if "publisher" in names and "origin" not in names:
        known = replace(known, origin=origin_of(known.publisher, known.uri) or known.id)
    return known, names


def _says_the_same(before: Source, source: Source, names: Iterable[str]) -> bool:
    return all(getattr(before, name) == getattr(source, name) for name in names)


def arrow_rows(
    rows: Sequence[tuple[Source, int, Passage, Row]], texts: Sequence[str], vectors: np.ndarray, schema: Any
) -> Any:
    """The rows of passages, as an Arrow table.

    Args:
        rows: each passage with its source, its number in it, and what the source's first row alone holds.
        texts: as they are embedded and indexed.
        vectors: float32 [len(rows), dimension].
        schema: of the store.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {name: [] for name in schema.names if name != "vector"}
    for (source, number, passage, first), text in zip(rows, texts, strict=True):
        values = {
            "id": passage.id,
            "source": source.id,
            "number": number,
            "text": passage.text,
            "start": passage.span.start,
            "end": passage.span.end,
            "headings": json.dumps(passage.headings, ensure_ascii=False),
            "published": source.published.isoformat() if source.published else None,
            "retrieved": source.retrieved.isoformat(),
            "edited": first["edited"],
            "sketch": first["sketch"] if number == 0 else None,
            "words": " ".join(tokens(text)),
        }
        for name, column in columns.items():
            column.append(values[name] if name in values else getattr(source, name))
    columns["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), schema.field("vector").type.list_size)  # fmt: skip
    return pa.table([pa.array(columns[name], schema.field(name).type) for name in schema.names], schema=schema)


def source_from(row: Row) -> Source:
    """The source that a row tells of."""
    return Source(
        row["source"],
        row["uri"],
        row["title"],
        row["publisher"],
        date.fromisoformat(row["published"]) if row["published"] else None,
        datetime.fromisoformat(row["retrieved"]),
        row["sha256"],
        row["language"],
        row["trust"],
        row["origin"],
        row["place"],
    )


def passage_from(row: Row) -> Passage:
    """The passage that a row is."""
    span = Span(row["start"], row["end"])
    return Passage(row["id"], row["source"], row["text"], span, tuple(json.loads(row["headings"])))


def vectors_of(table: Any) -> np.ndarray:
    """The vectors of an Arrow table: float32 [rows, dimension]."""
    import numpy as np

    column = table.column("vector").combine_chunks()
    flat = np.asarray(column.flatten(), dtype=np.float32)
    found: np.ndarray = flat.reshape(len(table), -1) if len(table) else flat.reshape(0, column.type.list_size)
    return found


def retrieved(row: tuple[Passage, Source], rank: int, score: Any, similarity: Any) -> RetrievedPassage:
    """A passage that was found; scores are rounded, so that they are the same on every run."""
    return RetrievedPassage(*row, rank, round(float(score), 6), round(float(similarity), 6))
