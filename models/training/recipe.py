"""Puts the training rows together as a recipe says: pools of pairs, drawn by phase, in a fixed order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from models.training import synthesis
from models.training.balance import balanced
from models.training.pairs import Pair, PairFileError, WrittenPassage, held_out
from models.training.synthesis import Nearest

PUBLIC = ("easy", "general", "documents")
POOLS = (*PUBLIC, "written", "figures", "names", "negation", "rationale", "close", "rows", "padded", "unlabelled")


def read_recipe(path: Path) -> dict[str, Any]:
    """Read a recipe.

    Raises:
        PairFileError: it is missing, no mapping, or draws from a pool that does not exist.
    """
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PairFileError(
            f"the recipe {path} cannot be read ({error}); see models/training/recipe.yaml for one."
        ) from error
    if not isinstance(recipe, dict) or "phases" not in recipe:
        raise PairFileError(f"the recipe {path} has no `phases`; see models/training/recipe.yaml for one.")
    unknown = {pool for phase in recipe["phases"] for pool in phase} - set(POOLS)
    if unknown:
        raise PairFileError(
            f"the recipe {path} draws from {', '.join(sorted(unknown))}; the pools are {', '.join(POOLS)}."
        )
    return recipe


def written_pairs(passages: Sequence[WrittenPassage]) -> list[Pair]:
    """The pairs of the written passages."""
    return [Pair(p.text, claim, label, "written") for p in passages for claim, label, _, _ in p.claims]


def training_rows(
    recipe: dict[str, Any],
    mix: Sequence[Pair],
    passages: Sequence[WrittenPassage],
    nearest: Nearest,
    unlabelled: Sequence[Pair] = (),
) -> list[Pair]:
    """All rows in the order of training.

    Args:
        recipe: as read by `read_recipe`.
        mix: pairs of public sets, by `source`.
        passages: written passages; the tenth that is held out is dropped here.
        nearest: retrieval that finds the close passages.
        unlabelled: pairs for a teacher to label.
    """
    rng = random.Random(recipe["seed"])
    kept = [passage for passage in passages if not held_out(passage.family)]
    written = written_pairs(kept)
    if recipe.get("balanced"):
        written = balanced(written, [p.family for p in kept for _ in p.claims], rng)
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in mix:
        by_source[pair.source].append(pair)
    public = {pool: _drawn(by_source, recipe.get(pool, {}), rng) for pool in PUBLIC}
    numeric = rng.sample(public["documents"], len(public["documents"]) // 2)
    pools = {
        **public,
        "written": written,
        "figures": synthesis.figure_pairs(written, rng) + synthesis.figure_pairs(numeric, rng),
        "names": synthesis.name_pairs(written, rng),
        "negation": synthesis.negation_pairs(written),
        "rationale": synthesis.rationale_pairs(kept),
        "close": synthesis.close_pairs(
            [(p.family, claim) for p in kept for claim, _, _, _ in p.claims],
            [(p.family, p.text) for p in kept],
            nearest,
        ),
        "rows": synthesis.row_pairs(kept, nearest, rng),
        "padded": synthesis.padded_pairs(written, rng),
        "unlabelled": list(unlabelled),
    }
    rows = []
    for phase in recipe["phases"]:
        drawn: list[Pair] = []
        for pool, times in phase.items():
            whole, part = divmod(times, 1)
            drawn += pools[pool] * int(whole) + _some(pools[pool], int(part * len(pools[pool])), rng)
        rows += _shuffled_by_passage(drawn, rng)
    return rows


def _shuffled_by_passage(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Pairs in random order but for those of one passage, which stand together so that they are read together."""
    shuffled = list(_by_passage(pairs).values())
    rng.shuffle(shuffled)
    for group in shuffled:
        rng.shuffle(group)
    return [pair for group in shuffled for pair in group]


def _drawn(by_source: Mapping[str, Sequence[Pair]], most: Mapping[str, int], rng: random.Random) -> list[Pair]:
    """Rows of the named sources, at most as many of each as is said."""
    drawn = []
    for source, limit in most.items():
        rows = by_source.get(source, [])
        drawn += _some(rows, limit, rng)
    return drawn


def _some(pairs: Sequence[Pair], count: int, rng: random.Random) -> list[Pair]:
    """`count` pairs, or all if there are fewer, by whole passages: the claims of one are read in one pack, and a passage with one claim is dear."""
    passages = list(_by_passage(pairs).values())
    rng.shuffle(passages)
    drawn: list[Pair] = []
    for passage in passages:
        drawn += passage[: count - len(drawn)]
        if len(drawn) == count:
            break
    return drawn


def _by_passage(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.premise].append(pair)
    return groups
