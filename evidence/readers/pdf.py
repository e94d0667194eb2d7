"""PDF: the text of every page, with wrapped lines joined and hyphens at line ends mended."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from evidence.readers.errors import DamagedError, EmptyError
from evidence.readers.metadata import clean, parse_day
from evidence.readers.text import opening, paragraphs
from pipeline.records import Document


def read(data: bytes, uri: str) -> Iterator[Document]:
    """Read a PDF file."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(data)
        pages = [page.get_textpage().get_text_bounded() for page in file]
        properties = file.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise DamagedError(f"{uri} is a damaged or locked PDF ({error}); save it again without a password.") from error
    text = "\n\n".join(found for page in pages if (found := _flowing(page)))
    if not text.strip():
        raise EmptyError(f"{uri} holds no text, perhaps only pictures of it; run it through text recognition first.")
    blocks = paragraphs(text)
    title, publisher, published = opening(text, blocks)
    created = re.match(r"D:(\d{4})(\d{2})(\d{2})", properties.get("CreationDate", ""))
    yield Document(
        text,
        uri,
        hashlib.sha256(data).hexdigest(),
        blocks,
        _title(properties) or title,
        publisher,
        published or (parse_day("-".join(created.groups())) if created else None),
    )


def _title(properties: dict[str, str]) -> str | None:
    """The title that a file gives itself; a program's name for the file it printed is none."""
    said = clean(properties.get("Title"))
    if not said or re.fullmatch(r"(?:Microsoft \w+ - )?\S+\.\w{2,5}|untitled.*", said, re.IGNORECASE):
        return None
    return re.sub(r"^Microsoft \w+ - ", "", said)


def _flowing(page: str) -> str:
    """The lines of a page as paragraphs; a line that is only a number is the page's."""
    lines = [line.strip() for line in page.replace("\r\n", "\n").replace("\ufffe", "-").split("\n")]
    lines = [
        line for line in lines if not re.fullmatch(r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?", line, re.IGNORECASE)
    ]
    widest = max((len(line) for line in lines), default=0)
    text = ""
    for line in lines:
        last = text.rsplit("\n", 1)[-1]
        if not line:
            text = text.rstrip("\n") + "\n\n" if text else ""
        elif not last:
            text += line
        elif last.endswith("-") and line[:1].islower():
            text = text[:-1] + line
        elif _runs_on(last, line, widest):
            text += " " + line
        else:
            text += "\n" + line
    return text.strip()


def _runs_on(last: str, line: str, widest: int) -> bool:
    """Whether a line goes on with the one before it: that one was full, or ended in the middle of a sentence."""
    if re.match(r"[•▪·*–-]\s", line):
        return False
    full = len(last.rsplit("\n", 1)[-1]) % max(1, widest) > 0.75 * widest or len(last) >= 0.8 * widest
    return (full and not (re.search(r"[.!?:]$", last) and len(last) < 0.8 * widest)) or line[:1].islower()
