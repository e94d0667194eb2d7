"""Repairs damaged text, and keeps the map back to the text as it was decoded.

The first step after reading. Three kinds of damage: UTF-8 once read as Thai (TIS-620), where quotes and dashes lost
bytes and must be inferred; UTF-8 once read as Windows-1252, which ftfy undoes; and characters that print nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pipeline.records import Edit, Span

THAI = re.compile(r"[\u0e01-\u0e5b]+")
THAI_OFFSET = 0x0E00 - 0xA0
"""TIS-620 puts the Thai block of Unicode at bytes 0xA1 to 0xFB (TIS 620-2533)."""
LOST = "โ"
"""0xE2, the first byte of every curly quote and dash in UTF-8; the other two bytes have no character in TIS-620."""
CONTRACTED = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
MOJIBAKE = re.compile(r"(?:[ÂÃâåæçèéïðÎÏÐÑØÙ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ¡-¿Ž]+)+")
INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00]+")
BLANK = re.compile(r"[\u00a0\u2007\u202f\u2009\u200a\u3000]")
Replacement = tuple[int, int, str]


def repair(raw: str, extra: Iterable[Replacement] = ()) -> tuple[str, tuple[Edit, ...]]:
    """Repair a text.

    Args:
        raw: the text as decoded.
        extra: further replacements (start, end, new text), which give way to repairs that they overlap.

    Returns:
        The repaired text and the edits that lead to it, in order.
    """
    found = [*_thai_damage(raw), *_misread_as_latin(raw), *_unprintable(raw)]
    taken = sorted(found)
    taken += [one for one in extra if not any(one[0] < end and start < one[1] for start, end, _ in found)]
    return _apply(raw, sorted(taken))


def _apply(raw: str, replacements: list[Replacement]) -> tuple[str, tuple[Edit, ...]]:
    parts: list[str] = []
    edits = []
    place = length = 0
    for start, end, new in replacements:
        if start < place or raw[start:end] == new:
            continue
        parts += [raw[place:start], new]
        length += start - place
        edits.append(Edit(Span(start, end), Span(length, length + len(new))))
        length += len(new)
        place = end
    parts.append(raw[place:])
    return "".join(parts), tuple(edits)


def raw_span(edits: tuple[Edit, ...], span: Span) -> Span:
    """The stretch of the raw text that a stretch of the repaired text was made from."""
    return Span(_to_raw(edits, span.start, after=False), _to_raw(edits, span.end, after=True))


def text_span(edits: tuple[Edit, ...], span: Span) -> Span:
    """The stretch of the repaired text that a stretch of the raw text became."""
    return Span(_to_text(edits, span.start, after=False), _to_text(edits, span.end, after=True))


def _to_raw(edits: tuple[Edit, ...], place: int, *, after: bool) -> int:
    index = bisect_right(edits, place, key=lambda edit: edit.text.start) - 1
    if after:
        # An end that touches an edit's start lies before it.
        while index >= 0 and edits[index].text.start == place and edits[index].raw.start < edits[index].raw.end:
            index -= 1
    if index < 0:
        return place
    edit = edits[index]
    if place < edit.text.end:
        inside = place - edit.text.start
        if len_of(edit.raw) == len_of(edit.text):
            return edit.raw.start + inside
        return edit.raw.end if after else edit.raw.start
    if after and place == edit.text.end:
        return edit.raw.end
    return edit.raw.end + place - edit.text.end


def _to_text(edits: tuple[Edit, ...], place: int, *, after: bool) -> int:
    index = bisect_right(edits, place, key=lambda edit: edit.raw.start) - 1
    if after and index >= 0 and edits[index].raw.start == place:
        index -= 1
    if index < 0:
        return place
    edit = edits[index]
    if place < edit.raw.end:
        if len_of(edit.raw) == len_of(edit.text):
            return edit.text.start + place - edit.raw.start
        return edit.text.end if after else edit.text.start
    return edit.text.end + place - edit.raw.end


def len_of(span: Span) -> int:
    """The number of characters of a span."""
    return span.end - span.start


def _thai_damage(raw: str) -> list[Replacement]:
    runs = list(THAI.finditer(raw))
    if not runs or not _is_damage(raw, [run.group() for run in runs]):
        return []
    found: list[Replacement] = []
    for run in runs:
        found += _decoded(run.start(), run.group())
    known = {start: new for start, _, new in found}
    lost = [match.start() for match in re.finditer(LOST, raw) if match.start() not in known]
    return found + list(_inferred(raw, lost))


def _is_damage(raw: str, runs: list[str]) -> bool:
    """Whether Thai letters are leftovers: single ones stuck to Latin text and figures, and no Thai words."""
    letters = sum(map(len, runs))
    latin = len(re.findall(r"[A-Za-z]", raw))
    real = sum(len(run) > 3 and LOST * 2 not in run and not re.fullmatch(r"(?:โ|[ยร].)+", run) for run in runs)
    return real == 0 and latin > 4 * letters


def _decoded(start: int, run: str) -> Iterator[Replacement]:
    """The two-byte characters that came through whole: "ยฅ" is C2 A5, ¥."""
    place = 0
    while place < len(run) - 1:
        pair = bytes(ord(char) - THAI_OFFSET for char in run[place : place + 2])
        try:
            yield start + place, start + place + 2, pair.decode("utf-8")
            place += 2
        except UnicodeDecodeError:
            place += 1


def _inferred(raw: str, lost: list[int]) -> Iterator[Replacement]:
    """Quotes, apostrophes and dashes, by what stands around them; a quote opens and closes within its line."""
    line = -1
    opened = False
    for place in lost:
        begins = raw.rfind("\n", 0, place)
        if begins != line:
            line, opened = begins, False
        before = raw[place - 1] if place else "\n"
        after = raw[place + 1 : place + 12].split("\n")[0]
        new = _mark(before, after, raw[max(0, place - 12) : place], opened=opened)
        opened = new == "“" or (opened and new != "”")
        yield place, place + 1, new


def _mark(before: str, after: str, left: str, *, opened: bool) -> str:
    following = after[:1]
    if before.isdigit() and following.isdigit():
        return "–"
    if before.isspace() and (not following or following.isspace()):
        return "–"
    if before.isspace() or before in '([{—–-/"“':
        return "’" if re.match(r"\d0s\b|tis\b|twas\b|em\b", after) else "“"
    if following.isalnum() or following in "ยร$€£¥":
        if CONTRACTED.match(after) and before.isalnum():
            return "’"
        return "’" if re.search(r"(?:^|\W)[ODL]$", left) else "—"
    if opened:
        return "”"
    return "’" if before == "s" else "”" if before in ".,!?" else "’" if before.isalpha() else "”"


def _misread_as_latin(raw: str) -> Iterator[Replacement]:
    if not MOJIBAKE.search(raw):
        return
    import ftfy

    for match in MOJIBAKE.finditer(raw):
        fixed = ftfy.fix_encoding(match.group())
        if fixed != match.group():
            yield match.start(), match.end(), fixed.replace("\u00a0", " ")


def _unprintable(raw: str) -> Iterator[Replacement]:
    damaged = [match.span() for match in MOJIBAKE.finditer(raw)]
    for pattern, new in ((INVISIBLE, ""), (BLANK, " ")):
        for match in pattern.finditer(raw):
            if any(start <= match.start() < end for start, end in damaged) or _groups_digits(raw, match):
                continue
            yield match.start(), match.end(), new


def _groups_digits(raw: str, match: re.Match[str]) -> bool:
    """Whether a narrow space groups the digits of one number, and so belongs to it."""
    return raw[: match.start()][-1:].isdigit() and bool(re.match(r"\d{3}(?!\d)", raw[match.end() :]))
