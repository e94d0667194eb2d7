"""Reads files into documents: the text as decoded, its blocks, and what the file says of itself.

One module a format. What cannot be read is told in one sentence and does not touch anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from evidence.readers.decoding import decode, looks_like_html
from evidence.readers.errors import (
    DamagedError,
    EmptyError,
    MissingError,
    ReadingError,
    TooLargeError,
    UnsupportedError,
)
from pipeline.records import Document

__all__ = [
    "DamagedError",
    "EmptyError",
    "MissingError",
    "ReadingError",
    "TooLargeError",
    "UnsupportedError",
    "document_paths",
    "read_bytes",
    "read_data",
    "read_document",
    "read_documents",
]

MODULES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".csv": "table", ".tsv": "table", ".jsonl": "rows",
    ".ndjson": "rows", ".parquet": "rows",
}  # fmt: skip
LARGEST = 50 * 1024 * 1024
"""Bytes of one file; a larger one is a data set and no document, except where its rows are read one by one."""
Reader = Callable[[bytes, str], Iterator[Document]]


def document_paths(path: Path) -> list[Path]:
    """The files that a path stands for: itself, or the readable files of a folder and those below it, sorted.

    Raises:
        MissingError: there is nothing at the path.
    """
    if path.is_dir():
        return sorted(
            found
            for found in path.rglob("*")
            if found.suffix.lower() in MODULES
            and found.is_file()
            and not any(part.startswith(".") for part in found.relative_to(path).parts)
        )
    if not path.exists():
        raise MissingError(f"{path} does not exist; check the path.")
    return [path]


def read_documents(path: Path) -> Iterator[Document]:
    """Read every document of a file: one, or one a row of a `.jsonl` or `.parquet` file.

    Raises:
        ReadingError: the file is missing, too large, empty, damaged, or of no format that is read.
    """
    if not path.exists():
        raise MissingError(f"{path} does not exist; check the path.")
    if path.is_dir():
        raise UnsupportedError(f"{path} is a folder; name a file.")
    size = path.stat().st_size
    if size > LARGEST:
        raise TooLargeError(
            f"{path} has {size // 1024**2} MB, and {LARGEST // 1024**2} MB is the most that is read; cut it up."
        )
    yield from read_data(path.read_bytes(), str(path), path.suffix.lower())


def read_data(data: bytes, uri: str, suffix: str = "") -> Iterator[Document]:
    """Read every document of some bytes.

    Args:
        data: of a file or a page.
        uri: where they come from.
        suffix: what a file of this format ends in; unknown ones are told by the bytes.

    Raises:
        ReadingError: as `read_documents`.
    """
    yield from _reader(suffix, data, uri)(data, uri)


def read_document(path: Path) -> Document:
    """Read a file that holds one document.

    Raises:
        ReadingError: as `read_documents`, or it holds several.
    """
    documents = read_documents(path)
    first = next(documents)
    if next(documents, None) is not None:
        raise UnsupportedError(
            f"{path} holds several documents; name a file with one, or give it as a set of articles."
        )
    return first


def read_bytes(data: bytes, uri: str) -> Document:
    """Read what came on standard input: a web page or a text."""
    return next(_reader("", data, uri)(data, uri))


def _reader(suffix: str, data: bytes, uri: str) -> Reader:
    if not data.strip():
        raise EmptyError(f"{uri} is empty; name a file with text in it.")
    name = MODULES.get(suffix)
    if data.startswith(b"%PDF-"):
        name = "pdf"
    elif name is None:
        name = "html" if looks_like_html(decode(data, uri)) else "text"
    reader: Reader = import_module(f"evidence.readers.{name}").read
    return reader
