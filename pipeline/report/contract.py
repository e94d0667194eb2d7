"""The JSON report: the contract that others build on, written from a `Report` and read back.

It stands last on the way of the data, and first when an earlier run is rendered again: `to_json` and
`from_json` are inverses, so nothing that a report knows is lost between them. Figures are decimal
strings without exponent, since a JSON number would pass through a binary float in most readers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from pipeline.records import (
    Article,
    Block,
    BlockKind,
    Claim,
    Comparator,
    Edit,
    Finding,
    Judgement,
    Label,
    Passage,
    Probabilities,
    Quantity,
    QuantityFinding,
    Report,
    Resolution,
    RetrievedPassage,
    Run,
    Sentence,
    SkippedSentence,
    Source,
    Span,
    Stance,
    Trust,
    UserError,
    Verdict,
)

SCHEMA = "claimline/report/1"
REPORT_NAME = "report.json"

_DECIMAL = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?")


class DamagedReportError(UserError, ValueError):
    """A report file that is not what its schema promises."""


class OtherSchemaError(UserError, ValueError):
    """A JSON file that is no report, or one of another schema."""


class UnreadableReportError(UserError, OSError):
    """A report file that cannot be opened."""


def to_json(report: Report) -> dict[str, Any]:
    """Give the report as the JSON contract `claimline/report/1`.

    Every `span` is in characters, end exclusive, into `article.text`, the text as decoded before
    repair; a rationale is a span into its passage's text. Dates are ISO 8601, figures decimal strings.

    Returns:
        A dictionary of JSON types only, its keys in the order of the contract.
    """
    article = report.article
    return {
        "schema": SCHEMA,
        "article": {
            "id": article.id,
            "title": article.title,
            "uri": article.uri,
            "publisher": article.publisher,
            "published": _iso(article.published),
            "text": article.raw,
            "repaired": article.text,
            "edits": [{"raw": _span(edit.raw), "text": _span(edit.text)} for edit in article.edits],
            "blocks": [
                {
                    "kind": block.kind,
                    "text": block.text,
                    "start": block.start,
                    "span": _span(block.span),
                    "label": block.label,
                }
                for block in article.blocks
            ],
            "sentences": [
                {
                    "text": sentence.text,
                    "start": sentence.start,
                    "span": _span(sentence.span),
                    "block": sentence.block,
                }
                for sentence in article.sentences
            ],
        },
        "claims": [_verdict_to_json(verdict) for verdict in report.verdicts],
        "skipped": [skipped_to_json(sentence) for sentence in report.skipped],
        "summary": summarise(report),
        "run": {
            "claimline": report.run.claimline,
            "models": dict(report.run.models),
            "store": report.run.store,
            "settings": dict(report.run.settings),
            "seconds": dict(report.run.seconds),
            "checked": _iso(report.run.checked),
        },
    }


def summarise(report: Report) -> dict[str, int]:
    """Count the claims of a report, in all and by verdict, under the keys of the contract's `summary`."""
    labels = [verdict.label for verdict in report.verdicts]
    return {
        "claims": len(labels),
        **{label.replace(" ", "_"): labels.count(label) for label in get_args(Label)},
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """Give a claim as in the contract's `claims`, without its verdict and evidence."""
    return {
        "id": claim.id,
        "text": claim.text,
        "span": _span(claim.span),
        "sentence": claim.sentence,
        "worthiness": claim.worthiness,
        "resolved": [{"from": resolution.words, "to": resolution.to} for resolution in claim.resolved],
        "quantities": [_quantity_to_json(quantity) for quantity in claim.quantities],
        "places": [_span(place) for place in claim.places],
        "attribution": claim.attribution,
        "contradicts": list(claim.contradicts),
    }


def skipped_to_json(sentence: SkippedSentence) -> dict[str, Any]:
    """Give a sentence that holds no checkable claim as in the contract's `skipped`."""
    return {
        "text": sentence.text,
        "span": _span(sentence.span),
        "reason": sentence.reason,
        "worthiness": sentence.worthiness,
    }


def _verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return {
        **claim_to_json(verdict.claim),
        "verdict": {
            "label": verdict.label,
            "confidence": verdict.confidence,
            "explanation": verdict.explanation,
            "independent_support": verdict.independent_support,
            "independent_dispute": verdict.independent_dispute,
        },
        "evidence": [_judgement_to_json(judgement) for judgement in verdict.judgements],
    }


def _judgement_to_json(judgement: Judgement) -> dict[str, Any]:
    passage, source = judgement.retrieved.passage, judgement.retrieved.source
    return {
        "stance": judgement.stance,
        "independent": judgement.independent,
        "scores": {
            "support": judgement.probabilities.support,
            "dispute": judgement.probabilities.dispute,
            "neutral": judgement.probabilities.neutral,
        },
        "passage": {
            "id": passage.id,
            "text": passage.text,
            "rationale": _span(judgement.rationale),
            "span": _span(passage.span),
            "headings": list(passage.headings),
        },
        "source": {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "uri": source.uri,
            "published": _iso(source.published),
            "trust": source.trust,
            "retrieved": source.retrieved.isoformat(),
            "sha256": source.sha256,
            "language": source.language,
            "origin": source.origin,
        },
        "quantities": [
            {
                "claim": _quantity_to_json(finding.claim),
                "evidence": None if finding.evidence is None else _quantity_to_json(finding.evidence),
                "finding": finding.finding,
            }
            for finding in judgement.quantities
        ],
        "retrieval": {
            "rank": judgement.retrieved.rank,
            "score": judgement.retrieved.score,
            "similarity": judgement.retrieved.similarity,
        },
    }


def _quantity_to_json(quantity: Quantity) -> dict[str, Any]:
    return {
        "text": quantity.text,
        "low": f"{quantity.low:f}",
        "high": f"{quantity.high:f}",
        "unit": quantity.unit,
        "comparator": quantity.comparator,
        "span": _span(quantity.span),
    }


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _iso(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()


def read_report(path: Path) -> Report:
    """Read the report of an earlier run: its JSON file, or the directory that holds it.

    Raises:
        UnreadableReportError: if there is no such file or it cannot be opened.
        OtherSchemaError: if the file is JSON but no report of this schema.
        DamagedReportError: if the file is no JSON or lacks what the schema promises.
    """
    file = path / REPORT_NAME if path.is_dir() else path
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UnreadableReportError(
            f"{file}: there is no such report; run `claimline check` with `--format json` to make one"
        ) from None
    except OSError as error:
        raise UnreadableReportError(f"{file}: the report cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError:
        raise DamagedReportError(f"{file}: this is not a JSON report; name the {REPORT_NAME} of a run") from None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedReportError(
            f"{file}: the report is damaged (not valid JSON); run `claimline check` again"
        ) from None
    try:
        return from_json(data)
    except (DamagedReportError, OtherSchemaError) as error:
        raise type(error)(f"{file}: {error}") from None


def from_json(data: object) -> Report:
    """Read a report from the JSON contract `claimline/report/1`; the inverse of `to_json`.

    Keys that the contract does not have are passed over. The counts of `summary` follow from the claims
    and are not read.

    Raises:
        OtherSchemaError: if the data are no report, or one of another schema.
        DamagedReportError: if a key is missing or its value cannot be right; the message names the place.
    """
    if not isinstance(data, dict) or "schema" not in data:
        raise OtherSchemaError(f"this is not a Claimline report: it has no schema (expected {SCHEMA!r})")
    if data["schema"] != SCHEMA:
        raise OtherSchemaError(
            f"the report has the schema {data['schema']!r} and this version of Claimline reads {SCHEMA!r}; "
            "run `claimline check` again"
        )
    root = _Node(data, "")
    article = _article(root["article"])
    limit = len(article.raw)
    run = root["run"]
    return Report(
        article=article,
        verdicts=tuple(_verdict(node, limit) for node in root["claims"]),
        skipped=tuple(
            SkippedSentence(
                text=node["text"].string(),
                span=node["span"].span(limit),
                reason=node["reason"].string(),
                worthiness=node["worthiness"].number(),
            )
            for node in root["skipped"]
        ),
        run=Run(
            claimline=run["claimline"].string(),
            models={name: node.string() for name, node in run["models"].entries()},
            store=run["store"].string(),
            settings={name: node.setting() for name, node in run["settings"].entries()},
            seconds={name: node.number() for name, node in run["seconds"].entries()},
            checked=run["checked"].moment() if run["checked"].value is not None else None,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """A value in the file together with where it stands, so that what is wrong with it can be named."""

    value: Any
    place: str

    def damaged(self, expected: str) -> DamagedReportError:
        return DamagedReportError(
            f"the report is damaged: {self.place or 'the whole'} is not {expected}; run `claimline check` again"
        )

    def __getitem__(self, key: str) -> _Node:
        if not isinstance(self.value, dict):
            raise self.damaged("an object")
        place = f"{self.place}.{key}" if self.place else key
        if key not in self.value:
            raise DamagedReportError(f"the report is damaged: {place} is missing; run `claimline check` again")
        return _Node(self.value[key], place)

    def __iter__(self) -> Iterator[_Node]:
        if not isinstance(self.value, list):
            raise self.damaged("a list")
        return (_Node(item, f"{self.place}[{index}]") for index, item in enumerate(self.value))

    def entries(self) -> Iterator[tuple[str, _Node]]:
        if not isinstance(self.value, dict):
            raise self.damaged("an object")
        return ((name, self[name]) for name in self.value)

    def string(self) -> str:
        if not isinstance(self.value, str):
            raise self.damaged("a text")
        return self.value

    def string_or_none(self) -> str | None:
        return None if self.value is None else self.string()

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.damaged("true or false")
        return self.value

    def integer(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            raise self.damaged("a whole number from 0 up")
        return self.value

    def number(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not math.isfinite(self.value):
            raise self.damaged("a number")
        return self.value

    def setting(self) -> str | int | float | bool | None:
        if self.value is not None and not isinstance(self.value, str | int | float | bool):
            raise self.damaged("a plain value")
        return self.value

    def decimal(self) -> Decimal:
        if not isinstance(self.value, str) or not _DECIMAL.fullmatch(self.value):
            raise self.damaged("a decimal figure as a text")
        return Decimal(self.value)

    def day(self) -> date | None:
        if self.value is None:
            return None
        try:
            return date.fromisoformat(self.string())
        except ValueError:
            raise self.damaged("a date such as 2025-09-17") from None

    def moment(self) -> datetime:
        try:
            return datetime.fromisoformat(self.string())
        except ValueError:
            raise self.damaged("a time such as 2025-09-17T08:30:00+00:00") from None

    def choice(self, allowed: object) -> Any:
        """Give the value if it is one of the Literal `allowed`."""
        if self.value not in get_args(allowed):
            raise self.damaged("one of " + ", ".join(repr(value) for value in get_args(allowed)))
        return self.value

    def span(self, limit: int | None = None) -> Span:
        start, end = self["start"].integer(), self["end"].integer()
        if start > end or (limit is not None and end > limit):
            raise self.damaged("a span of the text")
        return Span(start, end)


def _article(node: _Node) -> Article:
    raw, text = node["text"].string(), node["repaired"].string()
    blocks = tuple(
        Block(
            kind=block["kind"].choice(BlockKind),
            text=block["text"].string(),
            start=block["start"].integer(),
            span=block["span"].span(len(raw)),
            label=block["label"].string_or_none(),
        )
        for block in node["blocks"]
    )
    sentences = tuple(
        Sentence(
            text=sentence["text"].string(),
            start=sentence["start"].integer(),
            span=sentence["span"].span(len(raw)),
            block=sentence["block"].integer(),
        )
        for sentence in node["sentences"]
    )
    return Article(
        id=node["id"].string(),
        title=node["title"].string_or_none(),
        publisher=node["publisher"].string_or_none(),
        published=node["published"].day(),
        uri=node["uri"].string(),
        raw=raw,
        text=text,
        edits=tuple(Edit(raw=edit["raw"].span(len(raw)), text=edit["text"].span(len(text))) for edit in node["edits"]),
        blocks=blocks,
        sentences=sentences,
    )


def _verdict(node: _Node, limit: int) -> Verdict:
    verdict = node["verdict"]
    return Verdict(
        claim=Claim(
            id=node["id"].string(),
            text=node["text"].string(),
            span=node["span"].span(limit),
            sentence=node["sentence"].string(),
            quantities=tuple(_quantity(quantity) for quantity in node["quantities"]),
            worthiness=node["worthiness"].number(),
            resolved=tuple(
                Resolution(words=resolution["from"].string(), to=resolution["to"].string())
                for resolution in node["resolved"]
            ),
            places=tuple(place.span(limit) for place in node["places"]),
            attribution=node["attribution"].string_or_none(),
            # Reports of before contradictions were told have none.
            contradicts=tuple(one.string() for one in node["contradicts"]) if "contradicts" in node.value else (),
        ),
        label=verdict["label"].choice(Label),
        confidence=verdict["confidence"].number(),
        explanation=verdict["explanation"].string(),
        judgements=tuple(_judgement(judgement) for judgement in node["evidence"]),
        independent_support=verdict["independent_support"].integer(),
        independent_dispute=verdict["independent_dispute"].integer(),
    )


def _judgement(node: _Node) -> Judgement:
    passage, source, scores, retrieval = node["passage"], node["source"], node["scores"], node["retrieval"]
    text = passage["text"].string()
    return Judgement(
        retrieved=RetrievedPassage(
            passage=Passage(
                id=passage["id"].string(),
                source=source["id"].string(),
                text=text,
                span=passage["span"].span(),
                headings=tuple(heading.string() for heading in passage["headings"]),
            ),
            source=Source(
                id=source["id"].string(),
                uri=source["uri"].string(),
                title=source["title"].string_or_none(),
                publisher=source["publisher"].string_or_none(),
                published=source["published"].day(),
                retrieved=source["retrieved"].moment(),
                sha256=source["sha256"].string(),
                language=source["language"].string_or_none(),
                trust=source["trust"].choice(Trust),
                origin=source["origin"].string(),
            ),
            rank=retrieval["rank"].integer(),
            score=retrieval["score"].number(),
            similarity=retrieval["similarity"].number(),
        ),
        probabilities=Probabilities(
            support=scores["support"].number(),
            dispute=scores["dispute"].number(),
            neutral=scores["neutral"].number(),
        ),
        stance=node["stance"].choice(Stance),
        rationale=passage["rationale"].span(len(text)),
        quantities=tuple(
            QuantityFinding(
                claim=_quantity(finding["claim"]),
                evidence=None if finding["evidence"].value is None else _quantity(finding["evidence"]),
                finding=finding["finding"].choice(Finding),
            )
            for finding in node["quantities"]
        ),
        independent=node["independent"].flag(),
    )


def _quantity(node: _Node) -> Quantity:
    return Quantity(
        text=node["text"].string(),
        low=node["low"].decimal(),
        high=node["high"].decimal(),
        unit=node["unit"].string(),
        comparator=node["comparator"].choice(Comparator),
        span=node["span"].span(),
    )
