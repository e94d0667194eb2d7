"""A claim is judged the same whatever stands beside it; alone behind its passage it is laid out as the tokenizer would."""

import pytest

from models.packing import Packer, read_packs

PASSAGE = "Sales rose by 3 percent. The company is not old."
CLAIMS = ["Sales fell.", "The company has built 9 new factories in china.", "It was old."]


@pytest.fixture(params=["tiny_model", "tiny_mpnet"])
def model_and_tokenizer(request):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = request.getfixturevalue(request.param)
    return AutoModelForSequenceClassification.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)


def pieces(tokenizer, *texts):
    return Packer(tokenizer).pieces(list(texts))


def test_a_claim_is_read_the_same_alone_and_beside_others(model_and_tokenizer):
    import torch

    model, tokenizer = model_and_tokenizer
    packer = Packer(tokenizer)
    passage, *claims = pieces(tokenizer, PASSAGE, *CLAIMS)
    with torch.inference_mode():
        together = read_packs(model, [packer.pack(passage, claims)])
        alone = torch.cat([read_packs(model, [packer.pack(passage, [claim])]) for claim in claims])
    assert together.shape == (3, model.config.num_labels)
    assert torch.allclose(together, alone, atol=1e-4)
    assert not torch.allclose(together[0], together[1], atol=1e-2)


def test_padding_beside_a_longer_pack_changes_nothing(model_and_tokenizer):
    import torch

    model, tokenizer = model_and_tokenizer
    packer = Packer(tokenizer)
    passage, short, *claims = pieces(tokenizer, PASSAGE, *CLAIMS)
    with torch.inference_mode():
        alone = read_packs(model, [packer.pack(passage, [short])])
        beside = read_packs(model, [packer.pack(passage, [short]), packer.pack(passage, claims * 4)])
    assert torch.allclose(alone[0], beside[0], atol=1e-4)
    assert len(beside) == 1 + 8


def test_without_a_passage_to_shield_the_layers_are_those_of_the_library(model_and_tokenizer):
    """Where the whole text is the passage and the claim empty, its states are the library's own."""
    import torch

    model, tokenizer = model_and_tokenizer
    packer = Packer(tokenizer)
    (passage,) = pieces(tokenizer, PASSAGE)
    pack = packer.pack(passage, [[]])
    family = model.config.model_type
    from models import packing

    encode = {"bert": packing._bert_states, "mpnet": packing._mpnet_states}[family]
    ids, positions, blocks = (torch.tensor([one]) for one in (pack.ids, pack.positions, pack.blocks))
    with torch.inference_mode():
        ours = encode(model, ids, positions, blocks)[0, : len(passage) + 2]
        theirs = model.base_model(**tokenizer(PASSAGE, return_tensors="pt")).last_hidden_state[0]
    assert torch.allclose(ours, theirs, atol=1e-4)


def test_positions_and_pieces_are_those_of_the_pair_alone(model_and_tokenizer):
    _, tokenizer = model_and_tokenizer
    passage, claim = pieces(tokenizer, PASSAGE, CLAIMS[1])
    pack = Packer(tokenizer).pack(passage, [claim, claim])
    pair = tokenizer(PASSAGE, CLAIMS[1])["input_ids"]
    head = pack.heads[1]
    assert [*pack.ids[: len(passage) + 2], *pack.ids[head + 1 :]] == pair
    assert [*pack.positions[: len(passage) + 2], *pack.positions[head + 1 :]] == list(range(len(pair)))
    assert pack.positions[head] == 0
    assert pack.ids[head] == tokenizer.cls_token_id


def test_another_family_is_refused():
    class Strange:
        class config:  # noqa: N801
            model_type = "gpt2"

    with pytest.raises(ValueError, match="gpt2"):
        read_packs(Strange(), [])
