"""The store on LanceDB: one table, a row a passage, with its source's fields in every row.

So a source is never half there: every add, change and removal is one commit, and a process that is killed leaves the
version before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.passages import cut_passages
from evidence.search import WordIndex, best_places, fuse, indexed_text, tokens
from evidence.sources import Originals, source_of
from evidence.store import AddResult, StoreError, TextEmbedder
from pipeline.records import Document, Passage, RetrievedPassage, Source, Span

if TYPE_CHECKING:
    import numpy as np

TABLE = "passages"
SCHEMA_VERSION = "2"
BATCH = 512
"""Passages of one commit, at least; a document is never split over two."""
GRACE = timedelta(hours=1)
"""Versions younger than this are kept by `optimize`: a reader may still be at one."""
IN_MEMORY = 20_000
"""Passages up to which search is exact and in memory; above it, LanceDB's indexes name the candidates."""
CANDIDATES = 200
"""Passages that each index names for a text."""
COMMITS = 20
"""Commits of one add after which the table is compacted."""
ENGINE_ERRORS = (OSError, RuntimeError, ValueError)
"""What LanceDB raises where a table is damaged, locked or gone."""


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
        self._table: Any = None
        local = "://" not in address
        if local and Path(address).exists() and not Path(address).is_dir():
            raise StoreError(f"{address} is a file and no evidence store; name a folder with --store.")
        if local and not create and not (Path(address) / f"{TABLE}.lance").exists():
            raise StoreError(
                f"there is no evidence store at {address}; add sources with `claimline evidence add`, "
                "or name some with --evidence."
            )
        try:
            self._database = lancedb.connect(address)
            names = self._database.list_tables().tables
            if TABLE in names:
                self._table = self._database.open_table(TABLE)
        except ENGINE_ERRORS as error:
            raise StoreError(
                f"the evidence store at {address} cannot be opened ({_first_line(error)}); "
                "name another folder with --store."
            ) from error
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
            loaded = self._load()
            self._check_model(loaded)
            self._embedder = loaded
        return self._embedder

    def describe(self) -> str:
        """Address and version."""
        return f"{self._shown} version {self._table.version}" if self._table is not None else f"{self._shown} (empty)"

    def add_documents(
        self, documents: Iterable[Document], *, progress: Callable[[int, int], None] | None = None
    ) -> AddResult:
        """Add documents; see `evidence.store.EvidenceStore`."""
        held = {source.id: source for source in self.sources()}
        counts = {"added": 0, "unchanged": 0, "replaced": 0, "passages": 0}
        seen: dict[str, int] = {}
        copies: set[tuple[str, str]] = set()
        originals = Originals()
        waiting: list[tuple[Source, tuple[Passage, ...]]] = []
        done = commits = 0
        now = datetime.now(UTC).replace(microsecond=0)
        for document in documents:
            if (document.uri, document.sha256) in copies:
                continue
            copies.add((document.uri, document.sha256))
            seen[document.uri] = seen.get(document.uri, 0) + 1
            source = source_of(document, retrieved=now, occurrence=seen[document.uri])
            source = replace(source, origin=originals.origin_of(document.text, source.origin))
            before = held.get(source.id)
            if before and before.sha256 == source.sha256:
                counts["unchanged"] += 1
                continue
            passages = cut_passages(document, source.id)
            if not passages and not before:
                continue
            counts["replaced" if before else "added"] += 1
            waiting.append((source, passages))
            if sum(len(passages) for _, passages in waiting) >= BATCH:
                done = self._write(waiting, counts, done, progress)
                commits += 1
                waiting = []
        if waiting:
            self._write(waiting, counts, done, progress)
        self._tidy(commits)
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
        counts["passages"] += len(rows)
        total, finished = done + len(rows), done

        def embedded(count: int) -> None:
            nonlocal finished
            finished += count
            if progress:
                progress(finished, total)

        vectors = self.embedder.embed([indexed_text(source, passage) for source, _, passage in rows], progress=embedded)
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
        except ENGINE_ERRORS as error:
            raise StoreError(
                f"the evidence store at {self._address} cannot be written to ({_first_line(error)}); "
                "what it held before is unchanged; name another folder with --store, or make room."
            ) from error
        return total

    def _tidy(self, commits: int) -> None:
        """After an add: index a table that has outgrown memory, and join the small files that many commits leave."""
        if self._table is None:
            return
        if self._table.count_rows() > IN_MEMORY and not self._indexed():
            from lancedb.index import FTS, IvfRq

            # The words are cut by `tokens` already, so that both ways of searching count the same ones.
            plain = FTS(
                base_tokenizer="whitespace", lower_case=False, stem=False, remove_stop_words=False, ascii_folding=False
            )
            self._table.create_index("words", config=plain)
            self._table.create_index("vector", config=IvfRq(distance_type="cosine"))
        elif commits >= COMMITS:
            self._table.optimize()

    def _indexed(self) -> bool:
        return self._table is not None and {"words", "vector"} <= {
            column for index in self._table.list_indices() for column in index.columns
        }

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
        self._table.delete(f"source = '{_plain(source_id)}'")

    def search(self, texts: Sequence[str], *, top_k: int, as_of: date | None = None) -> list[list[RetrievedPassage]]:
        """The best passages for each text; see `evidence.store.EvidenceStore`."""
        if self._table is None or not texts or top_k < 1:
            return [[] for _ in texts]
        queries = self.embedder.embed(texts)
        if self._table.count_rows() > IN_MEMORY and self._indexed():
            return [self._search_indexes(text, query, top_k, as_of) for text, query in zip(texts, queries, strict=True)]
        import numpy as np

        memory = self._in_memory()
        allowed = np.array(
            [as_of is None or row[1].published is None or row[1].published <= as_of for row in memory.rows], dtype=bool
        )
        return [
            list(memory.best(text, memory.vectors @ query, allowed, top_k))
            for text, query in zip(texts, queries, strict=True)
        ]

    def _search_indexes(self, text: str, query: Any, top_k: int, as_of: date | None) -> list[RetrievedPassage]:
        """Fuse the candidates of both indexes; cosines are exact, words that the index did not name count nothing."""
        import numpy as np
        import pyarrow as pa
        from lancedb.query import MatchQuery

        most = max(CANDIDATES, 2 * top_k)
        fields = list(dict.fromkeys((*PASSAGE_FIELDS, *SOURCE_FIELDS, "vector")))
        near = self._table.search(query, vector_column_name="vector").distance_type("cosine")
        named = [near.nprobes(32).refine_factor(4).select([*fields, "_distance"])]
        words = " ".join(sorted(set(tokens(text))))
        if words:
            match: Any = MatchQuery(words, "words")  # type: ignore[call-arg]
            spoken = self._table.search(match, query_type="fts")
            named.append(spoken.select([*fields, "_score"]))
        tables = []
        lexical: dict[str, float] = {}
        for candidates in named:
            if as_of:
                later = f"published IS NULL OR published <= '{as_of.isoformat()}'"
                candidates = candidates.where(later, prefilter=True)
            table = self._read(candidates.limit(most).to_arrow)
            if "_score" in table.column_names:
                lexical = dict(zip(table["id"].to_pylist(), table["_score"].to_pylist(), strict=True))
            tables.append(table.select(fields))
        table = pa.concat_tables(tables).sort_by([("source", "ascending"), ("number", "ascending")])
        ids = table["id"].to_pylist()
        # Named by both indexes, a passage stands twice.
        table = table.take([place for place, one in enumerate(ids) if place == 0 or ids[place - 1] != one])
        similarity = _vectors(table) @ query
        scores = fuse(similarity, np.array([lexical.get(one, 0.0) for one in table["id"].to_pylist()], np.float32))
        best = best_places(scores, top_k)
        return [
            _retrieved(_passage(row), _source(row), rank, scores[place], similarity[place])
            for rank, (place, row) in enumerate(
                zip(best, table.take(best).drop_columns(["vector"]).to_pylist(), strict=True), 1
            )
        ]

    def optimize(self) -> None:
        """Compact the table and drop old versions."""
        if self._table is not None:
            self._tidy(0)
            self._table.optimize(cleanup_older_than=GRACE)

    def _in_memory(self) -> _Memory:
        version = int(self._table.version)
        if self._memory is None or self._memory[0] != version:
            fields = list(dict.fromkeys((*PASSAGE_FIELDS, *SOURCE_FIELDS, "words", "vector")))
            table = self._read(lambda: self._table.search().select(fields).limit(None).to_arrow())
            self._memory = (version, _Memory(table.sort_by([("source", "ascending"), ("number", "ascending")])))
        return self._memory[1]

    def _read(self, query: Callable[[], Any]) -> Any:
        try:
            return query()
        except ENGINE_ERRORS as error:
            raise StoreError(
                f"the evidence store at {self._address} is damaged ({_first_line(error)}); "
                "add its sources to a new one with --store."
            ) from error

    def _rows(self, fields: Sequence[str], where: str | None) -> list[dict[str, Any]]:
        if self._table is None:
            return []
        query = self._table.search().select(list(dict.fromkeys(fields)))
        query = query.where(where) if where else query
        found: list[dict[str, Any]] = self._read(lambda: query.limit(None).to_arrow().to_pylist())
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

    def _check_model(self, loaded: TextEmbedder) -> None:
        kept = self._metadata()
        if kept and (kept.get("embedder"), kept.get("embedder sha256")) != (loaded.name, loaded.sha256):
            same = kept.get("embedder") == loaded.name
            raise StoreError(
                f"the evidence store at {self._address} was made with "
                f"{'other weights of ' if same else ''}the embedding model {kept.get('embedder')}"
                f"{'' if same else f', not {loaded.name}'}; add the sources to a new store with --store."
            )

    def _schema(self) -> Any:
        import pyarrow as pa

        text, number = pa.string(), pa.int64()
        fields = [
            ("id", text), ("source", text), ("number", number), ("text", text), ("start", number), ("end", number), ("headings", text),
            ("uri", text), ("title", text), ("publisher", text), ("published", text), ("retrieved", text), ("sha256", text),
            ("language", text), ("trust", text), ("origin", text), ("words", text),
            ("vector", pa.list_(pa.float32(), self.embedder.dimension)),
        ]  # fmt: skip
        made = {"embedder": self.embedder.name, "embedder sha256": self.embedder.sha256}
        return pa.schema(fields, metadata={"claimline": SCHEMA_VERSION, **made})


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

    def __init__(self, table: Any) -> None:
        self.vectors = _vectors(table)
        self._words = WordIndex([words.split() for words in table.column("words").to_pylist()])
        sources: dict[str, Source] = {}
        self.rows: list[tuple[Passage, Source]] = []
        for row in table.drop_columns(["vector", "words"]).to_pylist():
            if row["source"] not in sources:
                sources[row["source"]] = _source(row)
            self.rows.append((_passage(row), sources[row["source"]]))

    def best(self, text: str, similarity: Any, allowed: Any, top_k: int) -> Iterator[RetrievedPassage]:
        """The best of the allowed passages for a text, given its cosines with all of them."""
        import numpy as np

        scores = np.where(allowed, fuse(similarity, self._words.scores(text)), -np.inf)
        for rank, place in enumerate(best_places(scores, top_k), 1):
            if not allowed[place]:
                return
            yield _retrieved(*self.rows[place], rank, scores[place], similarity[place])


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
                "words": " ".join(tokens(indexed_text(source, passage))),
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


def _vectors(table: Any) -> np.ndarray:
    """The vectors of a table's rows: float32 [rows, dimension]."""
    import numpy as np

    column = table.column("vector").combine_chunks()
    return np.asarray(column.flatten(), dtype=np.float32).reshape(table.num_rows, column.type.list_size)


def _retrieved(passage: Passage, source: Source, rank: int, score: float, similarity: float) -> RetrievedPassage:
    return RetrievedPassage(passage, source, rank, round(float(score), 6), round(float(similarity), 6))


def _plain(source_id: str) -> str:
    """An id without what could end a quoted string of a filter."""
    return "".join(char for char in source_id if char.isalnum() or char in "-_")


def _first_line(error: Exception) -> str:
    """The engine's reason, without its name for the error and its place in the engine's code."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return re.sub(r"^(lance error: )?(LanceError\(\w+\): )?|, /\S+\.rs:\d+.*$", "", first)[:160]
