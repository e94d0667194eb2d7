import json
import shutil
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.labels import LabelError
from models.verifier import Cascade, _batches, _sentence_windows, best_window, load_verifier, sentence_spans
from models.weights import WeightsError, file_sha256
from pipeline.records import Probabilities

PAIRS = [
    ("China has built 1 smart factories.", "China built more than 2 factories."),
    ("Sales rose by 3 percent to 4 million dollars. The company is not old. It won the election.", "Sales fell."),
    ("He was not in the company.", "She was."),
    ("The firm was new. " * 60, "The firm is old."),
]


def flat(found):
    return [value for one in found for value in (one.support, one.dispute, one.neutral)]


@pytest.fixture(scope="module")
def verifier(tiny_model):
    return load_verifier(str(tiny_model))


def test_probabilities_sum_to_one(verifier):
    for one in verifier.judge(PAIRS):
        assert one.support + one.dispute + one.neutral == pytest.approx(1, abs=1e-3)


def test_batched_equals_single(verifier):
    single = [verifier.judge([pair])[0] for pair in PAIRS]
    assert flat(verifier.judge(PAIRS)) == pytest.approx(flat(single), abs=0.02)


def test_order_of_pairs_is_kept(verifier):
    assert flat(verifier.judge(PAIRS[::-1])) == pytest.approx(flat(verifier.judge(PAIRS)[::-1]), abs=0.02)


def test_nothing_to_judge_gives_nothing(verifier):
    assert verifier.judge([]) == []
    assert verifier.locate([], []) == []


def test_every_pair_is_counted_once_in_the_progress(verifier):
    counts = []
    verifier.judge(PAIRS, progress=counts.append)
    assert sum(counts) == len(PAIRS)


def test_columns_follow_the_labels_and_not_their_order(tiny_model, tmp_path, verifier):
    swapped = tmp_path / "swapped"
    shutil.copytree(tiny_model, swapped)
    config = json.loads((swapped / "config.json").read_text())
    config["id2label"] = {"0": "contradiction", "1": "neutral", "2": "entailment"}
    config["label2id"] = {"contradiction": 0, "neutral": 1, "entailment": 2}
    (swapped / "config.json").write_text(json.dumps(config))
    for mine, other in zip(verifier.judge(PAIRS), load_verifier(str(swapped)).judge(PAIRS), strict=True):
        assert (mine.support, mine.dispute) == pytest.approx((other.dispute, other.support), abs=1e-6)


def test_a_model_without_nli_labels_is_refused_and_its_labels_named(tiny_model, tmp_path):
    other = tmp_path / "sentiment"
    shutil.copytree(tiny_model, other)
    config = json.loads((other / "config.json").read_text())
    config["id2label"] = {"0": "positive", "1": "negative", "2": "mixed"}
    config["label2id"] = {"positive": 0, "negative": 1, "mixed": 2}
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(LabelError, match="positive"):
        load_verifier(str(other))


def test_an_encoder_without_a_head_is_refused(tiny_model, tmp_path):
    other = tmp_path / "encoder"
    shutil.copytree(tiny_model, other)
    config = json.loads((other / "config.json").read_text())
    config["architectures"] = ["BertModel"]
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="BertModel"):
        load_verifier(str(other))


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all"])
def test_a_path_that_is_not_there_is_named(name):
    with pytest.raises(WeightsError, match="nowhere"):
        load_verifier(name)


def test_a_hub_model_that_cannot_be_had_is_refused_at_once(monkeypatch, tmp_path):
    """Given no network, when a hub name is asked for, then one question is asked and the answer says what to do."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    started = time.monotonic()
    with pytest.raises(WeightsError, match=r"nobody/no-such-model.*name a model folder"):
        load_verifier("nobody/no-such-model")
    assert time.monotonic() - started < 30


def test_a_name_that_no_model_can_have_is_refused():
    with pytest.raises(WeightsError, match="no name that a hub model can have"):
        load_verifier("a/b/c")


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(WeightsError, match=r"config\.json"):
        load_verifier(str(tmp_path))


def test_weights_whose_hash_differs_from_their_card_are_refused(tiny_model, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(tiny_model, damaged)
    card = {"sha256": {"model.safetensors": file_sha256(damaged / "model.safetensors")}}
    (damaged / "card.json").write_text(json.dumps(card))
    load_verifier(str(damaged))
    data = bytearray((damaged / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (damaged / "model.safetensors").write_bytes(data)
    with pytest.raises(WeightsError, match="damaged"):
        load_verifier(str(damaged))


def test_a_long_passage_is_read_in_windows_of_whole_sentences(verifier):
    passage = " ".join(f"The firm has {number} new factories in China." for number in range(1, 9)) * 3
    windows = verifier._windows(passage, "The firm is old.")
    assert len(windows) > 1
    assert all(window in passage for window in windows)
    assert windows[0].startswith("The firm has 1")
    assert passage.endswith(windows[-1])


@given(
    st.lists(st.sampled_from(["One two three. ", "A. ", "Much longer sentence here with words. "]), min_size=1),
    st.integers(1, 20),
)
def test_windows_leave_no_sentence_out(sentences, room):
    text = "".join(sentences).strip()
    offsets = [(index, index + 1) for index, char in enumerate(text) if not char.isspace()]
    windows = _sentence_windows(text, offsets, room)
    place = 0
    for window in windows:
        assert window.start < window.end
        assert not text[place : window.start].strip()
        place = max(place, window.end)
    assert place == len(text)


def test_one_window_that_supports_is_not_drowned_by_silent_ones():
    silent = Probabilities(0.05, 0.05, 0.9)
    assert best_window([silent, Probabilities(0.9, 0.02, 0.08), silent]).support == 0.9


def test_noise_in_one_window_does_not_dispute():
    silent = Probabilities(0.05, 0.05, 0.9)
    assert best_window([silent, Probabilities(0.05, 0.45, 0.5), silent]).dispute < 0.5


def test_support_in_one_window_outweighs_a_weaker_dispute_in_another():
    assert best_window([Probabilities(0.8, 0.1, 0.1), Probabilities(0.1, 0.7, 0.2)]).support == 0.8


def test_the_rationale_is_the_sentence_that_speaks_of_the_claim(verifier):
    passage = "The company is old. China has built 1 smart factories. She won the election."
    spans = verifier.locate([(passage, "China built smart factories.")], [None])
    assert passage[spans[0].start : spans[0].end] == "China has built 1 smart factories."


def test_sentence_spans_cut_out_sentences():
    text = "  One is here.  Two is there. "
    assert [text[span.start : span.end] for span in sentence_spans(text)] == ["One is here.", "Two is there."]


@given(st.lists(st.integers(1, 500), max_size=200))
def test_batches_hold_every_row_once_and_keep_to_the_budget(lengths):
    batches = _batches(lengths)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        width = -(-max(lengths[row] for row in batch) // 16) * 16
        assert len(batch) == 1 or width * len(batch) <= 4096


def test_a_cascade_reads_again_only_what_may_speak_to_the_claim(tiny_model, tmp_path, verifier, monkeypatch):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    other = tmp_path / "other"
    model = AutoModelForSequenceClassification.from_pretrained(tiny_model)
    torch.manual_seed(9)
    torch.nn.init.normal_(model.classifier.weight)
    model.save_pretrained(other)
    AutoTokenizer.from_pretrained(tiny_model).save_pretrained(other)
    careful = load_verifier(str(other))
    first, second = verifier.judge(PAIRS), careful.judge(PAIRS)
    bar = sorted(one.neutral for one in first)[len(PAIRS) // 2]
    monkeypatch.setattr("models.verifier.SILENT", bar)
    counts = []
    judged = Cascade(verifier, careful).judge(PAIRS, progress=counts.append)
    expected = [two if one.neutral < bar else one for one, two in zip(first, second, strict=True)]
    assert flat(judged) == pytest.approx(flat(expected), abs=0.02)
    assert flat(judged) != pytest.approx(flat(first), abs=0.02)
    assert sum(counts) == len(PAIRS)
