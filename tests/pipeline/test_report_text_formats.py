"""The report on terminals, as Markdown, as CSV and as ClaimReview: right in content, and inert."""

import csv
import io
import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from report_samples import HOSTILE, hostile_report, sample_report
from rich.console import Console

from pipeline.records import ClaimSet
from pipeline.report import print_claims, print_report
from pipeline.report.claimreview import render_claimreview
from pipeline.report.csv import COLUMNS, guard, render_csv
from pipeline.report.markdown import escape, render_markdown
from pipeline.report.wording import day, independent_sources, percent, web_address


def printed(report, *, width=80, encoding="utf-8", passages=False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    print_report(report, Console(file=stream, width=width, no_color=True), passages=passages)
    return stream.buffer.getvalue().decode(encoding)


def test_the_terminal_table_fits_eighty_columns_and_ends_in_counts():
    lines = printed(sample_report()).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert lines[-1] == "12 claims: ✓ 7 supported, ✗ 1 disputed, ⇄ 1 conflicting, ? 3 not enough evidence"
    assert any(line.startswith("✗ disputed") and "89%" in line for line in lines)


def test_the_terminal_names_the_source_that_the_explanation_leaves_out():
    shown = " ".join(printed(sample_report(), width=200).split())
    assert "Ansteel and Ben Gang start to merge, Xinhua, via People's Daily Online, 20 August 2021" in shown


def test_a_narrow_terminal_loses_no_word():
    shown = "".join(printed(sample_report(), width=40).split())
    assert "1,854smartfactories" in shown
    assert "exceeding¥22trillion" in shown


def test_a_terminal_without_the_signs_gets_plain_ones():
    shown = printed(sample_report(), encoding="ascii")
    assert "+ supported" in shown
    assert "x disputed" in shown
    assert "?22 trillion" in shown


def test_control_sequences_of_an_article_do_not_reach_the_terminal():
    report = hostile_report()
    verdict = replace(
        report.verdicts[0], explanation="red \x1b[31m \x1b]0;title\x07 \u202eback\u202c [bold]as is[/bold] \x9b1m"
    )
    shown = printed(replace(report, verdicts=(verdict,)), passages=True)
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(shown)
    assert "[bold]as is[/bold]" in shown


def test_passages_are_printed_when_asked_for():
    report = sample_report()
    shown = " ".join(printed(replace(report, verdicts=report.verdicts[:1]), passages=True, width=200).split())
    assert "supports (not independent: not counted): Notes on the SOE drive" in shown
    assert "increased from 70 trillion yuan" in shown


def test_an_article_without_claims_says_so():
    assert "No checkable claim was found." in printed(replace(sample_report(), verdicts=()))


def test_claims_are_printed_with_what_was_filled_in():
    report = sample_report()
    console = Console(file=io.StringIO(), width=100)
    print_claims(ClaimSet(tuple(v.claim for v in report.verdicts), report.skipped), console)
    shown = " ".join(console.file.getvalue().split())
    assert "for “they”: SOE-controlled listed firms" in shown
    assert shown.endswith("12 claims; 4 sentences without one.")


def test_markdown_has_each_claim_with_its_evidence():
    shown = MarkdownIt("commonmark").enable("table").render(render_markdown(sample_report()))
    assert "<h2>3. The mergers created twelve new SOEs" in shown
    assert "<strong>✗ disputed</strong>, 89% confidence." in shown
    assert '<a href="http://en.sasac.gov.cn/2025/12/29/c_20242.htm">' in shown
    assert "<strong>nine new central enterprises were established.</strong>" in shown
    assert "<td>twelve new SOEs</td>\n<td>nine new central enterprises</td>\n<td>different</td>" in shown
    assert "<td>✓ supported</td>\n" in shown


def test_markdown_shows_texts_as_they_are_and_lets_none_act():
    shown = MarkdownIt("commonmark").enable("table").render(render_markdown(hostile_report()))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<a " not in shown
    assert shown.count("&lt;script&gt;window.hacked = &quot;yes&quot;") > 10


@pytest.mark.parametrize(
    "text",
    [
        "1. one",
        "# not a heading",
        "- not a list",
        "[a](javascript:b)",
        "a | b",
        "**x** _y_ `z`",
        "www.example.com",
        "a\nb",
    ],
)
def test_escaped_markdown_reads_letter_by_letter(text):
    plain = MarkdownIt("commonmark").enable("table").render(escape(text))
    assert plain == f"<p>{' '.join(text.split())}</p>\n"


def rows(report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(report), newline="")))


def test_csv_has_one_row_for_each_claim_and_passage():
    report = sample_report()
    table = rows(report)
    assert len(table) == sum(max(1, len(verdict.judgements)) for verdict in report.verdicts)
    first = table[0]
    assert list(first) == list(COLUMNS)
    assert (first["verdict"], first["stance"], first["independent"]) == ("supported", "supports", "yes")
    assert first["figures"] == "exceeding ¥22 trillion / more than 22 trillion yuan: equal"
    assert first["source_published"] == "2025-09-19"
    assert report.article.raw[int(first["start"]) : int(first["end"])].startswith("SOE-controlled")
    bare = next(row for row in table if row["claim"].startswith("China StarNet"))
    assert bare["stance"] == bare["passage"] == ""


def test_no_cell_of_the_csv_is_a_formula():
    for row in rows(hostile_report()):
        assert row["claim"].startswith("'=HYPERLINK(")
        assert not [cell for cell in row.values() if cell.lstrip()[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_cells_that_start_like_a_formula_are_prefixed(text):
    assert guard(text) == f"'{text}"


def test_numbers_and_plain_texts_stay_as_they_are():
    assert [guard(cell) for cell in (-0.5, 3, "a=b", "")] == [-0.5, 3, "a=b", ""]


def test_claimreview_follows_schema_org():
    reviews = json.loads(render_claimreview(sample_report()))
    assert len(reviews) == 12
    disputed = reviews[2]
    assert disputed["@context"] == "https://schema.org"
    assert disputed["@type"] == "ClaimReview"
    assert disputed["author"] == {"@type": "Organization", "name": "Claimline"}
    assert disputed["datePublished"] == "2026-03-03"
    assert disputed["reviewRating"]["alternateName"] == "Disputed"
    assert disputed["reviewRating"]["ratingValue"] == disputed["reviewRating"]["worstRating"] == 1
    assert disputed["itemReviewed"]["@type"] == "Claim"
    assert disputed["itemReviewed"]["appearance"]["headline"].startswith("China Accelerates")
    assert disputed["citation"][0]["url"].startswith("https://reportify.ai/")
    assert "ratingValue" not in reviews[3]["reviewRating"]
    assert reviews[3]["reviewRating"]["alternateName"] == "Not enough evidence"
    assert reviews[7]["itemReviewed"]["author"]["name"] == "Zhang Yuzhuo, SASAC chief"


def test_claimreview_can_stand_in_a_script_element():
    text = render_claimreview(hostile_report())
    assert "<" not in text
    assert json.loads(text)[0]["reviewBody"] == HOSTILE
    assert "javascript" not in json.dumps([r["itemReviewed"]["appearance"].get("url") for r in json.loads(text)])


@pytest.mark.parametrize(
    "uri", ["http://a.example/x?q=1&r=%20", "https://en.people.cn/n3/c.html#part", "HTTPS://A.EXAMPLE/"]
)
def test_web_addresses_become_links(uri):
    assert web_address(uri) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//a.example/x",
        "http://",
        "http:///x",
        "http://a.example/ x",
        'http://a.example/"onmouseover="x',
        "http://a.example/<b>",
        "http://[::1",
        "http://a.example/\u202etxt.exe",
        "notes/a.md",
        "",
    ],
)
def test_anything_else_stays_text(uri):
    assert web_address(uri) is None


def test_confidence_is_never_rounded_up_to_certainty():
    assert [percent(share) for share in (0, 0.004, 0.5, 0.994, 0.9999, 1.0)] == [
        "0%",
        "0%",
        "50%",
        "99%",
        "99%",
        "100%",
    ]


def test_sources_are_counted_in_words_a_reader_uses():
    assert independent_sources(0, 0) == "No independent source supports or disputes it"
    assert independent_sources(1, 0) == "1 independent source supports it"
    assert independent_sources(2, 1) == "2 independent sources support and 1 independent source disputes it"
    assert day(None) == ""
