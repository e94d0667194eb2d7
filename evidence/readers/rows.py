"""JSON Lines and Parquet: one document a row."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.readers.decoding import decode
from evidence.readers.errors import DamagedError, EmptyError
from evidence.readers.metadata import clean, parse_day
from evidence.readers.text import paragraphs
from pipeline.records import Document

TEXT = ("text", "content", "body", "article", "maintext", "passage")
TITLE = ("title", "headline", "name")
PUBLISHER = ("publisher", "source", "site", "outlet", "source_name")
PUBLISHED = ("published", "date", "published_at", "date_published", "datetime", "publish_date")
ADDRESS = ("url", "uri", "link", "id")
LANGUAGE = ("language", "lang")


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a `.jsonl` or `.parquet` file; a bad row is named with its number."""
    found = False
    for number, row in _parquet(data, uri) if data[:4] == b"PAR1" else _json_lines(data, uri):
        text = _first(row, TEXT)
        if not isinstance(text, str) or not text.strip():
            raise DamagedError(f"{uri}, row {number}: there is no text; give it as one of {', '.join(TEXT)}.")
        found = True
        address = clean(_first(row, ADDRESS))
        digest = hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()
        yield Document(
            text.replace("\r\n", "\n"),
            address if address and "://" in address else f"{uri}#{address or number}",
            digest,
            paragraphs(text.replace("\r\n", "\n")),
            clean(_first(row, TITLE)),
            clean(_first(row, PUBLISHER)),
            parse_day(_first(row, PUBLISHED)),
            clean(_first(row, LANGUAGE)),
        )
    if not found:
        raise EmptyError(f"{uri} holds no rows; name a file with one document a row.")


def _first(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key) not in (None, "")), None)


def _json_lines(data: bytes, uri: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(decode(data, uri).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DamagedError(f"{uri}, line {number}: not JSON ({error.msg}); write one object a line.") from error
        if not isinstance(row, dict):
            raise DamagedError(f"{uri}, line {number}: a JSON object was expected, not {type(row).__name__}.")
        yield number, row


def _parquet(data: bytes, uri: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(data))
    except (pyarrow.ArrowException, OSError) as error:
        raise DamagedError(f"{uri} is a damaged Parquet file ({str(error).splitlines()[0]}); make it again.") from error
    yield from enumerate(table.to_pylist(), 1)
