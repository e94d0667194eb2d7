import shutil

import pytest

from models.quantization import is_int8, load_int8, save_int8
from models.verifier import load_verifier
from models.weights import WeightsError

PAIRS = [("China built 2 factories.", "China built more than 2 factories."), ("Sales rose.", "Sales fell.")]


@pytest.fixture
def small(tiny_model, tmp_path):
    folder = tmp_path / "int8"
    shutil.copytree(tiny_model, folder)
    save_int8(folder)
    return folder


def test_weights_in_eight_bits_judge_as_the_whole_ones(tiny_model, small):
    whole, stored = load_verifier(str(tiny_model)).judge(PAIRS), load_verifier(str(small)).judge(PAIRS)
    for one, other in zip(whole, stored, strict=True):
        assert other.support == pytest.approx(one.support, abs=0.03)
        assert other.dispute == pytest.approx(one.dispute, abs=0.03)


def test_every_weight_is_within_half_a_step(tiny_model, small):
    from safetensors.torch import load_file

    whole, stored = load_file(tiny_model / "model.safetensors"), load_int8(small)
    assert is_int8(small)
    assert set(whole) == set(stored)
    for name, tensor in whole.items():
        if tensor.ndim == 2:
            step = tensor.abs().amax(dim=1) / 127
            assert bool(((tensor - stored[name]).abs() <= step[:, None] * 0.51 + 1e-9).all())


@pytest.mark.parametrize("lost", ["classifier.weight", "classifier.weight.scale"])
def test_missing_weights_are_refused_in_one_sentence(small, lost):
    from safetensors.torch import load_file, save_file

    (shard,) = small.glob("int8-*.safetensors")
    tensors = load_file(shard)
    save_file({name: value for name, value in tensors.items() if name != lost}, shard)
    with pytest.raises(WeightsError, match=r"classifier\.weight"):
        load_verifier(str(small))
