"""Every format is read into text with blocks whose spans hold, and with what the file says of itself."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.readers import (
    DamagedError,
    EmptyError,
    MissingError,
    TooLargeError,
    UnsupportedError,
    document_paths,
    read_bytes,
    read_document,
    read_documents,
)
from evidence.readers.decoding import decode
from evidence.readers.metadata import parse_day


def blocks(document):
    return [(block.kind, document.text[block.span.start : block.span.end]) for block in document.blocks]


@pytest.fixture
def write(tmp_path):
    def put(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def test_plain_text_opens_with_publisher_and_day(write):
    document = read_document(
        write("a.txt", "Bodensee Dienst, 21 August 2025\n\nThe family sold the firm.\n\nAll jobs are kept.\n")
    )
    assert (document.publisher, document.published) == ("Bodensee Dienst", date(2025, 8, 21))
    assert blocks(document)[1:] == [("paragraph", "The family sold the firm."), ("paragraph", "All jobs are kept.")]


def test_lines_wrapped_by_hand_are_one_paragraph(write):
    wrapped = "The harbour moved more than a million tonnes in the year, as its\nowners said on Monday, and it will move more in the next one.\n\nA second paragraph."
    assert len(read_document(write("a.txt", wrapped)).blocks) == 2


def test_front_matter_says_what_a_markdown_file_is(write):
    source = "---\ntitle: 'A: B'\npublisher: Almanac\nurl: https://a.example/x\npublished: 2025-09-17\nlanguage: en\n---\n\n# Head\n\nOne *two*\nthree.\n\n- item\n"
    document = read_document(write("a.md", source))
    assert (document.title, document.publisher, document.uri, document.published, document.language) == (
        "A: B", "Almanac", "https://a.example/x", date(2025, 9, 17), "en",
    )  # fmt: skip
    assert blocks(document) == [("heading", "Head"), ("paragraph", "One *two*\nthree."), ("list item", "item")]


def test_front_matter_that_is_no_yaml_is_named(write):
    with pytest.raises(DamagedError, match="front matter"):
        read_document(write("a.md", "---\ntitle: [\n---\ntext"))


def test_a_web_page_is_read_without_its_navigation(write):
    page = """<!DOCTYPE html><html lang="en-GB"><head><title>T</title><meta property="og:site_name" content="Observer">
    <script type="application/ld+json">{"headline": "Five seconds", "datePublished": "2020-10-22T08:00:00Z"}</script></head>
    <body><nav>Menu</nav><article><h1>Five seconds</h1><p>It touched <b>Bennu</b> &amp; left.</p><ul><li>One</li></ul>
    <table><tr><th>Body</th><th>Size</th></tr><tr><td>Bennu</td><td>492 m</td></tr></table><figcaption>A crane</figcaption></article>
    <footer>Imprint</footer></body></html>"""
    document = read_document(write("a.html", page))
    assert (document.title, document.publisher, document.published, document.language) == (
        "Five seconds",
        "Observer",
        date(2020, 10, 22),
        "en",
    )
    assert blocks(document) == [
        ("heading", "Five seconds"),
        ("paragraph", "It touched Bennu & left."),
        ("list item", "One"),
        ("row", "Body: Bennu; Size: 492 m"),
        ("caption", "A crane"),
    ]


def test_rows_of_a_table_carry_headers_and_units(write):
    table = "company,revenue_crore_inr,share_of_sales_pct,sample_mass_grams,returned\nKaveri,2810,66.7,less than 0.01,2023-09-24\nLow,1405,-6.0,5.4,\n"
    document = read_document(write("division-figures.csv", table))
    assert document.title == "Division figures"
    assert blocks(document) == [
        (
            "row",
            "company: Kaveri; revenue: INR 2810 crore; share of sales: 66.7%; sample mass: less than 0.01 grams; returned: 24 September 2023.",
        ),
        ("row", "company: Low; revenue: INR 1405 crore; share of sales: -6.0%; sample mass: 5.4 grams."),
    ]


def test_a_header_that_ends_in_min_means_minutes_only_where_it_is_about_time(write):
    document = read_document(write("gates.csv", "gate,average_wait_min,price_min\nEast,38,12\n"))
    assert blocks(document) == [("row", "gate: East; average wait: 38 minutes; price min: 12.")]


def test_json_lines_are_one_document_a_row(write):
    rows = [
        {"headline": "A", "body": "One is here.", "source": "X", "date": "May 4, 2024"},
        {"text": "Two.", "url": "https://a.example/2"},
    ]
    found = list(read_documents(write("a.jsonl", "\n".join(map(json.dumps, rows)))))
    assert [(d.title, d.publisher, d.published, d.text) for d in found] == [
        ("A", "X", date(2024, 5, 4), "One is here."),
        (None, None, None, "Two."),
    ]
    assert found[0].uri.endswith("a.jsonl#1")
    assert found[1].uri == "https://a.example/2"


def test_a_bad_row_is_named_with_its_line(write):
    with pytest.raises(DamagedError, match="line 2"):
        list(read_documents(write("a.jsonl", '{"text": "x"}\n{oops\n')))
    with pytest.raises(DamagedError, match="row 1"):
        list(read_documents(write("b.jsonl", '{"title": "x"}\n')))


def test_parquet_reads_like_json_lines(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"text": ["One.", "Two."], "publisher": ["X", None]}), tmp_path / "a.parquet")
    assert [(d.text, d.publisher) for d in read_documents(tmp_path / "a.parquet")] == [("One.", "X"), ("Two.", None)]


def test_a_word_file_keeps_headings_lists_and_tables(tmp_path):
    import docx

    file = docx.Document()
    file.core_properties.title = "Report"
    file.add_heading("Harbour", 1)
    file.add_paragraph("It moved 5 tonnes.")
    file.add_paragraph("One", style="List Bullet")
    table = file.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ["Year", "Tonnes", "2024", "5"], strict=True):
        cell.text = text
    file.save(tmp_path / "a.docx")
    document = read_document(tmp_path / "a.docx")
    assert document.title == "Report"
    assert blocks(document) == [
        ("heading", "Harbour"),
        ("paragraph", "It moved 5 tonnes."),
        ("list item", "One"),
        ("row", "Year: 2024; Tonnes: 5"),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            "He said – in the café, of course – that the price was £5 and no more.".encode("cp1252"),
            "He said – in the café, of course – that the price was £5 and no more.",
        ),
        ("\ufeffwords".encode("utf-8-sig"), "words"),
        ("Straße".encode("utf-16"), "Straße"),
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_bytes_are_decoded(data, text):
    assert decode(data, "x").lstrip("\ufeff") == text


@pytest.mark.parametrize("data", [bytes(range(256)) * 10, b"\x00\x01\x02\x03" * 50, b"\x7fELF\x00\x00\x00" * 20])
def test_binary_files_are_refused(write, data):
    with pytest.raises(UnsupportedError, match="binary"):
        read_document(write("a.txt", data))


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"%PDF-1.4 junk"), ("a.docx", b"PK junk"), ("a.parquet", b"PAR1junkPAR1")]
)
def test_damaged_files_are_refused(write, name, data):
    with pytest.raises(DamagedError, match=r"a\."):
        list(read_documents(write(name, data)))


def test_missing_empty_and_huge_files_are_told_apart(tmp_path, write):
    with pytest.raises(MissingError):
        read_document(tmp_path / "no.txt")
    with pytest.raises(EmptyError):
        read_document(write("a.txt", " \n"))
    with (tmp_path / "b.txt").open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    with pytest.raises(TooLargeError):
        read_document(tmp_path / "b.txt")


def test_a_folder_gives_its_readable_files_in_order(tmp_path, write):
    for name in ("b.txt", "a.md", "c.bin", ".hidden.txt"):
        write(name, "words")
    (tmp_path / "below").mkdir()
    write("below/d.csv", "a,b\n1,2\n")
    assert [path.name for path in document_paths(tmp_path)] == ["a.md", "b.txt", "d.csv"]


def test_standard_input_may_be_a_page_or_a_text():
    assert blocks(read_bytes(b"<html><body><p>Hi there</p></body></html>", "-")) == [("paragraph", "Hi there")]
    assert read_bytes(b"Plain words.", "-").text == "Plain words."


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-09-17T10:00Z", (2025, 9, 17)),
        ("21 August 2025", (2025, 8, 21)),
        ("Aug. 21, 2025", (2025, 8, 21)),
        ("21.08.2025", (2025, 8, 21)),
        ("2025/8/2", (2025, 8, 2)),
    ],
)
def test_days_are_read_in_their_usual_forms(text, day):
    assert parse_day(text) == date(*day)


@pytest.mark.parametrize("text", ["", "soon", "2025-13-45", None, 7])
def test_what_is_no_day_gives_none(text):
    assert parse_day(text) is None


LINES = st.lists(
    st.sampled_from(["# Head", "word one.", "- item", "", "  indented", "a | b", "1. first", "Title Line", "***"]),
    min_size=1,
    max_size=15,
)


@given(LINES, st.sampled_from(["text", "markdown"]))
def test_blocks_are_in_order_and_cut_out_words(lines, module):
    from importlib import import_module

    text = "word\n" + "\n".join(lines)
    document = next(import_module(f"evidence.readers.{module}").read(text.encode(), "x"))
    place = 0
    for block in document.blocks:
        assert place <= block.span.start < block.span.end <= len(document.text)
        assert document.text[block.span.start : block.span.end].strip()
        place = block.span.end


@pytest.mark.parametrize(
    ("head", "title", "publisher", "published", "language"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": "2001-01-01"}, {"@type": "NewsArticle",'
            '"headline": "Steel rose", "datePublished": "2025-03-04T05:06:07Z", "inLanguage": "de-DE", "publisher": {"@id": "#us"}},'
            '{"@id": "#us", "@type": "Organization", "name": "The Almanac"}]}</script><meta property="og:title" content="Other">',
            "Steel rose", "The Almanac", date(2025, 3, 4), "de",
        ),
        (
            '<meta property="og:title" content="Steel rose - The Almanac"><meta property="og:site_name" content="The Almanac">'
            '<meta property="article:published_time" content="2025-03-04"><meta property="og:locale" content="en_GB">',
            "Steel rose", "The Almanac", date(2025, 3, 4), "en",
        ),
        (
            '<meta name="citation_title" content="On steel"><meta name="citation_journal_title" content="Metals">'
            '<meta name="citation_publication_date" content="2025/03/04"><meta http-equiv="content-language" content="fr">',
            "On steel", "Metals", date(2025, 3, 4), "fr",
        ),
        ('<script type="application/ld+json">{broken</script><title>Steel</title>', "Steel", None, date(2024, 1, 2), None),
    ],
)  # fmt: skip
def test_a_page_says_what_it_is_in_many_ways(write, head, title, publisher, published, language):
    body = (
        '<p>Steel rose.</p><time datetime="2023-01-01">then</time><time itemprop="datePublished" datetime="2024-01-02">'
    )
    document = read_document(write("a.html", f"<html><head>{head}</head><body>{body}</body></html>"))
    assert (document.title, document.publisher, document.published, document.language) == (
        title, publisher, published, language,
    )  # fmt: skip


def test_a_page_in_the_encoding_that_it_names(write):
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"></head><body><p>Сталь дорожает</p>'
    assert read_document(write("a.html", page.encode("koi8-r"))).text == "Сталь дорожает"


def word_file(path, *paragraphs, **properties):
    import docx

    file = docx.Document()
    for name, value in properties.items():
        setattr(file.core_properties, name, value)
    for text in paragraphs:
        file.add_paragraph(text)
    file.save(path)
    return read_document(path)


def test_a_word_file_says_when_it_was_made_and_a_template_does_not(tmp_path):
    made = word_file(tmp_path / "a.docx", "Steel rose.", created=datetime(2024, 5, 6), language="en-US", author="Ann")
    assert (made.published, made.language, made.publisher) == (date(2024, 5, 6), "en", None)
    assert word_file(tmp_path / "b.docx", "Steel rose.").published is None
    opened = word_file(tmp_path / "c.docx", "Bodensee Dienst, 21 August 2025", "Steel rose a little in the year.")
    assert (opened.publisher, opened.published) == ("Bodensee Dienst", date(2025, 8, 21))


def pdf_file(path, lines, **properties):
    """A PDF of one page, written by hand."""
    shown = "".join(f"1 0 0 1 50 {750 - 20 * place} Tm ({line}) Tj " for place, line in enumerate(lines))
    content = f"BT /F1 12 Tf {shown}ET"
    known = " ".join(f"/{name} ({value})" for name, value in properties.items())
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", f"<< {known} >>",
    ]  # fmt: skip
    data, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    start = len(data)
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R /Info 6 0 R >>\n"
    data += f"startxref\n{start}\n%%EOF"
    path.write_bytes(data.encode("latin-1"))
    return read_document(path)


def test_a_pdf_says_what_it_is_and_a_printers_name_is_no_title(tmp_path):
    lines = ["Steel output rose to 1,854 tonnes in the year.", "Prices fell."]
    document = pdf_file(tmp_path / "a.pdf", lines, Title="Steel in 2024", CreationDate="D:20240506070809Z")
    assert (document.title, document.published) == ("Steel in 2024", date(2024, 5, 6))
    assert "Steel output rose to 1,854 tonnes in the year." in document.text
    assert pdf_file(tmp_path / "b.pdf", lines, Title="Microsoft Word - draft 3.docx").title == "draft 3.docx"
    for name in ("Microsoft Word - draft.docx", "report.indd", "untitled"):
        assert pdf_file(tmp_path / "c.pdf", lines, Title=name).title is None
