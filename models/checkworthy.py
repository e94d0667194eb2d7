"""How likely a sentence of speech is worth checking: a linear head over the sentence embeddings.

Made by `python -m models.checkworthy TRAIN.jsonl --without DEV.jsonl`; weights, recipe and figures are in
`models/weights/checkworthy`. It has read debates and nothing else, so `pipeline.claims.worthiness` asks it only where a
text is speech.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.weights import CARD, SHIPPED, WeightsError, file_sha256, read_card, verify_weights

if TYPE_CHECKING:
    import numpy as np

FOLDER = SHIPPED / "checkworthy"
WEIGHTS = "head.safetensors"
DECAY = 2e-6
"""Weight of the squared norm beside the mean loss."""
STEPS = 200


@dataclass(frozen=True, slots=True)
class Head:
    """A logistic regression on sentence vectors."""

    weight: np.ndarray
    """float32 [dimension]."""
    bias: float

    def probabilities(self, vectors: np.ndarray) -> list[float]:
        """How likely each sentence is worth checking.

        Args:
            vectors: float32 [sentences, dimension], as the embedder gives them.
        """
        import numpy as np

        return [float(one) for one in 1 / (1 + np.exp(-(vectors @ self.weight + self.bias)))]


def load_head(folder: Path = FOLDER) -> Head:
    """Load a head.

    Raises:
        WeightsError: the weights are missing, damaged, or made for another embedding model.
    """
    from safetensors.numpy import load_file

    verify_weights(folder)
    base = read_card(folder).get("base")
    from models.embedder import DEFAULT

    if base != DEFAULT:
        raise WeightsError(f"the head in {folder} was made for {base}, not {DEFAULT}; make it again or install Claimline again.")  # fmt: skip
    tensors = load_file(folder / WEIGHTS)
    return Head(tensors["weight"], float(tensors["bias"][0]))


@cache
def _loaded() -> tuple[Head, Any]:
    from models.embedder import load_embedder

    return load_head(), load_embedder()


def spoken_worth(sentences: Sequence[str]) -> list[float]:
    """How likely each sentence is worth checking, 0..1, by the shipped head.

    Raises:
        WeightsError: the head or the embedding model is missing or damaged.
    """
    if not sentences:
        return []
    head, embedder = _loaded()
    return head.probabilities(embedder.embed(sentences))


def fit_head(vectors: np.ndarray, labels: Sequence[bool]) -> Head:
    """Fit a head: logistic regression by L-BFGS from zero, so that the same rows give the same weights.

    Args:
        vectors: float32 [rows, dimension].
        labels: whether each is worth checking.
    """
    import torch

    inputs = torch.from_numpy(vectors).double()
    wanted = torch.tensor(list(labels), dtype=torch.float64)
    weight = torch.zeros(inputs.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weight + bias, wanted)
        loss = loss + DECAY * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call,unused-ignore]
    return Head(weight.detach().float().numpy(), float(bias.detach()))


def read_sentences(path: Path) -> tuple[list[str], list[bool]]:
    """Read labelled sentences: rows of `text` and `label`."""
    from models.training.pairs import json_rows

    rows = [row for _, row in json_rows(path)]
    return [str(row["text"]) for row in rows], [str(row["label"]).lower() in {"yes", "1", "true"} for row in rows]


def train_head(train: Path, held_out: Path, out: Path) -> dict[str, Any]:
    """Make a head and its card.

    Args:
        train: rows to learn from; those whose text is also held out are left out.
        held_out: rows to measure on.
        out: folder for the weights and the card.

    Returns:
        The card.
    """
    import numpy as np
    from safetensors.numpy import save_file

    from models.embedder import load_embedder

    embedder = load_embedder()
    texts, labels = read_sentences(train)
    unseen, truth = read_sentences(held_out)
    known = {" ".join(text.lower().split()) for text in unseen}
    rows = [index for index, text in enumerate(texts) if " ".join(text.lower().split()) not in known]
    head = fit_head(embedder.embed([texts[index] for index in rows]), [labels[index] for index in rows])
    said = [one >= 0.5 for one in head.probabilities(embedder.embed(unseen))]
    hits = sum(a and b for a, b in zip(said, truth, strict=True))
    out.mkdir(parents=True, exist_ok=True)
    save_file({"weight": head.weight, "bias": np.array([head.bias], dtype=np.float32)}, out / WEIGHTS)
    card = {
        "base": embedder.name,
        "data": {"rows": len(rows), "left_out": len(texts) - len(rows), "held_out_rows": len(unseen)},
        "recipe": {"loss": "logistic", "optimizer": "L-BFGS", "steps": STEPS, "decay": DECAY},
        "figures": {
            "f1_of_the_head_alone_at_0.5": round(2 * hits / max(1, sum(said) + sum(truth)), 4),
            "precision": round(hits / max(1, sum(said)), 4),
            "recall": round(hits / max(1, sum(truth)), 4),
        },
        "sha256": {WEIGHTS: file_sha256(out / WEIGHTS)},
    }
    (out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def main() -> None:
    """Make the shipped head again."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--without", type=Path, required=True, help="rows to measure on, never learned from")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    train_head(arguments.train, arguments.without, arguments.out)


if __name__ == "__main__":
    main()
