"""The commands that measure and make models: `claimline bench` and `claimline train`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.console import emit_json, progress_bars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Suite(StrEnum):
    """What is measured."""

    pairs = "pairs"
    checkworthy = "checkworthy"
    retrieval = "retrieval"


def bench(
    suite: Annotated[
        Suite, typer.Argument(help="pairs: the verifier; checkworthy: worthiness of sentences; retrieval: search.")
    ],
    data: Annotated[
        Path,
        typer.Argument(help="A .jsonl or .jsonl.gz file; for retrieval a folder with corpus.jsonl and claims.jsonl."),
    ],
    model: Annotated[
        str | None, typer.Option("--model", help="Another verifier, for pairs.", show_default=False)
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", help="Write one JSON row an input row, in the same order.", show_default=False),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure accuracy on a labelled set."""
    figures: Mapping[str, float]
    rows: Sequence[Mapping[str, Any]]
    with progress_bars() as progress:
        if suite is Suite.pairs:
            from models.training.pairs import read_pairs
            from models.verifier import load_verifier
            from pipeline.bench import bench_pairs

            total, done = len(read_pairs(data)), 0

            def judged(count: int) -> None:
                nonlocal done
                done += count
                progress("verifying", done, total)

            figures, rows = bench_pairs(data, load_verifier(model), progress=judged)
        elif suite is Suite.checkworthy:
            from pipeline.bench import bench_checkworthy

            figures, rows = bench_checkworthy(data)
        else:
            from pipeline.bench import bench_retrieval

            figures, rows = bench_retrieval(data)
    if predictions:
        partial = predictions.with_name(predictions.name + ".tmp")
        partial.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        partial.replace(predictions)
    if json_:
        emit_json(
            {"suite": suite.value, "data": str(data), **{name: round(value, 4) for name, value in figures.items()}}
        )
        return
    for name, value in figures.items():
        shown = f"{value:,.0f}" if float(value).is_integer() and value > 1 else f"{value:.3f}"
        typer.echo(f"{name.replace('_', ' '):<32} {shown:>10}")


def train(
    pairs: Annotated[
        list[Path] | None, typer.Argument(help="Pair files of public sets, .jsonl or .jsonl.gz.", show_default=False)
    ] = None,
    written: Annotated[
        list[Path] | None,
        typer.Option(
            "--written", help="Files or folders of written passages [default: those shipped].", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the weights; a training that was cut off goes on from there.")
    ] = Path("runs/verifier"),
    recipe: Annotated[
        Path | None, typer.Option("--recipe", help="Another recipe [default: the shipped one's].", show_default=False)
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            "--articles",
            help="A folder of plain articles, whose claims and passages the recipe's teacher labels.",
            show_default=False,
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", help="Another encoder to start from [default: all-MiniLM-L6-v2].", show_default=False),
    ] = None,
) -> None:
    """Make the verifier's weights again from pair files."""
    from models.embedder import default_model_folder, load_embedder
    from models.training.make import SHIPPED_RECIPE, SHIPPED_WRITTEN, make_verifier, nearest_by
    from pipeline.unlabelled import unlabelled_pairs

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    unlabelled = unlabelled_pairs(articles, report=tell) if articles else []
    card = make_verifier(
        base or default_model_folder(),
        base or "all-MiniLM-L6-v2",
        pairs or [],
        written or [SHIPPED_WRITTEN],
        recipe or SHIPPED_RECIPE,
        out,
        nearest_by(lambda texts: load_embedder().embed(texts)),
        unlabelled=unlabelled,
        report=tell,
    )
    typer.echo(f"wrote {out}")
    emit_json(card.get("figures", {}))
