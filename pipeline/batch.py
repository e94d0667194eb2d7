"""Checks many articles, one after the other; each report is written before the next article is begun.

What is done stays done: an article that cannot be read or checked is named at the end and does not stop the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.check import NothingToCheckError, Progress, Settings, Stopwatch, check_article
from pipeline.records import Article, Report, UserError

if TYPE_CHECKING:
    from evidence.store import EvidenceStore
    from models.verifier import Verifier


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """What became of one article: a report, or why there is none."""

    uri: str
    report: Report | None
    problem: str | None = None
    nothing_to_check: bool = False
    """The article could be read, but held nothing that can be checked."""


def read_all(sources: Sequence[Path | None]) -> Iterator[Article | CheckedArticle]:
    """Read every article of files, folders and article sets (None: standard input); a problem is handed on as one."""
    from pipeline.article import read_articles

    for source in sources:
        articles = read_articles(source)
        while True:
            try:
                article = next(articles, None)
            except UserError as error:
                yield CheckedArticle(str(source or "standard input"), None, str(error))
                break
            if article is None:
                break
            yield article


def check_articles(
    articles: Iterator[Article | CheckedArticle],
    store: EvidenceStore,
    verifier: Verifier,
    settings: Settings,
    *,
    publisher: str | None = None,
    published: date | None = None,
    watch: Stopwatch | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Iterator[CheckedArticle]:
    """Check articles one by one.

    Args:
        articles: read already, or the problem that reading met.
        store: the evidence.
        verifier: judges passages.
        settings: what the person chose.
        publisher: of the articles, instead of what they say themselves.
        published: day of publication, likewise.
        watch: has timed what came before the first article.
        progress: called as the steps of an article go on.
    """
    for article in articles:
        if isinstance(article, CheckedArticle):
            yield article
            continue
        known = replace(article, publisher=publisher or article.publisher, published=published or article.published)
        try:
            report = check_article(known, store, verifier, settings, watch=watch, progress=progress)
        except NothingToCheckError as error:
            yield CheckedArticle(known.uri, None, str(error), nothing_to_check=True)
            continue
        watch = None
        yield CheckedArticle(known.uri, report)
