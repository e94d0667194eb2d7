"""The evidence store: what every engine offers, and how one is opened by its address."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from evidence.sources import language_code, normal_name
from pipeline.records import Document, Passage, RetrievedPassage, Source, Trust, UserError

if TYPE_CHECKING:
    import numpy as np

DEFAULT_PATH = Path(".claimline") / "evidence"
VARIABLE = "CLAIMLINE_STORE"


class StoreError(UserError, OSError):
    """A store cannot be opened or used."""

    def __str__(self) -> str:
        """The message alone: it is a sentence, not an error number."""
        return str(self.args[0]) if self.args else ""


class TextEmbedder(Protocol):
    """What a store needs of an embedder."""

    name: str
    sha256: str
    dimension: int

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed texts: float32 [len(texts), dimension], of length one."""


@dataclass(frozen=True, slots=True)
class AddResult:
    """What adding documents came to, in sources, and in passages for those that were written."""

    added: int
    unchanged: int
    replaced: int
    passages: int
    sources: tuple[str, ...] = ()
    """The ids of all that the documents are, in their order."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of sources, instead of what they say themselves; None leaves it to them."""

    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    trust: Trust | None = None
    origin: str | None = None

    def fields(self) -> dict[str, Any]:
        """What is said, by the name of the source's field."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        known = {**named, "language": language_code(self.language)}
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Limits:
    """Which sources count; None sets no limit."""

    as_of: date | None = None
    """None that was published after this day; what bears no date counts."""
    publisher: str | None = None
    """Of this publisher, whatever the case and punctuation of its name."""
    language: str | None = None
    """In this language: two letters, as in ISO 639-1."""
    trust: Trust | None = None
    """Trusted at least so much."""

    def allow(self, source: Source) -> bool:
        """Whether a source counts."""
        return (
            (self.as_of is None or source.published is None or source.published <= self.as_of)
            and (self.publisher is None or normal_name(source.publisher or "") == normal_name(self.publisher))
            and (self.language is None or source.language == (language_code(self.language) or ""))
            and (self.trust is None or source.trust in self.trusted())
        )

    def trusted(self) -> tuple[Trust, ...]:
        """The kinds of trust that count."""
        kinds: tuple[Trust, ...] = ("high", "normal", "low")
        return kinds[: kinds.index(self.trust) + 1] if self.trust else kinds


class EvidenceStore(Protocol):
    """Sources and their passages, kept and searched."""

    @property
    def embedder(self) -> TextEmbedder:
        """The embedder, loaded when it is first needed."""

    def describe(self) -> str:
        """Address and version, for the record of a run."""

    def add_documents(
        self,
        documents: Iterable[Document],
        *,
        progress: Callable[[int, int], None] | None = None,
        given: Given | None = None,
    ) -> AddResult:
        """Add documents; one that is there already is left alone, a changed one replaces its passages in one commit.

        What `given` or `edit` said of a source stays when the source changes.
        """

    def sources(self) -> list[Source]:
        """All sources, in the order of their ids."""

    def source(self, source_id: str) -> Source:
        """One source; a StoreError names an id that is unknown."""

    def passages(self, source_id: str) -> list[Passage]:
        """A source's passages, in order."""

    def remove(self, source_id: str) -> None:
        """Remove a source and its passages in one commit."""

    def edit(self, source_id: str, *, trust: Trust | None = None, origin: str | None = None) -> Source:
        """Set how far a source is trusted and what it shares its origin with; returns it as it is then."""

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
        """The best passages for each text, best first, of the sources that `Limits` with these values allow.

        One source gives no more than half of them, where others have any.
        """

    def tables(self) -> Iterator[Any]:
        """All rows as Arrow tables of whole sources, with their vectors, to be taken to another store."""

    def add_tables(self, tables: Iterable[Any]) -> int:
        """Take over rows of another store with the same embedder; returns the number of sources."""

    def optimize(self) -> None:
        """Compact the store and drop versions that no reader can need any more."""


def open_store(url: str | None, *, embedder: Callable[[], TextEmbedder], create: bool) -> EvidenceStore:
    """Open a store.

    Args:
        url: a path, an `s3://` address, or the `http(s)://` address of a Milvus server; None for $CLAIMLINE_STORE or `.claimline/evidence`.
        embedder: loads the embedder when it is first needed.
        create: make the store if there is none.

    Raises:
        StoreError: there is none, it cannot be used, or another version or model made it.
    """
    address = url or os.environ.get(VARIABLE) or str(DEFAULT_PATH)
    if address.startswith(("http://", "https://")):
        from evidence.milvus import MilvusStore

        return MilvusStore(address, embedder=embedder, create=create)
    if "://" in address and not address.startswith("s3://"):
        raise StoreError(
            f"{address} is no store that can be opened; name a folder, an s3:// address, or that of a Milvus server."
        )
    from evidence.lance import LanceStore

    return LanceStore(address, embedder=embedder, create=create)


def copy_store(source: EvidenceStore, target: EvidenceStore) -> int:
    """Copy all sources of one store into another, as they are; returns their number.

    Raises:
        StoreError: the other was made with another embedder, or cannot be written to.
    """
    # Loading it checks each store against it.
    if (source.embedder.name, source.embedder.sha256) != (target.embedder.name, target.embedder.sha256):
        raise StoreError(f"the stores were made with {source.embedder.name} and {target.embedder.name}; add the sources anew.")  # fmt: skip
    return target.add_tables(source.tables())


def temporary_store(embedder: Callable[[], TextEmbedder]) -> EvidenceStore:
    """A store that lives as long as the process."""
    from evidence.lance import LanceStore

    folder = tempfile.TemporaryDirectory(prefix="claimline-")
    store = LanceStore(folder.name, embedder=embedder, create=True, shown="temporary")
    store.keep_alive = folder
    return store
