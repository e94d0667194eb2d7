"""The store on LanceDB: one table, a row a passage, with its source's fields in every row.

So a source is never half there: every add, change and removal is one commit, and a process that is killed leaves the
version before it.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence import engine
from evidence.engine import (
    ALL_FIELDS,
    BOTH_FIELDS,
    LAYOUT,
    EngineStore,
    passage_from,
    plain_id,
    retrieved,
    schema_of,
    source_from,
    vectors_of,
)
from evidence.search import fuse, indexed_text, spread, tokens, weight_of
from evidence.sources import language_code, normal_name, sketch_of
from evidence.store import Limits, StoreError, TextEmbedder

if TYPE_CHECKING:
    import asyncio

    import numpy as np

    from pipeline.records import RetrievedPassage

TABLE = "passages"
EARLIER_LAYOUT = "2"
"""The layout that is brought up to date when a store is opened."""
GRACE = timedelta(minutes=5)
"""Versions younger than this are kept: a reader may still be at one; one that is slower starts again."""
FRESH = timedelta(seconds=1)
"""For so long a reader may not see what another process has written."""
COMMITS = 20
"""Small files, one a commit, from which joining them pays."""
UNINDEXED = 0.1
"""Share of passages outside the indexes, which are searched one by one, from which bringing them in pays."""
GROWTH = 0.2
"""Share of passages outside the indexes from which bringing them in pays while more are being added."""
TRIES = 12
"""For a commit that others' commits get in the way of."""
READ = 60
"""Passages that are read for a text of those that each index names."""
CELL = 2000
"""Passages of a cell of the vector index, about."""
PROBES = 32
"""Cells of the vector index that are looked into."""
ENGINE_ERRORS = (OSError, RuntimeError, ValueError)
"""What LanceDB raises where a table is damaged, locked or gone."""
CONFLICT = re.compile(r"conflict|concurrent|retry|already exists|preempted", re.IGNORECASE)


class LanceStore(EngineStore):
    """An evidence store in a folder or a bucket."""

    def __init__(
        self, address: str, *, embedder: Callable[[], TextEmbedder], create: bool, shown: str | None = None
    ) -> None:
        """Open or make the store; see `evidence.store.open_store`."""
        # What the engine finds worth a warning, a person can do nothing about.
        os.environ.setdefault("LANCEDB_LOG", "error")
        import lancedb

        super().__init__(address, embedder=embedder, shown=shown)
        self._table: Any = None
        self._asked: Any = None
        self._commits = 0
        self._local = "://" not in address
        if self._local and Path(address).exists() and not Path(address).is_dir():
            raise StoreError(f"{address} is a file and no evidence store; name a folder with --store.")
        if self._local and not create and not (Path(address) / f"{TABLE}.lance").exists():
            raise StoreError(
                f"there is no evidence store at {address}; add sources with `claimline evidence add`, "
                "or name some with --evidence."
            )
        try:
            self._session = lancedb.Session()
            self._database = lancedb.connect(address, read_consistency_interval=FRESH, session=self._session)
            if TABLE in self._database.list_tables().tables:
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
            self._check_layout()

    def _made_with(self) -> Mapping[str, str]:
        return self._metadata()

    def _version(self) -> object:
        return None if self._table is None else int(self._table.version)

    def _count(self) -> int:
        return 0 if self._table is None else self._read(self._table.count_rows)

    def _commit(self, rows: Any, sources: Sequence[str]) -> None:
        if rows is None or not len(rows):
            if self._table is not None:
                self._retry(lambda: self._table.delete(f"source IN ({_quoted(sources)})"))
            return
        self._retry(lambda: self._put(rows, sources))
        self._commits += 1

    def _put(self, rows: Any, sources: Sequence[str]) -> None:
        if self._table is None:
            if TABLE not in self._database.list_tables().tables:
                self._table = self._database.create_table(TABLE, rows, exist_ok=False)
                return
            # Another process was the first.
            self._table = self._database.open_table(TABLE)
        where = f"source IN ({_quoted(sources)})"
        with self._writing() as alone:
            self._table.checkout_latest()
            if alone and self._table.count_rows(where) == 0:
                # An append need not look at what is there; nobody else can have written these sources meanwhile.
                self._table.add(rows)
                return
            merge = self._table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
            merge.when_not_matched_by_source_delete(where).execute(rows)

    @contextmanager
    def _writing(self) -> Iterator[bool]:
        """Let writers of a folder in one by one, and say whether this one is alone.

        A process that ends, however it does, gives the lock back. A bucket has no locks, nor has every system.
        """
        if not self._local or find_spec("fcntl") is None:
            yield False
            return
        import fcntl

        with (Path(self._address) / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield True

    def _retry(self, write: Callable[[], object]) -> None:
        """Write, once more where another process has committed in between.

        Raises:
            StoreError: it cannot be written at all.
        """
        for attempt in range(TRIES):
            try:
                write()
                return
            except ENGINE_ERRORS as error:
                if CONFLICT.search(str(error)) and attempt + 1 < TRIES:
                    time.sleep(random.uniform(0, 0.05 * 2 ** min(attempt, 6)))
                    if self._table is not None:
                        self._table.checkout_latest()
                    continue
                raise StoreError(
                    f"the evidence store at {self._address} cannot be written to ({_first_line(error)}); "
                    "what it held before is unchanged; name another folder with --store, or make room."
                ) from error

    def _set(self, source_id: str, values: Mapping[str, str]) -> None:
        self._retry(lambda: self._table.update(where=f"source = '{plain_id(source_id)}'", values=dict(values)))

    def _heads(self, fields: Sequence[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._rows(fields, "number = 0").to_pylist() if self._table is not None else []
        return found

    def _rows_of(self, source_ids: Sequence[str], fields: Sequence[str]) -> Any:
        if self._table is None:
            return schema_of(1, {}).empty_table().select(list(fields))
        return self._rows(fields, f"source IN ({_quoted(source_ids)})")

    def _everything(self, fields: Sequence[str]) -> Any:
        return self._rows(fields, None)

    def _rows(self, fields: Sequence[str], where: str | None) -> Any:
        query = self._table.search().select(list(dict.fromkeys(fields)))
        query = query.where(where) if where else query
        return self._read(lambda: query.limit(None).to_arrow())

    def _indexed(self) -> bool:
        return self._table is not None and {"words", "vector"} <= {
            column for index in self._read(self._table.list_indices) for column in index.columns
        }

    def _search_indexes(
        self, texts: Sequence[str], queries: np.ndarray, limits: Limits, top_k: int
    ) -> list[list[RetrievedPassage]]:
        from lancedb.background_loop import LOOP

        where = self._where(limits)
        if where == NOTHING:
            return [[] for _ in texts]
        most = max(READ, 2 * top_k)
        return self._read(  # type: ignore[no-any-return]
            lambda: LOOP.run(self._named(texts, queries, where, most, top_k, self._table.version))  # type: ignore[no-untyped-call]
        )

    async def _named(
        self, texts: Sequence[str], queries: np.ndarray, where: str | None, most: int, top_k: int, written: int
    ) -> list[list[RetrievedPassage]]:
        """Ask the index of vectors for all texts at once, that of words for each, and rank what they name.

        Args:
            texts: to be found.
            queries: their vectors.
            where: which rows count.
            most: how many rows each index names for a text.
            top_k: passages for a text.
            written: the version of the table that must be read at least.
        """
        import asyncio

        while True:
            asked = await self._latest(written)
            version = await asked.version()
            turns = asyncio.Semaphore(2 * (os.cpu_count() or 1))
            spoken = (_by_words(asked, text, where, most, turns) for text in texts)
            near, lexical = await asyncio.gather(_near(asked, queries, where, most), asyncio.gather(*spoken))
            places = sorted({place for named in (*near, *lexical) for place in named})
            if not places:
                return [[] for _ in texts]
            compared = await _take(asked, places, ("id", "source", "vector"))
            at = {place: number for number, place in enumerate(places)}
            chosen = _ranked(queries, near, lexical, at, compared, top_k)
            wanted = sorted({row for best in chosen for row, _, _ in best})
            rows = (await _take(asked, [places[row] for row in wanted], BOTH_FIELDS)).to_pylist()
            # Rows are known by their places, which hold for one version of the table.
            if await asked.version() == version:
                break
        read = {row: (passage_from(values), source_from(values)) for row, values in zip(wanted, rows, strict=True)}
        return [
            [retrieved(read[row], rank, score, cosine) for rank, (row, score, cosine) in enumerate(best, 1)]
            for best in chosen
        ]

    async def _latest(self, written: int) -> Any:
        """The table, to be asked many things at once, at least as new as a version."""
        import lancedb

        if self._asked is None:
            database = await lancedb.connect_async(
                self._address, read_consistency_interval=FRESH, session=self._session
            )
            self._asked = await database.open_table(TABLE)
        if await self._asked.version() < written:
            await self._asked.checkout_latest()
        return self._asked

    def _where(self, limits: Limits) -> str | None:
        """The limits as a filter of LanceDB."""
        parts = []
        if limits.as_of:
            parts.append(f"(published IS NULL OR published <= '{limits.as_of.isoformat()}')")
        if limits.publisher is not None:
            wanted = normal_name(limits.publisher)
            names = {row["publisher"] for row in self._heads(("publisher",))}
            named = sorted(name for name in names if name and normal_name(name) == wanted)
            parts.append(f"publisher IN ({_quoted(named, plain=False)})" if named else NOTHING)
        if limits.language is not None:
            parts.append(f"language = '{language_code(limits.language) or ''}'")
        if limits.trust is not None:
            parts.append(f"trust IN ({_quoted(limits.trusted())})")
        return NOTHING if NOTHING in parts else " AND ".join(parts) or None

    def _tidy(self, *, ended: bool) -> None:
        if self._table is None or not (ended or self._commits >= 5 * COMMITS):
            return
        rows = self._count()
        large = rows > engine.IN_MEMORY
        try:
            indexed = rows - self._outside() if large else 0
            if not ended and rows - indexed < GROWTH * rows:
                return
            if large and doublings(rows) > doublings(indexed):
                self._index()
            if self._scattered() >= COMMITS or (large and rows - indexed > UNINDEXED * rows):
                # It joins small files, takes what is new into the indexes and drops what no reader needs.
                self._table.optimize(cleanup_older_than=GRACE)
        except ENGINE_ERRORS as error:
            # What was added is safe and found without its indexes, only slower; the next add tries again.
            if not CONFLICT.search(str(error)):
                raise StoreError(
                    f"the indexes of the evidence store at {self._address} cannot be brought up to date "
                    f"({_first_line(error)}); its passages are all there; make room and run `claimline evidence optimize`."
                ) from error
        self._commits = 0

    def _index(self) -> None:
        from lancedb.index import FTS, IvfRq

        # The words are cut by `tokens` already, so that both ways of searching count the same ones.
        plain = FTS(
            base_tokenizer="whitespace", lower_case=False, stem=False, remove_stop_words=False, ascii_folding=False
        )
        self._table.create_index("words", config=plain)
        self._table.create_index("vector", config=IvfRq(distance_type="cosine", num_bits=4, target_partition_size=CELL))

    def _scattered(self) -> int:
        """Files that hold few rows."""
        return int(self._table.stats()["fragment_stats"]["num_small_fragments"])

    def _outside(self) -> int:
        """Passages that one of the indexes does not hold."""
        if not self._indexed():
            return self._count()
        return max(int(index.num_unindexed_rows) for index in self._table.list_indices())

    def optimize(self) -> None:
        """Compact the table, bring its indexes up to date and drop old versions."""
        if self._table is None:
            return
        self._tidy(ended=True)
        self._retry(lambda: self._table.optimize(cleanup_older_than=GRACE))

    def _read(self, query: Callable[[], Any]) -> Any:
        """Read, once more where the table has gone on meanwhile, since what is old is dropped in time.

        Raises:
            StoreError: what should be there is not.
        """
        version = None
        while True:
            try:
                version = self._table.version
                return query()
            except ENGINE_ERRORS as error:
                if self._gone_on(version):
                    continue
                raise StoreError(
                    f"the evidence store at {self._address} is damaged ({_first_line(error)}); "
                    "add its sources to a new one with --store."
                ) from error

    def _gone_on(self, version: int | None) -> bool:
        """Whether there is a later version of the table; it is the one that is read from now on."""
        try:
            self._table.checkout_latest()
            return version is not None and int(self._table.version) > version
        except ENGINE_ERRORS:
            return False

    def _metadata(self) -> dict[str, str]:
        if self._table is None:
            return {}
        return {key.decode(): value.decode() for key, value in (self._table.schema.metadata or {}).items()}

    def _check_layout(self) -> None:
        found = self._metadata().get("claimline")
        if found == EARLIER_LAYOUT and {"id", "source", "number", "vector"} <= set(self._table.schema.names):
            self._retry(self._bring_up_to_date)
        elif found != LAYOUT:
            raise StoreError(
                f"the store at {self._address} was made by another version of Claimline (layout {found or 'unknown'}, "
                f"here {LAYOUT}); add the sources to a new store with --store."
            )

    def _bring_up_to_date(self) -> None:
        """Write the table anew in the layout of this version, in one commit."""
        with self._writing():
            self._table.checkout_latest()
            if self._metadata().get("claimline") == EARLIER_LAYOUT:
                self._rewrite()

    def _rewrite(self) -> None:
        import pyarrow as pa

        metadata = self._metadata()
        dimension = self._table.schema.field("vector").type.list_size
        schema = schema_of(dimension, {name: metadata[name] for name in ("embedder", "embedder sha256")})
        texts: dict[str, list[tuple[int, str]]] = {}
        for row in self._rows(("source", "number", "text"), None).to_pylist():
            texts.setdefault(row["source"], []).append((row["number"], row["text"]))
        sketches = {one: sketch_of("\n".join(text for _, text in sorted(rows))) for one, rows in texts.items()}

        def brought() -> Iterator[Any]:
            for batch in self._table.search().limit(None).to_batches(1024):
                table = pa.Table.from_batches([batch])
                rows = table.select([*(name for name in BOTH_FIELDS if name != "place")]).to_pylist()
                new = {
                    "place": [row["uri"] if "://" in row["uri"] else None for row in rows],
                    "edited": [None] * len(rows),
                    "sketch": [sketches[row["source"]] if row["number"] == 0 else None for row in rows],
                    "words": [" ".join(tokens(indexed_text(source_from({**row, "place": None}), passage_from(row)))) for row in rows],
                }  # fmt: skip
                columns = [pa.array(new[name], schema.field(name).type) if name in new else table[name] for name in ALL_FIELDS]  # fmt: skip
                yield from pa.table(columns, schema=schema).to_batches()

        reader = pa.RecordBatchReader.from_batches(schema, brought())
        self._table = self._database.create_table(TABLE, reader, schema=schema, mode="overwrite")


NOTHING = "false"


def doublings(rows: int) -> int:
    """How often a store has doubled since it was searched in memory; after each, its indexes are built anew."""
    return (rows // engine.IN_MEMORY).bit_length()


async def _near(asked: Any, queries: np.ndarray, where: str | None, most: int) -> list[list[int]]:
    """The places of the passages nearest to each query, by the index's own estimate."""
    import pyarrow.compute as pc

    query = asked.query().nearest_to(list(queries)).column("vector").distance_type("cosine").nprobes(PROBES)
    query = query.where(where) if where else query
    found = await query.with_row_id().select(["_distance"]).limit(most).to_arrow()
    # A single query's answers are not numbered.
    parts = [found] if len(queries) == 1 else [found.filter(pc.equal(found["query_index"], n)) for n in range(len(queries))]  # fmt: skip
    return [part["_rowid"].to_pylist() for part in parts]


async def _by_words(asked: Any, text: str, where: str | None, most: int, turns: asyncio.Semaphore) -> dict[int, float]:
    """The places of the passages that share most words with a text, with their BM25."""
    words = sorted(set(tokens(text)))
    lighter: dict[float, list[str]] = {}
    for word in words:
        if weight_of(word) != 1.0:
            lighter.setdefault(weight_of(word), []).append(word)
    # The index knows no weights: more is asked for, and what lighter words have brought is taken back.
    async with turns:
        scores = await _match(asked, words, where, 2 * most if lighter else most)
        for weight, some in lighter.items():
            for place, score in (await _match(asked, some, where, 2 * most)).items():
                if place in scores:
                    scores[place] -= (1.0 - weight) * score
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:most])


async def _match(asked: Any, words: Sequence[str], where: str | None, most: int) -> dict[int, float]:
    """The places of the rows that share most words with some, with their BM25."""
    from lancedb.query import MatchQuery

    if not words:
        return {}
    query = asked.query().nearest_to_text(MatchQuery(" ".join(words), "words"))  # type: ignore[call-arg]
    query = query.where(where) if where else query
    table = await query.with_row_id().select(["_score"]).limit(most).to_arrow()
    return dict(zip(table["_rowid"].to_pylist(), table["_score"].to_pylist(), strict=True))


async def _take(asked: Any, places: Sequence[int], fields: Sequence[str]) -> Any:
    """The rows at some places, in their order."""
    return await asked.take_row_ids(list(places)).select(list(fields)).to_arrow()


def _ranked(
    queries: np.ndarray,
    near: Sequence[Sequence[int]],
    lexical: Sequence[Mapping[int, float]],
    at: Mapping[int, int],
    table: Any,
    top_k: int,
) -> list[list[tuple[int, float, float]]]:
    """The best of the rows that were named for each query: their number in the table, score and cosine.

    Args:
        queries: vectors.
        near: the places that each one's vector is near to.
        lexical: the places that share words with each, with their BM25.
        at: the number of each place in the table.
        table: ids, sources and vectors of all of them.
        top_k: how many rows for a query.
    """
    import numpy as np

    ids, owners, vectors = table["id"].to_pylist(), table["source"].to_pylist(), vectors_of(table)
    best = []
    for query, dense, words in zip(queries, near, lexical, strict=True):
        named = sorted({*dense, *words}, key=lambda place: ids[at[place]])
        rows = [at[place] for place in named]
        similarity = vectors[rows] @ query
        scores = fuse(similarity, np.array([words.get(place, 0.0) for place in named], np.float32))
        chosen = spread(scores, [owners[row] for row in rows], top_k)
        best.append([(rows[one], float(scores[one]), float(similarity[one])) for one in chosen])
    return best


def _quoted(names: Sequence[str], *, plain: bool = True) -> str:
    """Names as the list of a filter."""
    return ", ".join(f"'{plain_id(name) if plain else name.replace(chr(39), chr(39) * 2)}'" for name in names)


def _first_line(error: Exception) -> str:
    """The engine's reason, without its name for the error and its place in the engine's code."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return re.sub(r"^(lance error: )?(LanceError\(\w+\): )?|, /\S+\.rs:\d+.*$", "", first)[:160]
