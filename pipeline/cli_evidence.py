"""The commands that keep evidence: `claimline evidence add`, `list`, `show`, `remove`, `search` and `optimize`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.console import emit_json, progress_bars
from pipeline.records import Document, UserError

if TYPE_CHECKING:
    from evidence.store import AddResult, EvidenceStore

app = typer.Typer(
    help="Keep the sources that articles are checked against.", no_args_is_help=True, rich_markup_mode=None
)

Store = Annotated[
    str | None,
    typer.Option(
        "--store", help="The evidence store [default: $CLAIMLINE_STORE or .claimline/evidence].", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_paths(store: EvidenceStore, paths: Sequence[Path]) -> tuple[AddResult, list[str]]:
    """Add files to a store; one that cannot be read is told on standard error and does not stop the rest.

    Returns:
        What was added, and what could not be read.

    Raises:
        UserError: no file at all could be read.
    """
    from evidence.readers import read_documents

    problems: list[str] = []
    with progress_bars() as progress:

        def documents() -> Iterator[Document]:
            for done, path in enumerate(paths, 1):
                try:
                    yield from read_documents(path)
                except UserError as error:
                    problems.append(str(error))
                progress("reading", done, len(paths))

        result = store.add_documents(documents(), progress=lambda done, total: progress("embedding", done, total))
    if problems and not (result.added or result.unchanged or result.replaced):
        raise UserError(
            problems[0]
            if len(problems) == 1
            else f"none of {len(problems)} files could be read; the first: {problems[0]}"
        )
    if not (result.added or result.unchanged or result.replaced):
        raise UserError(
            "there is nothing readable in the evidence; "
            "name .txt, .md, .html, .pdf, .docx, .csv, .tsv, .jsonl or .parquet files."
        )
    for problem in problems:
        typer.echo(f"claimline: left out: {problem}", err=True)
    return result, problems


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders of evidence.")],
    store: Store = None,
    json_: Json = False,
) -> None:
    """Add sources; a file that is there already is left as it is, a changed one is replaced."""
    from evidence.readers import document_paths
    from evidence.store import open_store
    from models.embedder import load_embedder

    found = [path for given in paths for path in document_paths(given)]
    if not found:
        raise UserError(
            f"there is no readable file in {', '.join(map(str, paths))}; "
            "name .txt, .md, .html, .pdf, .docx, .csv, .tsv, .jsonl or .parquet files, or a folder of them."
        )
    result, problems = add_paths(open_store(store, embedder=load_embedder, create=True), found)
    if json_:
        emit_json(
            {
                "added": result.added,
                "replaced": result.replaced,
                "unchanged": result.unchanged,
                "passages": result.passages,
                "left_out": problems,
            }
        )
        return
    typer.echo(
        f"{result.added} added, {result.replaced} replaced, {result.unchanged} unchanged, {len(problems)} left out; "
        f"{result.passages} passages"
    )


@app.command("list")
def list_(store: Store = None, json_: Json = False) -> None:
    """List the sources."""
    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import print_sources, source_to_json

    sources = open_store(store, embedder=load_embedder, create=False).sources()
    if json_:
        emit_json([source_to_json(source) for source in sources])
    else:
        print_sources(sources)


@app.command()
def show(
    source: Annotated[str, typer.Argument(metavar="ID", help="A source's id, as `evidence list` shows it.")],
    store: Store = None,
    json_: Json = False,
) -> None:
    """Show a source and its passages."""
    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import passage_to_json, print_sources, source_to_json

    opened = open_store(store, embedder=load_embedder, create=False)
    found, passages = opened.source(source), opened.passages(source)
    if json_:
        emit_json({**source_to_json(found), "passages": [passage_to_json(passage) for passage in passages]})
        return
    print_sources([found])
    for passage in passages:
        typer.echo(f"\n[{passage.id}] {' > '.join(passage.headings)}\n{passage.text}")


@app.command()
def remove(
    source: Annotated[str, typer.Argument(metavar="ID", help="A source's id, as `evidence list` shows it.")],
    store: Store = None,
) -> None:
    """Remove a source and its passages."""
    from evidence.store import open_store
    from models.embedder import load_embedder

    open_store(store, embedder=load_embedder, create=False).remove(source)
    typer.echo(f"removed {source}")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="What to look for; a claim works best.")],
    store: Store = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=100, help="How many passages to show.")] = 8,
    json_: Json = False,
) -> None:
    """Find the passages nearest to a text."""
    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import print_passages, retrieved_to_json

    if not text.strip():
        raise UserError("the text to look for is empty; write a few words.")
    found = open_store(store, embedder=load_embedder, create=False).search([text], top_k=top_k)[0]
    if json_:
        emit_json([retrieved_to_json(one) for one in found])
    else:
        print_passages(found)


@app.command()
def optimize(store: Store = None) -> None:
    """Bring the store's indexes up to date and drop old versions."""
    from evidence.store import open_store
    from models.embedder import load_embedder

    open_store(store, embedder=load_embedder, create=False).optimize()
    typer.echo("done")
