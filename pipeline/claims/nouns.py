"""Claims that noun phrases hold within a sentence that is about something else.

Where a firm is based ("Leeds-based Harrow Mills"), what a name is ("tool maker Dunmow", "the drama series ..."), in what
a place lies ("Kumasi, Ghana"), and what a noun of action says was done ("the merger of Anshan and Benxi created ...").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.claims.inflection import indefinite_article
from pipeline.claims.roles import roles_of

BASED = re.compile(
    r"\b(?P<place>(?!(?:His|Her|Its|Their|The|Our|My)\b)(?:(?:[A-Z]\.){2,}|[A-ZÀ-Þ][a-zà-ÿ.]+(?: [A-Z]\w+)?))-based (?P<name>[A-Z][\w&’'-]*(?: [A-Z&][\w&’'-]*)*)"
)
NO_LONGER = re.compile(r"\b(?:former|late|then|ex|deputy|acting|would-be|future|self-styled)\b")
TITLE = re.compile(r"[\"“](?P<title>[A-Z0-9À-Þ][^\"”“]{1,80}?)[,.]?[\"”]")
WORDING = frozenset(
    "word phrase term name nickname slogan title message post headline statement label motto name verb noun letter acronym line quote".split()
)
"""Nouns before quotation marks that hold words, and no work."""

MERGING = frozenset({"merger", "amalgamation", "combination", "union", "fusion"})
TAKING_OVER = {"acquisition": "acquired", "takeover": "took over", "purchase": "bought"}
DOING = {
    "formation": "formed", "creation": "created", "establishment": "established", "launch": "launched", "consolidation": "consolidated",
    "acquisition": "acquired", "construction": "built", "opening": "opened", "closure": "closed", "sale": "sold", "purchase": "bought",
    "takeover": "taken over", "appointment": "appointed", "introduction": "introduced", "privatisation": "privatised",
    "privatization": "privatized", "nationalisation": "nationalised", "nationalization": "nationalized", "abolition": "abolished",
    "demolition": "demolished", "destruction": "destroyed", "assassination": "assassinated", "invasion": "invaded", "ratification": "ratified",
    "adoption": "adopted", "resignation": "",
}  # fmt: skip
"""Nouns of action, and the participle that says it was done to what stands behind "of"; empty where somebody does it."""
HAS_HAPPENED = frozenset(
    "create form produce make give lead result turn double bring leave yield cost follow complete mark end start begin trigger cause spark boost raise "
    "cut save increase reduce establish have".split()
)
"""Verbs that, in the past tense, only something that happened can have as subject."""
AFTER = frozenset({"after", "following", "since"})
DOUBTFUL = frozenset(
    "proposed planned potential possible failed abandoned attempted pending future likely hypothetical eventual prospective mooted rumoured rumored "
    "aborted blocked partial no any another further alleged expected intended next such".split()
)


def cut_noun_phrases(document: Any, text: str, quoted: Sequence[bool]) -> Iterator[tuple[str, list[Any]]]:
    """Find the claims that noun phrases hold: what is said, and the words it was read from.

    Args:
        document: parsed.
        text: of the same strand.
        quoted: for each word, whether it stands within quotation marks.
    """
    yield from _bases(document, text)
    yield from _titles(document)
    yield from _sizes(document)
    yield from _lives(document)
    yield from roles_of(document, quoted)
    for token in document:
        if token.pos_ == "PROPN" and not quoted[token.i]:
            yield from _place(token)
        if token.pos_ == "NOUN" and not quoted[token.i] and _has_happened(token):
            yield from _action(token)


def _text(tokens: Sequence[Any]) -> str:
    return "".join(token.text_with_ws for token in tokens).strip()


BASED_FIRM = re.compile(
    r"\b(?P<place>(?!(?:His|Her|Its|Their|The|Our|My)\b)(?:(?:[A-Z]\.){2,}|[A-ZÀ-Þ][a-zà-ÿ.]+(?: [A-Z]\w+)?))-based (?:[a-z]+ ){0,2}[a-z]+, (?P<name>[A-Z][\w&’'-]*(?: [A-Z&][\w&’'-]*)*),"
)
"""A firm that is named behind what it is: "her Leeds-based company, Harrow Mills,"."""


def _bases(document: Any, text: str) -> Iterator[tuple[str, list[Any]]]:
    for match in BASED_FIRM.finditer(text):
        words = [t for t in document if match.start() <= t.idx < match.end("name")]
        if words:
            yield f"{match['name']} is based in {match['place']}.", words
    for match in BASED.finditer(text):
        words = [t for t in document if match.start() <= t.idx < match.end()]
        if words:
            yield f"{match['name']} is based in {match['place']}.", words


SIZED = re.compile(
    r"\b(?:[Tt]he|[Ii]ts|[Tt]heir) (?P<count>\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)-(?P<unit>member|person|seat|page|kg|tonne|ton|acre)"
    r" (?P<noun>(?:[A-Z][\w-]+ ){0,3}[A-Z][\w-]+|[a-z]+)\b"
)
UNITS = {
    "member": "members",
    "person": "members",
    "seat": "seats",
    "page": "pages",
    "kg": "kg",
    "tonne": "tonnes",
    "ton": "tons",
    "acre": "acres",
}


def _sizes(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """How many or how heavy a thing is, told before it: "the nine-member council", "the 350-kg rover"."""
    for match in SIZED.finditer(document.text):
        words = [t for t in document if match.start() <= t.idx < match.end()]
        if words and words[-1].dep_ != "compound":
            verb = "weighs" if match["unit"] in {"kg", "tonne", "ton"} else "has"
            yield f"The {match['noun']} {verb} {match['count']} {UNITS[match['unit']]}.", words


LIFE = re.compile(
    r"^(?P<name>[A-ZÀ-Þ][\w.’'-]+(?: [\w.’'-]+){0,4} [A-ZÀ-Þ][\w’'-]+) \((?P<born>\d{4})\s?[–-]\s?(?P<died>\d{4})\)(?=,| was\b)"
)


def _lives(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """When somebody was born and died, by the years behind the name: "Ada Brook (1907–1992) was ..."."""
    match = LIFE.match(document.text)
    if match is None or not 10 < int(match["died"]) - int(match["born"]) < 120:
        return
    for year, told in (("born", "was born"), ("died", "died")):
        words = [t for t in document if t.idx < match.end("name") or match.start(year) <= t.idx < match.end(year)]
        yield f"{match['name']} {told} in {match[year]}.", words


def _lower_words_before(head: Any) -> list[Any]:
    """The adjectives and nouns in lower case right before a name: "drama series" before its title."""
    words: list[Any] = []
    place = head.i - 1
    while place >= 0:
        token = head.doc[place]
        fits = token.text.islower() and token.pos_ in {"NOUN", "ADJ"} and token.tag_ not in {"JJR", "JJS", "NNS"}
        if not fits and not (words and token.text == "-"):
            break
        words.insert(0, token)
        place -= 1
    while words and words[0].text == "-":
        words.pop(0)
    return words


def _titles(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """What a work is that is named right behind its kind: the drama series "Love Alarm"."""
    for match in TITLE.finditer(document.text):
        first = next((t for t in document if t.idx >= match.start()), None)
        if first is None or first.i == 0:
            continue
        kind = _lower_words_before(first)
        if not kind or kind[-1].pos_ != "NOUN" or kind[-1].lower_ in WORDING or NO_LONGER.search(_text(kind)):
            continue
        before = document[kind[0].i - 1].lower_ if kind[0].i else ""
        words = [*kind, *[t for t in document if match.start() <= t.idx < match.end()]]
        if before in {"the", "his", "her", "its", "their"} and len(kind) < 4:
            yield f'"{match["title"]}" is {indefinite_article(_text(kind))} {_text(kind)}.', words


def _place(head: Any) -> Iterator[tuple[str, list[Any]]]:
    """In what a place lies that is named behind it: "Kumasi, Ghana"."""
    document = head.doc
    if head.ent_type_ != "GPE" or head.i + 2 >= len(document) or document[head.i + 1].text != ",":
        return
    inner = [t for t in document if t.ent_type_ == "GPE" and head.left_edge.i <= t.i <= head.i and t.pos_ == "PROPN"]
    outer = document[head.i + 2]
    end = outer.i
    while end + 1 < len(document) and document[end + 1].ent_type_ == "GPE" and document[end + 1].pos_ == "PROPN":
        end += 1
    words = list(document[outer.i : end + 1])
    alone = (
        outer.ent_type_ == "GPE"
        and outer.pos_ == "PROPN"
        and document[end].head.i == head.i
        and document[end].dep_ == "appos"
    )
    before = document[inner[0].i - 1].lower_ if inner and inner[0].i else ""
    follows = [t.lower_ for t in document[end + 1 : end + 3]]
    listed = bool(set(follows) & {"and", "or"}) and any(t.ent_type_ == "GPE" for t in document[end + 1 : end + 5])
    if (
        alone
        and inner
        and before in {"in", "at", "near", "from", "of", "to"}
        and not listed
        and not _text(inner).isupper()
    ):
        yield f"{_text(inner)} is in {_text(words)}.", [*inner, *words]


def _has_happened(noun: Any) -> bool:
    """Whether a noun of action tells of something done: it is "after" something, or the subject of a past tense that only an event has."""
    known = noun.lemma_.lower()
    if known not in DOING and known not in MERGING:
        return False
    if any(c.lower_ in DOUBTFUL for c in noun.children) or noun.tag_ in {"NNS", "NNPS"}:
        return False
    if not any(c.dep_ in {"det", "poss"} and c.lower_ not in {"a", "an", "no", "any"} for c in noun.children):
        return False
    head = noun.head
    if noun.dep_ in {"pobj", "pcomp"} and head.lower_ in AFTER:
        governor = head.head
    elif noun.dep_ in {"nsubj", "nsubjpass"} and head.lemma_.lower() in HAS_HAPPENED:
        governor = head
    else:
        return False
    helpers = {c.tag_ for c in governor.children if c.dep_ in {"aux", "auxpass"}}
    told = governor.tag_ == "VBD" or (governor.tag_ == "VBN" and helpers & {"VBD", "VBZ", "VBP"})
    denied = any(c.dep_ == "neg" for c in governor.children)
    return bool(told) and "MD" not in helpers and not denied and "if" not in {t.lower_ for t in governor.children}


def _phrase(head: Any) -> list[Any]:
    """The words of a noun phrase without those joined to it, clauses and what stands between commas."""
    left = head.left_edge.i
    right = head.i
    for child in head.rights:
        if child.dep_ in {"conj", "cc", "relcl", "acl", "appos", "punct"} or (
            child.dep_ == "prep" and (child.lower_ in {"by", "with"} or _dates(child))
        ):
            break
        right = child.right_edge.i
    return [t for t in head.doc[left : right + 1] if not (t.i == left and t.dep_ == "cc")]


def _dates(prep: Any) -> bool:
    return any(t.ent_type_ == "DATE" for t in prep.subtree) and prep.lower_ in {"in", "on", "of", "during"}


def _action(noun: Any) -> Iterator[tuple[str, list[Any]]]:
    """What a noun of action says was done: "the merger of A and B" that A merged with B, "B's takeover of A" that B took it over."""
    known = noun.lemma_.lower()
    objects = {c.lower_: g for c in noun.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pobj"}
    owner = next((c for c in noun.children if c.dep_ == "poss" and c.pos_ in {"NOUN", "PROPN"}), None)
    done = objects.get("between") or objects.get("of")
    dates = [t for t in noun.subtree if t.dep_ == "prep" and _dates(t) and t.i > noun.i]
    when = [t for one in dates[:1] for t in one.subtree if t.dep_ != "punct"]
    told = f" {_text(when)}" if when else ""
    if when and when[0].lower_ == "of":
        told = " in" + told[3:]
    if done is not None and any(t.ent_type_ == "DATE" for t in _phrase(done)):
        return
    if known in MERGING:
        pair = _merged(noun, done, objects, owner)
        if pair is not None:
            one, other = pair
            yield f"{_capital(_text(one))} merged with {_text(other)}{told}.", [noun, *one, *other, *when]
        return
    by = next(
        (
            g
            for t in noun.subtree
            if t.lower_ == "by" and t.dep_ in {"prep", "agent"} and t.i > noun.i
            for g in t.children
            if g.dep_ == "pobj"
        ),
        None,
    )
    acting = (
        _phrase(by) if by is not None else [t for t in owner.subtree if t.dep_ != "case"] if owner is not None else []
    )
    if done is None or any(c.dep_ == "conj" for c in done.children):
        return
    thing = _phrase(done)
    if known in TAKING_OVER and acting:
        yield f"{_capital(_text(acting))} {TAKING_OVER[known]} {_text(thing)}{told}.", [noun, *acting, *thing, *when]
    elif known == "resignation":
        yield f"{_capital(_text(thing))} resigned{told}.", [noun, *thing, *when]
    elif owner is None:
        was = "were" if done.tag_ in {"NNS", "NNPS"} else "was"
        agent = f" by {_text(acting)}" if acting else ""
        yield f"{_capital(_text(thing))} {was} {DOING[known]}{agent}{told}.", [noun, *thing, *acting, *when]


def _merged(
    noun: Any, done: Any | None, objects: dict[str, Any], owner: Any | None
) -> tuple[list[Any], list[Any]] | None:
    """The two that merged: of "A and B", of "A with B", or "A's with B"."""
    partner = objects.get("with") or next(
        (g for t in noun.subtree if t.lower_ == "with" and t.dep_ == "prep" for g in t.children if g.dep_ == "pobj"),
        None,
    )
    if done is not None and partner is None:
        joined = [c for c in done.children if c.dep_ == "conj"]
        if len(joined) != 1 or any(c.dep_ == "conj" for c in joined[0].children) or not {done.pos_, joined[0].pos_} <= {"PROPN", "NOUN"}:  # fmt: skip
            return None
        return _phrase(done), _phrase(joined[0])
    if partner is None:
        return None
    first = (
        _phrase(done)
        if done is not None
        else [t for t in owner.subtree if t.dep_ != "case"]
        if owner is not None
        else []
    )
    return (first, _phrase(partner)) if first else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
