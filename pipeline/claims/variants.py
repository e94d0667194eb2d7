"""One clause told as several: a move and the level it reached, and each of several joined objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.claims.clauses import (
    BE,
    SCALE_WORDS,
    Clause,
    has_figure,
    is_figure,
    is_finite,
    is_plural,
    is_verb,
    joined,
    subject_of,
)
from pipeline.claims.inflection import indefinite_article, present

MOVING = frozenset(
    "rise fall grow climb jump drop slide decline increase decrease surge gain shrink advance soar slip expand contract plunge edge narrow widen "
    "ease tumble double dip shed lose add raise cut lower lift reduce hike boost slash trim revise".split()
)
TRANSITIVE = frozenset("raise cut lower lift reduce hike boost slash trim revise shed lose add".split())
TOGETHER = frozenset(
    "merger merge combination combine amalgamation union unite fusion mix mixture link alliance partnership war talk deal agreement comparison "
    "compare difference relationship border match game meeting joint divide share exchange total sum average marry meet separate connect blend "
    "consist comprise".split()
)
"""What holds of several together, and of none of them alone."""


def told_apart(document: Any, clause: Clause) -> list[Clause]:
    """Part "rose 8.4% to ¥31.6bn" into the growth and the level. "Climbed to 512 from 438" stays one."""
    verb = clause.verb
    if verb.lemma_.lower() not in MOVING:
        return [clause]
    level = [c for c in verb.children if c.dep_ == "prep" and c.lower_ == "to" and has_figure(c.subtree)]
    nested = [
        g
        for c in verb.children
        for g in c.subtree
        if g.dep_ == "prep"
        and g.lower_ == "to"
        and any(c.dep_ == "pobj" and (is_figure(c) or has_figure(c.lefts)) for c in g.children)
        and not any(a.dep_ in {"relcl", "acl", "ccomp"} for a in [g.head, *g.head.ancestors] if a.i > verb.i)
    ]
    to = next(iter([*level, *nested]), None)
    if to is None:
        to = _flat_level(document, clause)
    aimed = _level_words(document, to) if to is not None else set()
    origin = any(
        c.dep_ == "prep"
        and c.lower_ == "from"
        and has_figure(t for t in c.subtree if t.i not in aimed and t.ent_type_ != "DATE")
        for c in verb.subtree
    )
    if to is None or origin:
        return [clause]
    level_tokens = aimed
    amount: set[int] = set()
    for child in verb.children:
        tokens = {t.i for t in child.subtree} - level_tokens
        words = [document[i] for i in tokens]
        if (
            child.i > verb.i
            and child.i < to.i
            and child.dep_ in {"npadvmod", "dobj", "prep", "advmod", "oprd", "attr"}
            and has_figure(words)
        ):
            if child.dep_ == "prep" and child.lower_ != "by":
                continue
            amount |= tokens
    if not amount:
        return [clause]
    if verb.lemma_.lower() in TRANSITIVE and not any(
        c.dep_ == "dobj" and not ({t.i for t in c.subtree} & amount) for c in verb.children
    ):
        lowered = True
    else:
        lowered = verb.lemma_.lower() not in TRANSITIVE
    trailing = {c.i for c in to.children if c.is_punct}
    level_tokens |= trailing
    growth = Clause(
        verb, clause.subject, clause.attribution, clause.members - level_tokens, clause.lead, dict(clause.swaps)
    )
    rest = Clause(verb, clause.subject, clause.attribution, clause.members - amount, clause.lead, dict(clause.swaps))
    rest.floor = growth.floor = clause.floor
    for child in verb.children:
        # "from a year earlier" belongs to the growth.
        compares = (
            child.lower_ != "against" or has_figure(child.subtree) or any(t.ent_type_ == "DATE" for t in child.subtree)
        )
        if child.dep_ == "prep" and child.lower_ in {"from", "compared", "against"} and compares and child.i > verb.i:
            rest.members -= {t.i for t in child.subtree}
    subject = subject_of(verb)
    plural = any(is_plural(t) for t in ([subject] if subject is not None else clause.subject[:1]))
    if lowered:
        level_words = joined([document[i] for i in sorted(level_tokens) if i != to.i and i in clause.members], {})
        rest.members -= level_tokens
        rest.moved = frozenset(level_tokens)
        rest.swaps[verb.i] = f"{BE[plural]} {level_words}"
        for child in verb.children:
            if child.dep_ in {"aux", "auxpass", "prt"}:
                rest.swaps[child.i] = ""
    return [growth, rest]


def _flat_level(document: Any, clause: Clause) -> Any | None:
    """A "to" right before a figure, where the parser did not see that it belongs to the verb."""
    for token in document[clause.verb.i :]:
        following = document[token.i + 1] if token.i + 1 < len(document) else None
        if token.lower_ != "to" or token.dep_ != "aux" or token.i not in clause.members or following is None:
            continue
        if is_figure(following) or following.tag_ in {"$", "SYM"}:
            return token
    return None


def _level_words(document: Any, to: Any) -> set[int]:
    """The words of a level: what hangs on its "to", or the run of figures behind it."""
    if to.dep_ == "prep":
        return {t.i for t in to.subtree}
    found = {to.i}
    for token in document[to.i + 1 :]:
        if not (
            is_figure(token)
            or token.tag_ in {"$", "SYM"}
            or token.lower_ in SCALE_WORDS
            or token.ent_type_ in {"MONEY", "PERCENT", "QUANTITY"}
        ):
            break
        found.add(token.i)
    return found


def coordinated(document: Any, clause: Clause) -> list[Clause]:
    """A claim for each of two joined verbs in what a verb governs: "expects to sign it and draw in gifts", "ruled that it was old and had to go"."""
    for index in sorted(clause.members):
        verb = document[index]
        if not is_verb(verb) or verb.i == clause.verb.i or not _is_governed(verb, clause):
            continue
        other = next((c for c in verb.children if c.dep_ == "conj" and is_verb(c) and c.i in clause.members), None)
        if other is None or subject_of(other) is not None or not _are_alike(verb, other):
            continue
        joints = {c.i for c in verb.children if (c.dep_ in {"cc", "preconj"} or c.is_punct) and verb.i < c.i < other.i}
        if any(document[i].lower_ in {"or", "nor"} for i in joints) or any(c.dep_ == "preconj" for c in verb.children):
            continue
        second = {t.i for t in other.subtree}
        own = {verb.i} | {t.i for c in verb.rights if c.i < other.i for t in c.subtree}
        helped = is_finite(other) or any(c.dep_ in {"aux", "auxpass"} for c in other.children)
        own |= {c.i for c in verb.lefts if c.dep_ in {"neg", "advmod"} or (helped and c.dep_ in {"aux", "auxpass"})}
        own -= second | joints
        if (
            len([i for i in own if not document[i].is_punct]) < 2
            or len([i for i in second if not document[i].is_punct]) < 2
        ):
            continue
        first = replace(clause, members=clause.members - second - joints, swaps=dict(clause.swaps))
        later = replace(clause, members=clause.members - own - joints, swaps=dict(clause.swaps))
        return [first, *coordinated(document, later)]
    return [clause]


def _is_governed(verb: Any, clause: Clause) -> bool:
    """Whether a verb tells what another governs: "expects to sign", "ruled that it was", "accused of taking"."""
    return verb.dep_ in {"xcomp", "ccomp"} or (verb.dep_ == "pcomp" and verb.i > clause.verb.i and verb.tag_ == "VBG")


EACH_OTHER = frozenset(
    "their them each other both together apart jointly share shared common between against themselves two pair couple".split()
)
"""Words by which what is said of two may hold of both only together."""


def apart(document: Any, clause: Clause) -> list[Clause]:
    """A claim for each of several names that are the subject: "Ada Brook and Tom Fell won seats"."""
    verb, subject = clause.verb, subject_of(clause.verb)
    if subject is None or subject.pos_ != "PROPN":
        return [clause]
    chain = _chain(subject, clause)
    inside = {t.i for t in subject.subtree}
    rest = [document[i] for i in clause.members if i not in inside]
    joining = verb.lemma_.lower() in TOGETHER or any(t.lower_ in EACH_OTHER for t in rest)
    listed = any(c.lower_ == "and" for one in chain for c in one.children if c.dep_ == "cc")
    named = all(
        one.pos_ == "PROPN"
        and one.tag_ == "NNP"
        and one.ent_type_
        and one.i < verb.i
        and not _shares_first_name(one, chain)
        for one in chain
    )
    counted = any(is_figure(t) and t.ent_type_ not in {"DATE", "TIME"} for t in rest)
    several = any(c.dep_ == "attr" and is_plural(c) for c in verb.children)
    if len(chain) < 2 or not named or not listed or joining or counted or several:
        return [clause]
    out = []
    for one in chain:
        mine = own_tokens(one, chain) & clause.members
        each = replace(clause, members=(clause.members - inside) | mine, swaps=dict(clause.swaps))
        for token in (verb, *(c for c in verb.children if c.dep_ in {"aux", "auxpass"})):
            single = {"were": "was", "are": "is", "have": "has"}.get(token.lower_)
            if token.tag_ in {"VBP", "VBD"} and single:
                each.swaps.setdefault(token.i, single)
            elif token.tag_ == "VBP":
                each.swaps.setdefault(token.i, present(token.lemma_, plural=False))
            elif token.lower_ in {"all", "both"}:
                each.swaps[token.i] = ""
        each.swaps |= {
            t.i: ""
            for t in rest
            if t.lower_ == "all" and t.dep_ in {"advmod", "dep", "appos", "predet"} and t.head.i == verb.i
        }
        out.append(each)
    return out


def _are_alike(verb: Any, other: Any) -> bool:
    """Whether two joined verbs stand in the same form, or each in a tense."""
    return bool(verb.tag_ == other.tag_) or (is_finite(verb) and is_finite(other))


def parallel(clause: Clause) -> list[Clause]:
    """A claim for each of two objects that have each their own time or place: "won the cup in 2007 and the shield in 2011"."""
    verb = clause.verb
    thing = next((c for c in verb.rights if c.dep_ in {"dobj", "oprd", "attr"} and c.i in clause.members), None)
    if thing is None:
        return [clause]
    other = next(
        (
            c
            for c in (*thing.children, *verb.children)
            if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN"} and c.i > thing.i and c.i in clause.members
        ),
        None,
    )
    if other is None or not any(c.dep_ in {"det", "poss", "nummod", "compound", "amod"} for c in other.lefts):
        return [clause]
    between = [
        c
        for c in verb.rights
        if c.dep_ in {"prep", "npadvmod"} and thing.i < c.i and c.right_edge.i < other.left_edge.i
    ]
    behind = [c for c in (*other.rights, *(v for v in verb.rights if v.i > other.right_edge.i)) if c.dep_ == "prep"]
    if not {c.lower_ for c in between if c.dep_ == "prep"} & {c.lower_ for c in behind}:
        return [clause]
    joints = {
        c.i for one in (thing, verb) for c in one.children if (c.dep_ == "cc" or c.is_punct) and thing.i < c.i < other.i
    }
    early = ({t.i for t in thing.subtree} - {t.i for t in other.subtree}) | {t.i for c in between for t in c.subtree}
    late = {t.i for t in other.subtree} | {t.i for c in behind for t in c.subtree}
    return [
        replace(clause, members=clause.members - late - joints, swaps=dict(clause.swaps)),
        replace(clause, members=clause.members - early - joints, swaps=dict(clause.swaps)),
    ]


def distributed(document: Any, clause: Clause) -> list[Clause]:
    """A claim for each of several joined objects, where each has its own figure or each is a place or firm."""
    for index in sorted(clause.members):
        token = document[index]
        if token.dep_ == "conj" or is_verb(token):
            continue
        chain = _chain(token, clause)
        if len(chain) < 2 or not _is_distributable(document, chain, clause):
            continue
        own = [own_tokens(one, chain) & clause.members for one in chain]
        everything = set().union(*own) | {
            c.i for one in chain for c in one.children if c.dep_ in {"cc", "punct", "preconj"}
        }
        out = []
        for mine in own:
            members = (clause.members - everything) | mine
            each = Clause(
                clause.verb,
                clause.subject,
                clause.attribution,
                members,
                clause.lead,
                dict(clause.swaps),
                moved=clause.moved,
            )
            _lend_article(document, chain[0], mine, each)
            out += distributed(document, each)
        return out
    return [clause]


def _lend_article(document: Any, first: Any, words: set[int], clause: Clause) -> None:
    """Give the second of "an actor and singer" the article of the first."""
    lent = next((c for c in first.lefts if c.dep_ == "det" and c.lower_ in {"a", "an"}), None)
    noun = document[min(words)] if words else None
    if lent is None or noun is None or lent.i in words or noun.tag_ not in {"NN", "JJ"} or not _are_roles([first]):
        return
    clause.swaps[noun.i] = f"{indefinite_article(noun.text)} {noun.text}"


def _chain(token: Any, clause: Clause) -> list[Any]:
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.i in clause.members and not is_verb(child):
            found += _chain(child, clause)
    return found


def own_tokens(token: Any, chain: Sequence[Any]) -> set[int]:
    """The indexes of the words that one of several joined nouns has to itself."""
    others = {t.i for one in chain if one.i != token.i and one.i > token.i for t in one.subtree}
    joints = {c.i for c in token.children if c.dep_ in {"cc", "preconj"} or (c.is_punct and c.text == ",")}
    return {t.i for t in token.subtree} - others - joints


def _is_distributable(document: Any, chain: Sequence[Any], clause: Clause) -> bool:
    first = chain[0]
    denied = any(c.dep_ == "neg" for c in clause.verb.children)
    parting = {"between", "both", "either", "neither", "nor"} | (set() if denied else {"or"})
    if first.head.lower_ == "between" or any(
        c.lower_ in parting and c.dep_ != "prep" for one in chain for c in one.children
    ):
        return False
    if any(one.ent_type_ in {"DATE", "TIME"} for one in chain):
        return False
    above = first.head.head if first.dep_ == "pobj" else first.head
    if above.lemma_.lower() in TOGETHER or clause.verb.lemma_.lower() in TOGETHER:
        return False
    inner = set().union(*(own_tokens(one, chain) for one in chain))
    outside = [document[i] for i in clause.members if i not in inner]
    figures = [has_figure(document[i] for i in own_tokens(one, chain)) for one in chain]
    if all(figures) and first.dep_ in {"dobj", "pobj", "attr", "appos", "nsubjpass"}:
        # "Eight and nine people" share their noun.
        return all(one.pos_ in {"NOUN", "PROPN"} for one in chain) and not any(
            is_figure(t) and t.ent_type_ != "DATE" for t in outside
        )
    if any(not own_tokens(one, chain) & clause.members for one in chain):
        return False
    if _are_roles(chain):
        return True
    if denied and any(c.lower_ == "or" for one in chain for c in one.children):
        # What is not A or B is neither.
        return first.dep_ in {"dobj", "pobj", "attr"}
    told = [one for one in chain if not _is_rest(one)] if len(chain) > 2 else chain
    places = all(one.ent_type_ in {"GPE", "LOC", "ORG", "FAC", "NORP"} and one.pos_ == "PROPN" for one in told)
    names = all(one.pos_ == "PROPN" and not _shares_first_name(one, told) for one in told)
    subject = subject_of(clause.verb)
    told_of = {t.i for t in subject.subtree} if subject is not None and first.dep_ == "dobj" else set()
    if subject is not None and any(
        c.dep_ in {"nummod", "quantmod"} or is_figure(c) for c in (subject, *subject.children)
    ):
        told_of = set()
    # A figure within what the subject is told from counts nothing of the objects.
    counted = any(is_figure(t) and t.ent_type_ not in {"DATE", "TIME"} and t.i not in told_of for t in outside)
    if counted or first.dep_ not in {"pobj", "dobj"}:
        return False
    return places or names or _are_whole(chain, clause)


def _is_rest(noun: Any) -> bool:
    """Whether a noun stands for what a list leaves out: "several other countries"."""
    return noun.pos_ == "NOUN" and any(c.lower_ in {"other", "others", "several", "more"} for c in noun.lefts)


def _are_whole(chain: Sequence[Any], clause: Clause) -> bool:
    """Whether joined things stand each with its own article or description: "the prologue and the dog", "had a tail and sharp teeth"."""
    first = chain[0]
    if first.dep_ == "pobj" and not (
        first.head.head.i == clause.verb.i and first.head.lower_ not in {"of", "than", "from"}
    ):
        return False
    if first.dep_ == "dobj" and first.head.i != clause.verb.i:
        return False
    return all(
        one.pos_ in {"NOUN", "PROPN"}
        and (
            any(c.dep_ in {"det", "poss", "amod", "compound"} for c in one.lefts)
            or any(c.dep_ in {"prep", "acl"} for c in one.rights)
        )
        for one in chain
    )


def _are_roles(chain: Sequence[Any]) -> bool:
    """Whether several nouns tell each what the subject is: "is an actor and a singer", "worked as a stuntman and driver"."""
    first = chain[0]
    role = (first.dep_ == "attr" and first.head.lemma_ in {"be", "become", "remain"}) or (first.dep_ == "pobj" and first.head.lower_ == "as")  # fmt: skip
    titled = all(
        one.tag_ == "NN" or (one.tag_ == "NNP" and any(c.dep_ in {"amod", "det"} for c in one.lefts)) for one in chain
    )
    if not role or not titled or first.tag_ != "NN":
        return False
    # "a friend and colleague of the mayor": what stands behind the last may belong to all.
    lone = all(not any(c.dep_ in {"prep", "acl", "relcl"} for c in one.rights) for one in chain)
    articled = all(any(c.dep_ in {"det", "poss"} for c in one.lefts) for one in chain)
    return articled or (lone and any(c.dep_ == "det" for c in first.lefts))


def _shares_first_name(name: Any, chain: Sequence[Any]) -> bool:
    """Whether a name may be half of another: "Anton and Karel Drobny", "Law and Order"."""
    return name.ent_type_ == "PERSON" and len({len([c for c in one.lefts if c.dep_ == "compound"]) for one in chain}) > 1  # fmt: skip
