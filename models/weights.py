"""Where weights come from: shipped with Claimline, in a package, at a path, or from the Hugging Face hub.

Shipped weights carry their sha256 in their model card (`card.json`); damaged ones are refused.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.records import UserError

SHIPPED = Path(__file__).parent / "weights"
FAST, CAREFUL = "compact", "accurate"
"""The shipped verifiers."""
CARD = "card.json"
HUB_SECONDS = 10


class WeightsError(UserError, ValueError):
    """Weights are missing, damaged, or not of the kind that is needed."""


def file_sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_card(folder: Path) -> dict[str, Any]:
    """The model card of a folder of weights; empty where it has none."""
    path = folder / CARD
    if not path.exists():
        return {}
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the model card {path} cannot be read ({error}); install Claimline again.") from error
    return card if isinstance(card, dict) else {}


def verify_weights(folder: Path) -> str:
    """Hold the weights of a folder against the hashes of its card.

    Returns:
        The sha256 of the weights (of all shards' hashes where there are several).

    Raises:
        WeightsError: there are no weights, or a hash differs.
    """
    found = {path.name: file_sha256(path) for path in sorted(folder.glob("*.safetensors"))}
    if not found:
        raise WeightsError(
            f"{folder} holds no .safetensors weights; name a folder of a model saved with save_pretrained."
        )
    for name, expected in read_card(folder).get("sha256", {}).items():
        actual = found.get(name)
        if actual is None and (folder / name).exists():
            actual = file_sha256(folder / name)
        if actual != expected:
            raise WeightsError(
                f"the weights {folder / name} are damaged or missing (sha256 {actual}, expected {expected}); "
                "install Claimline again or name another model with --model."
            )
    hashes = list(found.values())
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def verifier_location(name: str) -> tuple[str, Path | None]:
    """Find a verifier.

    Args:
        name: a shipped verifier's name, a path, or a hub name.

    Returns:
        The name to show, and the folder; None for a hub name.

    Raises:
        WeightsError: a path was named that is no model folder.
    """
    shipped = SHIPPED / name
    if "/" not in name and (shipped / "config.json").exists():
        return f"claimline-{name}", shipped
    path = Path(name).expanduser()
    if path.exists():
        if not (path / "config.json").exists():
            raise WeightsError(
                f"{path} is no model folder: it has no config.json; name a folder saved with save_pretrained."
            )
        return name, path
    if name.startswith(("/", ".", "~")):
        raise WeightsError(f"{path} does not exist; name a model folder, a hub name, or leave --model out.")
    return name, None


def hub_location(name: str) -> str:
    """Where a model with a hub name is loaded from: its folder in the local cache, or else its name.

    Raises:
        WeightsError: the hub has no such model, or it cannot be reached and the model was never fetched.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    remedy = "name a model folder, another hub name, or leave the option out"
    try:
        cached = try_to_load_from_cache(name, "config.json")
        if isinstance(cached, str):
            return str(Path(cached).parent)
        # One question with a time limit: the loaders ask many times, and wait minutes where there is no network.
        HfApi().model_info(name, timeout=HUB_SECONDS)
    except HFValidationError as error:
        raise WeightsError(f"{name} is no model folder, and no name that a hub model can have; {remedy}.") from error
    except RepositoryNotFoundError as error:
        raise WeightsError(f"there is no model {name} on the hub; {remedy}.") from error
    except Exception as error:  # each HTTP library has its own errors, and all of them mean that it cannot be reached
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise WeightsError(
            f"the model {name} is not on this machine and the hub cannot be reached ({first}); {remedy}."
        ) from error
    return name
