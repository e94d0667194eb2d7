"""The HTML report: one file that shows the article with its claims in place and opens the evidence of each.

The file asks the network for nothing: style and script are inline, and its content security policy names
both by hash, so no other script could run even if a text slipped through. Every text that comes from an
article or a source passes through the template's autoescaping; nothing of it is ever marked as safe.
Without JavaScript the same file reads as the article followed by its evidence, joined by anchors.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, get_args

from pipeline.records import Article, Label, Report, Span, Verdict
from pipeline.report.contract import summarise
from pipeline.report.wording import (
    SIGN,
    STANCE_SIGN,
    day,
    independent_sources,
    percent,
    rationale_parts,
    source_details,
    source_name,
    web_address,
)

if TYPE_CHECKING:
    from markupsafe import Markup

LABELS: tuple[Label, ...] = get_args(Label)
SEVERITY: tuple[Label, ...] = ("disputed", "conflicting", "not enough evidence", "supported")
"""Which of several claims on the same words gives them its colour: what a reader must not miss first."""

_BULLET = re.compile(r"\s*(?:[-*•‣◦–—·]\s+|\d{1,3}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the article makes a claim: a span of the repaired text, and the claim's number from 1."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a block that the same claims cover from end to end."""

    text: str
    claims: tuple[int, ...] = ()
    """Numbers of the claims, the innermost first."""
    label: Label | None = None
    """The verdict that colours it: that of the first of `claims`."""
    ends: tuple[int, ...] = ()
    """Numbers of the claims whose words end here."""


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A block of the article cut into stretches."""

    kind: str
    label: str | None
    stretches: list[Stretch] = field(default_factory=list)


def render_html(report: Report) -> str:
    """Render the report as one self-contained HTML 5 page.

    Returns:
        The page; it refers to no other file and its only links lead to http and https addresses.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    room = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(room), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(percent=percent, day=day, slug=slug, capital=capital, duration=duration)
    style = Markup((room / "report.css").read_text(encoding="utf-8"))
    script = Markup((room / "report.js").read_text(encoding="utf-8"))
    early = Markup('document.documentElement.classList.add("js");')
    article = report.article
    counts = summarise(report)
    return environment.get_template("report.html").render(
        article=article,
        title=article_title(article),
        address=web_address(article.uri),
        groups=[
            (kind, list(blocks))
            for kind, blocks in groupby(draw_article(article, report.verdicts), key=lambda block: block.kind)
        ],
        verdicts=list(enumerate(report.verdicts, start=1)),
        label_of={number: verdict.label for number, verdict in enumerate(report.verdicts, start=1)},
        overlaps=overlapping(report.verdicts),
        number_of={verdict.claim.id: number for number, verdict in enumerate(report.verdicts, start=1)},
        skipped=report.skipped,
        run=report.run,
        checked=moment(report.run.checked),
        tally=[(label, counts[label.replace(" ", "_")]) for label in LABELS],
        bar=proportions([counts[label.replace(" ", "_")] for label in LABELS]),
        sources=len({judgement.retrieved.source.id for v in report.verdicts for judgement in v.judgements}),
        sign=SIGN,
        stance_sign=STANCE_SIGN,
        source_name=source_name,
        source_details=source_details,
        web_address=web_address,
        independent_sources=independent_sources,
        rationale_parts=rationale_parts,
        style=style,
        script=script,
        early=early,
        policy=security_policy(style=style, scripts=(early, script)),
    )


def security_policy(*, style: Markup, scripts: Sequence[Markup]) -> str:
    """Give the Content-Security-Policy (level 3) that lets only these very texts act, and no request leave."""

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {' '.join(map(digest, scripts))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def draw_article(article: Article, verdicts: Sequence[Verdict]) -> list[DrawnBlock]:
    """Cut every block of the article where a claim begins or ends.

    A claim's spans point into the text as decoded; they are followed through the repairs, so that the
    reader sees repaired text. A heading that only repeats the title is left out.
    """
    from pipeline.repair import text_span

    places = [
        Place(number, text_span(article.edits, span))
        for number, verdict in enumerate(verdicts, start=1)
        for span in dict.fromkeys((verdict.claim.span, *verdict.claim.places))
    ]
    labels: list[Label] = [verdict.label for verdict in verdicts]
    drawn = []
    for position, block in enumerate(article.blocks):
        if position == 0 and block.kind == "heading" and block.text.strip() == article_title(article):
            continue
        skip = _BULLET.match(block.text) if block.kind == "list item" else None
        start = skip.end() if skip else 0
        stretches = cut(block.text[start:], block.start + start, places, labels)
        drawn.append(DrawnBlock(block.kind, *split_label(block.label, stretches)))
    return drawn


def split_label(label: str | None, stretches: list[Stretch]) -> tuple[str | None, list[Stretch]]:
    """Take a bullet's label from the front of its text, to be set in its own type, unless a claim covers it."""
    if not label or not stretches or stretches[0].claims or not stretches[0].text.lstrip().startswith(label):
        return None, stretches
    return label, [Stretch(stretches[0].text.lstrip()[len(label) :]), *stretches[1:]]


def cut(text: str, start: int, places: Sequence[Place], labels: Sequence[Label]) -> list[Stretch]:
    """Cut `text`, which stands at `start`, into stretches that the same claims cover from end to end.

    Args:
        text: A part of the repaired text.
        start: Its offset there.
        places: Where the claims are, in offsets of the repaired text; they may overlap or nest.
        labels: The verdict of claim number n at n - 1.

    Returns:
        Stretches whose texts joined are `text`.
    """
    end = start + len(text)
    touching = [place for place in places if max(place.span.start, start) < min(place.span.end, end)]
    edges = sorted(
        {start, end}
        | {max(place.span.start, start) for place in touching}
        | {min(place.span.end, end) for place in touching}
    )
    stretches = []
    for left, right in pairwise(edges):
        over = [place for place in touching if place.span.start <= left and place.span.end >= right]
        over.sort(key=lambda p: (p.span.end - p.span.start, SEVERITY.index(labels[p.number - 1]), p.number))
        claims = tuple(dict.fromkeys(place.number for place in over))
        ends = tuple(sorted({place.number for place in over if min(place.span.end, end) == right}))
        label = labels[claims[0] - 1] if claims else None
        stretches.append(Stretch(text[left - start : right - start], claims, label, ends))
    return stretches


def overlapping(verdicts: Sequence[Verdict]) -> dict[int, list[int]]:
    """Tell for each claim's number which other claims share words with it anywhere in the article."""
    places = [
        (number, span)
        for number, verdict in enumerate(verdicts, start=1)
        for span in (verdict.claim.span, *verdict.claim.places)
    ]
    places.sort(key=lambda place: (place[1].start, place[1].end))
    found: dict[int, set[int]] = {number: set() for number in range(1, len(verdicts) + 1)}
    for position, (number, span) in enumerate(places):
        for other, further in places[position + 1 :]:
            if further.start >= span.end:
                break
            if other != number and further.start < further.end:
                found[number].add(other)
                found[other].add(number)
    return {number: sorted(others) for number, others in found.items()}


def proportions(counts: Sequence[int]) -> list[tuple[float, float]]:
    """Lay counts end to end on a bar of 100 units: start and width of each."""
    total = sum(counts)
    if not total:
        return []
    starts = [100 * sum(counts[:position]) / total for position in range(len(counts))]
    return [(round(start, 3), round(100 * count / total, 3)) for start, count in zip(starts, counts, strict=True)]


def article_title(article: Article) -> str:
    """Name the article by its title, else by the file that it was read from."""
    return article.title or PurePosixPath(article.uri.replace("\\", "/")).name or "Untitled article"


def moment(time: datetime | None) -> str:
    """Write a time as "3 March 2026, 14:05 UTC"; the empty string for None."""
    if time is None:
        return ""
    offset = time.utcoffset()
    zone = "" if offset is None else " UTC" if offset == timedelta(0) else f" UTC{time:%z}"
    return f"{day(time)}, {time:%H:%M}{zone}"


def duration(seconds: float) -> str:
    """Write a duration for people: "0.42 s", "3 min 20 s"."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def slug(label: str) -> str:
    """Write a label as a word that an attribute selector can name."""
    return label.replace(" ", "-")


def capital(text: str) -> str:
    """Raise the first letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]
