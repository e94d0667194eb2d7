import json

import pytest

from models.training.distil import soften
from models.training.make import make_verifier
from models.training.pairs import Pair, PairFileError
from models.training.train import loss_of
from models.verifier import load_verifier

PAIRS = [
    Pair("Sales rose by 3 percent.", "Sales rose.", "supported", "a"),
    Pair("Sales rose by 3 percent.", "Sales fell.", "disputed", "a"),
    Pair("The firm is old.", "Sales fell.", "neutral", "unlabelled"),
    Pair("Sales rose by 3 percent.", "Sales rose.", "supported", "a"),
]


@pytest.fixture(scope="module")
def teacher(tiny_model):
    return load_verifier(str(tiny_model))


def test_a_soft_label_is_what_the_teacher_says(teacher, tmp_path):
    taught = soften(PAIRS, teacher, tmp_path / "soft.jsonl")
    for pair, one in zip(taught, teacher.judge([(p.premise, p.claim) for p in PAIRS]), strict=True):
        assert pair.soft == pytest.approx((one.support, one.dispute, one.neutral), abs=0.02)
    assert [pair.label for pair in taught[:2]] == ["supported", "disputed"]


def test_an_unlabelled_pair_takes_the_teachers_likeliest_label(teacher, tmp_path):
    pair = soften(PAIRS, teacher, tmp_path / "soft.jsonl")[2]
    assert pair.label == ("supported", "disputed", "neutral")[pair.soft.index(max(pair.soft))]


def test_what_was_judged_before_a_kill_is_not_judged_again(teacher, tmp_path):
    kept = tmp_path / "soft.jsonl"
    first = soften(PAIRS, teacher, kept)
    lines = kept.read_text().splitlines()
    assert len(lines) == 3
    kept.write_text("\n".join([*lines[:2], lines[2][:20]]))

    class Counting:
        sha256 = teacher.sha256
        judged = 0

        def judge(self, pairs):
            Counting.judged += len(pairs)
            return teacher.judge(pairs)

    again = soften(PAIRS, Counting(), kept)
    assert Counting.judged == 1
    assert [pair.label for pair in again] == [pair.label for pair in first]


def test_soft_labels_pull_the_loss_towards_the_teacher():
    import torch

    logits, labels = torch.tensor([[4.0, 0.0, 0.0]]), torch.tensor([0])
    agreeing = loss_of(logits, labels, torch.tensor([[0.98, 0.01, 0.01]]))
    doubting = loss_of(logits, labels, torch.tensor([[0.2, 0.1, 0.7]]))
    none = loss_of(logits, labels, torch.zeros(1, 3))
    assert doubting > agreeing
    assert none.item() == pytest.approx(loss_of(logits, labels).item())


def test_unlabelled_pairs_without_a_teacher_are_refused(tiny_model, tmp_path):
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(
        "\n".join(json.dumps({"premise": p.premise, "claim": p.claim, "label": p.label}) for p in PAIRS[:2])
    )
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("seed: 1\nphases:\n  - {unlabelled: 1.0}\n")
    with pytest.raises(PairFileError, match="teacher"):
        make_verifier(
            tiny_model, "tiny", [pairs], [], recipe, tmp_path / "out", lambda c, p, n: [], unlabelled=PAIRS[2:3]
        )
