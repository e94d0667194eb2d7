"""Reads an article: decoded, repaired, cut into blocks with a role each, and into sentences.

The first station on the way of the data. Every span points into the text as it was decoded.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from pipeline.records import Article, Block, BlockKind, Document, DocumentBlock, Sentence, Span, UserError
from pipeline.repair import raw_span, repair, text_span

INLINE_BOILERPLATE = re.compile(
    r" ?\((?:opens in (?:a )?new (?:tab|window)|external link|link opens[^)]*)\)", re.IGNORECASE
)
BULLET = re.compile(r"^(?:[-–—•▪◦‣·*]|\(?\d{1,2}[.)])\s+")
LABEL = re.compile(r"^(?P<label>[A-Z][\w &/’'-]{1,40}):\s+(?=[A-Z“\"])")
BOILERPLATE = re.compile(
    r"^(?:©|\(c\)|copyright\b|all rights reserved|\d+ comments?$|(?:leave|post|add) a (?:comment|reply)|comments? \(\d+\)"
    r"|subscribe\b|sign up\b|sign in\b|log in\b|register (?:now|here|for)|newsletter\b|follow (?:us|\w+(?: \w+){0,3} on)\b|share (?:this|on|via)\b|tweet\b"
    r"|read (?:next|more|also)\b|related(?: (?:articles|stories|posts|topics|content))?:?$|more (?:from|on|stories|news)\b.{0,40}$|you (?:may|might) also like"
    r"|see also:|also read:|advertisement\b|sponsored\b|skip to\b|cookie|we use cookies|accept (?:all )?cookies|privacy policy|terms (?:of|and)\b"
    r"|(?:press|media) contacts?\b|for (?:more|further) information\b|contact:|about the author|editor'?s note:?$|this (?:site|website) uses"
    r"|this release contains forward-looking|figures may not add up|disclaimer\b|tags?:|filed under|topics:|print$|e-?mail$|back to top|home$|menu$|search$|loading"
    r"|click here|tap here|download (?:the|our) app|listen to\b.{0,60}$|watch:|<!--|!--|/?wp:|\W*$)",
    re.IGNORECASE,
)
COMMENT = re.compile(r"^\W*!?--.*--\W*>?$")
CAPTION = re.compile(
    r"^(?:photos?|image|picture|pictured|chart|graphic|graph|map|figure|fig\.?|table|video|illustration|caption|credit|infographic|cartoon|file photo)"
    r"\b\s*(?:\d+[.:]?)?\s*(?:[:.–—-]|by\b|from\b)|\bgetty images\b|\(?photo(?:graph)? by\b|^(?:source|sources): [^.]{2,60}$",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^(?:by|from|words by|reported by|reporting by|story by|written by|edited by)\s+(?:[A-Z][\w.’'-]+|our\b|staff\b)",
    re.IGNORECASE,
)
MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
DAY = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? ({MONTH})\.?,? (\d{{4}})|({MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})|(\d{{4}})-(\d{{2}})-(\d{{2}}))\b"
)
DATELINE = re.compile(
    rf"^(?:(?:[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){{0,2}}, ){{1,2}}(?:\d{{1,2}} {MONTH}\.?|{MONTH}\.? \d{{1,2}},?) \d{{4}}|[A-ZÄÖÜÅÉ][A-ZÄÖÜÅÉ.’' -]{{2,30}}(?:, [A-Z][\w. ]{{2,20}})?(?:, (?:\d{{1,2}} )?{MONTH}\.?(?: \d{{1,2}})?(?:,? \d{{4}})?)?(?: \([A-Z][\w ]+\))?)\s?[–—-]+\s"
)
FINAL = re.compile(r"[.!?…:;][”\"’')\]]*$")
VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|do|does|did|says?|said|[a-z]{3,}ed)\b"
)
MEASURED = re.compile(r"\d\s?(?:%|per ?cent|million|billion|trillion|crore|tonnes|km)|[$€£¥₹]\s?\d", re.IGNORECASE)
SHORT = 12
"""Words up to which a line without a full stop is a heading or a caption and no sentence."""
ABBREVIATION = re.compile(
    r"(?:\b(?:Inc|Corp|Ltd|Co|No|Nos|Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Jr|Sr|vs|approx|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
    r"|\b[A-Z]|\b[ap]\.m|\b[A-Z]\.[A-Z])\.$"
)


class ArticleError(UserError, ValueError):
    """An article holds no words that can be read."""


def read_article(source: Path | None, *, publisher: str | None = None, published: date | None = None) -> Article:
    """Read one article.

    Args:
        source: a file; None for standard input.
        publisher: instead of what the article says of itself.
        published: likewise.

    Raises:
        UserError: the file is missing, unreadable, damaged, or holds no words.
    """
    from evidence.readers import read_bytes, read_document

    document = read_bytes(sys.stdin.buffer.read(), "standard input") if source is None else read_document(source)
    return article_of(document, publisher=publisher, published=published)


def read_articles(source: Path | None) -> Iterator[Article]:
    """Read every article of a file, a folder, or a `.jsonl` or `.parquet` set.

    Raises:
        UserError: as `read_article`.
    """
    from evidence.readers import document_paths, read_documents

    if source is None:
        yield read_article(None)
        return
    for path in document_paths(source):
        if path.suffix in {".jsonl", ".parquet"}:
            for document in read_documents(path):
                yield article_of(document)
        else:
            yield read_article(path)


def article_from_text(
    text: str,
    *,
    title: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    uri: str = "",
) -> Article:
    """Make an article of a text."""
    spans = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    blocks = tuple(DocumentBlock("paragraph", span) for span in spans)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return article_of(Document(text, uri, digest, blocks, title, publisher, published))


def article_of(document: Document, *, publisher: str | None = None, published: date | None = None) -> Article:
    """Make an article of a document.

    Raises:
        ArticleError: it holds no words.
    """
    raw = document.text
    if not re.search(r"[^\W\d_]", raw):
        raise ArticleError(f"{document.uri or 'the text'} holds no words; name an article that can be read as text.")
    inline = [(match.start(), match.end(), "") for match in INLINE_BOILERPLATE.finditer(raw)]
    text, edits = repair(raw, inline)
    pieces = [(block.kind, _trimmed(text, text_span(edits, block.span))) for block in document.blocks]
    pieces = [(kind, span) for kind, span in pieces if span.start < span.end]
    blocks = [_block(text, pieces, index, raw_span(edits, span)) for index, (_, span) in enumerate(pieces)]
    title = document.title or _title(blocks)
    said = _said_of_itself(blocks)
    article = Article(
        id=document.sha256,
        title=title,
        publisher=publisher or document.publisher or said[0],
        published=published or document.published or said[1],
        uri=document.uri,
        raw=raw,
        text=text,
        edits=edits,
        blocks=tuple(blocks),
        sentences=(),
    )
    return replace(article, sentences=tuple(_sentences(article)))


def _trimmed(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, start + len(part.strip())))


def _block(text: str, pieces: Sequence[tuple[BlockKind, Span]], index: int, raw: Span) -> Block:
    kind, span = pieces[index]
    words = text[span.start : span.end]
    bullet = BULLET.match(words)
    start = span.start
    if bullet and kind in {"paragraph", "list item", "heading"} and len(words) > bullet.end():
        kind, start = "list item", span.start + bullet.end()
        words = words[bullet.end() :]
    kind = _kind(words, kind, index, len(pieces))
    label = LABEL.match(words) if kind == "list item" else None
    return Block(kind, words, start, raw, label["label"] if label else None)


def _kind(words: str, kind: BlockKind, index: int, count: int) -> BlockKind:
    if BOILERPLATE.match(words) or COMMENT.match(words) or _is_byline(words, index):
        return "boilerplate"
    if CAPTION.search(words) and len(words.split()) <= 40:
        return "caption"
    if kind != "paragraph":
        return kind
    length = len(words.split())
    if FINAL.search(words) or length > SHORT + 8:
        return "paragraph"
    if index == 0 and count > 1:
        return "heading"
    if length <= SHORT and not MEASURED.search(words):
        return "heading" if length <= 8 or not VERB.search(words) else "caption"
    return "paragraph" if VERB.search(words) or MEASURED.search(words) else "caption"


def _is_byline(words: str, index: int) -> bool:
    short = len(words.split()) <= 16 and not FINAL.search(words)
    if index > 8 or not short:
        return False
    if BYLINE.match(words) and (index < 5 or "|" in words):
        return True
    day = DAY.search(words)
    return bool(day) and len(DAY.sub("", words).split()) <= 8 and not VERB.search(words)


def _title(blocks: Sequence[Block]) -> str | None:
    first = next((block for block in blocks[:3] if block.kind == "heading"), None)
    return first.text if first and len(first.text.split()) > 2 else None


def _said_of_itself(blocks: Sequence[Block]) -> tuple[str | None, date | None]:
    """Publisher and day from a byline: "By Farah Contractor | Deccan Ledger | 30 October 2025"."""
    for block in blocks[:9]:
        if block.kind != "boilerplate":
            continue
        day = DAY.search(block.text)
        if day is None:
            continue
        parts = [part.strip(" ,|–—-") for part in re.split(r"\s*[|·•]\s*", DAY.sub("", block.text))]
        names = [part for part in parts if part and not BYLINE.match(part)]
        return (names[-1] if names else None), parse_day(day.group())
    return None, None


def parse_day(text: str) -> date | None:
    """The day that a text names: "30 October 2025", "October 30, 2025" or "2025-10-30"."""
    match = DAY.search(text)
    if match is None:
        return None
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    try:
        if match[7]:
            return date(int(match[7]), int(match[8]), int(match[9]))
        return datetime.strptime(f"{day} {month[:3]} {year}", "%d %b %Y").date()
    except ValueError:
        return None


def _sentences(article: Article) -> Iterator[Sentence]:
    for index, block in enumerate(article.blocks):
        if block.kind == "boilerplate":
            continue
        for start, end in _sentence_spans(block):
            span = Span(block.start + start, block.start + end)
            yield Sentence(article.text[span.start : span.end], span.start, raw_span(article.edits, span), index)


def _sentence_spans(block: Block) -> Iterator[tuple[int, int]]:
    import nupunkt

    text = block.text
    opening = 0
    dateline = DATELINE.match(text)
    if dateline:
        opening = dateline.end()
    elif block.label:
        label = LABEL.match(text)
        opening = label.end() if label else 0
    if block.kind in {"heading", "caption", "row"}:
        yield opening, len(text)
        return
    pending: int | None = None
    for start, end in nupunkt.sent_spans(text[opening:]):
        part = text[opening + start : opening + end]
        left = opening + start + len(part) - len(part.lstrip())
        right = left + len(part.strip())
        if left >= right:
            continue
        begin = left if pending is None else pending
        if (
            ABBREVIATION.search(text[begin:right])
            and right < len(text.rstrip())
            and not re.match(r"\s+[A-Z“\"]\w+", text[right:])
        ):
            pending = begin
            continue
        pending = None
        yield begin, right
    if pending is not None:
        yield pending, len(text.rstrip())
