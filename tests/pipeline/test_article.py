"""An article is cut into blocks with a role each, and into sentences whose spans hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import ArticleError, article_from_text, read_article, read_articles

TEXT = """Harbour sets a record for the third year

By Ines Quandt | Deccan Ledger | 30 October 2025

HAMBURG – The harbour moved 1.2 million tonnes in 2024. Dr. Meyer of Quay Inc. said so at 11.40 p.m. on Sunday.

What comes next

- Steel: The mill reopened in May.
Photo: A crane at dawn.
The quay (opens in a new tab) is 400 metres long.
0 Comments
© 2025 Deccan Ledger
"""


@pytest.fixture
def article():
    return article_from_text(TEXT)


def kinds(article):
    return [block.kind for block in article.blocks]


def test_every_block_has_its_role(article):
    assert kinds(article) == [
        "heading", "boilerplate", "paragraph", "heading", "list item", "caption", "paragraph", "boilerplate", "boilerplate",
    ]  # fmt: skip


def test_title_publisher_and_day_are_read_from_the_page(article):
    assert article.title == "Harbour sets a record for the third year"
    assert article.publisher == "Deccan Ledger"
    assert article.published == date(2025, 10, 30)


def test_a_bullet_gives_its_label_and_its_sentence(article):
    item = next(block for block in article.blocks if block.kind == "list item")
    assert item.label == "Steel"
    assert "The mill reopened in May." in [sentence.text for sentence in article.sentences]


def test_datelines_and_link_hints_are_no_part_of_a_sentence(article):
    sentences = [sentence.text for sentence in article.sentences]
    assert "The harbour moved 1.2 million tonnes in 2024." in sentences
    assert "The quay is 400 metres long." in sentences


def test_abbreviations_do_not_end_a_sentence(article):
    assert "Dr. Meyer of Quay Inc. said so at 11.40 p.m. on Sunday." in [
        sentence.text for sentence in article.sentences
    ]


def test_boilerplate_has_no_sentences(article):
    assert not any("Comments" in sentence.text or "©" in sentence.text for sentence in article.sentences)


LINES = st.lists(
    st.sampled_from(
        [
            "The mill made 3 rails.",
            "Market Scale",
            "- Steel: It rose.",
            "Photo: A crane.",
            "itโs ยฅ22 trillion",
            "",
            "5 Comments",
            "A (opens in a new tab) b.",
        ]
    ),
    min_size=1,
    max_size=12,
).map(lambda lines: "Words.\n" + "\n".join(lines))


@given(LINES)
def test_every_sentence_is_cut_out_of_the_repaired_and_the_raw_text(text):
    article = article_from_text(text)
    assert article.raw == text
    for sentence in article.sentences:
        assert article.text[sentence.start : sentence.start + len(sentence.text)] == sentence.text
        cut = article.raw[sentence.span.start : sentence.span.end]
        assert [c for c in cut if c.isdigit()] == [c for c in sentence.text if c.isdigit()]


@pytest.mark.parametrize("text", ["", "  \n ", "123 456", "!!!"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(ArticleError, match="no words"):
        article_from_text(text)


def test_files_folders_and_sets_are_read(tmp_path):
    (tmp_path / "a.txt").write_text("One line is here.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        '{"text": "Two is here.", "title": "T"}\n{"text": "Three is here."}\n', encoding="utf-8"
    )
    assert [article.text for article in read_articles(tmp_path)] == [
        "One line is here.",
        "Two is here.",
        "Three is here.",
    ]
    assert read_article(tmp_path / "a.txt", publisher="Me", published=date(2024, 1, 2)).publisher == "Me"
