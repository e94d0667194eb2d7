"""The head for speech: it ranks, it is made again the same, and damaged weights are refused."""

import json
import shutil

import numpy as np
import pytest

from models.checkworthy import FOLDER, WEIGHTS, fit_head, load_head, spoken_worth, train_head
from models.weights import WeightsError, read_card


def test_a_figure_on_record_is_worth_more_than_a_courtesy():
    courtesy, record = spoken_worth(["Thank you very much.", "Unemployment fell to 4 percent in 1998."])
    assert courtesy < 0.1 < 0.5 < record


def test_no_sentences_need_no_model():
    assert spoken_worth([]) == []


def test_a_head_learns_what_divides_its_rows():
    vectors = np.eye(4, dtype=np.float32)
    head = fit_head(vectors, [True, True, False, False])
    assert [one > 0.5 for one in head.probabilities(vectors)] == [True, True, False, False]


def test_the_same_rows_give_the_same_weights():
    vectors = np.random.default_rng(7).normal(size=(40, 8)).astype(np.float32)
    labels = [bool(one) for one in vectors[:, 0] > 0]
    assert fit_head(vectors, labels).weight.tobytes() == fit_head(vectors, labels).weight.tobytes()


def test_training_leaves_out_what_it_is_measured_on_and_writes_a_card_that_loads(tmp_path):
    rows = [
        ("The deficit fell to 3 percent.", "Yes"),
        ("Good evening.", "No"),
        ("We built 40 schools.", 1),
        ("Thank you.", 0),
    ]
    train, held_out = tmp_path / "train.jsonl", tmp_path / "held.jsonl"
    train.write_text("\n".join(json.dumps({"text": text, "label": label}) for text, label in rows), encoding="utf-8")
    held_out.write_text(json.dumps({"text": "thank  YOU.", "label": 0}), encoding="utf-8")
    card = train_head(train, held_out, tmp_path / "out")
    assert card["data"] == {"rows": 3, "left_out": 1, "held_out_rows": 1}
    assert load_head(tmp_path / "out").weight.shape == (384,)


def test_damaged_weights_are_refused(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "head")
    (tmp_path / "head" / WEIGHTS).write_bytes(b"not these")
    with pytest.raises(WeightsError, match="damaged"):
        load_head(tmp_path / "head")


def test_the_shipped_head_says_how_it_was_made():
    card = read_card(FOLDER)
    assert card["base"] == "all-MiniLM-L6-v2"
    assert (FOLDER / WEIGHTS).stat().st_size < 10_000
