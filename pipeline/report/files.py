"""Report files: renders a report in the formats asked for and moves each into place whole.

All formats are rendered before the first file is touched, so a failure leaves an earlier run as it was.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.records import Article, Report, UserError
from pipeline.report.contract import REPORT_NAME, to_json


class UnknownFormatError(UserError, ValueError):
    """A format that no report is written in."""


class ReportNotWrittenError(UserError, OSError):
    """A report that cannot be written where it was asked for."""


def render_json(report: Report) -> bytes:
    """Give the JSON contract as UTF-8; a lone surrogate of a broken text becomes its JSON escape."""
    text = json.dumps(to_json(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", errors="backslashreplace")


def _render_html(report: Report) -> bytes:
    from pipeline.report.html import render_html

    return render_html(report).encode("utf-8", errors="replace")


def _render_markdown(report: Report) -> bytes:
    from pipeline.report.markdown import render_markdown

    return render_markdown(report).encode("utf-8", errors="replace")


def _render_csv(report: Report) -> bytes:
    from pipeline.report.csv import render_csv

    # The mark is what makes spreadsheets read the file as UTF-8 and show "¥" as "¥".
    return render_csv(report).encode("utf-8-sig", errors="replace")


def _render_claimreview(report: Report) -> bytes:
    from pipeline.report.claimreview import render_claimreview

    return render_claimreview(report).encode("utf-8", errors="backslashreplace")


_RENDERERS: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "json": (REPORT_NAME, render_json),
    "html": ("report.html", _render_html),
    "md": ("report.md", _render_markdown),
    "csv": ("report.csv", _render_csv),
    "claimreview": ("claimreview.jsonld", _render_claimreview),
}
FORMATS: tuple[str, ...] = tuple(_RENDERERS)


def article_folder(article: Article) -> str:
    """Name the folder for an article's reports when there are several: from its title, with a piece of its id.

    The name holds only lower-case ASCII letters, digits and hyphens, so it is safe on every file system.
    """
    name = unicodedata.normalize("NFKD", article.title or Path(article.uri).stem).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-")
    return f"{words or 'article'}-{re.sub('[^a-z0-9]', '', article.id.lower())[:8]}"


def write_reports(report: Report, directory: Path, formats: Sequence[str]) -> list[Path]:
    """Write the report into `directory`, one file a format, replacing those of an earlier run.

    The directory is made where it is missing. Each file is written beside its place and moved into it, so
    that a reader never meets half a report.

    Args:
        report: What to write.
        directory: Where to.
        formats: Any of `FORMATS`; a format named twice is written once.

    Returns:
        The files written, in the order of `formats`.

    Raises:
        UnknownFormatError: if a format is not one of `FORMATS`; nothing is written then.
        ReportNotWrittenError: if the directory or a file in it cannot be written.
    """
    for name in formats:
        if name not in _RENDERERS:
            raise UnknownFormatError(f"there is no report format {name!r}; choose from {', '.join(FORMATS)}")
    contents = [
        (directory / file, render(report)) for file, render in (_RENDERERS[name] for name in dict.fromkeys(formats))
    ]
    drafts = [(place.with_name(f"{place.name}.{os.getpid()}.tmp"), place, content) for place, content in contents]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for draft, _, content in drafts:
            draft.write_bytes(content)
        for draft, place, _ in drafts:
            draft.replace(place)
    except FileExistsError:
        raise ReportNotWrittenError(
            f"{directory}: the reports cannot go here, since this is a file; name a directory"
        ) from None
    except OSError as error:
        for draft, _, _ in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        raise ReportNotWrittenError(
            f"{error.filename or directory}: the report cannot be written: {error.strerror}; name another directory"
        ) from error
    return [place for _, place, _ in drafts]
