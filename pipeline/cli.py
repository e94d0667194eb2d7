"""The command `claimline`: reads arguments, calls the pipeline, prints what comes of it.

Results go to standard output or files, progress to standard error and only to a terminal. What a person can mend is
told in one line with exit status 2; status 1 says that nothing could be checked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import cli_evidence, cli_models
from pipeline.cli_evidence import day
from pipeline.console import emit_json, progress_bars
from pipeline.records import UserError

if TYPE_CHECKING:
    from evidence.store import EvidenceStore
    from pipeline.batch import CheckedArticle

FORMATS = ("html", "json", "md", "csv", "claimreview")
DEFAULT_OUT = Path("claimline-report")

app = typer.Typer(
    help="Check the claims of an article against the sources you trust, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(cli_evidence.app, name="evidence")
app.command("bench")(cli_models.bench)
app.command("train")(cli_models.train)

Evidence = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", help="A file, folder or web address of evidence; may be given several times.", show_default=False
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store", help="The evidence store [default: $CLAIMLINE_STORE or .claimline/evidence].", show_default=False
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", help="Another verifier: a shipped one's name, a path or a hub name.", show_default=False),
]
TopK = Annotated[int, typer.Option("--top-k", min=1, max=100, help="Passages judged for a claim.")]
MinWorth = Annotated[
    float, typer.Option("--min-worth", min=0.0, max=1.0, help="Claims less worth checking are skipped.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def formats(text: str | None) -> list[str]:
    """The formats named in a comma-separated list.

    Raises:
        typer.BadParameter: one is unknown.
    """
    named = [part.strip() for part in (text or "html,json").split(",") if part.strip()]
    unknown = [part for part in named if part not in FORMATS]
    if unknown or not named:
        raise typer.BadParameter(
            f"{', '.join(unknown) or 'nothing'} is no format; choose from {', '.join(FORMATS)}.", param_hint="--format"
        )
    return named


def version_asked(asked: bool) -> None:
    """Print the version and stop."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"claimline {version('claimline')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=version_asked, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Check the claims of an article against the sources you trust, on your own machine."""


def open_evidence(evidence: Sequence[str] | None, store: str | None, *, allow_private: bool = False) -> EvidenceStore:
    """The store to check against: a temporary one of `--evidence`, or a lasting one, to which `--evidence` is added."""
    from evidence.store import open_store, temporary_store
    from models.embedder import load_embedder

    if not evidence:
        return open_store(store, embedder=load_embedder, create=False)
    # Named before the models are loaded, so that a slip in a path is told at once.
    gathering = cli_evidence.gathered(evidence, allow_private=allow_private)
    if gathering.problems:
        raise UserError(gathering.problems[0])
    opened = open_store(store, embedder=load_embedder, create=True) if store else temporary_store(load_embedder)
    cli_evidence.add_gathered(opened, gathering)
    return opened


@app.command()
def check(
    articles: Annotated[
        list[str],
        typer.Argument(metavar="ARTICLE...", help="Files, folders, .jsonl or .parquet sets, or - for standard input."),
    ],
    evidence: Evidence = None,
    store: Store = None,
    allow_private: cli_evidence.AllowPrivate = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the reports.", show_default=False)] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"Comma-separated: {', '.join(FORMATS)} [default: html,json].")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="Publisher of the article.", show_default=False)
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="Its day of publication, YYYY-MM-DD.", show_default=False)
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Leave aside evidence published after this day.", show_default=False)
    ] = None,
    min_worth: MinWorth = 0.5,
    top_k: TopK = 8,
    model: Model = None,
    json_: Json = False,
) -> None:
    """Check articles: find their claims, hold them against the evidence, report a verdict for each."""
    wanted = formats(format_)
    when, limit = day("--published", published), day("--as-of", as_of)
    from pipeline.batch import check_articles, read_all
    from pipeline.check import Settings, Stopwatch

    watch = Stopwatch()
    with watch.time("read"):
        reading = read_all([None if name == "-" else Path(name) for name in articles])
        first = next(reading, None)
    if first is None:
        raise UserError(
            "there is no article in what was named; name a file, a folder of articles, or - for standard input."
        )
    from itertools import chain

    from models.verifier import load_verifier

    with watch.time("evidence"):
        opened = open_evidence(evidence, store, allow_private=allow_private)
    with watch.time("load"):
        verifier = load_verifier(model)
    folder = out or (DEFAULT_OUT if format_ else None)
    results = []
    with progress_bars() as progress:
        checked = check_articles(
            chain([first], reading), opened, verifier, Settings(min_worth, top_k, limit),
            publisher=publisher, published=when, watch=watch, progress=progress,
        )  # fmt: skip
        for result in checked:
            results.append(result)
            _deliver(
                result,
                folder,
                wanted,
                several=len(articles) > 1 or len(results) > 1 or not _single(articles[0]),
                json_=json_,
            )
    _finish(results)


def _single(name: str) -> bool:
    return name == "-" or (not Path(name).is_dir() and Path(name).suffix not in {".jsonl", ".parquet"})


def _deliver(result: CheckedArticle, folder: Path | None, wanted: list[str], *, several: bool, json_: bool) -> None:
    from pipeline.report import article_folder, print_report, to_json, write_reports

    if result.report is None:
        return
    if json_:
        emit_json(to_json(result.report))
    else:
        print_report(result.report)
    if folder:
        target = folder / article_folder(result.report.article) if several else folder
        for path in write_reports(result.report, target, wanted):
            typer.echo(f"wrote {path}", err=json_)


def _finish(results: Sequence[CheckedArticle]) -> None:
    problems = [result for result in results if result.problem]
    for result in problems:
        typer.echo(f"claimline: {result.problem}", err=True)
    if any(not result.nothing_to_check for result in problems):
        raise typer.Exit(2)
    if problems and len(problems) == len(results):
        raise typer.Exit(1)


@app.command()
def claims(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A file, or - for standard input.")],
    published: Annotated[
        str | None, typer.Option("--published", help="Its day of publication, YYYY-MM-DD.", show_default=False)
    ] = None,
    min_worth: MinWorth = 0.5,
    json_: Json = False,
) -> None:
    """List the claims of an article, without verdicts."""
    when = day("--published", published)
    from pipeline.article import read_article
    from pipeline.claims import extract_claims
    from pipeline.report import claim_to_json, print_claims, skipped_to_json

    read = read_article(None if article == "-" else Path(article), published=when)
    found = extract_claims(read, min_worth=min_worth)
    if json_:
        emit_json(
            {
                "claims": [claim_to_json(claim) for claim in found.claims],
                "skipped": [skipped_to_json(one) for one in found.skipped],
            }
        )
    else:
        print_claims(found)
    if not found.claims:
        typer.echo("claimline: no claim that can be checked was found; lower --min-worth to see weaker ones.", err=True)
        raise typer.Exit(1)


@app.command()
def verify(
    claim: Annotated[str, typer.Argument(help="One claim, as a sentence.")],
    evidence: Evidence = None,
    store: Store = None,
    allow_private: cli_evidence.AllowPrivate = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Leave aside evidence published after this day.", show_default=False)
    ] = None,
    top_k: TopK = 8,
    model: Model = None,
    json_: Json = False,
) -> None:
    """Check one claim."""
    limit = day("--as-of", as_of)
    if not claim.strip():
        raise UserError("the claim is empty; write it as a sentence.")
    from models.verifier import load_verifier
    from pipeline.check import Settings, check_statement
    from pipeline.report import print_report, to_json

    opened = open_evidence(evidence, store, allow_private=allow_private)
    report = check_statement(claim, opened, load_verifier(model), Settings(0.0, top_k, limit))
    if json_:
        emit_json(to_json(report)["claims"][0])
    else:
        print_report(report, passages=True)


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="A folder that `claimline check --out` made, or its report.json.")],
    format_: Annotated[
        str | None, typer.Option("--format", help=f"Comma-separated: {', '.join(FORMATS)} [default: html,json].")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the reports [default: that of the run].", show_default=False),
    ] = None,
    json_: Json = False,
) -> None:
    """Render an earlier run again."""
    wanted = formats(format_)
    from pipeline.report import print_report, read_report, to_json, write_reports

    path = run / "report.json" if run.is_dir() else run
    earlier = read_report(path)
    if json_:
        emit_json(to_json(earlier))
    elif not format_ and not out:
        print_report(earlier)
    if format_ or out:
        for written in write_reports(earlier, out or path.parent, wanted):
            typer.echo(f"wrote {written}", err=json_)


USAGE_ERROR: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What the command line raises for words that it cannot take; typer carries its own copy of it or not, by version."""


def main() -> None:
    """Run the command, and tell what a person can mend in one line."""
    from pipeline.check import NothingToCheckError

    try:
        status = app(standalone_mode=False)
    except USAGE_ERROR as error:
        asked = error.ctx.command_path if getattr(error, "ctx", None) else "claimline"
        message = error.format_message().strip()
        if message.startswith("Usage:"):
            # A command that has further commands was named alone: its help is the answer.
            sys.stderr.write(f"{message}\n")
            sys.exit(2)
        message = message.rstrip(".")
        _quit(f"{message[:1].lower()}{message[1:]}; see `{asked} --help`.", 2)
    except typer.Abort:
        _quit("stopped; what was already written stays.", 130)
    except NothingToCheckError as error:
        _quit(str(error), 1)
    except UserError as error:
        _quit(str(error), 2)
    except BrokenPipeError:
        # The reader of standard output has gone, as with `| head`; nothing is wrong.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        _quit("stopped; what was already written stays.", 130)
    except json.JSONDecodeError as error:
        _quit(f"a file is not the JSON that it should be ({error}).", 2)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _quit(f"{where}{error.strerror or error}; nothing that was there before is lost.", 2)
    sys.exit(status if isinstance(status, int) else 0)


def _quit(message: str, status: int) -> None:
    sys.stderr.write(f"claimline: {' '.join(message.split())}\n")
    sys.exit(status)
