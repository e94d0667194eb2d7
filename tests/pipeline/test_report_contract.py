"""The JSON contract: what `to_json` promises, that `from_json` undoes it, and how it takes damage."""

import copy
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import sample_report

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
from pipeline.report import claim_to_json, from_json, read_report, to_json, write_reports
from pipeline.report.contract import DamagedReportError, OtherSchemaError, UnreadableReportError

words = st.text(max_size=12)
shares = st.floats(0, 1)
moments = st.datetimes(
    datetime(1990, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=4)


def literal(kind: object) -> st.SearchStrategy:
    return st.sampled_from(get_args(kind))


def spans(limit: int = 1000) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, limit), st.integers(0, limit)).map(lambda pair: Span(*sorted(pair)))


quantities = st.builds(Quantity, words, figures, figures, words, literal(Comparator), spans())


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    source = draw(
        st.builds(
            Source,
            words,
            words,
            st.none() | words,
            st.none() | words,
            st.none() | st.dates(),
            moments,
            words,
            st.none() | words,
            literal(Trust),
            words,
        )
    )
    text = draw(words)
    passage = Passage(draw(words), source.id, text, draw(spans()), tuple(draw(st.lists(words, max_size=2))))
    finding = st.builds(QuantityFinding, quantities, st.none() | quantities, literal(Finding))
    return Judgement(
        RetrievedPassage(passage, source, draw(st.integers(1, 50)), draw(shares), draw(shares)),
        draw(st.builds(Probabilities, shares, shares, shares)),
        draw(literal(Stance)),
        draw(spans(len(text))),
        tuple(draw(st.lists(finding, max_size=2))),
        draw(st.booleans()),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    raw, text = draw(st.text(max_size=40)), draw(st.text(max_size=40))
    into = spans(len(raw))
    article = Article(
        draw(words),
        draw(st.none() | words),
        draw(st.none() | words),
        draw(st.none() | st.dates()),
        draw(words),
        raw,
        text,
        tuple(draw(st.lists(st.builds(Edit, into, spans(len(text))), max_size=2))),
        tuple(
            draw(
                st.lists(
                    st.builds(Block, literal(BlockKind), words, st.integers(0, 99), into, st.none() | words), max_size=2
                )
            )
        ),
        tuple(draw(st.lists(st.builds(Sentence, words, st.integers(0, 99), into, st.integers(0, 9)), max_size=2))),
    )
    claim = st.builds(
        Claim,
        words,
        words,
        into,
        words,
        st.lists(quantities, max_size=2).map(tuple),
        shares,
        st.lists(st.builds(Resolution, words, words), max_size=2).map(tuple),
        st.lists(into, max_size=2).map(tuple),
        st.none() | words,
    )
    verdict = st.builds(
        Verdict,
        claim,
        literal(Label),
        shares,
        words,
        st.lists(judgements(), max_size=2).map(tuple),
        st.integers(0, 9),
        st.integers(0, 9),
    )
    run = st.builds(
        Run,
        words,
        st.dictionaries(words, words, max_size=2),
        words,
        st.dictionaries(words, st.none() | words | st.integers() | shares | st.booleans(), max_size=3),
        st.dictionaries(words, shares, max_size=2),
        st.none() | moments,
    )
    return Report(
        article,
        tuple(draw(st.lists(verdict, max_size=2))),
        tuple(draw(st.lists(st.builds(SkippedSentence, words, into, words, shares), max_size=2))),
        draw(run),
    )


@settings(max_examples=60, deadline=None)
@given(reports())
def test_any_report_comes_back_from_json_as_it_was(report):
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_the_sample_report_has_the_keys_of_the_contract():
    data = to_json(sample_report())
    assert list(data) == ["schema", "article", "claims", "skipped", "summary", "run"]
    assert data["schema"] == "claimline/report/1"
    assert list(data["article"])[:6] == ["id", "title", "uri", "publisher", "published", "text"]
    claim = data["claims"][0]
    assert {
        "id",
        "text",
        "span",
        "sentence",
        "worthiness",
        "resolved",
        "quantities",
        "verdict",
        "evidence",
        "places",
        "attribution",
        "contradicts",
    } == set(claim)
    assert set(claim["verdict"]) == {"label", "confidence", "explanation", "independent_support", "independent_dispute"}
    evidence = claim["evidence"][0]
    assert set(evidence) == {"stance", "independent", "scores", "passage", "source", "quantities", "retrieval"}
    assert {"id", "text", "rationale"} <= set(evidence["passage"])
    assert {"id", "title", "publisher", "uri", "published", "trust"} <= set(evidence["source"])
    assert set(evidence["quantities"][0]) == {"claim", "evidence", "finding"}
    assert data["summary"] == {
        "claims": 12,
        "supported": 7,
        "disputed": 1,
        "conflicting": 1,
        "not_enough_evidence": 3,
    }
    assert {"claimline", "models", "store", "settings", "seconds"} <= set(data["run"])


def test_spans_cut_the_claims_words_out_of_the_text_before_repair():
    data = to_json(sample_report())
    claim = data["claims"][0]
    start, end = claim["span"]["start"], claim["span"]["end"]
    assert data["article"]["text"][start:end].endswith("market capitalization of ยฅ22 trillion")
    assert len(claim["places"]) == 2
    assert claim["places"][0] == claim["span"]


def test_figures_are_decimal_texts_without_exponent():
    quantity = Quantity("¥22 trillion", Decimal("2.2E+13"), Decimal("1E-7"), "CNY", "over", Span(0, 12))
    claim = claim_to_json(Claim("c1", "t", Span(0, 1), "s", (quantity,), 0.5))
    assert (claim["quantities"][0]["low"], claim["quantities"][0]["high"]) == ("22000000000000", "0.0000001")


def test_dates_are_iso_and_the_same_report_gives_the_same_text():
    data = to_json(sample_report())
    assert data["article"]["published"] == "2025-09-20"
    assert date.fromisoformat(data["claims"][0]["evidence"][0]["source"]["published"]) == date(2025, 9, 19)
    assert json.dumps(data) == json.dumps(to_json(sample_report()))


@pytest.mark.parametrize("data", [None, [], 5, {}, {"claims": []}, {"schema": "claimline/report/2"}, {"schema": None}])
def test_what_is_no_report_of_this_schema_is_refused(data):
    with pytest.raises(OtherSchemaError, match="claimline/report/1"):
        from_json(data)


def places_in(data, path=()):
    """Every path into nested JSON."""
    if path:
        yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places_in(value, (*path, key))


ONE_CLAIM = to_json(sample_report())
ONE_CLAIM["claims"] = ONE_CLAIM["claims"][:1]
ONE_CLAIM["article"]["blocks"] = ONE_CLAIM["article"]["blocks"][:2]
ONE_CLAIM["article"]["sentences"] = ONE_CLAIM["article"]["sentences"][:2]
ONE_CLAIM["article"]["edits"] = ONE_CLAIM["article"]["edits"][:2]
PLACES = [path for path in places_in(ONE_CLAIM) if path != ("schema",)]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(PLACES),
    st.sampled_from(
        [None, True, -3, 10**9, 0.5, float("nan"), "", "2025-02-30", "1e999999999", [], [1], {}, {"a": []}]
    ),
)
def test_any_damage_is_read_or_refused_in_one_sentence_never_a_crash(path, value):
    data = copy.deepcopy(ONE_CLAIM)
    *way, last = path
    node = data
    for key in way:
        node = node[key]
    node[last] = value
    refusal = ""
    try:
        to_json(from_json(data))
    except UserError as error:
        refusal = str(error)
    assert "\n" not in refusal


@pytest.mark.parametrize("key", ["article", "claims", "run", "skipped"])
def test_a_missing_key_is_named(key):
    data = dict(ONE_CLAIM)
    del data[key]
    with pytest.raises(DamagedReportError, match=f"{key} is missing"):
        from_json(data)


def test_a_wrong_label_is_named_with_its_place():
    data = copy.deepcopy(ONE_CLAIM)
    data["claims"][0]["verdict"]["label"] = "mostly true"
    with pytest.raises(DamagedReportError, match=r"claims\[0\]\.verdict\.label is not one of 'supported'"):
        from_json(data)


def test_a_report_is_read_from_its_file_or_its_directory(tmp_path: Path):
    report = sample_report()
    (file,) = write_reports(report, tmp_path, ["json"])
    assert read_report(file) == report
    assert read_report(tmp_path) == report


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", DamagedReportError),
        (b'{"schema": "claimline/rep', DamagedReportError),
        (b"\xff\xfe\x00binary", DamagedReportError),
        (b"[" * 100_000, DamagedReportError),
        (b"[]", OtherSchemaError),
    ],
)
def test_a_file_that_is_no_report_is_refused_by_name(tmp_path: Path, content, error):
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(error, match=r"report\.json") as caught:
        read_report(file)
    assert isinstance(caught.value, UserError)


def test_a_missing_report_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(UnreadableReportError, match="claimline check"):
        read_report(tmp_path)


def test_an_article_that_contradicts_itself_is_told_in_every_form(tmp_path):
    """Given two claims that differ in a figure, when they are reported, then each names the other."""
    from dataclasses import replace

    from pipeline.report.html import render_html

    sample = sample_report()
    first, second, *rest = sample.verdicts
    told = (
        replace(first, claim=replace(first.claim, contradicts=(second.claim.id,))),
        replace(second, claim=replace(second.claim, contradicts=(first.claim.id,))),
        *rest,
    )
    report = replace(sample, verdicts=told)
    assert [claim["contradicts"] for claim in to_json(report)["claims"][:2]] == [[second.claim.id], [first.claim.id]]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(to_json(report)), encoding="utf-8")
    assert read_report(path) == report
    assert render_html(report).count("The article itself gives another figure") == 2
