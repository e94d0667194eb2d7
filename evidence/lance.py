"""The store on LanceDB: one table, a row a passage, with its source's fields in every row.

So a source is never half there: every add, change and removal is one commit, and a process that is killed leaves the
version before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from evidence.passages import cut_passages
from evidence.search import WordIndex, best_places, fuse
from evidence.sources import source_of
from evidence.store import AddResult, StoreError, TextEmbedder
from pipeline.records import Document, Passage, RetrievedPassage, Source, Span

TABLE = "passages"
SCHEMA_VERSION = "1"
BATCH = 512
"""Passages of one commit, at least; a document is never split over two."""
GRACE = timedelta(hours=1)
"""Versions younger than this are kept by `optimize`: a reader may still be at one."""


class LanceStore:
    """An evidence store in a folder or a bucket."""

    def __init__(
        self, address: str, *, embedder: Callable[[], TextEmbedder], create: bool, shown: str | None = None
    ) -> None:
        """Open or make the store; see `evidence.store.open_store`."""
        import lancedb

        self.keep_alive: object = None
        self._address = address
        self._shown = shown or address
        self._load = embedder
        self._embedder: TextEmbedder | None = None
        self._memory: tuple[int, _Memory] | None = None
        local = "://" not in address
        if local and Path(address).exists() and not Path(address).is_dir():
            raise StoreError(f"{address} is a file and no evidence store; name a folder with --store.")
        if local and not create and not (Path(address) / f"{TABLE}.lance").exists():
            raise StoreError(
                f"there is no evidence store at {address}; add sources with `claimline evidence add`, or name some with --evidence."
            )
        try:
            self._database = lancedb.connect(address)
            names = self._database.list_tables().tables
            self._table = self._database.open_table(TABLE) if TABLE in names else None
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(f"the evidence store at {address} cannot be opened ({_first_line(error)}).") from error
        if self._table is None and not create:
            raise StoreError(
                f"there is no evidence in the store at {address}; add sources with `claimline evidence add`."
            )
        if self._table is not None:
            self._check_version()

    @property
    def embedder(self) -> TextEmbedder:
        """The embedder, loaded when it is first needed."""
        if self._embedder is None:
            self._embedder = self._load()
            made_with = self._metadata().get("embedder")
            if self._table is not None and made_with != self._embedder.name:
                raise StoreError(
                    f"the evidence store at {self._address} was made with the embedding model {made_with}, "
                    f"not {self._embedder.name}; add the sources to a new store with --store."
                )
        return self._embedder

    def describe(self) -> str:
        """Address and version."""
        return f"{self._shown} version {self._table.version}" if self._table is not None else f"{self._shown} (empty)"

    def add_documents(
        self, documents: Iterable[Document], *, progress: Callable[[int, int], None] | None = None
    ) -> AddResult:
        """Add documents; see `evidence.store.EvidenceStore`."""
        known = {source.id: source.sha256 for source in self.sources()}
        counts = {"added": 0, "unchanged": 0, "replaced": 0, "passages": 0}
        waiting: list[tuple[Source, tuple[Passage, ...]]] = []
        done = 0
        now = datetime.now(UTC).replace(microsecond=0)
        for document in documents:
            source = source_of(document, retrieved=now)
            if known.get(source.id) == source.sha256:
                counts["unchanged"] += 1
                continue
            counts["replaced" if source.id in known else "added"] += 1
            known[source.id] = source.sha256
            waiting = [one for one in waiting if one[0].id != source.id]
            waiting.append((source, cut_passages(document, source.id)))
            if sum(len(passages) for _, passages in waiting) >= BATCH:
                done = self._write(waiting, counts, done, progress)
                waiting = []
        self._write(waiting, counts, done, progress)
        return AddResult(**counts)

    def _write(
        self,
        waiting: Sequence[tuple[Source, tuple[Passage, ...]]],
        counts: dict[str, int],
        done: int,
        progress: Callable[[int, int], None] | None,
    ) -> int:
        """Write whole sources in one commit; returns how many passages have been written in all."""
        rows = [(source, number, passage) for source, passages in waiting for number, passage in enumerate(passages)]
        if not rows:
            return done
        counts["passages"] += len(rows)
        total, finished = done + len(rows), done

        def embedded(count: int) -> None:
            nonlocal finished
            finished += count
            if progress:
                progress(finished, total)

        vectors = self.embedder.embed(
            [embedded_text(source, passage) for source, _, passage in rows], progress=embedded
        )
        table = _arrow_rows(rows, vectors, self._schema())
        try:
            if self._table is None:
                self._table = self._database.create_table(TABLE, table, exist_ok=False)
            else:
                changed = ", ".join(f"'{source.id}'" for source, _ in waiting)
                (
                    self._table.merge_insert("id")
                    .when_matched_update_all()
                    .when_not_matched_insert_all()
                    .when_not_matched_by_source_delete(f"source IN ({changed})")
                    .execute(table)
                )
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(
                f"the evidence store at {self._address} cannot be written to ({_first_line(error)}); what it held before is unchanged."
            ) from error
        return total

    def sources(self) -> list[Source]:
        """All sources, in the order of their ids."""
        if self._table is None:
            return []
        rows = self._rows(SOURCE_FIELDS, "number = 0")
        return sorted((_source(row) for row in rows), key=lambda source: source.id)

    def source(self, source_id: str) -> Source:
        """One source."""
        rows = self._rows(SOURCE_FIELDS, f"source = '{_plain(source_id)}' AND number = 0")
        if not rows:
            raise StoreError(
                f"there is no source {source_id} in {self._address}; see `claimline evidence list` for the ids."
            )
        return _source(rows[0])

    def passages(self, source_id: str) -> list[Passage]:
        """A source's passages, in order."""
        rows = self._rows(PASSAGE_FIELDS, f"source = '{_plain(source_id)}'")
        return [_passage(row) for row in sorted(rows, key=lambda row: row["number"])]

    def remove(self, source_id: str) -> None:
        """Remove a source and its passages in one commit."""
        self.source(source_id)
        self._table.delete(f"source = '{_plain(source_id)}'")  # type: ignore[union-attr]

    def search(self, texts: Sequence[str], *, top_k: int, as_of: date | None = None) -> list[list[RetrievedPassage]]:
        """The best passages for each text; see `evidence.store.EvidenceStore`."""
        memory = self._in_memory()
        if not texts or not memory.rows:
            return [[] for _ in texts]
        import numpy as np

        allowed = np.array(
            [as_of is None or row[1].published is None or row[1].published <= as_of for row in memory.rows]
        )
        similarities = self.embedder.embed(texts) @ memory.vectors.T
        return [list(memory.best(text, row, allowed, top_k)) for text, row in zip(texts, similarities, strict=True)]

    def optimize(self) -> None:
        """Compact the table and drop old versions."""
        if self._table is not None:
            self._table.optimize(cleanup_older_than=GRACE)

    def _in_memory(self) -> _Memory:
        version = 0 if self._table is None else int(self._table.version)
        if self._memory is None or self._memory[0] != version:
            rows = self._rows((*PASSAGE_FIELDS, *SOURCE_FIELDS, "vector"), None) if self._table is not None else []
            self._memory = (
                version,
                _Memory(sorted(rows, key=lambda row: (row["source"], row["number"])), self.embedder.dimension),
            )
        return self._memory[1]

    def _rows(self, fields: Sequence[str], where: str | None) -> list[dict[str, Any]]:
        if self._table is None:
            return []
        query = self._table.search().select(list(dict.fromkeys(fields)))
        query = query.where(where) if where else query
        found: list[dict[str, Any]] = query.limit(None).to_arrow().to_pylist()
        return found

    def _metadata(self) -> dict[str, str]:
        if self._table is None:
            return {}
        return {key.decode(): value.decode() for key, value in (self._table.schema.metadata or {}).items()}

    def _check_version(self) -> None:
        found = self._metadata().get("claimline")
        if found != SCHEMA_VERSION:
            raise StoreError(
                f"the store at {self._address} was made by another version of Claimline (layout {found or 'unknown'}, "
                f"here {SCHEMA_VERSION}); add the sources to a new store with --store."
            )

    def _schema(self) -> Any:
        import pyarrow as pa

        text, number = pa.string(), pa.int64()
        fields = [
            ("id", text), ("source", text), ("number", number), ("text", text), ("start", number), ("end", number), ("headings", text),
            ("uri", text), ("title", text), ("publisher", text), ("published", text), ("retrieved", text), ("sha256", text),
            ("language", text), ("trust", text), ("origin", text), ("vector", pa.list_(pa.float32(), self.embedder.dimension)),
        ]  # fmt: skip
        return pa.schema(fields, metadata={"claimline": SCHEMA_VERSION, "embedder": self.embedder.name})


PASSAGE_FIELDS = ("id", "source", "number", "text", "start", "end", "headings")
SOURCE_FIELDS = (
    "source",
    "uri",
    "title",
    "publisher",
    "published",
    "retrieved",
    "sha256",
    "language",
    "trust",
    "origin",
)


class _Memory:
    """All passages of one version of the table, with their vectors and words."""

    def __init__(self, rows: Sequence[dict[str, Any]], dimension: int) -> None:
        import numpy as np

        sources: dict[str, Source] = {}
        self.rows: list[tuple[Passage, Source]] = []
        for row in rows:
            source = sources.setdefault(row["source"], _source(row))
            self.rows.append((_passage(row), source))
        self.vectors = np.array([row["vector"] for row in rows], dtype=np.float32).reshape(len(rows), dimension)
        self._words = WordIndex([embedded_text(source, passage) for passage, source in self.rows])

    def best(self, text: str, similarity: Any, allowed: Any, top_k: int) -> Iterator[RetrievedPassage]:
        """The best of the allowed passages for a text, given its cosines with all of them."""
        import numpy as np

        scores = np.where(allowed, fuse(similarity, self._words.scores(text)), -np.inf)
        for rank, place in enumerate(best_places(scores, top_k), 1):
            if not allowed[place]:
                return
            passage, source = self.rows[place]
            yield RetrievedPassage(
                passage, source, rank, round(float(scores[place]), 6), round(float(similarity[place]), 6)
            )


def embedded_text(source: Source, passage: Passage) -> str:
    """A passage as it is embedded and indexed: below its title and nearest heading."""
    above = [
        part for part in dict.fromkeys((source.title, *passage.headings[-1:])) if part and part not in passage.text
    ]
    return "\n".join([*above, passage.text])


def _arrow_rows(rows: Sequence[tuple[Source, int, Passage]], vectors: Any, schema: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(
        [
            {
                "id": passage.id,
                "source": source.id,
                "number": number,
                "text": passage.text,
                "start": passage.span.start,
                "end": passage.span.end,
                "headings": json.dumps(passage.headings, ensure_ascii=False),
                "uri": source.uri,
                "title": source.title,
                "publisher": source.publisher,
                "published": source.published.isoformat() if source.published else None,
                "retrieved": source.retrieved.isoformat(),
                "sha256": source.sha256,
                "language": source.language,
                "trust": source.trust,
                "origin": source.origin,
                "vector": vector,
            }
            for (source, number, passage), vector in zip(rows, vectors, strict=True)
        ],
        schema=schema,
    )


def _source(row: dict[str, Any]) -> Source:
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
    )


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        row["id"], row["source"], row["text"], Span(row["start"], row["end"]), tuple(json.loads(row["headings"]))
    )


def _plain(source_id: str) -> str:
    """An id without what could end a quoted string of a filter."""
    return "".join(char for char in source_id if char.isalnum() or char in "-_")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
