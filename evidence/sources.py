"""Where evidence comes from: who published it, what shares its origin, and whether it is independent of an article."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.records import Article, Document, Source, Trust

SHINGLE = 5
"""Words of a shingle (Broder 1997)."""
COPIED = 0.8
"""Share of a passage's shingles in the article from which it counts as copied."""


def source_of(document: Document, *, retrieved: datetime, trust: Trust = "normal") -> Source:
    """The source that a document is; its id follows from its address, so that a changed file replaces itself."""
    name = hashlib.sha256(document.uri.encode()).hexdigest()[:12]
    return Source(
        name,
        document.uri,
        document.title,
        document.publisher,
        document.published,
        retrieved,
        document.sha256,
        document.language,
        trust,
        origin_of(document) or name,
    )


def origin_of(document: Document) -> str | None:
    """The origin that a document's publisher or site gives it; None where neither is known."""
    if document.publisher:
        return normal_name(document.publisher)
    site = urlsplit(document.uri)
    return site.netloc.removeprefix("www.").lower() if site.scheme in {"http", "https"} and site.netloc else None


def normal_name(publisher: str) -> str:
    """A publisher's name without case, article and punctuation."""
    plain = re.sub(r"[^\w ]+", " ", publisher.lower().replace("’", "").replace("'", ""))
    return re.sub(r"^the ", "", " ".join(plain.split()))


def independent_of(article: Article, source: Source, passage: str) -> bool:
    """Whether a passage is evidence in its own right, and neither the article, its publisher's, nor a copy of it."""
    if source.sha256 == article.id or (article.uri and source.uri == article.uri):
        return False
    if article.publisher and source.publisher and normal_name(article.publisher) == normal_name(source.publisher):
        return False
    own = shingles(passage)
    if not own:
        return True
    return len(own & shingles(article.text)) < COPIED * len(own)


def shingles(text: str) -> set[tuple[str, ...]]:
    """The runs of five words of a text, without case and punctuation; none where it has fewer than twelve words."""
    words = re.findall(r"\w+", text.lower())
    return (
        {tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)}
        if len(words) >= 12
        else set()
    )
