"""Documents are cut into passages of whole sentences that stay under their headings."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evidence.passages import WORDS, cut_passages, size_of
from pipeline.records import Document, DocumentBlock, Span


def document(*parts):
    """A document of (kind, text) or (kind, text, level), with a blank line between."""
    text, blocks = "", []
    for kind, words, *level in parts:
        blocks.append(DocumentBlock(kind, Span(len(text), len(text) + len(words)), level[0] if level else 0))
        text += words + "\n\n"
    return Document(text, "a.txt", "0" * 64, tuple(blocks))


def texts(*parts):
    return [passage.text for passage in cut_passages(document(*parts), "s")]


def test_short_paragraphs_under_one_heading_stay_together():
    assert texts(("paragraph", "Acme makes steel."), ("paragraph", "The company is old.")) == [
        "Acme makes steel.\n\nThe company is old."
    ]


def test_a_heading_is_no_passage_but_stands_above_those_that_follow():
    passages = cut_passages(
        document(
            ("heading", "Report", 1),
            ("heading", "Steel", 2),
            ("paragraph", "Output rose."),
            ("heading", "Coal", 2),
            ("paragraph", "Output fell."),
            ("heading", "Annex", 1),
            ("paragraph", "Tables."),
        ),
        "s",
    )
    assert [(passage.id, passage.headings, passage.text) for passage in passages] == [
        ("s:0", ("Report", "Steel"), "Output rose."),
        ("s:1", ("Report", "Coal"), "Output fell."),
        ("s:2", ("Annex",), "Tables."),
    ]


def test_each_row_of_a_table_is_a_passage():
    assert texts(("row", "year: 2020; output: 5"), ("row", "year: 2021; output: 6")) == [
        "year: 2020; output: 5",
        "year: 2021; output: 6",
    ]


def test_boilerplate_is_left_out_and_no_passage_runs_over_it():
    assert texts(("paragraph", "Before."), ("boilerplate", "Share this"), ("paragraph", "After.")) == [
        "Before.",
        "After.",
    ]


def test_a_long_paragraph_is_cut_at_sentence_ends_and_repeats_a_sentence():
    sentences = [f"Sentence number {number} has exactly eight words here." for number in range(40)]
    found = texts(("paragraph", " ".join(sentences)))
    assert len(found) > 1
    for before, after in pairwise(found):
        assert size_of(before) <= WORDS
        assert before.endswith("here.")
        assert after.startswith(before[before.rindex("Sentence") :])
    assert all(any(sentence in passage for passage in found) for sentence in sentences)


def test_an_endless_sentence_and_a_script_without_spaces_are_cut_too():
    for text in ("word " * 2000, "鞍钢与本钢合并" * 600):
        found = texts(("paragraph", text.strip()))
        assert len(found) > 2
        assert all(size_of(passage) <= 2 * WORDS for passage in found)


def test_an_empty_document_has_no_passages():
    assert texts() == []
    assert texts(("paragraph", "  \n "), ("row", " ")) == []


KINDS = st.sampled_from(["heading", "paragraph", "list item", "caption", "boilerplate", "row"])
WORDS_OF_TEXT = st.text(st.sampled_from("ab C.!?1,\n \t“”中。é"), max_size=400)


@given(st.lists(st.tuples(KINDS, WORDS_OF_TEXT, st.integers(0, 4)), max_size=8))
def test_spans_cut_out_what_they_say_and_nothing_readable_is_lost(parts):
    made = document(*parts)
    passages = cut_passages(made, "s")
    assert all(made.text[passage.span.start : passage.span.end] == passage.text for passage in passages)
    assert all(passage.text == passage.text.strip() != "" for passage in passages)
    assert [passage.id for passage in passages] == [f"s:{number}" for number in range(len(passages))]
    covered = {place for passage in passages for place in range(passage.span.start, passage.span.end)}
    for block in made.blocks:
        inside = range(block.span.start, block.span.end)
        if block.kind in {"heading", "boilerplate"}:
            assert not covered & set(inside)
        else:
            assert all(place in covered for place in inside if not made.text[place].isspace())
