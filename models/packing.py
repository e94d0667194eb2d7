"""Reads many claims beside one passage in one go: the passage once, each claim in a block of its own.

The passage sees only itself; a claim's block, which opens with a classification token of its own, sees the passage
and itself, at the positions it would have alone behind the passage. So a passage that meets eight claims costs little
more than one that meets one, in training and in checking alike, and a claim is judged the same whatever stands beside
it (cf. the prefix mask of Raffel et al. 2020, arXiv:1910.10683, and the once-encoded passages of MacAvaney et al. 2020,
arXiv:2004.14255). A model must have been trained so; its configuration says it, see `ATTENTION`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ATTENTION = "claimline_attention"
ONE_WAY = "one-way"
"""What a configuration holds under `ATTENTION` where the model was trained to read packs."""
FAMILIES = ("bert", "mpnet")
"""Kinds of encoder whose layers are known here."""
PASSAGE, PADDING = 0, -1
"""Block numbers; claims have those from 1."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A passage and the claims that are read beside it, as word pieces."""

    ids: tuple[int, ...]
    positions: tuple[int, ...]
    """Of each piece, counted from 0 as if its claim stood alone behind the passage."""
    blocks: tuple[int, ...]
    """0 for the passage, the claim's number from 1 for a claim."""
    heads: tuple[int, ...]
    """Where each claim's classification token stands."""


class Packer:
    """Makes packs with a model's tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        """Learn from the tokenizer how it joins two texts."""
        self._tokenizer = tokenizer
        self._opening = int(tokenizer.cls_token_id)
        alone = tokenizer("a")["input_ids"]
        joined = tokenizer("a", "a")["input_ids"]
        # Behind the passage: what stands before the second text (one more separator in the RoBERTa family), and after it.
        self._glue = tuple(joined[len(alone) : -2])
        self._closing = int(joined[-1])

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The word pieces of texts, without special ones."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        found: list[list[int]] = encoded["input_ids"]
        return found

    def block_size(self, claim: Sequence[int]) -> int:
        """Pieces that a claim adds to a pack."""
        return 1 + len(self._glue) + len(claim) + 1

    def pack(self, passage: Sequence[int], claims: Sequence[Sequence[int]]) -> Pack:
        """Put claims beside a passage.

        Args:
            passage: word pieces.
            claims: word pieces of each claim.
        """
        ids = [self._opening, *passage, self._closing]
        positions = list(range(len(ids)))
        blocks = [PASSAGE] * len(ids)
        heads = []
        behind = len(ids)
        for number, claim in enumerate(claims, 1):
            heads.append(len(ids))
            block = [self._opening, *self._glue, *claim, self._closing]
            ids += block
            positions += [0, *range(behind, behind + len(block) - 1)]
            blocks += [number] * len(block)
        return Pack(tuple(ids), tuple(positions), tuple(blocks), tuple(heads))


def padded_width(pieces: int) -> int:
    """The width that a row of so many pieces is padded to: the next multiple of 16, which matrix units like."""
    return -(-pieces // 16) * 16


def read_packs(model: Any, packs: Sequence[Pack]) -> torch.Tensor:
    """The logits of every claim of some packs, in order: [number of claims, labels].

    Args:
        model: a sequence classifier of one of the `FAMILIES`.
        packs: of similar length, since each is padded to the longest.

    Raises:
        ValueError: the model is of another family.
    """
    import torch

    family = model.config.model_type
    if family not in FAMILIES:
        raise ValueError(f"a model of the kind {family} cannot read packs; the kinds known are {', '.join(FAMILIES)}.")
    width = padded_width(max(len(pack.ids) for pack in packs))
    pad = model.config.pad_token_id or 0
    ids = torch.tensor([[*pack.ids, *[pad] * (width - len(pack.ids))] for pack in packs])
    positions = torch.tensor([[*pack.positions, *[0] * (width - len(pack.ids))] for pack in packs])
    blocks = torch.tensor([[*pack.blocks, *[PADDING] * (width - len(pack.ids))] for pack in packs])
    rows = torch.tensor([row for row, pack in enumerate(packs) for _ in pack.heads])
    heads = torch.tensor([head for pack in packs for head in pack.heads])
    encode = _bert_states if family == "bert" else _mpnet_states
    opening = encode(model, ids, positions, blocks)[rows, heads]
    if family == "bert":
        pooled = model.bert.pooler(opening.unsqueeze(1))
        return torch.as_tensor(model.classifier(model.dropout(pooled)))
    return torch.as_tensor(model.classifier(opening.unsqueeze(1)))


def _hidden(blocks: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """What a piece may not see, as a summand of the attention scores: [packs, 1, width, width]."""
    import torch

    theirs, mine = blocks[:, None, :], blocks[:, :, None]
    # Padding sees the passage as well: a row of the softmax that sees nothing would be no number.
    seen = (theirs == PASSAGE) | ((theirs == mine) & (theirs != PADDING))
    mask = torch.zeros(seen.shape, dtype=dtype).masked_fill_(~seen, torch.finfo(dtype).min)
    return mask.unsqueeze(1)


def _bert_states(model: Any, ids: torch.Tensor, positions: torch.Tensor, blocks: torch.Tensor) -> torch.Tensor:
    encoder = model.bert
    kinds = ((blocks > PASSAGE) & (positions > 0)).long()
    states = encoder.embeddings(input_ids=ids, token_type_ids=kinds, position_ids=positions)
    mask = _hidden(blocks, states.dtype)
    for layer in encoder.encoder.layer:
        inner = layer.attention.self
        parts = (inner.query, inner.key, inner.value, layer.attention.output.dense)
        states = _through(layer, layer.attention.output.LayerNorm, parts, states, mask, model)
    return states  # type: ignore[no-any-return]


def _mpnet_states(model: Any, ids: torch.Tensor, positions: torch.Tensor, blocks: torch.Tensor) -> torch.Tensor:
    encoder = model.mpnet
    states = encoder.embeddings(input_ids=ids, position_ids=positions + encoder.embeddings.padding_idx + 1)
    apart = positions[:, None, :] - positions[:, :, None]
    buckets = encoder.encoder.relative_position_bucket(apart, num_buckets=model.config.relative_attention_num_buckets)
    # Positions are learned elsewhere; here the bias stays as it is, so that attention runs fused.
    bias = encoder.encoder.relative_attention_bias(buckets).detach().permute(0, 3, 1, 2).to(states.dtype)
    bias = (bias + _hidden(blocks, states.dtype)).contiguous()
    for layer in encoder.encoder.layer:
        inner = layer.attention.attn
        parts = (inner.q, inner.k, inner.v, inner.o)
        states = _through(layer, layer.attention.LayerNorm, parts, states, bias, model)
    return states  # type: ignore[no-any-return]


def _through(
    layer: Any, norm: Any, parts: tuple[Any, Any, Any, Any], states: torch.Tensor, bias: torch.Tensor, model: Any
) -> torch.Tensor:
    """One post-norm layer of BERT's kind (Devlin et al. 2019, arXiv:1810.04805), with fused attention.

    Args:
        layer: holds the feed-forward part.
        norm: the layer norm behind the attention.
        parts: query, key, value and output projections.
        states: [packs, width, hidden].
        bias: summand of the attention scores, [packs, heads or 1, width, width].
        model: says how many heads there are, and how much is dropped out in training.
    """
    from torch.nn import functional

    query, key, value, out = parts
    heads = model.config.num_attention_heads
    rate = model.config.hidden_dropout_prob
    learning = layer.training and out.weight.requires_grad
    packs, width, hidden = states.shape
    asked, offered, given = (
        part(states).view(packs, width, heads, hidden // heads).transpose(1, 2) for part in (query, key, value)
    )
    seen = functional.scaled_dot_product_attention(asked, offered, given, attn_mask=bias)
    seen = out(seen.transpose(1, 2).reshape(packs, width, hidden))
    states = norm(states + functional.dropout(seen, rate, learning))
    fed = layer.output.dense(layer.intermediate.intermediate_act_fn(layer.intermediate.dense(states)))
    return layer.output.LayerNorm(states + functional.dropout(fed, rate, learning))  # type: ignore[no-any-return]
