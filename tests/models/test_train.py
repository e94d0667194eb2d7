import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.packing import padded_width
from models.training import train as training
from models.training.make import fit_temperature, make_verifier
from models.training.pairs import Pair, PairFileError
from models.training.recipe import read_recipe, training_rows
from models.training.train import Group, bucketed_batches, grouped, loss_of, train
from models.verifier import load_verifier
from models.weights import read_card

PAIRS = [
    pair
    for number in range(1, 10)
    for pair in (
        Pair(f"Sales rose by {number} percent.", f"Sales rose by {number} percent.", "supported"),
        Pair(f"Sales rose by {number} percent.", f"Sales fell by {number} percent.", "disputed"),
        Pair(f"Sales rose by {number} percent.", "The firm is old.", "neutral"),
        Pair(f"Sales rose by {number} percent.", "She won the election.", "not_supported"),
    )
]
SETTINGS = {
    "seed": 1,
    "max_tokens": 64,
    "batch_tokens": 256,
    "learning_rate": 1e-3,
    "warmup": 0.1,
    "weight_decay": 0.01,
}


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


@given(st.lists(st.integers(1, 320), min_size=1, max_size=300), st.randoms(use_true_random=False))
def test_batches_hold_every_pair_once_within_the_budget(lengths, rng):
    groups = [Group((row,), length) for row, length in enumerate(lengths)]
    batches = bucketed_batches(groups, 1024, random.Random(rng.random()))
    assert sorted(row for batch in batches for group in batch for row in group.rows) == list(range(len(lengths)))
    for batch in batches:
        assert padded_width(max(group.size for group in batch)) * len(batch) <= 1024


def test_neighbours_with_one_passage_are_read_together_up_to_the_size_of_a_pack():
    pairs = [Pair("One.", f"Claim {n}.", "neutral") for n in range(5)] + [Pair("Two.", "Claim.", "neutral")]
    groups = grouped(pairs, [10] * 6, [4, 4, 4, 40, 4, 4], max_tokens=30, pack_tokens=20)
    assert [(group.rows, group.size) for group in groups] == [((0, 1), 18), ((2, 4), 18), ((5,), 14)]


def test_a_partial_label_is_content_with_dispute_or_silence():
    import torch

    sure = torch.tensor([[-9.0, 9.0, -9.0], [-9.0, -9.0, 9.0]])
    wrong = torch.tensor([[9.0, -9.0, -9.0]])
    assert loss_of(sure, torch.tensor([3, 3])).item() == pytest.approx(0, abs=1e-4)
    assert loss_of(wrong, torch.tensor([3])).item() > 10
    assert loss_of(wrong, torch.tensor([0])).item() == pytest.approx(0, abs=1e-4)


def test_the_same_seed_gives_the_same_weights(tiny_model, tmp_path):
    for name in ("first", "second"):
        train(tiny_model, PAIRS, tmp_path / name, **SETTINGS)
    first, second = weights(tmp_path / "first"), weights(tmp_path / "second")
    assert all(bool((first[name] == second[name]).all()) for name in first)


def test_a_training_that_was_cut_off_goes_on_where_it_was(tiny_model, tmp_path, monkeypatch):
    whole = train(tiny_model, PAIRS, tmp_path / "whole", **SETTINGS)
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", -1)
    original = training._save

    def save_then_die(path, mark, step, *state):
        original(path, mark, step, *state)
        if step == whole["steps"] // 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "_save", save_then_die)
    with pytest.raises(KeyboardInterrupt):
        train(tiny_model, PAIRS, tmp_path / "cut", **SETTINGS)
    monkeypatch.setattr(training, "_save", original)
    told = []
    train(tiny_model, PAIRS, tmp_path / "cut", report=told.append, **SETTINGS)
    assert told[0].startswith(f"resumed at step {whole['steps'] // 2}")
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    # Dropout draws anew after the pause; everything else is the same.
    assert max(float((one[name] - other[name]).abs().max()) for name in one) < 0.05


def test_a_checkpoint_of_other_data_is_not_taken_up(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", -1)
    train(tiny_model, PAIRS, tmp_path / "out", **SETTINGS)
    told = []
    train(tiny_model, PAIRS[:-1], tmp_path / "out", report=told.append, **SETTINGS)
    assert not any("resumed" in line for line in told)


def test_pairs_that_are_too_long_are_left_out_and_counted(tiny_model, tmp_path):
    long = Pair("The firm is old. " * 60, "The firm is old.", "supported")
    assert train(tiny_model, [*PAIRS, long], tmp_path, **SETTINGS)["left_out"] == 1


@pytest.mark.parametrize("sharpness", [1.5, 2.0, 3.0])
def test_the_temperature_undoes_overconfidence(sharpness):
    rng = random.Random(4)
    rows, gold = [], []
    for _ in range(3000):
        true = [rng.random() + 0.05 for _ in range(3)]
        total = sum(true)
        true = [value / total for value in true]
        gold.append(rng.choices(range(3), true)[0])
        powers = [value**sharpness for value in true]
        rows.append([value / sum(powers) for value in powers])
    assert fit_temperature(rows, gold) == pytest.approx(sharpness, rel=0.15)


def test_the_command_makes_weights_with_a_card_that_load(tiny_model, tmp_path):
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "seed: 1\nmax_tokens: 64\nbatch_tokens: 512\nlearning_rate: 1.0e-3\nwarmup: 0.1\nweight_decay: 0.01\n"
        "phases:\n  - {easy: 1.0, written: 1.0, figures: 1.0, close: 1.0}\neasy: {few: 50}\n",
        encoding="utf-8",
    )
    import json

    (tmp_path / "few.jsonl").write_text(
        "".join(json.dumps({"premise": p.premise, "claim": p.claim, "label": p.label}) + "\n" for p in PAIRS),
        encoding="utf-8",
    )
    passages = [
        {
            "id": f"x-{n:03}",
            "passage": f"Sales rose by {n} percent.",
            "claims": [{"claim": "Sales fell.", "label": "disputed"}],
        }
        for n in range(30)
    ]
    (tmp_path / "written.jsonl").write_text("".join(json.dumps(row) + "\n" for row in passages), encoding="utf-8")
    card = make_verifier(
        tiny_model,
        "tiny",
        [tmp_path / "few.jsonl"],
        [tmp_path / "written.jsonl"],
        recipe,
        tmp_path / "out",
        lambda claims, passages, look: [[0, 1, 2][:look] for _ in claims],
    )
    assert card == read_card(tmp_path / "out")
    assert card["figures"]["held_out_pairs"] > 0
    verifier = load_verifier(str(tmp_path / "out"))
    assert verifier.sha256 == card["sha256"]["model.safetensors"]
    assert verifier.temperature == card["temperature"]


def test_rows_are_drawn_by_whole_passages():
    mix = [Pair(f"Passage {number // 4}.", f"Claim {number}.", "supported", "set") for number in range(40)]
    recipe = {"seed": 3, "general": {"set": 21}, "phases": [{"general": 0.5}]}
    drawn = training_rows(recipe, mix, [], lambda claims, passages, look: [])
    assert len(drawn) == 10
    assert len({pair.premise for pair in drawn}) <= 4
    assert drawn == training_rows(recipe, mix, [], lambda claims, passages, look: [])


@pytest.mark.parametrize("text", ["", "phases: [{nonsense: 1}]", "[1]", "a: [", "seed: 1"])
def test_a_recipe_that_cannot_be_followed_is_refused(tmp_path, text):
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PairFileError, match="recipe"):
        read_recipe(tmp_path / "r.yaml")


def test_frozen_layers_keep_the_weights_of_the_base(tiny_model, tmp_path):
    train(tiny_model, PAIRS, tmp_path / "out", **SETTINGS, frozen_layers=1)
    before, after = weights(tiny_model), weights(tmp_path / "out")
    moved = {name for name in before if name in after and not bool((before[name] == after[name]).all())}
    assert moved
    assert not any("embeddings" in name or "layer.0." in name for name in moved)
    assert any("layer.1." in name for name in moved)
