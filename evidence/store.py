"""The evidence store: what every engine offers, and how one is opened by its address."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.records import Document, Passage, RetrievedPassage, Source, UserError

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


class EvidenceStore(Protocol):
    """Sources and their passages, kept and searched."""

    @property
    def embedder(self) -> TextEmbedder:
        """The embedder, loaded when it is first needed."""

    def describe(self) -> str:
        """Address and version, for the record of a run."""

    def add_documents(
        self, documents: Iterable[Document], *, progress: Callable[[int, int], None] | None = None
    ) -> AddResult:
        """Add documents; one that is there already is left alone, a changed one replaces its passages in one commit."""

    def sources(self) -> list[Source]:
        """All sources, in the order of their ids."""

    def source(self, source_id: str) -> Source:
        """One source; a StoreError names an id that is unknown."""

    def passages(self, source_id: str) -> list[Passage]:
        """A source's passages, in order."""

    def remove(self, source_id: str) -> None:
        """Remove a source and its passages in one commit."""

    def search(self, texts: Sequence[str], *, top_k: int, as_of: date | None = None) -> list[list[RetrievedPassage]]:
        """The best passages for each text, best first; with `as_of` none of a source published after that day."""

    def optimize(self) -> None:
        """Compact the store and drop versions that no reader can need any more."""


def open_store(url: str | None, *, embedder: Callable[[], TextEmbedder], create: bool) -> EvidenceStore:
    """Open a store.

    Args:
        url: a path or `s3://` address; None for $CLAIMLINE_STORE or `.claimline/evidence`.
        embedder: loads the embedder when it is first needed.
        create: make the store if there is none.

    Raises:
        StoreError: there is none, it cannot be used, or another version or model made it.
    """
    address = url or os.environ.get(VARIABLE) or str(DEFAULT_PATH)
    if "://" in address and not address.startswith("s3://"):
        raise StoreError(f"{address} is no store that can be opened; name a folder or an s3:// address.")
    from evidence.lance import LanceStore

    return LanceStore(address, embedder=embedder, create=create)


def temporary_store(embedder: Callable[[], TextEmbedder]) -> EvidenceStore:
    """A store that lives as long as the process."""
    from evidence.lance import LanceStore

    folder = tempfile.TemporaryDirectory(prefix="claimline-")
    store = LanceStore(folder.name, embedder=embedder, create=True, shown="temporary")
    store.keep_alive = folder
    return store
