"""Trains the verifier: a cross-encoder that reads a passage and a claim and says support, dispute or neutral.

Length-bucketed batches by token budget, bfloat16 where the CPU computes in it, AdamW with linear decay, resumable after a kill at the last
checkpoint. Rows of `not_supported` are trained with -log(1 - p(support)): dispute and silence are both open to them.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.pairs import Pair
from models.verifier import bfloat16_is_fast

if TYPE_CHECKING:
    import torch

LABEL_IDS = {"supported": 0, "disputed": 1, "neutral": 2, "not_supported": 3}
ID2LABEL = {0: "support", 1: "dispute", 2: "neutral"}
CHECKPOINT_SECONDS = 600
SOFT_SHARE = 0.7
"""How much of the loss of a pair comes from a stronger verifier's probabilities, where it has them."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Indices of the pairs of one step."""

    rows: tuple[int, ...]


def bucketed_batches(lengths: Sequence[int], order: Sequence[int], tokens: int, rng: random.Random) -> list[Batch]:
    """Cut `order` into batches of similar length whose padded size is at most `tokens`.

    Sorting happens within stretches of the order, so that the order as a whole (the phases) is kept.
    """
    batches: list[Batch] = []
    stretch = 4096
    for start in range(0, len(order), stretch):
        rows = sorted(order[start : start + stretch], key=lambda row: lengths[row])
        cut: list[Batch] = []
        current: list[int] = []
        for row in rows:
            width = -(-lengths[row] // 16) * 16
            if current and width * (len(current) + 1) > tokens:
                cut.append(Batch(tuple(current)))
                current = []
            current.append(row)
        cut.append(Batch(tuple(current)))
        rng.shuffle(cut)
        batches += cut
    return batches


def loss_of(logits: torch.Tensor, labels: torch.Tensor, soft: torch.Tensor | None = None) -> torch.Tensor:
    """Mean loss of a batch: cross-entropy, or -log(1 - p(support)) for rows labelled `not_supported`.

    Args:
        logits: [n, 3], support, dispute, neutral.
        labels: [n], ids of LABEL_IDS.
        soft: [n, 3], probabilities of a stronger verifier; rows of zeros have none. Where there are some they count
            `SOFT_SHARE` of the loss, by their cross-entropy.
    """
    import torch

    log_probabilities = torch.log_softmax(logits.float(), dim=-1)
    partial = labels == LABEL_IDS["not_supported"]
    full = -log_probabilities.gather(1, labels.clamp(max=2).unsqueeze(1)).squeeze(1)
    either = -torch.logsumexp(log_probabilities[:, 1:], dim=-1)
    hard = torch.where(partial, either, full)
    if soft is None:
        return hard.mean()
    share = SOFT_SHARE * soft.sum(dim=-1).clamp(max=1)
    return ((1 - share) * hard - share * (soft * log_probabilities).sum(dim=-1)).mean()


def fingerprint(pairs: Sequence[Pair], settings: dict[str, Any]) -> str:
    """A hash of the data and settings: a checkpoint of another training is not resumed."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for pair in pairs:
        digest.update(f"{pair.label}\t{pair.claim}\t{pair.premise}\t{pair.soft}\n".encode())
    return digest.hexdigest()


def train(
    base: str | Path,
    pairs: Sequence[Pair],
    out: Path,
    *,
    seed: int,
    max_tokens: int,
    batch_tokens: int,
    learning_rate: float,
    warmup: float,
    weight_decay: float,
    frozen_layers: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Train a 3-way cross-encoder from `base` on `pairs`, in their order, and save it under `out`.

    A checkpoint in `out/checkpoint` is resumed where it was made from the same pairs and settings.

    Args:
        base: a Hugging Face model folder or name.
        pairs: rows in the order of training; stretches of 4,096 are bucketed by length.
        out: where the model and the checkpoints go.
        seed: of the batches and of the new layer.
        max_tokens: longer pairs are left out, since cutting them would change what they say.
        batch_tokens: padded size of a batch.
        learning_rate: peak, after the warm-up, decaying linearly to zero.
        warmup: share of the steps.
        weight_decay: on matrices.
        frozen_layers: lowest layers, and with them the embeddings, that keep the base's weights: a large encoder trains
            faster and forgets less.
        report: called with a line of progress about every minute.

    Returns:
        Figures of the training: steps, pairs, seconds, last mean loss.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(str(base))
    model = AutoModelForSequenceClassification.from_pretrained(
        str(base), num_labels=3, id2label=ID2LABEL, label2id={label: index for index, label in ID2LABEL.items()}
    )
    _freeze(model, frozen_layers)
    fast = bfloat16_is_fast()
    encoded = _encode(tokenizer, pairs)
    kept = [row for row in range(len(pairs)) if len(encoded[row]["input_ids"]) <= max_tokens]
    lengths = [len(row["input_ids"]) for row in encoded]
    batches = bucketed_batches(lengths, kept, batch_tokens, random.Random(seed))
    learned = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in learned if p.ndim >= 2]
    plain = [p for p in learned if p.ndim < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=learning_rate,
        fused=True,
    )
    total, warm = len(batches), max(1, int(warmup * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))
    )
    settings = {
        "base": str(base), "seed": seed, "max_tokens": max_tokens, "batch_tokens": batch_tokens,
        "learning_rate": learning_rate, "warmup": warmup, "weight_decay": weight_decay,
        "frozen_layers": frozen_layers,
    }  # fmt: skip
    mark = fingerprint(pairs, settings)
    checkpoint = out / "checkpoint" / "state.pt"
    step = _resume(checkpoint, mark, model, optimizer, schedule)
    if step:
        report(f"resumed at step {step:,} of {total:,}")
    model.train()
    started = saved = told = time.monotonic()
    seen, recent = 0, 0.0
    torch.manual_seed(seed + step)
    while step < total:
        rows = batches[step].rows
        inputs = _padded([encoded[row] for row in rows], tokenizer.pad_token_id)
        labels = torch.tensor([LABEL_IDS[pairs[row].label] for row in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            logits = model(**inputs).logits
        taught = [pairs[row].soft for row in rows]
        soft = torch.tensor([one or (0.0, 0.0, 0.0) for one in taught]) if any(taught) else None
        loss = loss_of(logits, labels, soft)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        seen += len(rows)
        recent = loss.item() if not recent else 0.98 * recent + 0.02 * loss.item()
        now = time.monotonic()
        if now - told > 60:
            told = now
            rate = seen / (now - started)
            left = sum(len(batch.rows) for batch in batches[step:]) / rate / 60
            report(f"step {step:,} of {total:,}, loss {recent:.3f}, {rate:.1f} pairs/s, about {left:.0f} min left")
        if now - saved > CHECKPOINT_SECONDS:
            saved = now
            _save(checkpoint, mark, step, model, optimizer, schedule)
            model.save_pretrained(out / "checkpoint" / "model")
            tokenizer.save_pretrained(out / "checkpoint" / "model")
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return {
        "steps": total,
        "pairs": len(kept),
        "left_out": len(pairs) - len(kept),
        "seconds": time.monotonic() - started,
        "loss": recent,
    }


def _freeze(model: Any, layers: int) -> None:
    """Keep the embeddings and the lowest `layers` layers as they are."""
    if not layers:
        return
    encoder = model.base_model
    for module in (encoder.embeddings, *encoder.encoder.layer[:layers]):
        module.requires_grad_(False)


def _encode(tokenizer: Any, pairs: Sequence[Pair]) -> list[dict[str, list[int]]]:
    rows: list[dict[str, list[int]]] = []
    for start in range(0, len(pairs), 5000):
        chunk = pairs[start : start + 5000]
        encoded = tokenizer([p.premise for p in chunk], [p.claim for p in chunk], truncation=False, verbose=False)
        names = list(encoded.keys())
        rows += [{name: encoded[name][index] for name in names} for index in range(len(chunk))]
    return rows


def _padded(rows: Sequence[dict[str, list[int]]], pad: int) -> dict[str, torch.Tensor]:
    import torch

    width = -(-max(len(row["input_ids"]) for row in rows) // 16) * 16
    filled = {}
    for name in rows[0]:
        fill = pad if name == "input_ids" else 0
        filled[name] = torch.tensor([row[name] + [fill] * (width - len(row[name])) for row in rows])
    return filled


def _save(path: Path, mark: str, step: int, model: Any, optimizer: Any, schedule: Any) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".tmp")
    torch.save(
        {
            "mark": mark,
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        },
        partial,
    )
    partial.replace(path)


def _resume(path: Path, mark: str, model: Any, optimizer: Any, schedule: Any) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["mark"] != mark:
        return 0
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    step = state["step"]
    return step if isinstance(step, int) and not math.isnan(step) else 0
