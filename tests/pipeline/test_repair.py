"""Damaged text reads again, and every word of it can be found in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Span
from pipeline.repair import raw_span, repair, text_span


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The countryโs firms hold ยฅ22 trillion.", "The country’s firms hold ¥22 trillion."),
        ("shuffling paperโitโs welding", "shuffling paper—it’s welding"),
        ("the Plan (2021โ2025) says", "the Plan (2021–2025) says"),
        ("will focus on โsystematic and innovativeโ work", "will focus on “systematic and innovative” work"),
        ("create โ1+1>2โ synergies", "create “1+1>2” synergies"),
        ("ยฉ 2025 and the firmsโ plans", "© 2025 and the firms’ plans"),
        ("a cafรฉ in Paris, itโs said", "a café in Paris, it’s said"),
        ("donâ€™t pay Â£5", "don’t pay £5"),
        ("two\u00a0words, zero\u200bwidth", "two words, zerowidth"),
    ],
)
def test_damage_is_repaired(raw, text):
    assert repair(raw)[0] == text


@pytest.mark.parametrize(
    "raw",
    [
        "ภาษาไทยเป็นภาษาที่มีระดับเสียง",
        "Plain words – with a dash, “quotes” and ¥5.",
        "Straße, naïve, 東京",
        "4\u202f523\u202f000 people",
        "",
    ],
)
def test_sound_text_is_left_alone(raw):
    assert repair(raw) == (raw, ())


DAMAGED = st.lists(
    st.sampled_from(["it", "โ", "ยฅ", "22", " ", "s", "\n", "Paper", ". ", "\u00a0", "â€™", "(2021โ2025)"]), max_size=40
).map("".join)


@given(st.one_of(st.text(max_size=60), DAMAGED))
def test_no_letter_or_digit_is_lost(raw):
    text, _ = repair(raw)
    for kept in (str.isdigit, lambda char: char.isascii() and char.isalpha()):
        assert [char for char in text if kept(char)] == [char for char in raw if kept(char)]


@given(st.one_of(st.text(max_size=60), DAMAGED))
def test_every_stretch_maps_back_in_order(raw):
    text, edits = repair(raw)
    whole = raw_span(edits, Span(0, len(text)))
    assert 0 <= whole.start <= whole.end <= len(raw)
    last = 0
    for place in range(len(text)):
        span = raw_span(edits, Span(place, place + 1))
        assert last <= span.start <= span.end <= len(raw)
        last = span.start
    for edit in edits:
        assert text_span(edits, edit.raw) == edit.text


@given(DAMAGED)
def test_words_outside_edits_are_cut_out_of_the_original(raw):
    text, edits = repair(raw)
    for place, char in enumerate(text):
        if not any(edit.text.start <= place < edit.text.end for edit in edits):
            span = raw_span(edits, Span(place, place + 1))
            assert char in raw[span.start : span.end]
