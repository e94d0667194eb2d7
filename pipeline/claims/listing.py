"""Lists of names behind "such as", "including" or "include": each name is told on its own, and what kind of thing it is.

A list of names misleads the parser and is easily read from its marks, so that it is taken apart before the sentence is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.claims.inflection import indefinite_article
from pipeline.claims.strand import is_quoting

TITLE = r"[\"“][^\"”“]{1,80}[\"”]"
PRAISED = r"(?<!\w)(?:(?:the|his|her|its|their) )?(?:(?!and |or |in |for |at |on |with |of )[a-z-]+ ){0,3}?"
WORD = r"[A-ZÀ-Þ][\w’'&!-]*(?:[.:](?=\w)[\w’'&!-]*)*"
NAME = rf"(?:the )?{WORD}(?: (?:(?:of|the|for|de|la|del|van|von|&|in|on|to|at|a) ){{0,2}}(?:{WORD}|\d+\b))*"
DATED = r"(?: \((?:19|20)\d\d\)| in (?:19|20)\d\d)?"
JOINT = r"(?:,? and |, |(?<=,[\"”]) (?:and )?)"
TITLES = rf"{PRAISED}{TITLE}{DATED}(?:{JOINT}{PRAISED}{TITLE}{DATED})+"
NAMES = rf"(?:{TITLE}|{NAME}){DATED}(?:{JOINT}(?:{TITLE}|{NAME}){DATED})+"
LIST = re.compile(
    rf"(?:(?P<comma>,) )?\b(?P<opener>such as|including|includes?|included|like|namely):? (?P<items>{TITLES}|{NAMES})(?=[,.;)]|$| (?!and |or )[a-z])"
    rf"|(?<=[a-z] )(?P<titles>{TITLE}{DATED}(?:{JOINT}{TITLE}{DATED})+)(?=[,.;)]|$| (?!and |or )[a-z])"
)
ITEM = re.compile(rf"{PRAISED}{TITLE}{DATED}|{NAME}{DATED}")
COUNTED = re.compile(
    r"\b(?:\d+|both|two|three|four|five|six|seven|eight|nine|ten|between|titled|called|named|said"
    r"|words?)\b(?: [\w-]+){0,4},?:? $",
    re.IGNORECASE,
)
TAIL = re.compile(
    r",? (?:(?:all|both|each|most|many|some|none|several) of (?:which|whom|them)|respectively|among (?:others|them))\b"
)
VAGUE_KINDS = frozenset(
    "thing way area field factor topic issue cause subject category role position post title reason case place part element point matter "
    "detail name item kind type sort form range number variety other people person".split()
)
"""Nouns under which something is listed without its being said to be one."""
COUNTING = frozenset(
    "several many numerous various other some few certain different countless more most notable well-known popular famous major first last such "
    "dozen hundred thousand handful couple pair number range same similar additional further multiple select key important prominent".split()
)
"""Adjectives of the list, and not of what stands in it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of names in a text, offsets into it."""

    items: tuple[tuple[int, int], ...]
    kind: str
    """What the list calls its items, in the singular: "television show"; empty where it says nothing telling."""
    kind_start: int

    @property
    def start(self) -> int:
        """Where the first name begins."""
        return self.items[0][0]

    @property
    def end(self) -> int:
        """Where the last name ends."""
        return self.items[-1][1]


def listing_of(text: str, places: Sequence[int], sentence: Any) -> Listing | None:
    """Find a list of at least two names whose names can be told one by one.

    Args:
        text: of a strand.
        places: for each of its characters, the offset in the sentence.
        sentence: parsed.
    """
    for match in LIST.finditer(text):
        group = "items" if match["items"] else "titles"
        start, end = match.span(group)
        if TAIL.match(text, end) or is_quoting(text, start) or (group == "titles" and COUNTED.search(text[:start])):
            continue
        items = tuple(found.span() for found in ITEM.finditer(text, start, end))
        if len(items) < 2:
            continue
        first = sentence[0].idx
        at = next(
            (t for t in sentence if t.idx - first >= places[match.start("opener") if match["opener"] else start]), None
        )
        head = _head_of(sentence, at) if at is not None else None
        kind, begin = (
            _kind(head, titled='"' in text[start:end] or "“" in text[start:end]) if head is not None else ("", 0)
        )
        known = next((i for i, place in enumerate(places) if place >= begin - first), start) if kind else start
        return Listing(items, kind, min(known, start))
    return None


def kinds_of(text: str, listing: Listing) -> Iterator[tuple[tuple[int, int], str]]:
    """What each name of a list is said to be: where it stands, and the claim."""
    if not listing.kind:
        return
    article = indefinite_article(listing.kind)
    for start, end in listing.items:
        name = re.sub(r"[,.](?=[\"”]$)", "", re.sub(rf"{DATED}$", "", text[start:end]))
        yield (start, end), f"{name[:1].upper()}{name[1:]} is {article} {listing.kind}."


def _head_of(sentence: Any, opener: Any) -> Any | None:
    """The plural noun that a list belongs to: before "such as", or the subject of "include"."""
    if opener.lemma_.lower() == "include" and opener.tag_ != "VBG":
        subject = next((child for child in opener.children if child.dep_ == "nsubj"), None)
        partly = (
            next((child for child in subject.children if child.lower_ == "of"), None) if subject is not None else None
        )
        head = subject if partly is None else next((child for child in partly.children if child.dep_ == "pobj"), None)
    else:
        place = opener.i - sentence[0].i - 1
        while place >= 0 and sentence[place].text in {",", ":"}:
            place -= 1
        head = sentence[place] if place >= 0 else None
    return head if head is not None and head.tag_ == "NNS" else None


def _kind(head: Any, *, titled: bool) -> tuple[str, int]:
    """What a plural noun with its adjectives says of each of a list, and where the words begin."""
    if head.lemma_.lower() in VAGUE_KINDS:
        return "", 0
    words = [head]
    while words[0].i > head.sent.start:
        before = words[0].nbor(-1)
        joined = before.text == "-" or words[0].text == "-"
        if not joined and (
            before.pos_ not in {"ADJ", "NOUN", "PROPN"}
            or before.tag_ in {"JJS", "JJR", "NNS"}
            or before.lower_ in COUNTING
        ):
            break
        words.insert(0, before)
    while words[0].text == "-" or words[0].lower_ in COUNTING:
        words.pop(0)
    if not titled and len(words) < 2:
        return "", 0
    text = "".join(word.text_with_ws for word in words[:-1]) + head.lemma_.lower()
    return text, words[0].idx
