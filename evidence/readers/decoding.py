"""Turns bytes into text: byte-order mark, UTF-8, or the encoding that fits best."""

from __future__ import annotations

import codecs
import re

from evidence.readers.errors import UnsupportedError

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
FEW = 0.15
"""Share of bytes beyond ASCII below which a text tells little of its code page."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, uri: str, *, said: str | None = None) -> str:
    """Decode a text; lines end in a line feed, whatever they ended in.

    Args:
        data: the bytes.
        uri: where they come from.
        said: the encoding that they name themselves; it counts where they are not UTF-8.

    Raises:
        UnsupportedError: the bytes are no text.
    """
    text = _decoded(data, uri, said)
    sample = text[:100_000]
    if len(CONTROL.findall(sample)) > len(sample) / 500 + 2:
        raise UnsupportedError(
            f"{uri} is a binary file and no text; name a text, web page, PDF, Word, table or JSON Lines file."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, uri: str, said: str | None) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    for encoding in ("utf-8", *([said] if said else [])):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\x00" in data[:4096] and not _is_utf16(data):
        raise UnsupportedError(
            f"{uri} is a binary file and no text; name a text, web page, PDF, Word, table or JSON Lines file."
        )
    if sum(byte > 127 for byte in data) < FEW * len(data) and not _is_utf16(data):
        # Too few signs to tell the code pages of Europe apart; in English text they are those of Windows-1252.
        guessed: str = "cp1252"
    else:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:2_000_000]).best()
        guessed = best.encoding if best else "cp1252"
    for guess in (guessed, "cp1252", "latin-1"):
        try:
            return data.decode(guess)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnsupportedError(f"{uri} is in no encoding that is known; save it as UTF-8.")


def _is_utf16(data: bytes) -> bool:
    """Whether every other byte of the opening is zero, as in UTF-16 of Latin text without a mark."""
    opening = data[:2000]
    return max(opening[0::2].count(0), opening[1::2].count(0)) > 0.4 * len(opening) / 2


def looks_like_html(text: str) -> bool:
    """Whether a text opens as a web page does."""
    return bool(
        re.match(
            r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|article)\b",
            text,
            re.IGNORECASE | re.DOTALL,
        )
    )
