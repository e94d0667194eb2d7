"""The vocabulary of Claimline: what every step takes and hands on.

This is the ground floor. It imports nothing of the project, and the records have no behaviour
beyond their own fields. All character offsets are exclusive at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list item", "caption", "boilerplate", "row"]
Comparator = Literal["exactly", "about", "over", "under", "at least", "at most", "nearly", "between"]
Finding = Literal["equal", "compatible", "different", "not comparable"]
Label = Literal["supported", "disputed", "conflicting", "not enough evidence"]
Stance = Literal["supports", "disputes", "neutral"]
Trust = Literal["high", "normal", "low"]


class UserError(Exception):
    """Something a person can mend: the message is one sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text: character offsets `start` and `end`, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A piece of a document whose kind its format makes known (an HTML heading, a table's row)."""

    kind: BlockKind
    span: Span
    """Into `Document.text`."""
    level: int = 0
    """Depth of a heading, 1 the highest; 0 for anything else."""


@dataclass(frozen=True, slots=True)
class Document:
    """One readable thing drawn out of a file: its text as decoded, before any repair, and what is known of it."""

    text: str
    uri: str
    sha256: str
    """Of the bytes that the document was read from; for one record of many, of that record's bytes."""
    blocks: tuple[DocumentBlock, ...]
    """In order, without overlap; what lies between them is layout."""
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    """ISO 639-1, where the document says so."""
    place: str | None = None
    """The file or web address that it was read from and can be read from again; None for what came only once."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A repair: `raw` in the text as decoded was replaced by `text` in the repaired text."""

    raw: Span
    text: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article with one role in its layout."""

    kind: BlockKind
    text: str
    """Repaired."""
    start: int
    """Offset of `text` in the repaired text of the article."""
    span: Span
    """Into the raw text."""
    label: str | None = None
    """The name that a bullet opens with: "Steel" in "- Steel: The merger of ..."."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one block. `article.text[start:start + len(text)] == text`."""

    text: str
    """Repaired."""
    start: int
    """Offset of `text` in the repaired text of the article."""
    span: Span
    """Into the raw text."""
    block: int
    """Index into `Article.blocks`."""


@dataclass(frozen=True, slots=True)
class Article:
    """The text under check."""

    id: str
    """sha256 of the bytes it was read from, in hexadecimal."""
    title: str | None
    publisher: str | None
    published: date | None
    uri: str
    raw: str
    """As decoded, before any repair. Every `Span` points into this."""
    text: str
    """Repaired."""
    edits: tuple[Edit, ...]
    """In order; between edits the raw and the repaired text are the same."""
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    """Of all blocks but boilerplate, in order."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as a text states it: between `low` and `high`, in `unit`, with the comparator that qualifies it.

    A bound keeps its figure in both: "over 800" is low 800, high 800, comparator "over". Scales are
    resolved: "¥22 trillion" is 22000000000000 CNY. Units: an ISO 4217 code, "%", "percentage point",
    "year" (calendar years and ages), "times", a physical unit in its usual symbol, or a counted noun
    in the singular; a rate joins two with "/" ("unit/year"). The empty string where no unit is stated.
    """

    text: str
    low: Decimal
    high: Decimal
    unit: str
    comparator: Comparator
    span: Span
    """Into the text that was read; for a claim's quantities, into the raw text of the article."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Words of the article that a claim replaces so as to stand alone. An empty `to`: left as unclear."""

    words: str
    to: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement that stands alone."""

    id: str
    text: str
    span: Span
    """The words it was read from, into the raw text."""
    sentence: str
    """The whole sentence, repaired."""
    quantities: tuple[Quantity, ...]
    worthiness: float
    """0..1: how much it is worth checking."""
    resolved: tuple[Resolution, ...] = ()
    places: tuple[Span, ...] = ()
    """Everywhere the article makes the claim, `span` first."""
    attribution: str | None = None
    """Who says it, where the article quotes or reports somebody."""
    contradicts: tuple[str, ...] = ()
    """Ids of the claims of the same article that say the same with another figure."""


@dataclass(frozen=True, slots=True)
class SkippedSentence:
    """A sentence that holds no checkable claim, and why."""

    text: str
    span: Span
    reason: str
    """heading, caption, fragment, question, opinion, prediction, advice, personal, boilerplate, or below the threshold."""
    worthiness: float


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """What was found in an article: its claims, and the sentences that hold none."""

    claims: tuple[Claim, ...]
    skipped: tuple[SkippedSentence, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document of evidence."""

    id: str
    uri: str
    title: str | None
    publisher: str | None
    published: date | None
    retrieved: datetime
    sha256: str
    language: str | None
    trust: Trust
    origin: str
    """Sources with one origin count once: the same publisher, or nearly the same text."""
    place: str | None = None
    """The file or web address that it can be read from again."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source of whole sentences, sized for the verifier."""

    id: str
    source: str
    """Id of its source."""
    text: str
    span: Span
    """Into the source's text."""
    headings: tuple[str, ...] = ()
    """The headings above it, outermost first."""


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage found for a claim."""

    passage: Passage
    source: Source
    rank: int
    """From 1."""
    score: float
    """Fused score, higher is better."""
    similarity: float
    """Cosine of the embeddings of claim and passage."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What the verifier gives for a passage and a claim; they sum to one."""

    support: float
    dispute: float
    neutral: float


@dataclass(frozen=True, slots=True)
class QuantityFinding:
    """A figure of the claim held against the figure of the passage that speaks of the same measure."""

    claim: Quantity
    evidence: Quantity | None
    """None where the passage has no figure to hold against it."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one passage says of one claim."""

    retrieved: RetrievedPassage
    probabilities: Probabilities
    stance: Stance
    rationale: Span
    """Into the passage's text: the sentence that carries the judgement."""
    quantities: tuple[QuantityFinding, ...]
    independent: bool
    """False for the article itself, its copies and its own publisher; such judgements do not count."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all the evidence says of one claim."""

    claim: Claim
    label: Label
    confidence: float
    """0..1, calibrated."""
    explanation: str
    """One sentence that names the figures."""
    judgements: tuple[Judgement, ...]
    """In order of weight."""
    independent_support: int
    """Number of independent origins that support the claim."""
    independent_dispute: int


@dataclass(frozen=True, slots=True)
class Run:
    """How a report was made."""

    claimline: str
    """Version."""
    models: dict[str, str]
    """Role to "name sha256:..."."""
    store: str
    settings: dict[str, str | int | float | bool | None]
    seconds: dict[str, float]
    """Step to wall time."""
    checked: datetime | None = None
    """When the check ended, with its time zone."""


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict report of one article."""

    article: Article
    verdicts: tuple[Verdict, ...]
    """In the order of the article."""
    skipped: tuple[SkippedSentence, ...]
    run: Run
