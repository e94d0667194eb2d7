"""The commands that keep evidence: `claimline evidence add`, `refresh`, `list`, `search` and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.console import emit_json, progress_bars
from pipeline.records import Trust, UserError

if TYPE_CHECKING:
    from evidence.gathering import Gathering
    from evidence.store import AddResult, EvidenceStore, Given

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


AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Also fetch from private and loopback addresses.")]
Publisher = Annotated[
    str | None, typer.Option("--publisher", help="Only sources of this publisher.", show_default=False)
]
Language = Annotated[
    str | None, typer.Option("--language", help="Only sources in this language, such as en.", show_default=False)
]
LeastTrust = Annotated[
    str | None,
    typer.Option("--trust", help="Only sources trusted at least so much: high, normal or low.", show_default=False),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Leave aside sources published after this day.", show_default=False)
]


def day(option: str, value: str | None) -> date | None:
    """A day given as YYYY-MM-DD.

    Raises:
        typer.BadParameter: it is no such day.
    """
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(f"{value!r} is no day; write it as YYYY-MM-DD.", param_hint=option) from error


def trust_named(value: str | None) -> Trust | None:
    """A kind of trust given by its name.

    Raises:
        typer.BadParameter: there is no such kind.
    """
    kinds: dict[str, Trust] = {"high": "high", "normal": "normal", "low": "low"}
    if value is None:
        return None
    if value not in kinds:
        raise typer.BadParameter(f"{value!r} is no kind of trust; choose high, normal or low.", param_hint="--trust")
    return kinds[value]


def language_named(value: str | None) -> str | None:
    """A language given by its code.

    Raises:
        typer.BadParameter: it is no code.
    """
    from evidence.sources import language_code

    if value is not None and language_code(value) is None:
        raise typer.BadParameter(f"{value!r} is no language; write its code, such as en.", param_hint="--language")
    return language_code(value)


def gathered(names: Sequence[str], *, allow_private: bool = False) -> Gathering:
    """What names stand for, before anything is read.

    Raises:
        UserError: they stand for nothing at all.
    """
    from evidence.gathering import FORMATS_READ, gather

    gathering = gather(names, allow_private=allow_private)
    if not gathering.places:
        raise UserError(
            " ".join(gathering.problems)
            if gathering.problems
            else f"there is no readable file in {', '.join(names)}; {FORMATS_READ}."
        )
    return gathering


def add_gathered(store: EvidenceStore, gathering: Gathering, given: Given | None = None) -> AddResult:
    """Add what was named to a store; what cannot be read is told on standard error and does not stop the rest.

    Raises:
        UserError: nothing at all could be read.
    """
    from evidence.gathering import FORMATS_READ

    with progress_bars() as progress:
        result = store.add_documents(
            gathering.documents(lambda done, total: progress("reading", done, total)),
            progress=lambda done, total: progress("embedding", done, total),
            given=given,
        )
    problems = gathering.problems
    if not (result.added or result.unchanged or result.replaced):
        if len(problems) > 1:
            raise UserError(f"none of {len(problems)} sources could be read; the first: {problems[0]}")
        raise UserError(problems[0] if problems else f"there is nothing readable in the evidence; {FORMATS_READ}.")
    for problem in problems:
        typer.echo(f"claimline: left out: {' '.join(problem.split())}", err=True)
    return result


def _tell(result: AddResult, left_out: Sequence[str], *, json_: bool, removed: int | None = None) -> None:
    counts = {"added": result.added, "replaced": result.replaced, "unchanged": result.unchanged}
    if removed is not None:
        counts["removed"] = removed
    if json_:
        emit_json({**counts, "passages": result.passages, "left_out": list(left_out)})
        return
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    typer.echo(f"{told}, {len(left_out)} left out; {result.passages} passages")


@app.command()
def add(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, web addresses, feeds or lists of addresses, or - for standard input.",
        ),
    ],
    store: Store = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of the source.", show_default=False)] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="Publisher of the sources.", show_default=False)
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="Their day of publication, YYYY-MM-DD.", show_default=False)
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Their language, such as en.", show_default=False)
    ] = None,
    trust: Annotated[
        str | None,
        typer.Option("--trust", help="How far they are trusted: high, normal or low.", show_default=False),
    ] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", help="Sources with one origin count once.", show_default=False)
    ] = None,
    allow_private: AllowPrivate = False,
    json_: Json = False,
) -> None:
    """Add sources; one that is there already is left as it is, a changed one is replaced."""
    from evidence.store import Given, open_store
    from models.embedder import load_embedder

    given = Given(title, publisher, day("--published", published), language_named(language), trust_named(trust), origin)
    gathering = gathered(names, allow_private=allow_private)
    result = add_gathered(open_store(store, embedder=load_embedder, create=True), gathering, given)
    _tell(result, gathering.problems, json_=json_)


@app.command()
def refresh(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Sources, by their ids [default: all].")
    ] = None,
    store: Store = None,
    allow_private: AllowPrivate = False,
    json_: Json = False,
) -> None:
    """Read sources again where they came from, and take over what has changed."""
    from evidence.gathering import refresh_sources
    from evidence.store import open_store
    from models.embedder import load_embedder

    opened = open_store(store, embedder=load_embedder, create=False)
    with progress_bars() as progress:
        refreshed = refresh_sources(opened, ids or (), allow_private=allow_private, progress=progress)
    for problem in refreshed.problems:
        typer.echo(f"claimline: kept as it was: {' '.join(problem.split())}", err=True)
    _tell(refreshed.result, refreshed.problems, json_=json_, removed=refreshed.removed)


@app.command()
def edit(
    source: Annotated[str, typer.Argument(metavar="ID", help="A source's id, as `evidence list` shows it.")],
    store: Store = None,
    trust: Annotated[
        str | None, typer.Option("--trust", help="How far it is trusted: high, normal or low.", show_default=False)
    ] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", help="Sources with one origin count once.", show_default=False)
    ] = None,
    json_: Json = False,
) -> None:
    """Say how far a source is trusted, and what it shares its origin with."""
    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import print_sources, source_to_json

    if trust is None and not (origin or "").strip():
        raise UserError("there is nothing to change; give --trust or --origin.")
    kind = trust_named(trust)
    opened = open_store(store, embedder=load_embedder, create=False)
    changed = opened.edit(source, trust=kind, origin=origin.strip() if origin else None)
    if json_:
        emit_json(source_to_json(changed))
    else:
        print_sources([changed])


@app.command()
def export(
    store: Store = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write to [default: standard output].", show_default=False)
    ] = None,
) -> None:
    """Write all sources with their passages as JSON Lines, one source a line, which `evidence add` reads again."""
    import json

    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import exported

    opened = open_store(store, embedder=load_embedder, create=False)
    lines = (json.dumps(exported(one, opened.passages(one.id)), ensure_ascii=False) for one in opened.sources())
    if out is None:
        for line in lines:
            typer.echo(line)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    count, waiting = 0, out.with_name(f"{out.name}.tmp")
    with waiting.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line}\n")
            count += 1
    waiting.replace(out)
    typer.echo(f"wrote {out} ({count} {'source' if count == 1 else 'sources'})")


@app.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The store to copy: a folder or an address.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The store to copy to; it is made if there is none.")],
) -> None:
    """Copy a store into another, also of another engine."""
    from evidence.store import copy_store, open_store
    from models.embedder import load_embedder

    opened = open_store(source, embedder=load_embedder, create=False)
    count = copy_store(opened, open_store(target, embedder=load_embedder, create=True))
    typer.echo(f"copied {count} {'source' if count == 1 else 'sources'} to {target}")


@app.command("list")
def list_(
    store: Store = None,
    publisher: Publisher = None,
    language: Language = None,
    trust: LeastTrust = None,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """List the sources."""
    from evidence.store import Limits, open_store
    from models.embedder import load_embedder
    from pipeline.listing import print_sources, source_to_json

    limits = Limits(day("--as-of", as_of), publisher, language_named(language), trust_named(trust))
    sources = [one for one in open_store(store, embedder=load_embedder, create=False).sources() if limits.allow(one)]
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
    publisher: Publisher = None,
    language: Language = None,
    trust: LeastTrust = None,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Find the passages nearest to a text."""
    from evidence.store import open_store
    from models.embedder import load_embedder
    from pipeline.listing import print_passages, retrieved_to_json

    if not text.strip():
        raise UserError("the text to look for is empty; write a few words.")
    limit, kind, code = day("--as-of", as_of), trust_named(trust), language_named(language)
    opened = open_store(store, embedder=load_embedder, create=False)
    found = opened.search([text], top_k=top_k, as_of=limit, publisher=publisher, language=code, trust=kind)[0]
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
