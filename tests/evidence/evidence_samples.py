"""Documents, and an embedder small enough to need no weights, for the tests of stores."""

import hashlib
import socket

import numpy as np

from evidence.search import tokens
from pipeline.records import Document, DocumentBlock, Span


class WordVectors:
    """An embedder without a model: each word has a direction of its own."""

    sha256 = "1" * 64
    dimension = 32

    def __init__(self, name="words"):
        self.name = name

    def embed(self, texts, *, progress=None):
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in tokens(text):
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        if progress:
            progress(len(texts))
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def document(uri, *paragraphs, **fields):
    text, blocks = "", []
    for number, words in enumerate(paragraphs):
        # A heading before each, so that each paragraph is a passage.
        for kind, part in (("heading", f"Part {number}"), ("paragraph", words)):
            blocks.append(DocumentBlock(kind, Span(len(text), len(text) + len(part)), 2 if kind == "heading" else 0))
            text += part + "\n\n"
    return Document(text, uri, hashlib.sha256(text.encode()).hexdigest(), tuple(blocks), **fields)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
