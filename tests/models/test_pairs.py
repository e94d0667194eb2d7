import gzip
import json

import pytest

from models.training.pairs import Pair, PairFileError, WrittenPassage, held_out, read_pairs, read_written

ROWS = [
    {"premise": "Sales rose.", "claim": "Sales went up.", "label": "supported"},
    {"premise": "Sales rose.", "claim": "Sales fell.", "label": "disputed", "source": "mine"},
]


def write(path, rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_rows_are_read_in_order_with_their_source(tmp_path):
    pairs = read_pairs(write(tmp_path / "few.jsonl", ROWS))
    assert pairs == [
        Pair("Sales rose.", "Sales went up.", "supported", "few"),
        Pair("Sales rose.", "Sales fell.", "disputed", "mine"),
    ]


def test_a_compressed_file_reads_like_a_plain_one(tmp_path):
    plain = write(tmp_path / "few.jsonl", ROWS)
    (tmp_path / "few.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert read_pairs(tmp_path / "few.jsonl.gz") == read_pairs(plain)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{not json", "line 3: not JSON"),
        ("[1, 2]", "line 3: a JSON object"),
        ({"premise": "x", "label": "supported"}, "line 3: `claim` is missing"),
        ({"premise": " ", "claim": "y", "label": "supported"}, "line 3: `premise` must be"),
        ({"premise": "x", "claim": "y", "label": "maybe"}, "line 3: label 'maybe' is unknown"),
        ({"premise": "x", "claim": "y"}, "line 3: label None is unknown"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path, row, said):
    with pytest.raises(PairFileError, match=said):
        read_pairs(write(tmp_path / "bad.jsonl", [*ROWS, row]))


def test_one_class_only_is_refused(tmp_path):
    with pytest.raises(PairFileError, match="only supported"):
        read_pairs(write(tmp_path / "one.jsonl", ROWS[:1]))
    with pytest.raises(PairFileError, match="no rows"):
        read_pairs(write(tmp_path / "none.jsonl", []))


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path):
    with pytest.raises(PairFileError, match="does not exist"):
        read_pairs(tmp_path / "nowhere.jsonl")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(PairFileError, match="cannot be read"):
        read_pairs(tmp_path / "binary.jsonl")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b"x" * 1000)[:20])
    with pytest.raises(PairFileError, match="cannot be read"):
        read_pairs(tmp_path / "cut.jsonl.gz")


def test_written_passages_keep_their_claims_and_rationales(tmp_path):
    row = {
        "id": "eco-001",
        "passage": "Sales rose. Costs fell.",
        "claims": [
            {"claim": "Sales went up.", "label": "supported", "kind": "paraphrase", "rationale": ["Sales rose."]},
            {"claim": "Staff left.", "label": "neutral", "kind": "silent"},
        ],
    }
    assert read_written(write(tmp_path / "w.jsonl", [row])) == [
        WrittenPassage(
            "eco-001",
            "Sales rose. Costs fell.",
            (("Sales went up.", "supported", "paraphrase", ("Sales rose.",)), ("Staff left.", "neutral", "silent", ())),
        )
    ]


def test_twins_stay_on_one_side_of_the_split():
    first, second = (WrittenPassage(f"min-007{letter}", "", ()) for letter in "ab")
    assert first.family == second.family == "min-007"
    assert WrittenPassage("eco-001", "", ()).family == "eco-001"


def test_about_a_tenth_is_held_out():
    assert 60 < sum(held_out(f"eco-{number:03}") for number in range(1000)) < 140
