"""Checks an article: the one place that knows the whole way from an article to a verdict report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline.records import (
    Article,
    Claim,
    Judgement,
    Report,
    RetrievedPassage,
    Run,
    SkippedSentence,
    Span,
    UserError,
    Verdict,
)
from pipeline.verdict import decide

if TYPE_CHECKING:
    from evidence.store import EvidenceStore
    from models.verifier import Verifier

MIN_WORTH = 0.5
TOP_K = 8
Progress = Callable[[str, int, int], None]
"""Called with a step, how many of its items are done, and how many there are."""


class NothingToCheckError(UserError, ValueError):
    """An article holds no checkable claim, or there is no evidence to check it against."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can choose for a check."""

    min_worth: float = MIN_WORTH
    top_k: int = TOP_K
    """Passages judged for a claim."""
    as_of: date | None = None
    """Evidence published after this day is left aside."""


@dataclass
class Stopwatch:
    """Wall time of each step, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0.0) + time.perf_counter() - started, 3)


def check_article(
    article: Article,
    store: EvidenceStore,
    verifier: Verifier,
    settings: Settings,
    *,
    watch: Stopwatch | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Report:
    """Check an article against a store of evidence.

    Args:
        article: as read by `pipeline.article.read_article`.
        store: the evidence.
        verifier: judges passages.
        settings: what the person chose.
        watch: has already timed earlier steps, where it is given.
        progress: called as the steps go on.

    Raises:
        NothingToCheckError: the article holds no checkable claim, or the store no evidence.
    """
    from pipeline.claims import extract_claims

    watch = watch or Stopwatch()
    with watch.time("claims"):
        found = extract_claims(article, min_worth=settings.min_worth)
    if not found.claims:
        raise NothingToCheckError(
            f"{article.title or article.uri} holds no claim that can be checked; "
            "lower --min-worth to look at weaker ones."
        )
    verdicts = check_claims(found.claims, article, store, verifier, settings, watch=watch, progress=progress)
    return Report(article, tuple(verdicts), found.skipped, describe_run(store, verifier, settings, watch))


def check_claims(
    claims: Sequence[Claim],
    article: Article,
    store: EvidenceStore,
    verifier: Verifier,
    settings: Settings,
    *,
    watch: Stopwatch,
    progress: Progress = lambda step, done, total: None,
) -> list[Verdict]:
    """Find, judge and weigh the evidence for each claim.

    Raises:
        NothingToCheckError: the store holds no evidence.
    """
    from evidence.sources import independent_of
    from pipeline.judgement import judge_passages
    from pipeline.quantities.comparison import Setting, names

    with watch.time("search"):
        retrieved = store.search([claim.text for claim in claims], top_k=settings.top_k, as_of=settings.as_of)
    if not any(retrieved):
        raise NothingToCheckError(
            "there is no evidence to check against; add some with `claimline evidence add` or --evidence."
        )
    independent: dict[str, bool] = {}
    found: list[tuple[Claim, RetrievedPassage, bool]] = []
    for claim, passages in zip(claims, retrieved, strict=True):
        for one in passages:
            key = one.passage.id
            if key not in independent:
                independent[key] = independent_of(article, one.source, one.passage.text)
            found.append((claim, one, independent[key]))
    done = 0

    def judged(count: int) -> None:
        nonlocal done
        done += count
        progress("verifying", done, len(found))

    with watch.time("verify"):
        setting = Setting(names(article.text), article.published.year if article.published else None)
        judged_passages = judge_passages(found, verifier, setting=setting, progress=judged)
        judgements: dict[str, list[Judgement]] = {claim.id: [] for claim in claims}
        for (claim, _, _), judgement in zip(found, judged_passages, strict=True):
            judgements[claim.id].append(judgement)
    with watch.time("decide"):
        return [decide(claim, judgements[claim.id]) for claim in claims]


def check_statement(
    text: str, store: EvidenceStore, verifier: Verifier, settings: Settings, *, published: date | None = None
) -> Report:
    """Check one claim, taken as it stands.

    Raises:
        NothingToCheckError: the store holds no evidence.
    """
    from pipeline.article import article_from_text
    from pipeline.quantities import currency_context, find_quantities

    watch = Stopwatch()
    article = article_from_text(text, published=published, uri="claim")
    whole = Span(0, len(article.raw))
    quantities = find_quantities(article.raw, currency=currency_context(article.raw))
    claim = Claim("c1", article.text.strip(), whole, article.text.strip(), quantities, 1.0, places=(whole,))
    verdicts = check_claims([claim], article, store, verifier, settings, watch=watch)
    skipped: tuple[SkippedSentence, ...] = ()
    return Report(article, tuple(verdicts), skipped, describe_run(store, verifier, settings, watch))


def describe_run(store: EvidenceStore, verifier: Verifier, settings: Settings, watch: Stopwatch) -> Run:
    """The record of how a report was made."""
    embedder = store.embedder
    return Run(
        claimline=version("claimline"),
        models={
            "verifier": f"{verifier.name} sha256:{verifier.sha256}" if verifier.sha256 else verifier.name,
            "embedder": f"{embedder.name} sha256:{embedder.sha256}" if embedder.sha256 else embedder.name,
        },
        store=store.describe(),
        settings={
            "min_worth": settings.min_worth,
            "top_k": settings.top_k,
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
        },
        seconds=dict(watch.seconds),
        checked=datetime.now(UTC).replace(microsecond=0),
    )
