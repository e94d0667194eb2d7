"""The HTML report in a real browser: what a reader clicks, presses, prints, and what never happens."""

from pathlib import Path

import pytest
from report_samples import hostile_report, sample_report

from pipeline.report import write_reports

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: install chromium to try the report in it"
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample_uri(tmp_path_factory) -> str:
    return write_reports(sample_report(), tmp_path_factory.mktemp("sample"), ["html"])[0].as_uri()


@pytest.fixture
def open_page(browser):
    """Open an address in a page that notes every request and every complaint."""
    contexts = []

    def open_(uri: str, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(uri)
        return page

    yield open_
    for context in contexts:
        context.close()


def badge(page, number: int):
    return page.locator(f'.badge[data-claim="{number}"]').first


def opened(page) -> list[str]:
    return [node.get_attribute("id") for node in page.locator(".dossier:visible").all()]


def focused(page) -> str:
    return page.evaluate("document.activeElement.dataset.claim || document.activeElement.id")


def test_a_click_on_the_words_of_a_claim_opens_its_evidence(open_page, sample_uri):
    page = open_page(sample_uri)
    assert opened(page) == []
    page.locator(".claim", has_text="creating nine new SOEs").click()
    assert opened(page) == ["claim-3"]
    assert "Central enterprises regrouped" in page.locator("#claim-3").inner_text()
    assert focused(page) == "claim-3-text"
    page.locator("#close").click()
    assert opened(page) == []


def test_words_of_two_claims_open_one_after_the_other(open_page, sample_uri):
    page = open_page(sample_uri)
    words = page.locator(".claim", has_text="has grown more than 20%")
    words.click()
    assert opened(page) == ["claim-8"]
    words.click()
    assert opened(page) == ["claim-9"]
    page.locator("#claim-9 .cross").click()
    assert opened(page) == ["claim-8"]


def test_enter_opens_and_escape_goes_back_to_where_the_reader_was(open_page, sample_uri):
    page = open_page(sample_uri)
    badge(page, 5).focus()
    page.keyboard.press("Enter")
    assert opened(page) == ["claim-5"]
    page.keyboard.press("Escape")
    assert opened(page) == []
    assert focused(page) == "5"


def test_j_and_k_and_arrows_walk_the_claims(open_page, sample_uri):
    page = open_page(sample_uri)
    walked = []
    for key in ("j", "j", "ArrowDown", "k", "ArrowUp", "ArrowRight", "ArrowLeft", "k"):
        page.keyboard.press(key)
        walked.append(focused(page))
    assert walked == ["1", "2", "3", "2", "1", "2", "1", "1"]
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    assert opened(page) == ["claim-2"]
    assert badge(page, 2).evaluate("node => node.matches(':focus-visible')")


def test_number_keys_and_clicks_filter_by_verdict(open_page, sample_uri):
    page = open_page(sample_uri)
    page.keyboard.press("2")
    assert page.locator(".index li:visible").count() == 1
    assert page.locator(".badge:visible").count() == 1
    assert page.locator('.filter[aria-pressed="true"]').inner_text().split("\n")[0].strip() == "1"
    assert page.locator("#status").inner_text() == "Showing 1 of 12 claims"
    page.locator('.filter[data-filter="not-enough-evidence"]').click()
    assert page.locator(".index li:visible").count() == 4
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "4"
    page.keyboard.press("2")
    page.keyboard.press("4")
    assert page.locator(".index li:visible").count() == 12


def test_filtering_the_open_claim_away_closes_it(open_page, sample_uri):
    page = open_page(sample_uri)
    badge(page, 3).click()
    page.keyboard.press("1")
    assert opened(page) == []


def test_a_link_to_a_claim_opens_it(open_page, sample_uri):
    assert opened(open_page(f"{sample_uri}#claim-5")) == ["claim-5"]
    assert opened(open_page(f"{sample_uri}#claim-99")) == []


def test_on_a_phone_the_evidence_is_a_sheet_that_leaves_the_claim_in_view(open_page, sample_uri):
    page = open_page(sample_uri, viewport={"width": 360, "height": 740}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for number in (1, 7, 12):
        badge(page, number).tap()
        sheet, mark = page.locator("#evidence").bounding_box(), badge(page, number).bounding_box()
        assert sheet["width"] == 360
        assert abs(sheet["y"] + sheet["height"] - 740) < 1
        assert 0 <= mark["y"] < sheet["y"] - mark["height"]
        page.locator("#close").tap()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(open_page, sample_uri, scheme):
    page = open_page(sample_uri, color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(colour.split("(")[1].split(",")[0]) < 128) == (scheme == "dark")


def test_paper_has_all_evidence_and_verdicts_in_words(open_page, sample_uri):
    page = open_page(sample_uri)
    page.keyboard.press("2")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert len(opened(page)) == 12
    assert page.locator("blockquote:visible").count() == page.locator("blockquote").count()
    assert "1 supported" in badge(page, 1).inner_text()
    assert page.locator(".skipped td:visible").count() == 8
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.skipped").get_attribute("open") is None


def test_without_javascript_everything_is_there_and_anchors_lead_to_it(open_page, sample_uri):
    page = open_page(sample_uri, java_script_enabled=False)
    assert len(opened(page)) == 12
    badge(page, 5).click()
    assert page.url.endswith("#claim-5")
    assert page.locator(".keys:visible").count() == 0


def test_nothing_is_requested_and_nothing_complains(open_page, sample_uri):
    page = open_page(sample_uri)
    for number in range(1, 13):
        badge(page, number).click()
    assert page.requests == [sample_uri]
    assert page.complaints == []


def test_no_text_of_an_article_or_a_source_runs(open_page, tmp_path):
    (file,) = write_reports(hostile_report(), tmp_path, ["html"])
    page = open_page(file.as_uri())
    badge(page, 1).click()
    page.keyboard.press("1")
    page.wait_for_timeout(50)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.requests == [file.as_uri()]
    assert page.complaints == []


def test_even_a_script_that_slipped_in_would_not_run(open_page, tmp_path):
    (file,) = write_reports(sample_report(), tmp_path, ["html"])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("</main>", "</main><script>window.hacked = 1</script>"), encoding="utf-8")
    page = open_page(file.as_uri())
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert "Content Security Policy" in page.complaints[0]


def test_controls_have_names_and_the_page_has_landmarks(open_page, sample_uri):
    page = open_page(sample_uri)
    badge(page, 3).click()
    for name in ("Previous claim", "Next claim", "Close the evidence"):
        assert page.get_by_role("button", name=name).is_visible()
    assert page.get_by_role("link", name="Claim 3, disputed").count() >= 1
    assert page.get_by_role("button", name="Disputed", pressed=False).count() == 1
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("navigation", name="Claims").count() == 0  # covered by the evidence while that is open
    page.keyboard.press("Escape")
    assert page.get_by_role("navigation", name="Claims").count() == 1
