"""Weights in eight bits: a quarter of the size, for shipping. They are run in the CPU's own precision.

Every matrix is stored as int8 with one scale a row (symmetric, round to nearest; Dettmers et al. 2022,
arXiv:2208.07339, call it vector-wise), everything else in bfloat16, in shards.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

SHARD_BYTES = 48_000_000
PATTERN = "int8-*.safetensors"
SCALE = ".scale"


def save_int8(folder: Path) -> None:
    """Replace `model.safetensors` in a folder by shards of int8."""
    import torch
    from safetensors.torch import load_file, save_file

    whole = folder / "model.safetensors"
    stored: dict[str, torch.Tensor] = {}
    for name, tensor in load_file(whole).items():
        if tensor.ndim != 2 or not tensor.is_floating_point():
            stored[name] = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
            continue
        scale = tensor.float().abs().amax(dim=1).clamp(min=1e-12) / 127
        stored[name] = (tensor.float() / scale[:, None]).round().to(torch.int8)
        stored[name + SCALE] = scale
    shards: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, tensor in stored.items():
        if shards[-1] and size + tensor.nbytes > SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][name] = tensor
        size += tensor.nbytes
    for number, shard in enumerate(shards, 1):
        save_file(shard, folder / f"int8-{number}.safetensors", metadata={"format": "pt"})
    whole.unlink()


def is_int8(folder: Path) -> bool:
    """Whether a folder holds weights as `save_int8` writes them."""
    return any(folder.glob(PATTERN))


def load_int8(folder: Path) -> dict[str, torch.Tensor]:
    """The weights of a folder, as float32.

    Raises:
        RuntimeError: a matrix has no scales.
    """
    from safetensors.torch import load_file

    stored: dict[str, torch.Tensor] = {}
    for path in sorted(folder.glob(PATTERN)):
        stored.update(load_file(path))
    weights = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE):
            continue
        weights[name] = tensor.float() if tensor.is_floating_point() else tensor
        if not tensor.is_floating_point() and tensor.ndim == 2 and tensor.element_size() == 1:
            if name + SCALE not in stored:
                raise RuntimeError(f"the scales of {name} are missing")
            weights[name] = tensor.float() * stored[name + SCALE][:, None]
    return weights


def model_from_int8(folder: Path, config: Any) -> Any:
    """A model for sequence classification with the weights of a folder, in float32.

    Raises:
        RuntimeError: the weights are not those of such a model.
    """
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_config(config, dtype="float32")  # type: ignore[no-untyped-call]
    # Buffers that are counted out anew, such as the positions, are not in the file.
    missing, unexpected = model.load_state_dict(load_int8(folder), strict=False)
    learned = {name for name, _ in model.named_parameters()}
    if unexpected or learned & set(missing):
        raise RuntimeError(f"the weights do not fit the model: {', '.join([*unexpected, *missing][:3])}")
    return model


def classifier_from(location: str | Path, dtype: str = "auto", **labels: Any) -> Any:
    """A model for sequence classification: in float32 from weights as `save_int8` writes them, else as transformers reads it.

    Args:
        location: a folder, or a hub name.
        dtype: of weights that are not stored as int8; "auto" for that of the file.
        labels: of the configuration, where they are to be others than the model's own.

    Raises:
        OSError: there is no such model.
        RuntimeError: the weights are not those of such a model.
    """
    from transformers import AutoConfig, AutoModelForSequenceClassification

    if is_int8(Path(location)):
        return model_from_int8(Path(location), AutoConfig.from_pretrained(str(location), **labels))
    return AutoModelForSequenceClassification.from_pretrained(str(location), dtype=dtype, **labels)
