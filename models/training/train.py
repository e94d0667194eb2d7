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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.packing import ATTENTION, ONE_WAY, Packer, padded_width, read_packs
from models.quantization import classifier_from
from models.training.pairs import Pair
from models.verifier import bfloat16_is_fast

if TYPE_CHECKING:
    import torch

LABEL_IDS = {"supported": 0, "disputed": 1, "neutral": 2, "not_supported": 3}
ID2LABEL = {0: "support", 1: "dispute", 2: "neutral"}
CHECKPOINT_SECONDS = 600
PACK_TOKENS = 512
SOFT_SHARE = 0.7
"""How much of the loss of a pair comes from a stronger verifier's probabilities, where it has them."""


MOST_CLAIMS = 16
"""Claims beside one passage in a pack at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that share a passage and are read in one pack."""

    rows: tuple[int, ...]
    size: int
    """Word pieces of the pack."""


def grouped(
    pairs: Sequence[Pair], passages: Sequence[int], claims: Sequence[int], *, max_tokens: int, pack_tokens: int
) -> list[Group]:
    """Put neighbouring pairs with one passage together.

    Args:
        pairs: rows in the order of training.
        passages: pieces of each pair's passage, with its special ones.
        claims: pieces of each pair's claim, with its special ones.
        max_tokens: pairs that are longer by themselves are left out.
        pack_tokens: pieces of a pack at most.
    """
    groups: list[Group] = []
    current: list[int] = []
    size = 0
    for row, pair in enumerate(pairs):
        if passages[row] + claims[row] > max_tokens:
            continue
        joins = (
            current
            and pairs[current[0]].premise == pair.premise
            and size + claims[row] <= pack_tokens
            and len(current) < MOST_CLAIMS
        )
        if not joins:
            if current:
                groups.append(Group(tuple(current), size))
            current, size = [], passages[row]
        current.append(row)
        size += claims[row]
    if current:
        groups.append(Group(tuple(current), size))
    return groups


def bucketed_batches(groups: Sequence[Group], tokens: int, rng: random.Random) -> list[tuple[Group, ...]]:
    """Cut groups, in their order, into batches of similar length whose padded size is at most `tokens`.

    Sorting happens within stretches of the order, so that the order as a whole (the phases) is kept.
    """
    batches: list[tuple[Group, ...]] = []
    stretch = 1024
    for start in range(0, len(groups), stretch):
        cut: list[tuple[Group, ...]] = []
        current: list[Group] = []
        for group in sorted(groups[start : start + stretch], key=lambda group: group.size):
            if current and padded_width(group.size) * (len(current) + 1) > tokens:
                cut.append(tuple(current))
                current = []
            current.append(group)
        cut.append(tuple(current))
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
    full = -log_probabilities.gather(1, labels.clamp(max=2).unsqueeze(1)).squeeze(1)
    either = -torch.logsumexp(log_probabilities[:, 1:], dim=-1)
    hard = torch.where(labels == LABEL_IDS["not_supported"], either, full)
    if soft is None:
        return hard.mean()
    share = SOFT_SHARE * soft.sum(dim=-1).clamp(max=1)
    taught = -(soft * log_probabilities).sum(dim=-1)
    return ((1 - share) * hard + share * taught).mean()


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
    pack_tokens: int = PACK_TOKENS,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Train a 3-way cross-encoder from `base` on `pairs`, in their order, and save it under `out`.

    Neighbouring pairs with one passage are read in one pack (`models.packing`). A checkpoint in `out/checkpoint` is
    resumed where it was made from the same pairs and settings.

    Args:
        base: a Hugging Face model folder or name, of a family that can read packs, or weights as `claimline train`
            saves them, to go on with.
        pairs: rows in the order of training; stretches of 1,024 packs are bucketed by length.
        out: where the model and the checkpoints go.
        seed: of the batches and of the new layer.
        max_tokens: longer pairs are left out, since cutting them would change what they say.
        batch_tokens: padded size of a batch.
        learning_rate: peak, after the warm-up, decaying linearly to zero.
        warmup: share of the steps.
        weight_decay: on matrices.
        frozen_layers: lowest layers, and with them the embeddings, that keep the base's weights: a large encoder trains
            faster and forgets less.
        pack_tokens: size of a pack at most.
        report: called with a line of progress about every minute.

    Returns:
        Figures of the training: steps, pairs, seconds, last mean loss.
    """
    import torch

    torch.manual_seed(seed)
    tokenizer, model = _load_base(base)
    _freeze(model, frozen_layers)
    packer = Packer(tokenizer)
    passages, claims = packer.pieces([p.premise for p in pairs]), packer.pieces([p.claim for p in pairs])
    groups = grouped(
        pairs,
        [len(one) + 2 for one in passages],
        [packer.block_size(one) for one in claims],
        max_tokens=max_tokens,
        pack_tokens=pack_tokens,
    )
    batches = bucketed_batches(groups, batch_tokens, random.Random(seed))
    # What is computed in bfloat16 is learned in float32: small steps would be lost in rounding (Micikevicius et al. 2018,
    # arXiv:1710.03740).
    whole = {name: p.detach().clone() for name, p in model.named_parameters()}
    kept = {name: whole[name] for name, p in model.named_parameters() if p.requires_grad}
    model.to(torch.bfloat16 if bfloat16_is_fast() else torch.float32)
    computed = {name: p for name, p in model.named_parameters() if p.requires_grad}
    learned = list(kept.values())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in learned if p.ndim >= 2], "weight_decay": weight_decay},
            {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
        ],
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
        "frozen_layers": frozen_layers, "pack_tokens": pack_tokens,
    }  # fmt: skip
    mark = fingerprint(pairs, settings)
    checkpoint = out / "checkpoint" / "state.pt"
    step = _resume(checkpoint, mark, kept, optimizer, schedule)
    _round_into(computed, kept)
    if step:
        report(f"resumed at step {step:,} of {total:,}")
    model.train()
    started = saved = told = time.monotonic()
    first, recent = step, 0.0
    torch.manual_seed(seed + step)
    left = [0]
    for batch in reversed(batches):
        left.append(left[-1] + sum(group.size for group in batch))
    left.reverse()
    while step < total:
        batch = batches[step]
        rows = [row for group in batch for row in group.rows]
        packs = [packer.pack(passages[group.rows[0]], [claims[row] for row in group.rows]) for group in batch]
        labels = torch.tensor([LABEL_IDS[pairs[row].label] for row in rows])
        logits = read_packs(model, packs)
        taught = [pairs[row].soft for row in rows]
        soft = torch.tensor([one or (0.0, 0.0, 0.0) for one in taught]) if any(taught) else None
        loss = loss_of(logits, labels, soft)
        loss.backward()  # type: ignore[no-untyped-call]
        for name, parameter in computed.items():
            kept[name].grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        _round_into(computed, kept)
        step += 1
        recent = loss.item() if not recent else 0.98 * recent + 0.02 * loss.item()
        now = time.monotonic()
        if now - told > 60:
            told = now
            rate = (left[first] - left[step]) / (now - started)
            report(
                f"step {step:,} of {total:,}, loss {recent:.3f}, {rate:,.0f} tokens/s, about {left[step] / rate / 60:.0f} min left"
            )
        if now - saved > CHECKPOINT_SECONDS:
            saved = now
            _save(checkpoint, mark, step, kept, optimizer, schedule)
    model.float()
    _round_into(dict(model.named_parameters()), whole)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    read = sum(len(group.rows) for group in groups)
    return {
        "steps": total,
        "pairs": read,
        "left_out": len(pairs) - read,
        "seconds": time.monotonic() - started,
        "loss": recent,
    }


def _load_base(base: str | Path) -> tuple[Any, Any]:
    """The tokenizer, and the encoder with a head of three labels: its own if it has one."""
    from transformers import AutoTokenizer

    labels = {"num_labels": 3, "id2label": ID2LABEL, "label2id": {label: index for index, label in ID2LABEL.items()}}
    model = classifier_from(base, "float32", **labels)
    setattr(model.config, ATTENTION, ONE_WAY)
    return AutoTokenizer.from_pretrained(str(base)), model


def _freeze(model: Any, layers: int) -> None:
    """Keep the embeddings and the lowest `layers` layers as they are; positions between pieces always."""
    encoder = model.base_model
    frozen = [encoder.embeddings, *encoder.encoder.layer[:layers]] if layers else []
    if hasattr(encoder.encoder, "relative_attention_bias"):
        frozen.append(encoder.encoder.relative_attention_bias)
    for module in frozen:
        module.requires_grad_(False)


def _round_into(computed: Mapping[str, torch.Tensor], kept: Mapping[str, torch.Tensor]) -> None:
    """Copy the learned weights into those that are computed with."""
    import torch

    with torch.no_grad():
        for name, weights in kept.items():
            computed[name].copy_(weights)


def _save(path: Path, mark: str, step: int, kept: Mapping[str, torch.Tensor], optimizer: Any, schedule: Any) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".tmp")
    torch.save(
        {
            "mark": mark,
            "step": step,
            "learned": dict(kept),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        },
        partial,
    )
    partial.replace(path)


def _resume(path: Path, mark: str, kept: Mapping[str, torch.Tensor], optimizer: Any, schedule: Any) -> int:
    import torch

    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["mark"] != mark:
        return 0
    _round_into(kept, state["learned"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    step = state["step"]
    return step if isinstance(step, int) and not math.isnan(step) else 0
