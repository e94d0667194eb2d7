"""What several tests share: a verifier small enough to be made afresh in a moment."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is must not decide whether a property holds.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

WORDS = [
    "the",
    "a",
    "of",
    "in",
    "is",
    "was",
    "were",
    "not",
    "has",
    "have",
    "built",
    "factories",
    "smart",
    "china",
    "company",
    "firm",
    "sales",
    "rose",
    "fell",
    "to",
    "by",
    "percent",
    "million",
    "billion",
    "dollars",
    "yuan",
    "more",
    "than",
    "less",
    "over",
    "about",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    ",",
    ".",
    "he",
    "she",
    "it",
    "they",
    "new",
    "old",
    "seats",
    "election",
    "won",
]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real BERT of two narrow layers, untrained, and its tokenizer."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *(f"##{digit}" for digit in range(10))]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        num_labels=3,
        id2label={0: "entailment", 1: "neutral", 2: "contradiction"},
        label2id={"entailment": 0, "neutral": 1, "contradiction": 2},
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real MPNet of two narrow layers, untrained, and its tokenizer."""
    import torch
    from transformers import MPNetConfig, MPNetForSequenceClassification, MPNetTokenizerFast

    folder = tmp_path_factory.mktemp("tiny-mpnet")
    words = ["<s>", "<pad>", "</s>", "[UNK]", *WORDS, *(f"##{digit}" for digit in range(10)), "<mask>"]
    torch.manual_seed(5)
    config = MPNetConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=130,
        num_labels=3,
        initializer_range=0.5,
    )
    MPNetForSequenceClassification(config).save_pretrained(folder)
    MPNetTokenizerFast(vocab={word: place for place, word in enumerate(words)}).save_pretrained(folder)
    return folder
