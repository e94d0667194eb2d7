"""The verifier: given a passage and a claim, how likely the passage supports it, disputes it, or says nothing on it.

Stands after search: pairs of passage and claim in, probabilities and the deciding sentence out. Long passages
are read in windows of whole sentences. Batches are cut by tokens, so that nothing is spent on padding.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from models.labels import LabelColumns, label_columns
from models.packing import ATTENTION, ONE_WAY, Pack, Packer, padded_width, read_packs
from models.quantization import classifier_from
from models.weights import CAREFUL, FAST, WeightsError, hub_location, read_card, verifier_location, verify_weights
from pipeline.records import Probabilities, Span

if TYPE_CHECKING:
    import torch

WINDOW_TOKENS = 512
"""Tokens of passage and claim together: as long as the longest pairs that the larger shipped verifier was trained on.

A passage that need not be cut is judged better: SciFact's abstracts with an AUC of .785, in windows of 320 tokens with .756."""
BATCH_TOKENS = 4096
PACK_TOKENS = 768
"""A passage and the claims that are read beside it, at most; positions are counted for each claim by itself."""
SILENT = 0.8
"""A passage that the fast verifier calls neutral with at least this probability is not read again.

Of the held-out written pairs a tenth is above it, nearly all of them neutral, and accuracy is as good as without."""
WORD = re.compile(r"\w+(?:[.,]\d+)*")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Window:
    pair: int
    text: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What goes through the network as one row: a pair, or a pack of several that share their passage."""

    rows: tuple[int, ...]
    """The pairs that it judges, in order."""
    size: int
    """In word pieces."""
    input: Pack | dict[str, list[int]]


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text, without the white space between them."""
    import nupunkt

    spans = []
    for start, end in nupunkt.sent_spans(text):
        part = text[start:end]
        if part.strip():
            left = start + len(part) - len(part.lstrip())
            spans.append(Span(left, left + len(part.strip())))
    return spans


def best_window(windows: Sequence[Probabilities]) -> Probabilities:
    """What a long passage says, from what its windows say.

    One window that supports is enough: most of a page is silent on any one claim. A dispute must be surer than
    any support, and the more windows there are the more noise there is, so it also must be the window's first choice.
    """
    support = max(windows, key=lambda p: p.support)
    dispute = max(windows, key=lambda p: p.dispute)
    if dispute.dispute > max(support.support, dispute.neutral):
        return dispute
    return support if support.support >= min(p.neutral for p in windows) else max(windows, key=lambda p: 1 - p.neutral)


class Verifier(Protocol):
    """What reads pairs of passage and claim."""

    name: str
    sha256: str

    def judge(self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None) -> list[Probabilities]:
        """Judge each pair of passage and claim."""
        ...

    def locate(self, pairs: Sequence[tuple[str, str]], supports: Sequence[bool | None]) -> list[Span]:
        """Find, in each passage, the sentence that carries the judgement."""
        ...


class CrossEncoder:
    """A cross-encoder for natural language inference over passages and claims."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        columns: LabelColumns,
        *,
        name: str,
        sha256: str,
        temperature: float = 1.0,
    ) -> None:
        """Take a loaded model; `load_verifier` is the usual way to one."""
        import torch

        self.name = name
        self.sha256 = sha256
        self.temperature = temperature
        self._columns = columns
        self._tokenizer = tokenizer
        positions = int(getattr(model.config, "max_position_embeddings", 512))
        # RoBERTa's and MPNet's positions start after the padding index.
        self._longest = 512 if positions == 514 else positions
        self._limit = min(WINDOW_TOKENS, self._longest)
        self._packer = Packer(tokenizer) if getattr(model.config, ATTENTION, None) == ONE_WAY else None
        self._model = model.eval().to(torch.bfloat16 if bfloat16_is_fast() else torch.float32)

    def judge(self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None) -> list[Probabilities]:
        """Judge each pair of passage and claim.

        Args:
            pairs: (passage, claim), of any length.
            progress: called with the number of pairs that were finished since the last call.

        Returns:
            Probabilities, one a pair, in their order.
        """
        windows = [_Window(index, text) for index, pair in enumerate(pairs) for text in self._windows(*pair)]
        judged: list[list[Probabilities]] = [[] for _ in pairs]
        left = [0] * len(pairs)
        for window in windows:
            left[window.pair] += 1
        inputs = [(window.text, pairs[window.pair][1]) for window in windows]
        readings = self._pack(inputs) if self._packer else self._encode(inputs)
        for batch in _batches([reading.size for reading in readings]):
            finished = 0
            chosen = [readings[place] for place in batch]
            rows = [row for reading in chosen for row in reading.rows]
            for row, probabilities in zip(rows, self._forward(chosen), strict=True):
                pair = windows[row].pair
                judged[pair].append(probabilities)
                left[pair] -= 1
                finished += left[pair] == 0
            if progress:
                progress(finished)
        return [best_window(found) for found in judged]

    def locate(self, pairs: Sequence[tuple[str, str]], supports: Sequence[bool | None]) -> list[Span]:
        """Find, in each passage, the sentence that carries the judgement.

        Args:
            pairs: (passage, claim).
            supports: True to look for support, False for dispute, None for the sentence nearest to the claim.

        Returns:
            Spans into the passages.
        """
        sentences = [sentence_spans(passage) or [Span(0, len(passage))] for passage, _ in pairs]
        asked = [
            (index, place)
            for index, spans in enumerate(sentences)
            if supports[index] is not None and len(spans) > 1
            for place in range(len(spans))
        ]
        judged = self.judge(
            [
                (pairs[index][0][sentences[index][place].start : sentences[index][place].end], pairs[index][1])
                for index, place in asked
            ]
        )
        strength = {
            key: found.support if supports[key[0]] else found.dispute for key, found in zip(asked, judged, strict=True)
        }
        chosen = []
        for index, (passage, claim) in enumerate(pairs):
            words = set(WORD.findall(claim.lower()))
            spans = sentences[index]
            scores = [
                len(words & set(WORD.findall(passage[span.start : span.end].lower()))) / max(1, len(words))
                + strength.get((index, place), 0.0)
                for place, span in enumerate(spans)
            ]
            chosen.append(spans[max(range(len(spans)), key=lambda place: scores[place])])
        return chosen

    def _windows(self, passage: str, claim: str) -> list[str]:
        # Three tokens join the two texts; a passage never gets less than half of the window.
        if (len(passage) + len(claim)) / 2 < self._limit - 3 and len(passage) < 480:
            return [passage]
        claim_tokens = len(self._tokenizer(claim, add_special_tokens=False, verbose=False)["input_ids"])
        room = max(self._limit // 2, self._limit - claim_tokens - 3)
        offsets = self._tokenizer(passage, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        if len(offsets) <= room:
            return [passage]
        return [passage[span.start : span.end] for span in _sentence_windows(passage, offsets, room)]

    def _pack(self, pairs: Sequence[tuple[str, str]]) -> list[_Reading]:
        """Claims beside the passage that they share, as many as fit into a window's worth twice over."""
        packer = self._packer
        assert packer is not None
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        pieces = dict(zip(texts, packer.pieces(texts), strict=True))
        sharing: dict[str, list[int]] = {}
        for row, (passage, _) in enumerate(pairs):
            sharing.setdefault(passage, []).append(row)
        readings = []
        for passage, rows in sharing.items():
            opening = pieces[passage][: self._limit - 2]
            # A claim of hundreds of words is cut: its positions must fit behind the passage's.
            room = self._longest - len(opening) - 4
            current: list[int] = []
            size = len(opening) + 2
            for row in rows:
                more = packer.block_size(pieces[pairs[row][1]][:room])
                if current and size + more > PACK_TOKENS:
                    readings.append(self._reading_of(passage, current, pairs, pieces, room))
                    current, size = [], len(opening) + 2
                current.append(row)
                size += more
            readings.append(self._reading_of(passage, current, pairs, pieces, room))
        return readings

    def _reading_of(
        self,
        passage: str,
        rows: Sequence[int],
        pairs: Sequence[tuple[str, str]],
        pieces: Mapping[str, Sequence[int]],
        room: int,
    ) -> _Reading:
        assert self._packer is not None
        claims = [pieces[pairs[row][1]][:room] for row in rows]
        pack = self._packer.pack(pieces[passage][: self._limit - 2], claims)
        return _Reading(tuple(rows), len(pack.ids), pack)

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[_Reading]:
        if not pairs:
            return []
        encoded = self._tokenizer(
            [passage for passage, _ in pairs],
            [claim for _, claim in pairs],
            truncation="longest_first",
            max_length=self._longest,
            verbose=False,
        )
        names = list(encoded.keys())
        rows = [{name: encoded[name][index] for name in names} for index in range(len(pairs))]
        return [_Reading((index,), len(row["input_ids"]), row) for index, row in enumerate(rows)]

    def _forward(self, readings: Sequence[_Reading]) -> list[Probabilities]:
        import torch

        with torch.inference_mode():
            packs = [reading.input for reading in readings if isinstance(reading.input, Pack)]
            logits = read_packs(self._model, packs) if packs else self._read_pairs(readings)
            shares = torch.softmax(logits.float() / self.temperature, dim=-1)
        return [_probabilities(row, self._columns) for row in shares]

    def _read_pairs(self, readings: Sequence[_Reading]) -> torch.Tensor:
        import torch

        width = padded_width(max(reading.size for reading in readings))
        pad = self._tokenizer.pad_token_id or 0
        rows = [reading.input for reading in readings if not isinstance(reading.input, Pack)]
        inputs = {
            name: torch.tensor(
                [row[name] + [pad if name == "input_ids" else 0] * (width - len(row[name])) for row in rows]
            )
            for name in rows[0]
        }
        return torch.as_tensor(self._model(**inputs).logits)


def _probabilities(row: torch.Tensor, columns: LabelColumns) -> Probabilities:
    support = float(row[columns.support])
    dispute = float(row[columns.dispute]) if columns.dispute is not None else 0.0
    neutral = float(row[columns.neutral]) if columns.neutral is not None else 0.0
    return Probabilities(support, dispute, neutral)


def _sentence_windows(passage: str, offsets: Sequence[tuple[int, int]], room: int) -> list[Span]:
    """Windows of whole sentences of at most `room` tokens, each beginning with the last sentence of the one before."""
    starts = [start for start, _ in offsets]
    pieces: list[tuple[int, int, int]] = []
    for span in sentence_spans(passage):
        inside = [index for index, start in enumerate(starts) if span.start <= start < span.end]
        for first in range(0, len(inside), room):
            part = inside[first : first + room]
            pieces.append((offsets[part[0]][0], offsets[part[-1]][1], len(part)))
    windows: list[Span] = []
    current: list[tuple[int, int, int]] = []
    for piece in pieces:
        if current and sum(size for _, _, size in current) + piece[2] > room:
            windows.append(Span(current[0][0], current[-1][1]))
            overlap = current[-1]
            current = [overlap] if overlap[2] + piece[2] <= room else []
        current.append(piece)
    if current:
        windows.append(Span(current[0][0], current[-1][1]))
    return windows or [Span(0, len(passage))]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    batches: list[list[int]] = []
    width = 0
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        if not batches or width * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
            width = padded_width(lengths[row])
        batches[-1].append(row)
    return batches


def bfloat16_is_fast() -> bool:
    """Whether this CPU multiplies in bfloat16; elsewhere it is emulated, four times slower than float32."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def load_verifier(name: str | None = None) -> Verifier:
    """Load a verifier.

    Args:
        name: a shipped verifier's name, the path of any NLI model, or a hub name; None for the default, a cascade of the
            two shipped ones.

    Raises:
        WeightsError: the weights are missing or damaged, or cannot be loaded.
        models.labels.LabelError: the model is no NLI model.
    """
    if name is None:
        return Cascade(load_cross_encoder(FAST), load_cross_encoder(CAREFUL))
    return load_cross_encoder(name)


def load_cross_encoder(name: str) -> CrossEncoder:
    """Load one network, as `load_verifier` does."""
    shown, folder = verifier_location(name)
    sha256 = verify_weights(folder) if folder else ""
    from transformers import AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    location = str(folder) if folder else hub_location(shown)
    try:
        config_labels = _labels_of(location)
        columns = label_columns(config_labels, name=shown)
        tokenizer = AutoTokenizer.from_pretrained(location)
        model = classifier_from(location)
    except (OSError, KeyError, RuntimeError, json.JSONDecodeError) as error:
        first = str(error).strip().splitlines()[0]
        raise WeightsError(
            f"the model {shown} cannot be loaded ({first}); name a model folder or leave --model out."
        ) from error
    temperature = float(read_card(folder).get("temperature", 1.0)) if folder else 1.0
    return CrossEncoder(model, tokenizer, columns, name=shown, sha256=sha256, temperature=temperature)


class Cascade:
    """Two verifiers: a fast one reads every pair, a careful one those that may speak to the claim.

    Most passages that search finds are silent on the claim, and a small network is good at telling that.
    """

    def __init__(self, fast: CrossEncoder, careful: CrossEncoder) -> None:
        """Take the two verifiers."""
        self.name = f"{fast.name}, then {careful.name}"
        self.sha256 = hashlib.sha256(f"{fast.sha256}{careful.sha256}".encode()).hexdigest()
        self._fast = fast
        self._careful = careful

    def judge(self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None) -> list[Probabilities]:
        """Judge each pair of passage and claim, as `Verifier.judge`."""
        judged = self._fast.judge(pairs)
        speaking = [index for index, one in enumerate(judged) if one.neutral < SILENT]
        if progress:
            progress(len(pairs) - len(speaking))
        careful = self._careful.judge([pairs[index] for index in speaking], progress=progress)
        for index, one in zip(speaking, careful, strict=True):
            judged[index] = one
        return judged

    def locate(self, pairs: Sequence[tuple[str, str]], supports: Sequence[bool | None]) -> list[Span]:
        """Find, in each passage, the sentence that carries the judgement, as `Verifier.locate`."""
        return self._fast.locate(pairs, supports)


def _labels_of(location: str) -> dict[int, str]:
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(location)
    architectures = config.architectures or []
    if Path(location).exists() and not any("SequenceClassification" in kind for kind in architectures):
        raise WeightsError(
            f"{location} is no NLI model: it is a {', '.join(architectures) or 'model without a head'}; "
            "name a model for sequence classification."
        )
    return dict(config.id2label)
