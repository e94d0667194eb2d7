"""The HTML report: claims drawn in place, every text escaped, nothing asked of the network."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE, hostile_report, sample_report

from pipeline.records import Span
from pipeline.report.html import LABELS, Place, cut, moment, overlapping, proportions, render_html


@pytest.fixture(scope="module")
def sample() -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(render_html(sample_report()))


@pytest.fixture(scope="module")
def hostile() -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(render_html(hostile_report()))


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def article_text(page: lxml.html.HtmlElement) -> str:
    """The article as drawn, without the numbers that were put in."""
    article = lxml.html.fromstring(lxml.html.tostring(page.get_element_by_id("article")))
    for badge in article.find_class("badge"):
        badge.drop_tree()
    return text_of(article)


def test_the_article_is_shown_repaired_and_whole(sample):
    shown = article_text(sample)
    assert "exceeding ¥22 trillion ($3.0 trillion USD), up nearly 50% since 2020. Over the past four years" in shown
    assert "Beijing isn’t just shuffling paper—it’s welding" in shown
    assert "โ" not in shown
    assert "ย" not in shown


def test_every_claim_is_drawn_in_its_place_with_its_verdict(sample):
    report = sample_report()
    for number, verdict in enumerate(report.verdicts, start=1):
        badges = [b for b in sample.find_class("badge") if b.get("data-claim") == str(number)]
        assert len(badges) == len(verdict.claim.places)
        assert text_of(badges[0]).endswith(verdict.label)
        drawn = [s for s in sample.find_class("claim") if str(number) in s.get("data-claims").split()]
        assert drawn


def test_a_claim_inside_another_keeps_both(sample):
    nested = next(s for s in sample.find_class("claim") if "has grown more than 20%" in text_of(s))
    inner, outer = nested.get("data-claims").split()
    assert text_of(sample.get_element_by_id(f"claim-{inner}-text")).endswith("has grown more than 20%.")
    assert "Cumulative" in text_of(sample.get_element_by_id(f"claim-{outer}-text"))
    assert f"claim {outer}, supported" in text_of(sample.get_element_by_id(f"claim-{inner}"))


def test_blocks_keep_their_roles(sample):
    article = sample.get_element_by_id("article")
    assert "Consolidation Highlights" in [text_of(h) for h in article.iter("h2")]
    assert len(list(article.iter("ul"))) == 3
    assert [text_of(li)[:12] for li in article.iter("li")][:2] == ["China's Stat", "SOE-controll"]
    assert "Steel" in [text_of(label) for label in article.find_class("label")]
    assert "Zhang Yuzhuo, SASAC Chief" in [text_of(c) for c in article.find_class("caption")]


def test_a_dossier_shows_verdict_confidence_explanation_and_evidence(sample):
    dossier = text_of(sample.get_element_by_id("claim-3"))
    for expected in (
        "Disputed",
        "89% confidence",
        "The article says twelve new SOEs; CCTV (2025-09-17) gives nine new central enterprises.",
        "1 independent source disputes it.",
        "Central enterprises regrouped, with nine newcomers",
        "CCTV (Yang Shi Wang, summary by Reportify)",
        "17 September 2025",
        "twelve new SOEs nine new central enterprises Different",
        "no figure for it",
    ):
        assert expected.replace(" ", "") in dossier.replace(" ", "")


def test_the_rationale_is_marked_within_its_passage(sample):
    quote = sample.get_element_by_id("claim-3").find(".//blockquote")
    assert text_of(quote.find("mark")) == "nine new central enterprises were established."
    assert text_of(quote).startswith("Six groups, made up of ten enterprises")


def test_passages_that_do_not_count_say_so(sample):
    dossier = text_of(sample.get_element_by_id("claim-1"))
    assert "Not independent: shown, not counted" in dossier
    assert "low trust" in dossier


def test_what_the_claim_filled_in_can_be_seen(sample):
    dossier = text_of(sample.get_element_by_id("claim-7"))
    assert "“they” → “SOE-controlled listed firms”" in dossier
    assert "unclear what is meant" in text_of(sample.get_element_by_id("claim-5"))


def test_skipped_sentences_are_listed_with_reasons(sample):
    skipped = text_of(sample.find_class("skipped")[0])
    assert "4 sentences hold no checkable claim" in skipped
    assert "Question" in skipped
    assert "Can the U.S. and EU keep pace" in skipped


def test_the_head_counts_the_verdicts_and_tells_when_and_with_what(sample):
    head = text_of(sample.find_class("masthead")[0])
    assert "12 claims checked against passages from 8 sources on 3 March 2026, 14:05 UTC." in head
    assert [text_of(count) for count in sample.find_class("filter-count")] == ["7", "1", "1", "3"]
    assert "claimline-compact sha256:0f3b9c2e" in text_of(sample.find_class("run")[0])


def test_only_web_addresses_of_sources_become_links(sample):
    links = {a.get("href") for a in sample.iter("a")}
    assert "http://en.sasac.gov.cn/2025/12/29/c_20242.htm" in links
    assert all(re.match(r"https?://|#", href) for href in links)
    assert "notes/soe-drive.md" in text_of(sample.get_element_by_id("claim-1"))
    for anchor in sample.iter("a"):
        if not anchor.get("href").startswith("#"):
            assert anchor.get("rel") == "noopener noreferrer"


@pytest.mark.parametrize("page", ["sample", "hostile"])
def test_nothing_in_the_page_makes_a_request(page, request):
    document = request.getfixturevalue(page)
    loading = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "style"}
    for element in document.iter():
        assert not loading & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag not in {"img", "iframe", "object", "embed", "base", "form", "video", "audio"}
    assert [(link.get("rel"), link.get("href")) for link in document.iter("link")] == [("icon", "data:,")]
    style = document.find(".//style").text
    assert "url(" not in style
    assert "@import" not in style


def test_the_security_policy_allows_this_style_and_these_scripts_only(hostile):
    policy = hostile.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    scripts, style = list(hostile.iter("script")), hostile.find(".//style")
    assert len(scripts) == 2
    for element in [*scripts, style]:
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256-") == 3
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_texts_that_try_to_be_code_are_shown_as_they_are(hostile):
    shown = text_of(hostile.find("body"))
    assert shown.count(HOSTILE) > 15
    assert "49" not in shown
    assert not [a for a in hostile.iter("a") if "javascript" in a.get("href")]
    assert "javascript:window.hacked=2" in shown


def test_an_article_without_claims_still_reads_well():
    report = sample_report()
    page = lxml.html.document_fromstring(render_html(replace(report, verdicts=())))
    assert "No checkable claim was found in this article" in text_of(page)
    assert not page.find_class("filter")
    assert "Consolidation Highlights" in article_text(page)


def test_an_article_without_title_is_named_by_its_file():
    report = sample_report()
    article = replace(report.article, title=None, uri="C:\\news\\story.docx", publisher=None, published=None)
    assert '<h1 dir="auto">story.docx</h1>' in render_html(replace(report, article=article))


def test_a_heading_that_repeats_the_title_is_not_shown_twice():
    report = sample_report()
    page = lxml.html.document_fromstring(
        render_html(replace(report, article=replace(report.article, title="Highlights")))
    )
    assert "Highlights" not in [text_of(h) for h in page.get_element_by_id("article").iter("h2")]


def test_claims_on_the_very_same_words_can_all_be_reached():
    labels = ["supported", "disputed", "supported"]
    (stretch,) = cut("the same words", 0, [Place(n, Span(0, 14)) for n in (1, 2, 3)], labels)
    assert stretch.claims == (2, 1, 3)
    assert stretch.ends == (1, 2, 3)
    assert stretch.label == "disputed"


def test_the_inner_claim_gives_the_colour():
    stretches = cut("abcdef", 10, [Place(1, Span(8, 16)), Place(2, Span(12, 14))], ["disputed", "supported"])
    assert [(s.text, s.claims, s.label) for s in stretches] == [
        ("ab", (1,), "disputed"),
        ("cd", (2, 1), "supported"),
        ("ef", (1,), "disputed"),
    ]


@given(
    st.text(max_size=30),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(LABELS)), max_size=6),
)
def test_stretches_join_to_the_text_and_hold_just_the_claims_that_cover_them(text, start, claims):
    places = [Place(n, Span(min(a, b), max(a, b))) for n, (a, b, _) in enumerate(claims, start=1)]
    stretches = cut(text, start, places, [label for _, _, label in claims])
    assert "".join(stretch.text for stretch in stretches) == text
    at = start
    for stretch in stretches:
        for offset in range(at, at + len(stretch.text)):
            assert set(stretch.claims) == {p.number for p in places if p.span.start <= offset < p.span.end}
        at += len(stretch.text)
    ends = [number for stretch in stretches for number in stretch.ends]
    touching = [p.number for p in places if max(p.span.start, start) < min(p.span.end, start + len(text))]
    assert sorted(ends) == touching


def test_claims_that_share_words_know_of_each_other():
    report = sample_report()
    number = {v.claim.id: n for n, v in enumerate(report.verdicts, start=1)}
    shared = overlapping(report.verdicts)
    assert shared[number["c4"]] == [number["c5"]]
    assert shared[number["c5"]] == [number["c4"]]
    assert shared[number["c1"]] == []


def test_the_bar_is_filled_to_its_end():
    assert proportions([1, 0, 1, 2]) == [(0.0, 25.0), (25.0, 0.0), (25.0, 25.0), (50.0, 50.0)]
    assert proportions([0, 0, 0, 0]) == []


def test_times_are_told_with_their_zone():
    assert moment(datetime(2026, 3, 3, 14, 5, tzinfo=UTC)) == "3 March 2026, 14:05 UTC"
    assert (
        moment(datetime(2026, 3, 3, 14, 5, tzinfo=timezone(timedelta(hours=5, minutes=30))))
        == "3 March 2026, 14:05 UTC+0530"
    )
    assert moment(None) == ""


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_meets_wcag_aa(sample, scheme):
    themes = re.findall(r":root \{(.*?)\}", sample.find(".//style").text, re.DOTALL)
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", themes[scheme]))
    grounds = ["paper", "surface"]
    pairs = [(text, ground) for text in ("ink", "muted", "link") for ground in grounds]
    for tone in ("supported", "disputed", "conflicting", "unproven"):
        pairs += [(tone, ground) for ground in [*grounds, f"{tone}-tint"]]
        pairs += [("ink", f"{tone}-tint"), ("paper", tone)]
    pairs += [("ink", "mark")]
    for text, ground in pairs:
        assert contrast(colour[text], colour[ground]) >= 4.5, (text, ground)
