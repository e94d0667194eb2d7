"""Who people are by the words before their names: "Viacom chief Ada Brook", "the bus maker Kessel", "physicist Tom Fell from Leeds"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.claims.inflection import indefinite_article

OFFICES = frozenset(
    "CEO CFO COO Minister President Secretary Chairman Chairwoman Chair Commissioner Mayor Governor Director Officer Councilmember Councillor "
    "Senator Ambassador Chancellor Speaker Democrat Republican Chief Head Commander Attorney Manager Editor Superintendent Principal".split()
)
TELLING_ALONE = frozenset("Democrat Republican Director Councilmember Councillor Superintendent".split())
"""Titles in capitals that say enough without a further word; "President" or "Judge" is part of a name, as a rule."""
RANKS = frozenset(
    "chief head boss leader president chairman chairwoman director founder captain coach manager minister governor mayor spokesman spokeswoman "
    "spokesperson secretary editor chair ceo cfo commissioner".split()
)
"""Offices that one person holds at a time: no article goes before them."""
KINSHIP = frozenset(
    "captain substitute wife husband son daughter brother sister father mother friend colleague partner rival keeper goalkeeper striker coach leader "
    "chief president governor mayor minister judge spokesman spokeswoman boss director chairman presenter host fan star".split()
)
"""Words that before a full name are part of how it is told, and no claim without a further word."""
NO_ROLE = frozenset(
    "late then future would-be fellow so-called self-styled time year month day week game match number word way name age place street city town "
    "village river country state province county district season".split()
)
ENDINGS = re.compile(
    r"(?:er|or|ist|ian|ant|ent|man|woman|person|chief|head|boss|coach|poet|pilot|nurse|critic|official|chef|star|judge|guard|mate|firm|company|chain|group"
    r"|band|agency|brand|club|startup|start-up|charity|giant|host|monk|duke|artist|model|athlete|rival|expert|activist|politician|attorney|favou?rite|candidate|executive|entrepreneur"
    r"|veteran|champion|blogger|physicist|novelist|cricketer|graduate|author|advocate|bishop|colonel|general|tycoon|mogul|whip|aide|ally|operator|maker|website|site|service|platform|studio|label|bank|airline|film|movie|album|song|novel|single|series|sitcom|drama|comedy|thriller|magazine|newspaper|musical|documentary)$"
)
"""How words end that tell what a person or firm is."""


def roles_of(document: Any, quoted: Sequence[bool]) -> Iterator[tuple[str, list[Any]]]:
    """Find what names are by the words before them: what is said, and the words it was read from.

    Args:
        document: parsed, with its names.
        quoted: for each word, whether it stands within quotation marks.
    """
    for head in document:
        following = document[head.i + 1] if head.i + 1 < len(document) else None
        last = head.pos_ == "PROPN" and (following is None or following.pos_ not in {"PROPN", "NOUN", "NUM"})
        if last and head.dep_ != "compound" and not quoted[head.i] and (following is None or following.text != "-"):
            yield from _roles_before(document, head)


def _roles_before(document: Any, head: Any) -> Iterator[tuple[str, list[Any]]]:
    left = head.left_edge.i
    end = head.i
    while end > left and document[end - 1].pos_ == "PROPN" and not _is_office(document[end - 1]):
        end -= 1
    name = list(document[end : head.i + 1])
    words = _words_before(document, left, end)
    if not words or not all(t.text[0].isupper() or t.text[0].isdigit() for t in name):
        return
    groups = _parted(words)
    owner = next((c for t in (head, *words) for c in t.lefts if c.dep_ == "poss"), None)
    owned = [*owner.subtree] if owner is not None and owner.right_edge.i < words[0].i else []
    if owner is not None and owned and owner.pos_ != "PROPN":
        return
    person = head.ent_type_ == "PERSON"
    for group in groups:
        role = _text(group)
        if not _tells(group, name, person=person):
            continue
        belonging = _belonging(head) if len(groups) == 1 else []
        after, behind = (f" {_text(belonging)}", "") if belonging and belonging[0].lower_ == "of" else ("", f" {_text(belonging)}" if belonging else "")  # fmt: skip
        if owned:
            told = f"{_text(owned)} {role}"
        elif len(group) > 1 and (_is_office(group[-1]) or (group[-1].lower_ in RANKS and any(t.text[0].isupper() for t in group))):  # fmt: skip
            told = role
        elif group[-1].lower_ in RANKS and group[0].lower_ in {"new", "current"}:
            told = f"the {role}"
        else:
            told = f"{indefinite_article(role)} {role}"
        used = [*owned, *group, *name, *belonging]
        yield f"{_text(name)}{after} is {told}{behind}.", used


def _words_before(document: Any, left: int, end: int) -> list[Any]:
    """The nouns and adjectives right before a name, within its noun phrase."""
    start = end
    while start > left:
        token = document[start - 1]
        joins = token.lower_ in {"and", "&"} and start - 1 > left
        hyphen = token.text in {"-", "–"} and start - 1 > left
        fits = token.pos_ in {"NOUN", "PROPN", "ADJ"} or token.tag_ in {"VBN", "VBG"} or token.tag_ == "NNP"
        if token.dep_ in {"det", "poss", "case", "punct"} and not hyphen:
            break
        if not (fits or joins or hyphen):
            break
        start -= 1
    words = list(document[start:end])
    while words and (words[0].lower_ in {"and", "&", "-", "–"} or words[0].tag_ in {"JJR", "JJS"}):
        words.pop(0)
    return words


def _parted(words: Sequence[Any]) -> list[list[Any]]:
    """Two roles joined, "Viacom chief and Redstone favourite"; words joined within a role, "tech and human rights blogger", stay."""
    for index, token in enumerate(words):
        if token.lower_ == "and" and index and _is_role(words[index - 1]):
            return [list(words[:index]), *_parted(words[index + 1 :])]
    return [list(words)]


def _is_office(token: Any) -> bool:
    return token.text in OFFICES


def _is_role(token: Any) -> bool:
    return _is_office(token) or (token.text.islower() and token.tag_ == "NN" and ENDINGS.search(token.text) is not None)


def _tells(group: Sequence[Any], name: Sequence[Any], *, person: bool) -> bool:
    """Whether words before a name say enough of what it is."""
    if not group or not _is_role(group[-1]) or any(t.lower_ in NO_ROLE for t in group):
        return False
    if _is_office(group[-1]):
        return len(name) > 1 and (len(group) > 1 or group[-1].text in TELLING_ALONE)
    if len(group) == 1:
        return person and len(name) > 1 and group[0].lower_ not in KINSHIP
    return person or len(group) > 1


def _belonging(head: Any) -> list[Any]:
    """Where somebody is from, right behind the name: "from the University of Leeds"."""
    document = head.doc
    prep = document[head.i + 1] if head.i + 1 < len(document) else None
    if prep is None or prep.lower_ not in {"from", "of", "at"} or prep.dep_ != "prep":
        return []
    place = next((c for c in prep.children if c.dep_ == "pobj" and c.pos_ == "PROPN"), None)
    if place is None or head.ent_type_ != "PERSON":
        return []
    tokens = [prep, *place.subtree]
    if any(t.is_punct or t.pos_ in {"VERB", "CCONJ"} for t in tokens) or len(tokens) > 8:
        return []
    return tokens


def _text(tokens: Sequence[Any]) -> str:
    return "".join(token.text_with_ws for token in tokens).strip()
