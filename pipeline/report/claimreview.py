"""The report as schema.org ClaimReview in JSON-LD, the mark-up by which search engines and archives read fact-checks.

Follows https://schema.org/ClaimReview. A verdict of "not enough evidence" carries its name and no rating value,
since no point between false and true would be honest.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pipeline.records import Article, Judgement, Label, Report, Verdict
from pipeline.report.wording import web_address

RATING: dict[Label, int | None] = {"supported": 5, "conflicting": 3, "disputed": 1, "not enough evidence": None}
"""On schema.org's usual scale from 1 (false) to 5 (true)."""


def render_claimreview(report: Report) -> str:
    """Render the report as a JSON-LD array with one ClaimReview a claim.

    The characters `<`, `>` and `&` are written as JSON escapes, so that the array can be put into a page's
    `<script type="application/ld+json">` as it stands.
    """
    reviews = [_review(verdict, report) for verdict in report.verdicts]
    text = json.dumps(reviews, ensure_ascii=False, indent=2, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n"


def _review(verdict: Verdict, report: Report) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "text": verdict.claim.text}
    if verdict.claim.attribution:
        claim["author"] = {"@type": "Thing", "name": verdict.claim.attribution}
    claim["appearance"] = _appearance(report.article)
    value = RATING[verdict.label]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict.label.capitalize()}
    if value is not None:
        rating |= {"ratingValue": value, "bestRating": 5, "worstRating": 1}
    rating["ratingExplanation"] = verdict.explanation
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": verdict.claim.text,
        "itemReviewed": claim,
        "author": {"@type": "Organization", "name": "Claimline"},
        "reviewRating": rating,
        "reviewBody": verdict.explanation,
    }
    if report.run.checked:
        review["datePublished"] = report.run.checked.date().isoformat()
    citations = {
        j.retrieved.source.id: _citation(j) for j in verdict.judgements if j.independent and j.stance != "neutral"
    }
    if citations:
        review["citation"] = list(citations.values())
    return review


def _appearance(article: Article) -> dict[str, Any]:
    return _work("NewsArticle", article.title, article.uri, article.publisher, article.published)


def _citation(judgement: Judgement) -> dict[str, Any]:
    source = judgement.retrieved.source
    return _work("CreativeWork", source.title, source.uri, source.publisher, source.published)


def _work(kind: str, title: str | None, uri: str, publisher: str | None, published: date | None) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": kind}
    if title:
        work["headline"] = title
    if web_address(uri):
        work["url"] = uri
    elif not title:
        work["name"] = uri
    if publisher:
        work["publisher"] = {"@type": "Organization", "name": publisher}
    if published:
        work["datePublished"] = published.isoformat()
    return work
