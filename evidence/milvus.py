"""The store on a Milvus server: one collection of passages, and one of sources that says which passages are theirs.

Milvus has no transactions over several rows. So a source's passages are written first, under an edition of their own,
and one row of the other collection then names the edition that holds: that row is the commit. Passages of any other
edition are left from a write that was cut off or overtaken; no reader sees them, and `optimize` removes them.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evidence.engine import (
    BOTH_FIELDS,
    CANDIDATES,
    LAYOUT,
    PASSAGE_FIELDS,
    SOURCE_FIELDS,
    EngineStore,
    passage_from,
    retrieved,
    schema_of,
    source_from,
    vectors_of,
)
from evidence.search import fuse, indexed_text, spread, tokens
from evidence.store import Limits, StoreError, TextEmbedder

if TYPE_CHECKING:
    import numpy as np

    from pipeline.records import RetrievedPassage

PASSAGES = "claimline_passages"
SOURCES = "claimline_sources"
TOKEN = "MILVUS_TOKEN"
"""The variable that holds a token, where the server asks for one."""
STORE_ROW = "-"
"""The row of the collection of sources that says what made the store; no source has this id."""
SECONDS = 30.0
SELDOM_PINGED = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
"""The client pings every ten seconds, also while passages are embedded and nothing is asked; servers close such a connection."""
GRACE = 3600.0
"""Seconds after which passages that no source names are left from a write that was cut off."""
ROWS = 400
"""Rows of one request; a message has a limit of its own."""
PAGE = 1000
"""Rows of one answer."""
LONGEST = 65_535
"""Bytes of a text."""
NUMBERS = frozenset({"number", "start", "end"})
HEAD_FIELDS = tuple(dict.fromkeys((*SOURCE_FIELDS, "edited", "sketch")))


class MilvusStore(EngineStore):
    """An evidence store on a Milvus server."""

    def __init__(self, address: str, *, embedder: Callable[[], TextEmbedder], create: bool) -> None:
        """Connect; see `evidence.store.open_store`."""
        super().__init__(address, embedder=embedder)
        try:
            import pymilvus
        except ModuleNotFoundError as error:
            raise StoreError(
                f"{address} is a Milvus server, and its client is not installed; `pip install 'claimline[milvus]'`."
            ) from error
        # What goes wrong is told in one sentence, and not in the log of the client too.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._errors = (pymilvus.MilvusException, OSError, ValueError)
        try:
            self._client = pymilvus.MilvusClient(
                uri=address, token=os.environ.get(TOKEN, ""), timeout=SECONDS, grpc_options=SELDOM_PINGED
            )
            made = bool(self._client.has_collection(SOURCES)) and bool(self._client.has_collection(PASSAGES))
        except self._errors as error:
            raise StoreError(
                f"the Milvus server at {address} cannot be reached ({_first_line(error)}); "
                f"check the address, and ${TOKEN} if it asks for one."
            ) from error
        if not made and not create:
            raise StoreError(
                f"there is no evidence in the store at {address}; add sources with `claimline evidence add`."
            )
        if made:
            self._load_collections()
            self._check_layout()

    def _check_layout(self) -> None:
        found = self._made_with().get("claimline", LAYOUT)
        if found != LAYOUT:
            raise StoreError(
                f"the store at {self._address} was made by another version of Claimline (layout {found}, "
                f"here {LAYOUT}); add the sources to a new store with --store."
            )

    def _load_collections(self) -> None:
        for name in (SOURCES, PASSAGES):
            self._ask(self._client.load_collection, name)

    def _made_with(self) -> Mapping[str, str]:
        return {key: str(value) for key, value in self._store_row().items() if key != "version"}

    def _store_row(self) -> dict[str, Any]:
        if not self._ask(self._client.has_collection, SOURCES):
            return {}
        rows = self._ask(self._client.query, SOURCES, ids=[STORE_ROW], output_fields=["head"], **STRONG)
        found: dict[str, Any] = json.loads(rows[0]["head"]) if rows else {}
        return found

    def _version(self) -> object:
        return self._store_row().get("version")

    def _count(self) -> int:
        if self._version() is None:
            return 0
        # With what writes that were cut off have left; it only tells whether the store is a large one.
        return int(
            self._ask(self._client.query, PASSAGES, filter="", output_fields=["count(*)"], **STRONG)[0]["count(*)"]
        )

    def _all_sources(self, fields: Sequence[str]) -> list[dict[str, Any]]:
        if not self._ask(self._client.has_collection, SOURCES):
            return []
        return list(self._pages(SOURCES, f'id != "{STORE_ROW}"', ["id", *fields]))

    def _pages(self, collection: str, where: str, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows that fit, in the order of their ids, however many."""
        last = ""
        while True:
            after = f'({where}) and id > "{last}"' if last else where
            rows = self._ask(
                self._client.query,
                collection,
                filter=after,
                output_fields=list(fields),
                limit=PAGE,
                order_by=["id"],
                **STRONG,
            )
            rows = sorted(rows, key=lambda row: str(row["id"]))
            yield from rows
            if len(rows) < PAGE:
                return
            last = rows[-1]["id"]

    def _editions(self, source_ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(source_ids), PAGE):
            ids = list(source_ids[start : start + PAGE])
            rows = self._ask(self._client.query, SOURCES, ids=ids, output_fields=["id", "edition"], **STRONG)
            found |= {row["id"]: row["edition"] for row in rows}
        return found

    def _commit(self, rows: Any, sources: Sequence[str]) -> None:
        if self._version() is None:
            if rows is None or not len(rows):
                return
            self._make(rows.schema)
        before = self._editions(sources)
        # It opens with its time, so that `optimize` can tell what was cut off from what is being written.
        edition = f"{int(time.time())}-{uuid.uuid4().hex}"
        written: dict[str, list[dict[str, Any]]] = {}
        if rows is not None:
            for row in rows.to_pylist():
                written.setdefault(row["source"], []).append(row)
        entries = [entry for found in written.values() for entry in (_entry(row, edition) for row in found)]
        for start in range(0, len(entries), ROWS):
            part = entries[start : start + ROWS]
            self._change(self._client.insert, PASSAGES, part)
        heads = [_source_row(source_id, found, edition) for source_id, found in written.items()]
        for start in range(0, len(heads), ROWS):
            self._change(self._client.upsert, SOURCES, heads[start : start + ROWS])
        gone = [one for one in sources if one not in written]
        if gone:
            self._change(self._client.delete, SOURCES, ids=gone)
        self._renew()
        # What is left of earlier editions is out of sight already. No other is touched: it may be another writer's.
        for source_id, edition in before.items():
            where = f'source == "{source_id}" and edition == "{edition}"'
            self._change(self._client.delete, PASSAGES, filter=where)

    def _renew(self) -> None:
        """Tell all readers that something has changed."""
        row = {**self._store_row(), "version": uuid.uuid4().hex[:12]}
        self._put_store_row(row)

    def _put_store_row(self, values: Mapping[str, Any]) -> None:
        row = {"id": STORE_ROW, "edition": "", "count": 0, "head": json.dumps(values), "none": [0.0, 0.0]}
        self._change(self._client.upsert, SOURCES, [row])

    def _make(self, schema: Any) -> None:
        """Make the collections; another process may do the same at once."""
        from pymilvus import DataType, Function, FunctionType

        dimension = schema.field("vector").type.list_size
        passages = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        passages.add_field("id", DataType.VARCHAR, is_primary=True, max_length=128)
        for name in (*ENTRY_TEXTS, "edition"):
            passages.add_field(name, DataType.VARCHAR, max_length=LONGEST)
        for name in sorted(NUMBERS):
            passages.add_field(name, DataType.INT64)
        passages.add_field(
            "words",
            DataType.VARCHAR,
            max_length=LONGEST,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "standard"},
        )
        passages.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        passages.add_field("spoken", DataType.SPARSE_FLOAT_VECTOR)
        passages.add_function(
            Function(
                name="bm25", function_type=FunctionType.BM25, input_field_names=["words"], output_field_names=["spoken"]
            )
        )
        indexes = self._client.prepare_index_params()
        indexes.add_index("vector", index_type="HNSW", metric_type="COSINE", params={"M": 16, "efConstruction": 200})
        indexes.add_index(
            "spoken", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params={"bm25_k1": 1.2, "bm25_b": 0.75}
        )
        sources = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        sources.add_field("id", DataType.VARCHAR, is_primary=True, max_length=128)
        sources.add_field("edition", DataType.VARCHAR, max_length=64)
        sources.add_field("count", DataType.INT64)
        sources.add_field("head", DataType.VARCHAR, max_length=LONGEST)
        # A collection must have a vector.
        sources.add_field("none", DataType.FLOAT_VECTOR, dim=2)
        nothing = self._client.prepare_index_params()
        nothing.add_index("none", index_type="FLAT", metric_type="L2")
        for name, made, index in ((PASSAGES, passages, indexes), (SOURCES, sources, nothing)):
            if not self._ask(self._client.has_collection, name):
                try:
                    self._client.create_collection(name, schema=made, index_params=index)
                except self._errors as error:
                    if not self._client.has_collection(name):
                        raise self._unwritable(error) from error
        self._load_collections()
        if not self._store_row():
            metadata = {key.decode(): value.decode() for key, value in schema.metadata.items()}
            self._put_store_row({**metadata, "version": uuid.uuid4().hex[:12]})

    def _set(self, source_id: str, values: Mapping[str, str]) -> None:
        rows = self._ask(self._client.query, SOURCES, ids=[source_id], output_fields=["*"], **STRONG)
        head = {**json.loads(rows[0]["head"]), **values}
        row = {
            "id": source_id,
            "edition": rows[0]["edition"],
            "count": rows[0]["count"],
            "head": json.dumps(head),
            "none": [0.0, 0.0],
        }
        self._change(self._client.upsert, SOURCES, [row])
        self._renew()

    def _heads(self, fields: Sequence[str]) -> list[dict[str, Any]]:
        heads = [_head(row) for row in self._all_sources(("head",))]
        return [{name: head[name] for name in fields} for head in heads]

    def _rows_of(self, source_ids: Sequence[str], fields: Sequence[str]) -> Any:
        return (
            self._table(fields, f"source in {json.dumps(list(source_ids))}", source_ids)
            if source_ids
            else _empty(fields)
        )

    def _everything(self, fields: Sequence[str]) -> Any:
        return self._table(fields, 'id != ""', None)

    def _table(self, fields: Sequence[str], where: str, source_ids: Sequence[str] | None) -> Any:
        """The rows of editions that hold, with their sources' fields."""
        if self._version() is None:
            return _empty(fields)
        if source_ids is None:
            heads = {row["id"]: row for row in self._all_sources(("edition", "head"))}
        else:
            asked = list(source_ids)
            found = self._ask(self._client.query, SOURCES, ids=asked, output_fields=["id", "edition", "head"], **STRONG)
            heads = {row["id"]: row for row in found}
        own = [name for name in (*fields, *(PASSAGE_FIELDS if "words" in fields else ())) if name in ENTRY_FIELDS]
        rows = self._pages(PASSAGES, where, list(dict.fromkeys(["id", "source", "edition", "number", *own])))
        return _joined(rows, heads, fields)

    def _indexed(self) -> bool:
        return True

    def _search_indexes(
        self, texts: Sequence[str], queries: np.ndarray, limits: Limits, top_k: int
    ) -> list[list[RetrievedPassage]]:
        most = max(CANDIDATES, 2 * top_k)
        where = self._where(limits)
        if where is None:
            return [[] for _ in texts]
        fields = ["id", "source", "edition", *(name for name in (*BOTH_FIELDS, "vector") if name in ENTRY_FIELDS)]
        fields = list(dict.fromkeys(fields))
        near = self._ask(self._client.search,
                PASSAGES, data=[[float(one) for one in query] for query in queries], anns_field="vector", filter=where,
                limit=most, output_fields=fields, search_params={"metric_type": "COSINE", "params": {"ef": 2 * most}}, **STRONG,

        )  # fmt: skip
        spoken = self._ask(self._client.search,
                PASSAGES, data=[_words(" ".join(tokens(text))) or "-" for text in texts], anns_field="spoken", filter=where,
                limit=most, output_fields=fields, search_params={"metric_type": "BM25"}, **STRONG,

        )  # fmt: skip
        named = {hit["entity"]["source"] for hits in (*near, *spoken) for hit in hits}
        heads = {row["id"]: row for row in self._heads_of(sorted(named))}
        best = []
        # Milvus Lite turns the sign of BM25 round.
        for query, dense, lexical in zip(queries, near, spoken, strict=True):
            rows = {hit["entity"]["id"]: hit["entity"] for hit in (*dense, *lexical)}
            table = _joined(rows.values(), heads, (*BOTH_FIELDS, "vector"))
            words = {_id(hit["entity"]["id"]): abs(float(hit["distance"])) for hit in lexical}
            best.append(_best_of(table, query, words, top_k))
        return best

    def _heads_of(self, source_ids: Sequence[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for start in range(0, len(source_ids), PAGE):
            ids = list(source_ids[start : start + PAGE])
            found += self._ask(self._client.query, SOURCES, ids=ids, output_fields=["id", "edition", "head"], **STRONG)
        return found

    def _where(self, limits: Limits) -> str | None:
        """The limits as a filter of passages; None where no source is within them."""
        if limits == Limits():
            return ""
        # The fields of sources are not kept with their passages, so that editing one is a single row.
        allowed = [row["source"] for row in self._heads(SOURCE_FIELDS) if limits.allow(source_from(row))]
        return f"source in {json.dumps(allowed)}" if allowed else None

    def _tidy(self, *, ended: bool) -> None:
        """The server looks after its indexes itself."""

    def optimize(self) -> None:
        """Remove what writes that were cut off have left, and compact."""
        if self._version() is None:
            return
        editions = {row["id"]: row["edition"] for row in self._all_sources(("edition",))}
        stray = [
            row["id"]
            for row in self._pages(PASSAGES, 'id != ""', ["id", "source", "edition"])
            if editions.get(row["source"]) != row["edition"] and _age(row["edition"]) > GRACE
        ]
        for start in range(0, len(stray), PAGE):
            part = stray[start : start + PAGE]
            self._change(self._client.delete, PASSAGES, ids=part)
        self._change(self._client.compact, PASSAGES)

    def _ask(self, query: Callable[..., Any], *values: Any, **named: Any) -> Any:
        try:
            return query(*values, **named)
        except self._errors as error:
            raise StoreError(
                f"the evidence store at {self._address} cannot be read ({_first_line(error)}); check the server."
            ) from error

    def _change(self, write: Callable[..., object], *values: Any, **named: Any) -> None:
        try:
            write(*values, **named)
        except self._errors as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> StoreError:
        return StoreError(
            f"the evidence store at {self._address} cannot be written to ({_first_line(error)}); "
            "what it held before is unchanged; check the server."
        )


STRONG: dict[str, Any] = {"consistency_level": "Strong"}
"""A reader sees all that was written before."""
ENTRY_TEXTS = ("source", "text", "headings")
"""Texts of a passage that Milvus keeps beside it; those of its source are in the other collection."""
ENTRY_FIELDS = frozenset({*ENTRY_TEXTS, *NUMBERS, "id", "words", "vector"})


def _source_row(source_id: str, rows: Sequence[Mapping[str, Any]], edition: str) -> dict[str, Any]:
    """A source as Milvus keeps it, which says that an edition of its passages holds."""
    head = {name: _plain_value(rows[0][name]) for name in HEAD_FIELDS}
    return {"id": source_id, "edition": edition, "count": len(rows), "head": json.dumps(head), "none": [0.0, 0.0]}


def _entry(row: Mapping[str, Any], edition: str) -> dict[str, Any]:
    """A passage as Milvus keeps it; its id is of its edition, so that two can stand beside each other."""
    kept = {name: row[name] for name in (*ENTRY_TEXTS, *NUMBERS, "vector")}
    return {**kept, "id": f"{row['id']}@{edition}", "edition": edition, "words": _words(row["words"])}


def _words(words: str) -> str:
    """Words as one analyzer keeps them whole: decimal points would cut figures in two."""
    return re.sub(r"(?<=\d)\.(?=\d)", "p", words)


def _age(edition: str) -> float:
    return time.time() - float(edition.partition("-")[0])


def _id(entry_id: str) -> str:
    return entry_id.partition("@")[0]


def _head(row: Mapping[str, Any]) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(row["head"])
    return {**head, "sketch": bytes.fromhex(head["sketch"]) if head["sketch"] else None}


def _plain_value(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _joined(rows: Any, heads: Mapping[str, Mapping[str, Any]], fields: Sequence[str]) -> Any:
    """Passages of the editions that hold, with their sources' fields, as an Arrow table."""
    import pyarrow as pa

    known = {source_id: (row["edition"], _head(row)) for source_id, row in heads.items()}
    columns: dict[str, list[Any]] = {name: [] for name in fields}
    dimension = 1
    for row in rows:
        edition, head = known.get(row["source"], ("", {}))
        if edition != row["edition"]:
            continue
        values = {**head, **row, "id": _id(row["id"])}
        if "words" in columns:
            values["words"] = " ".join(tokens(indexed_text(source_from(values), passage_from(values))))
        values["sketch"] = head["sketch"] if row.get("number") == 0 else None
        if "vector" in row:
            dimension = len(row["vector"])
        for name, column in columns.items():
            column.append(values[name])
    schema = schema_of(dimension, {})
    return pa.table({name: pa.array(column, schema.field(name).type) for name, column in columns.items()})


def _empty(fields: Sequence[str]) -> Any:
    return schema_of(1, {}).empty_table().select(list(fields))


def _best_of(table: Any, query: np.ndarray, lexical: Mapping[str, float], top_k: int) -> list[RetrievedPassage]:
    """The best of some passages; words that the index did not name count nothing."""
    import numpy as np

    if not len(table):
        return []
    table = table.sort_by([("source", "ascending"), ("number", "ascending")])
    similarity = vectors_of(table) @ query
    words = np.array([lexical.get(one, 0.0) for one in table["id"].to_pylist()], dtype=np.float32)
    scores = fuse(similarity, words)
    best = spread(scores, table["source"].to_pylist(), top_k)
    rows = table.take(best).drop_columns(["vector"]).to_pylist()
    return [
        retrieved((passage_from(row), source_from(row)), rank, scores[place], similarity[place])
        for rank, (place, row) in enumerate(zip(best, rows, strict=True), 1)
    ]


def _first_line(error: Exception) -> str:
    said = getattr(error, "message", None) or str(error)
    return (str(said).strip().splitlines() or [type(error).__name__])[0][:160]
