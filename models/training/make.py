"""Makes a verifier from pair files: rows by recipe, training, calibration, figures, model card.

What `claimline train` runs. The weights are saved in bfloat16, beside a card with data, recipe, figures and sha256.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.quantization import save_int8
from models.training.distil import UNLABELLED, soften
from models.training.pairs import Pair, PairFileError, WrittenPassage, held_out, read_pairs, read_written
from models.training.recipe import read_recipe, training_rows, written_pairs
from models.training.synthesis import Nearest
from models.training.train import LABEL_IDS, train
from models.verifier import load_verifier
from models.weights import CARD, file_sha256

if TYPE_CHECKING:
    import numpy as np

SHIPPED_WRITTEN = Path(__file__).parent / "written"
SHIPPED_RECIPE = Path(__file__).parent / "recipe.yaml"
LOOP_SETTINGS = (
    "seed",
    "max_tokens",
    "batch_tokens",
    "learning_rate",
    "warmup",
    "weight_decay",
    "frozen_layers",
    "pack_tokens",
)


def nearest_by(embed: Callable[[Sequence[str]], np.ndarray]) -> Nearest:
    """A retrieval over embeddings, for finding passages that are close to a claim."""

    def nearest(claims: Sequence[str], passages: Sequence[str], look: int) -> list[list[int]]:
        import numpy as np

        likeness = embed(claims) @ embed(passages).T
        order = np.argsort(-likeness, axis=1, kind="stable")[:, :look]
        return [[int(index) for index in row] for row in order]

    return nearest


def read_training_data(mix: Sequence[Path], written: Sequence[Path]) -> tuple[list[Pair], list[WrittenPassage]]:
    """Read pair files and written passages; folders stand for the files in them.

    Raises:
        PairFileError: a file cannot be used, or none was found.
    """
    pairs = [pair for path in mix for pair in read_pairs(path)]
    files = sorted(file for path in written for file in (path.glob("*.jsonl*") if path.is_dir() else [path]))
    passages = [passage for file in files for passage in read_written(file)]
    if not pairs and not passages:
        raise PairFileError(
            "there is nothing to train on; name pair files, or a folder of written passages with --written."
        )
    return pairs, passages


def make_verifier(
    base: str | Path,
    base_name: str,
    mix: Sequence[Path],
    written: Sequence[Path],
    recipe_path: Path,
    out: Path,
    nearest: Nearest,
    *,
    unlabelled: Sequence[Pair] = (),
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train, calibrate, measure and save a verifier.

    Args:
        base: folder or hub name of the encoder that training starts from.
        base_name: what the card calls it.
        mix: pair files.
        written: files or folders of written passages.
        recipe_path: what is drawn from them, and how it is trained.
        out: folder for the weights and the card; checkpoints go to `out/checkpoint`.
        nearest: finds close passages.
        unlabelled: pairs for the recipe's teacher to label.
        report: called with a line of progress.

    Returns:
        The card.
    """
    recipe = read_recipe(recipe_path)
    pairs, passages = read_training_data(mix, written)
    rows = training_rows(recipe, pairs, passages, nearest, unlabelled)
    report(f"{len(rows):,} rows in {len(recipe['phases'])} phases")
    if "teacher" in recipe:
        rows = soften(rows, load_verifier(recipe["teacher"]), out / "checkpoint" / "soft.jsonl", report=report)
    elif any(row.source == UNLABELLED for row in rows):
        raise PairFileError(f"the recipe {recipe_path} draws unlabelled pairs but names no `teacher` to label them.")
    made = train(base, rows, out, report=report, **{name: recipe[name] for name in LOOP_SETTINGS if name in recipe})
    return finish(out, base_name, rows, passages, recipe, made)


def finish(
    out: Path,
    base_name: str,
    rows: Sequence[Pair],
    passages: Sequence[WrittenPassage],
    recipe: dict[str, Any],
    made: dict[str, float],
) -> dict[str, Any]:
    """Save trained weights as the recipe says, fit the temperature on the held-out tenth, and write the card."""
    (save_int8 if recipe.get("stored") == "int8" else save_bfloat16)(out)
    kept_out = written_pairs([passage for passage in passages if held_out(passage.family)])
    (out / CARD).unlink(missing_ok=True)
    verifier = load_verifier(str(out))
    card: dict[str, Any] = {
        "base": base_name,
        "training": {
            "rows": dict(sorted(Counter(row.source for row in rows).items())),
            **{k: round(v, 3) for k, v in made.items()},
        },
        "recipe": recipe,
    }
    if kept_out:
        probabilities = [
            [p.support, p.dispute, p.neutral] for p in verifier.judge([(pair.premise, pair.claim) for pair in kept_out])
        ]
        gold = [LABEL_IDS[pair.label] for pair in kept_out]
        card["temperature"] = fit_temperature(probabilities, gold)
        said = [row.index(max(row)) for row in probabilities]
        hits = [one == label for one, label in zip(said, gold, strict=True)]
        silent = [
            one == LABEL_IDS["disputed"] for one, label in zip(said, gold, strict=True) if label == LABEL_IDS["neutral"]
        ]
        card["figures"] = {
            "held_out_pairs": len(gold),
            "held_out_accuracy": round(sum(hits) / len(hits), 4),
            "held_out_false_disputes": round(sum(silent) / max(1, len(silent)), 4),
        }
    card["sha256"] = {path.name: file_sha256(path) for path in sorted(out.glob("*.safetensors"))}
    (out / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "README.md").write_text(describe(card), encoding="utf-8")
    return card


SOURCES = """Public sets (licence where found): LingNLI; TaxiNLI (C-UDA); MultiNLI (from O-LoRA's task files, MIT); SICK; SNLI;
counterfactually augmented NLI (Apache-2.0); Breaking NLI; ConjNLI (MIT); negation NLI (MIT); stress-test NLI; MRPC; Climate-FEVER;
InfoTabS (Apache-2.0); BEGIN; FEVEROUS (from ProgramFC, MIT); RTE (from nlu_eval); COVID-Fact; Evidence Inference (MIT); Curriculum;
SciFact (CC BY 4.0, ODC-By); FEVER-Symmetric (CC BY-SA 3.0); ConTRoL; LFQA-Verification; PropSegmEnt (CC BY 4.0); SummEdits
(Apache-2.0); NLI4CT; BoolQ; TabFact (MIT); PolitiHop. Passages written for this project: `models/training/written`."""


def describe(card: dict[str, Any]) -> str:
    """The model card in words: what the weights are, what they were made from, how good they are, their hashes."""
    training, figures = card["training"], card.get("figures", {})
    rows = "\n".join(f"| {name} | {count:,} |" for name, count in training["rows"].items())
    measured = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in figures.items())
    recipe = json.dumps(card["recipe"], indent=2)
    hashes = "\n".join(f"    {digest}  {name}" for name, digest in card["sha256"].items())
    return f"""# Model card

A cross-encoder that reads a passage and a claim and says support, dispute or neutral. Trained by `claimline train` from
{card["base"]}, saved in {card["recipe"].get("stored", "bfloat16")}. Temperature {card.get("temperature", 1.0)}, fitted on the held-out passages.

## Data

{SOURCES}

| source | rows seen |
|---|---|
{rows}

`figures`, `names`, `negation`, `rationale`, `close`, `rows` and `padded` are made by code from the written passages and public documents.
A tenth of the written passages, by family, was never trained on.

## Figures

Of the network alone, on the held-out written passages, by its likeliest label:

| figure | value |
|---|---|
{measured}

Steps {training.get("steps", 0):,.0f}, pairs {training.get("pairs", 0):,.0f}, {training.get("seconds", 0) / 60:.0f} minutes on two cores.

## Recipe

```json
{recipe}
```

## Weights (sha256)

{hashes}
"""


def save_bfloat16(folder: Path) -> None:
    """Round saved weights to bfloat16, in which they are also run: half the size, and nothing is lost at inference."""
    import torch
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    tensors = {
        name: tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        for name, tensor in load_file(path).items()
    }
    partial = path.with_suffix(".tmp")
    save_file(tensors, partial, metadata={"format": "pt"})
    partial.replace(path)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "bfloat16"
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def fit_temperature(probabilities: Sequence[Sequence[float]], gold: Sequence[int]) -> float:
    """The temperature that makes probabilities fit the labels best (Guo et al. 2017, arXiv:1706.04599).

    Args:
        probabilities: [n, 3], as given at temperature 1.
        gold: [n], column of the right label.
    """

    def loss(temperature: float) -> float:
        total = 0.0
        for row, label in zip(probabilities, gold, strict=True):
            powers = [max(value, 1e-9) ** (1 / temperature) for value in row]
            total -= math.log(powers[label] / sum(powers))
        return total

    return min((step / 20 for step in range(10, 81)), key=loss)
