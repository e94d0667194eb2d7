"""Pairs of claim and passage from plain articles, by the pipeline's own claims and search.

Nobody has labelled them; a stronger verifier does. They are what `check` meets every day: mostly passages that are close
to a claim and silent on it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.training.pairs import Pair, PairFileError

PASSAGES_A_CLAIM = 3


def unlabelled_pairs(folder: Path, *, report: Callable[[str], None] = lambda line: None) -> list[Pair]:
    """Claims of articles, each with the passages of all the articles that search finds for it.

    Args:
        folder: articles, as `check` takes them.
        report: called with a line of progress.

    Returns:
        Pairs with the source "unlabelled"; their label means nothing until a teacher has given one.

    Raises:
        pipeline.records.UserError: the folder does not exist, or holds no article with a claim.
    """
    from evidence.readers import document_paths, read_documents
    from evidence.store import temporary_store
    from models.embedder import load_embedder
    from pipeline.article import read_articles
    from pipeline.claims import extract_claims
    from pipeline.judgement import premise_of

    claims = [claim.text for article in read_articles(folder) for claim in extract_claims(article).claims]
    if not claims:
        raise PairFileError(f"{folder} holds no article with a claim in it; name a folder of plain articles.")
    report(f"{len(claims):,} claims of articles")
    store = temporary_store(load_embedder)
    store.add_documents(document for path in document_paths(folder) for document in read_documents(path))
    found = store.search(claims, top_k=PASSAGES_A_CLAIM)
    pairs = [
        Pair(premise_of(one), claim, "neutral", "unlabelled")
        for claim, passages in zip(claims, found, strict=True)
        for one in passages
    ]
    report(f"{len(pairs):,} unlabelled pairs")
    return pairs
