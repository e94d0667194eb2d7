"""What a document's source is, which sources count once, and which are no evidence for an article."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import sources
from evidence.sources import Originals, normal_name, sketch_of, source_of
from pipeline.records import Article, Document

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STORY = (
    "The regulator said on Monday that the two largest producers of steel in the province would merge by the end of "
    "the year, and that the state would keep a stake of 51 percent in the new company, which employs 210,000 people."
)


def document(uri="a.txt", **fields):
    return Document(fields.pop("text", STORY), uri, fields.pop("sha256", "1" * 64), (), **fields)


def article(**fields):
    values = {"id": "a" * 64, "title": None, "publisher": None, "published": None, "uri": "story.txt", "text": STORY}
    values |= fields
    return Article(raw=values["text"], edits=(), blocks=(), sentences=(), **values)


def independent(text="Something else altogether.", of=None, **fields):
    return sources.independent_of(of or article(), source_of(document(**fields), retrieved=NOW), text)


def test_the_id_follows_from_the_address_alone():
    first, changed = (source_of(document(sha256=digit * 64), retrieved=NOW) for digit in "12")
    assert first.id == changed.id
    assert len(first.id) == 12
    assert first.id != source_of(document("b.txt"), retrieved=NOW).id
    assert first.id != source_of(document(), retrieved=NOW, occurrence=2).id


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"publisher": "The People’s Daily"}, "peoples daily"),
        ({"publisher": "REUTERS."}, "reuters"),
        ({"uri": "https://www.Example.org/a?b#c"}, "example.org"),
        ({"uri": "http://[broken/a"}, None),
        ({"publisher": "—"}, None),
        ({}, None),
    ],
)
def test_the_origin_is_the_publisher_or_the_site_or_the_source_itself(fields, origin):
    source = source_of(document(**fields), retrieved=NOW)
    assert source.origin == (origin or source.id)


def test_names_of_a_publisher_are_one_whatever_their_case_article_and_punctuation():
    assert normal_name("The New York Times") == normal_name("new york times,")
    assert normal_name("Xinhua") != normal_name("Caixin")


def test_another_publishers_words_are_independent():
    assert independent(publisher="Caixin", of=article(publisher="Xinhua"))


def test_the_article_itself_its_address_and_its_publisher_are_not():
    assert not independent(sha256="a" * 64)
    assert not independent(uri="story.txt")
    assert not independent(publisher="the xinhua.", of=article(publisher="Xinhua"))
    assert not independent(uri="https://www.example.org/b", of=article(uri="http://example.org/a"))


def test_two_named_publishers_on_one_site_are_told_apart():
    assert independent(
        uri="https://example.org/b", publisher="Caixin", of=article(uri="https://example.org/a", publisher="Xinhua")
    )


def test_a_copied_passage_is_not_independent_and_a_short_or_reworded_one_is():
    assert not independent(STORY)
    assert not independent(STORY.upper().replace("Monday", "Tuesday").replace(",", " "))
    assert independent("The two producers would merge.")
    assert independent(
        "By December two big steel makers are to become one, in which officials keep half of all shares, plus one."
    )


def origins(*texts):
    originals = Originals()
    return [originals.origin_of(sketch_of(text), name, name) for text, name in texts]


def test_near_copies_take_the_origin_of_the_first():
    coal = "A wholly different story of twelve words or more about coal and ships."
    texts = (STORY, "xinhua"), (STORY + " More soon.", "example.org"), (coal, "b"), ("Short.", "c"), ("Short.", "d")
    assert origins(*texts) == ["xinhua", "xinhua", "b", "c", "d"]


def test_a_source_is_no_copy_of_what_it_was_before():
    originals = Originals([(sketch_of(STORY), "wire", "a"), (sketch_of(STORY), "other", "b")])
    assert originals.origin_of(sketch_of(STORY), "own", "a") == "other"
    assert Originals([(sketch_of(STORY), "wire", "a")]).origin_of(sketch_of(STORY), "own", "a") == "own"


def test_copies_are_known_among_very_many_texts(monkeypatch):
    """Given more texts than wait to be sorted, when each comes a second time, then it has the origin of the first."""
    monkeypatch.setattr(sources, "UNSORTED", 40)
    texts = [" ".join(f"w{number * 31 + word}" for word in range(30)) for number in range(150)]
    assert origins(*((text, str(number)) for number, text in enumerate(texts))) == [str(n) for n in range(150)]
    originals = Originals([(sketch_of(text), str(number), f"id{number}") for number, text in enumerate(texts)])
    again = [originals.origin_of(sketch_of(f"{text} more"), "own", f"new{n}") for n, text in enumerate(texts)]
    assert again == [str(n) for n in range(150)]


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=40, max_size=300), st.integers(0, 40))
def test_signatures_tell_how_alike_two_texts_are(words, cut):
    one, other = " ".join(words), " ".join(words[cut:])
    sets = sources.shingles(one), sources.shingles(other)
    if all(sets):
        real = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        first, second = (np.frombuffer(sketch_of(text), dtype="<u4") for text in (one, other))
        assert abs(float((first == second).mean()) - real) < 0.25


@pytest.mark.parametrize(("said", "code"), [("en-GB", "en"), ("EN_us", "en"), ("zh-Hans", "zh"), ("English", None), (None, None)])  # fmt: skip
def test_a_language_is_known_without_its_region(said, code):
    assert source_of(document(language=said), retrieved=NOW).language == code
