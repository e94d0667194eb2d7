"""Cuts a parsed strand of a sentence into atomic claims, along its dependency tree.

A claim is a verb with its subject and what belongs to it, in the words of the sentence and their order. What a
sentence says by the way (a relative clause between commas, an apposition, a participle at the end, a further verb or
object) is taken out and becomes a claim of its own about what it belongs to. Where a cut would be doubtful the words stay together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.claims.clauses import (
    BE,
    DIGIT,
    IS,
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
from pipeline.claims.inflection import indefinite_article, past, present
from pipeline.claims.nouns import BASED, cut_noun_phrases
from pipeline.claims.resolving import PERSON_NOUN
from pipeline.claims.rows import Table
from pipeline.claims.strand import Strand
from pipeline.claims.strands import Conversion
from pipeline.claims.variants import (
    MOVING,
    TRANSITIVE,
    apart,
    coordinated,
    distributed,
    own_tokens,
    parallel,
    told_apart,
)

REPORTING = frozenset(
    "say announce report add state tell note claim argue explain confirm declare reveal disclose acknowledge stress emphasize emphasise insist "
    "warn estimate write suggest find show believe think hear conclude recall joke quip".split()
)
NOMINAL = {
    "formation": "formed", "creation": "created", "establishment": "established", "launch": "launched", "consolidation": "consolidated",
    "integration": "integrated", "acquisition": "acquired", "construction": "built", "opening": "opened", "closure": "closed",
    "merger": "merged", "sale": "sold", "purchase": "bought", "expansion": "expanded", "appointment": "appointed",
    "introduction": "introduced", "restructuring": "restructured", "privatisation": "privatised", "privatization": "privatized",
}  # fmt: skip
EXPECTING = frozenset("expect predict forecast fear hope promise anticipate foresee".split())
INTERPRETING = frozenset(
    "underline underscore signal boost reflect highlight show suggest mean make help aim echo outpace strengthen stabilise include mark raise "
    "say add note argue warn explain prompt allow enable".split()
)
"""Lemmas of participles that read something into the facts, or whose tail is no event of its own."""
CONTRAST = frozenset({"although", "though", "while", "whereas", "but", "whilst"})
PREPOSITIONAL = frozenset(
    "depend consider include accord follow regard concern base compare give owe bar exclude speak judge".split()
)
"""Lemmas of participles that are prepositions, or no more than a hinge: "depending on", "considering"."""
DONE_TO_THINGS = frozenset(
    "hold locate base situate publish design build write direct run own operate produce release launch host compose title entitle organise organize "
    "stage set found establish open sponsor fund".split()
)
"""Lemmas of what is done to events, works and places, and hardly to people."""
RELATIVE = frozenset({"which", "who", "whose", "whom", "where", "that"})
TAKING_UP = frozenset(
    "view claim charge move step decision result feat process figure increase decrease rise fall drop decline sign fact suggestion idea "
    "allegation accusation proposal change sum number something someone way means condition case matter issue problem".split()
)
"""Nouns that take up what was said before, and not the word beside them: "..., a view that the bank rejects"."""
SUPERLATIVE = re.compile(r"^(?:the|its|their|his|her|a)\b(?: [\w-]+){0,2}? (?:\w+est|most|worst|best|least|first|second|last|record)\b", re.IGNORECASE)  # fmt: skip
STANDING = re.compile(
    r"\b(?:above|below|behind|ahead of|higher than|lower than|more than|less than|faster than|short of)\b"
)
PARTITIVE = re.compile(
    r"^(?P<share>(?:nearly |almost |about |more than |at least |over )?(?:all|most|half|many|some|several|few|none|both|one|two|three|four|five|six|seven|eight|nine|ten|a \w+|\d[\d,.]*%?)) of (?P<them>them|it|which|whom|those|these)\b",
    re.IGNORECASE,
)
OPENER = re.compile(
    r"^(?:And|But|Meanwhile|However|Notably|Still|Moreover|Also|Nevertheless|Overseas|So|Yet|Besides|Then|Instead|Indeed|Furthermore|In addition(?=,)|For example(?=,)|For instance(?=,)|As a result(?=,)),?\s+(?=[\w“\"'‘])"
)
LINKING = re.compile(
    r",? (?:by contrast|in contrast|however|meanwhile|for instance|for example|of course|indeed|in turn|on the other hand"
    r"|therefore|furthermore|moreover|nevertheless|nonetheless)(?:,|(?=\.$))"
)
"""Words between commas that only link a sentence to the one before."""
DANGLING = re.compile(
    r"\b(?P<word>and|or|but|of|the|a|an|about|to|for|with|in|by|at|from|as|is|are|was|were|than|that|which|who|whose|its|their)[.,]*$"
)
LENGTHS_OF_TIME = frozenset(
    "year month week day hour minute second decade century moment shortly soon just long".split()
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A claim as cut: its words, and where in the sentence they stand."""

    text: str
    start: int
    end: int
    attribution: str | None = None
    parts: tuple[tuple[int, int], ...] = ()
    """The stretches of the sentence whose words it repeats, whether its own or those of its subject."""
    filled: tuple[tuple[str, str], ...] = ()
    """What it says in place of words of the sentence, as told elsewhere in the article."""


def cut(document: Any, strand: Strand, table: Table | None = None) -> list[Piece]:
    """Cut a parsed strand into claims, in the order of their words; offsets are into the sentence.

    Args:
        document: the strand, parsed.
        strand: of a sentence.
        table: that the sentence may be a row of.
    """
    nominal = cut_nominal(strand)
    if nominal:
        return [nominal]
    if strand.said:
        start, end = strand.places[0], strand.places[-1] + 1
        return [Piece(strand.said, start, end, strand.speaker, ((start, end),))]
    rows = _table_row(strand, table or Table())
    if rows:
        return rows
    cutter = _Cutter(document, strand)
    cutter.run()
    if not cutter.pieces and any(is_verb(token) for token in document) and len(document) > 3:
        words = f"{strand.label}: {strand.text}" if strand.label else strand.text
        cutter.add(words, list(document), list(document), strand.speaker)
    if any(_is_cut_short(piece.text, strand.text) for piece in cutter.pieces):
        # A piece that breaks off shows that the parse cannot be trusted: the words stay together.
        cutter.pieces.clear()
        cutter.add(strand.text, list(document), list(document), strand.speaker)
    return sorted(_without_doubles(cutter.pieces), key=lambda piece: (piece.start, piece.end))


def _is_cut_short(claim: str, strand: str) -> bool:
    """Whether a claim ends in a word that another must follow, which the strand itself does not end in."""
    if claim.count("(") != claim.count(")") and strand.count("(") == strand.count(")"):
        return True
    last = DANGLING.search(claim)
    return last is not None and not re.search(rf"\b{re.escape(last['word'])}\W*$", strand)


def cut_conversion(one: Conversion) -> Piece:
    """What is equal to what by the brackets of a sentence: a claim of its own kind."""
    text = f"{one.stated} is equal to {one.equal}."
    return Piece(text[:1].upper() + text[1:], one.start, one.end, None, ((one.start, one.end),))


def cut_nominal(strand: Strand) -> Piece | None:
    """A list item without a verb: "Formation of China StarNet to accelerate ..." says that it was formed."""
    text = strand.text
    match = re.match(r"(?P<what>[A-Z][a-z]+) of (?P<thing>.+?)(?P<rest> (?:to|into|in|by|with|from|for) .+)?$", text)
    if (
        match is None
        or match["what"].lower() not in NOMINAL
        or re.search(
            r"\b(?:is|are|was|were|has|have|had|will|created|\w+ed)\b", text.split(" of ", 1)[1].split(" to ")[0]
        )
    ):
        return None
    thing = match["thing"].rstrip(".")
    plural = re.search(r"(?<![su])s$", thing.split()[-1]) is not None and thing.split()[-1].islower()
    rest = (match["rest"] or "").rstrip(".")
    said = f"{thing[:1].upper()}{thing[1:]} {BE[plural]} {NOMINAL[match['what'].lower()]}{rest}."
    start, end = strand.places[0], strand.places[-1] + 1
    return Piece(said, start, end, strand.speaker, ((start, end),))


def _table_row(strand: Strand, table: Table) -> list[Piece]:
    """A row told in prose, "Wind: 9% in 2014, 24% in 2024": a claim for each figure."""
    label_start = max(0, strand.places[0] - len(strand.label or "") - 2)
    pieces = []
    for cell in table.cells(strand):
        start, end = strand.places[cell.start], strand.places[cell.end - 1] + 1
        parts = ((label_start, strand.places[0]), (start, end))
        pieces.append(Piece(cell.text, start, end, None, parts, cell.filled))
    return pieces


def _without_doubles(pieces: Iterable[Piece]) -> list[Piece]:
    found: dict[str, Piece] = {}
    for piece in pieces:
        found.setdefault(piece.text.lower(), piece)
    return list(found.values())


class _Cutter:
    """Goes through one strand and gathers its pieces."""

    def __init__(self, document: Any, strand: Strand) -> None:
        self.document = document
        self.strand = strand
        self.pieces: list[Piece] = []
        self.done: set[int] = set()
        self.quoted: list[bool] = []
        """For each word, whether it stands within quotation marks."""
        self.renamed: dict[int, str] = {}
        """What relative pronouns stand for in the asides of their clauses."""
        self.based = {
            token.i
            for match in BASED.finditer(document.text)
            for token in document
            if match.start() <= token.idx < match.start("name")
        }
        """The words of "Leeds-based" before a name."""
        curly, straight = 0, 0
        for token in document:
            self.quoted.append(curly > 0 or straight % 2 == 1)
            curly += token.text.count("“") - token.text.count("”")
            straight += token.text.count('"')

    def run(self) -> None:
        roots = [token for token in self.document if token.dep_ == "ROOT"]
        for root in roots:
            self.clause(Clause(root, [], self.strand.speaker))
        for said, words in cut_noun_phrases(self.document, self.strand.text, self.quoted):
            self.add(said, words, words)

    # Clauses

    def clause(self, clause: Clause) -> None:
        """Take a clause, and what is said by the way in it."""
        verb = clause.verb
        if verb.i in self.done:
            return
        self.done.add(verb.i)
        if verb.dep_ in {"ccomp", "conj", "advcl"}:
            clause.swaps |= {c.i: "" for c in verb.children if c.dep_ == "mark" and c.lower_ == "that"}
        if self.reported(clause):
            return
        subject = subject_of(verb)
        if subject is not None:
            clause.subject = []
        if verb.tag_ == "VBG" and subject is not None and not any(c.dep_ in {"aux", "auxpass"} for c in verb.children):
            clause.swaps[verb.i] = past(verb.lemma_)
        pending = self.gather(verb, clause)
        clause.members.add(verb.i)
        clause.members = {i for i in clause.members if i > clause.floor}
        shared = self.noun(subject) if subject is not None else clause.subject
        shared = [t for t in shared if t.i > clause.floor]
        if subject is not None:
            clause.lead = [*clause.lead, *self.leading(verb, subject)]
        for kind, child, token in pending:
            known = len(self.pieces)
            self.aside(kind, child, token, clause, shared)
            if len(self.pieces) == known and not self.is_left_out(kind, child):
                # Nothing could be made of it: it stays where it stood.
                before = max((i for i in clause.members if i < child.left_edge.i), default=child.left_edge.i - 1)
                joint = range(before + 1, child.left_edge.i) if child.left_edge.i - before < 4 else ()
                clause.members |= {t.i for t in child.subtree} | set(joint)
        self.emit_clause(clause)
        self.within(clause)

    def within(self, clause: Clause) -> None:
        """What a clause says within: its reason ("because ...") and its examples ("such as ..."), which stay in it as well."""
        for index in sorted(clause.members):
            token = self.document[index]
            if self.in_quotes(token):
                continue
            because = token.dep_ == "advcl" and subject_of(token) is not None and is_finite(token)
            mark = (
                next((c for c in token.children if c.dep_ == "mark" and c.lower_ == "because"), None)
                if because
                else None
            )
            if mark is not None and token.i != clause.verb.i:
                self.clause(Clause(token, [], clause.attribution, swaps={mark.i: ""}))
            before = token.i < clause.verb.i and token.lower_ == "after" and token.head.i == clause.verb.i
            doing = next((c for c in token.children if c.dep_ == "pcomp" and c.tag_ == "VBG"), None) if before else None
            if (
                token.dep_ == "advcl"
                and token.tag_ == "VBG"
                and token.i < clause.verb.i
                and token.left_edge.lower_ == "after"
            ):
                doing = token
            subject = subject_of(clause.verb)
            if doing is not None and subject is not None and clause.verb.tag_ in {"VBD", "VBN"} and any(c.dep_ == "dobj" for c in doing.children):  # fmt: skip
                # "After leaving the bank, she ran a school": she left it.
                self.participle(doing, self.noun(subject), clause.attribution)
            done = token.dep_ == "acl" and token.tag_ == "VBN" and token.head.dep_ in {"dobj", "pobj"}
            acting = next(
                (g for c in token.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"), None
            )
            brought_up = done and any(c.dep_ == "det" and c.lower_ in {"a", "an"} for c in token.head.children)
            if brought_up and acting is not None and acting.pos_ == "PROPN":
                # "in a round led by Kestrel": the round was led by it.
                self.participle(
                    token, [t for t in self.noun(token.head, bare=True) if t.i <= token.head.i], clause.attribution
                )
            such = token.lower_ == "as" and token.dep_ == "prep" and any(c.lower_ == "such" for c in token.children)
            such = such or (token.lower_ == "including" and token.dep_ == "prep" and token.head.i == token.i - 1)
            if such and token.head.dep_ in {"dobj", "pobj"} and is_plural(token.head):
                named = next((c for c in token.children if c.dep_ == "pobj"), None)
                named = named if named is not None and any(c.dep_ == "conj" for c in named.children) else None
                if named is not None and named.pos_ == "PROPN" and not self.in_quotes(named):
                    self.including(token, token.head, clause)

    def is_left_out(self, kind: str, child: Any) -> bool:
        """Whether an aside may be dropped: who says it, and what reads something into the facts."""
        if child.left_edge.i == 0 or kind in {"according", "restated"}:
            return True
        return kind == "participle" and child.tag_ == "VBG" and child.lemma_.lower() in INTERPRETING

    def reported(self, clause: Clause) -> bool:
        """What is said, without who says it: "X said that Y" is Y, attributed to X."""
        verb = clause.verb
        if verb.lemma_.lower() not in REPORTING or any(child.dep_ == "neg" for child in verb.children):
            return False
        speaker = subject_of(verb)
        spoken = [child for child in verb.children if child.dep_ == "ccomp"]
        if not (speaker is not None or clause.subject) or not spoken or not any(is_verb(one) for one in spoken):
            return False
        if any(child.dep_ == "aux" and child.tag_ == "MD" for child in verb.children):
            return False
        if verb.lemma_.lower() != "tell" and any(child.dep_ == "dobj" for child in verb.children):
            return False
        said = spoken[0]
        if said.i > verb.i and subject_of(said) is None and not is_finite(said):
            return False
        speaking = self.noun(speaker) if speaker is not None else clause.subject
        words = self.text(speaking)
        known = None if words.lower() in {"it", "we", "i", "you", "one"} else words
        for kind, child, token in self.gather(speaker, Clause(speaker, [])) if speaker is not None else ():
            self.aside(kind, child, token, clause, speaking)
        for one in spoken:
            inner = Clause(one, [], known or clause.attribution)
            opener = next((t for t in self.document[verb.i : one.i] if t.lower_ == "that"), None)
            if (
                opener is not None
                and one.i > verb.i
                and opener.i - verb.i <= 8
                and "," not in {t.text for t in self.document[opener.i : opener.i + 1]}
            ):
                inner.floor = opener.i
            # What hangs on the reporting verb behind the speech belongs to the speech, as a rule.
            self.clause(inner)
        for child in verb.children:
            if child.dep_ == "conj" and is_verb(child):
                self.clause(Clause(child, speaking, clause.attribution))
            elif child.dep_ == "advcl" and child.i > verb.i and said.i > verb.i and subject_of(child) is None and child.tag_ == "VBG":  # fmt: skip
                said_subject = subject_of(said)
                if said_subject is not None:
                    self.aside("participle", child, said, clause, self.noun(said_subject))
        return True

    def leading(self, verb: Any, subject: Any) -> list[Any]:
        """Time, place or condition before the subject, which holds for the verbs joined to it as well."""
        found: list[Any] = []
        for child in verb.lefts:
            if child.right_edge.i >= subject.left_edge.i:
                break
            tokens = list(child.subtree)
            dated = any(token.ent_type_ in {"DATE", "GPE", "LOC"} for token in tokens)
            condition = child.dep_ == "advcl" and any(c.lower_ in {"if", "when", "unless"} for c in child.children)
            if (child.dep_ in {"prep", "npadvmod"} and dated and len(tokens) < 9) or condition:
                found += tokens
        return found

    def gather(self, token: Any, clause: Clause) -> list[tuple[str, Any, Any]]:
        """Take the words under a token into the clause; what is said by the way is handed back with its kind."""
        pending: list[tuple[str, Any, Any]] = []
        clause.members.add(token.i)
        split_joints: list[Any] = []
        for child in token.children:
            kind = self.kind_of(child, token, clause)
            if kind:
                pending.append((kind, child, token))
                if kind in {"verb", "sentence", "past", "restated"}:
                    split_joints.append(child)
                continue
            pending += self.gather(child, clause)
        for child in split_joints:
            for joint in token.children:
                if (
                    joint.dep_ in {"cc", "punct", "preconj"}
                    and joint.i < child.i
                    and joint.i > token.i
                    and not any(other.i in clause.members for other in self.document[joint.i + 1 : child.left_edge.i])
                ):
                    clause.members.discard(joint.i)
        return pending

    def kind_of(self, child: Any, token: Any, clause: Clause) -> str | None:
        """What a child says by the way, if it does."""
        dep = child.dep_
        if dep in {"punct", "det", "aux", "auxpass", "compound", "nummod", "poss", "nsubj", "nsubjpass", "case"}:
            return None
        opens = child.left_edge.i
        before = self.document[opens - 1].text if opens > 0 else ""
        comma = before == "," or (before in {'"', "”"} and opens > 1 and self.document[opens - 2].text == ",")
        if self.in_quotes(child):
            return None
        if dep in {"ccomp", "conj", "advcl"} and self.is_said_too(child, token):
            return "sentence"
        if dep == "conj" and is_verb(child) and is_verb(token):
            return self.joined_kind(child, token, clause)
        if dep in {"ccomp", "parataxis"} and subject_of(child) is not None and is_finite(child):
            marked = any(c.dep_ == "mark" for c in child.children)
            between = self.document[min(child.i, token.i) : max(child.i, token.i)]
            return "sentence" if not marked and any(t.text in {",", ";", ":"} for t in between) and token.dep_ == "ROOT" and token.lemma_.lower() not in REPORTING and child.i < token.i else None  # fmt: skip
        named = token.pos_ == "PROPN" and child.left_edge.lower_ == "which"
        if dep == "relcl" and (comma or named or self.introduces(child, token)):
            return "relative"
        if dep in {"relcl", "acl"} and self.is_said_of_subject(child, token, clause):
            return "attribute"
        if dep == "prep" and child.lower_ == "including" and comma and is_verb(clause.verb):
            return (
                "including"
                if _has_name(child.subtree) and is_plural(token) and token.dep_ in {"dobj", "pobj", "nsubjpass"}
                else None
            )
        if dep == "appos" and comma:
            return "apposition" if self.describes(child, token) else None
        if dep == "acl" and comma and child.tag_ in {"VBN", "VBG", "VBD"}:
            return "participle"
        if (
            dep == "advcl"
            and comma
            and child.left_edge.lower_ == "when"
            and opens > 1
            and self.document[opens - 2].ent_type_ == "DATE"
            and subject_of(child) is not None
            and child.tag_ in {"VBD", "VBN"}
        ):
            return "dated"
        if dep == "advcl":
            return self.adverbial_kind(child, token, comma=comma)
        if dep == "prep" and child.lower_ == "according":
            return "according"
        if dep == "prep" and child.lower_ == "with" and comma:
            return self.with_kind(child, token, clause)
        if dep == "prep" and child.lower_ in {"after", "before"} and is_verb(token):
            return "after" if self.is_event_after(child, token) else None
        if (
            dep == "conj"
            and comma is False
            and opens > 1
            and self.document[opens - 1].lower_ == "or"
            and self.document[opens - 2].text == ","
            and has_figure(child.subtree)
            and has_figure(token.subtree)
        ):
            return "restated"
        measured = dep == "prep" and any(c.dep_ == "npadvmod" and has_figure(c.subtree) for c in child.lefts)
        if (
            (dep in {"npadvmod", "attr", "conj", "amod", "dep", "acomp", "advmod"} or measured)
            and comma
            and child.i > token.i
        ):
            return self.tail_kind(child, token)
        return None

    def with_kind(self, prep: Any, token: Any, clause: Clause) -> str | None:
        """What a tail with "with" tells: an event, ", with sales surpassing ...", or what the subject has, ", with a 2.48 average"."""
        inner = [c for c in prep.children if c.dep_ == "pcomp" and subject_of(c) is not None]
        held = [
            c
            for c in prep.children
            if c.dep_ == "pobj" and any(g.dep_ == "acl" and g.tag_ == "VBG" for g in c.children)
        ]
        if inner or held:
            return "with"
        told = clause.verb.i in {token.i, token.head.i} and token.dep_ not in {"nsubj", "nsubjpass"}
        copula = clause.verb.lemma_ in {"be", "have"} and told
        counted = any(
            DIGIT.search(word.text) or word.lower_ in SCALE_WORDS
            for c in prep.children
            if c.dep_ == "pobj" and c.ent_type_ not in {"DATE", "TIME"}
            for left in c.lefts
            for word in left.subtree
        )
        return "owned" if copula and counted else None

    def is_event_after(self, prep: Any, token: Any) -> bool:
        """Whether "after winning it" or "after being sold" tells an event before that of a verb in the past."""
        told = any(
            c.dep_ == "pcomp" and (c.tag_ == "VBG" or any(g.lower_ == "being" for g in c.children))
            for c in prep.children
        )
        past_told = token.tag_ in {"VBD", "VBN"} and prep.lower_ in {"after", "before"} and token.i < prep.i
        return past_told and told and not self.is_dated_by(prep)

    def is_said_too(self, child: Any, token: Any) -> bool:
        """Whether a clause is a further one of what was said: "said that it was closed, that it had burned and that it was sold"."""
        mark = next((c for c in child.children if c.dep_ == "mark"), None)
        if (
            mark is None
            or mark.lower_ != "that"
            or mark.i < token.i
            or subject_of(child) is None
            or not is_finite(child)
        ):
            return False
        before = self.document[mark.i - 1].lower_ if mark.i else ""
        first = token
        while first.dep_ in {"conj", "ccomp", "advcl"} and first.head.lemma_.lower() not in REPORTING:
            first = first.head
        return before in {",", "and"} and first.dep_ == "ccomp" and first.head.lemma_.lower() in REPORTING

    def is_dated_by(self, after: Any) -> bool:
        """Whether "after" is measured, "two years after closing", and so dates the main clause; not in "jailed for two years after ..."."""
        return any(
            c.dep_ in {"npadvmod", "advmod"} and self.document[c.left_edge.i - 1].lower_ != "for" for c in after.lefts
        )

    def is_said_of_subject(self, child: Any, token: Any, clause: Clause) -> bool:
        """Whether what follows a description holds of its subject: "is an actor born in 1949", "is a bank that lends to farms"."""
        copula = token.head
        if token.dep_ != "attr" or copula.lemma_ != "be" or copula.i != clause.verb.i or subject_of(copula) is None:
            return False
        if not any(c.dep_ == "det" and c.lower_ in {"a", "an"} for c in token.children):
            return False
        if child.dep_ == "acl":
            return bool(child.tag_ == "VBN" and len(list(child.subtree)) > 2)
        subject = subject_of(child)
        return subject is not None and subject.lower_ in {"who", "which", "that"} and is_finite(child)

    def introduces(self, child: Any, token: Any) -> bool:
        """Whether a clause tells figures of what "a" has just brought up, in a sentence with figures of its own: "a bill that would raise ..."."""
        indefinite = any(c.dep_ == "det" and c.lower_ in {"a", "an"} for c in token.children)
        if not indefinite or token.dep_ not in {"dobj", "pobj", "nsubjpass"} or not has_figure(child.subtree):
            return False
        subject = subject_of(child)
        rest = [t for t in self.document if t not in set(child.subtree)]
        return (
            subject is not None
            and subject.lower_ in {"that", "which", "who"}
            and has_figure(t for t in rest if t.ent_type_ not in {"DATE", "TIME"})
        )

    def describes(self, child: Any, token: Any) -> bool:
        """Whether an apposition tells what something is, and is no further item of a list, date or part of a place's name."""
        if {child.ent_type_, token.ent_type_} & {"DATE", "TIME"}:
            return False
        if self.lists_on(child):
            return False
        if any(c.dep_ in {"conj", "cc"} and c.i > child.i for c in child.children):
            return len(self.roles(child, token)) > 1
        if token.dep_ == "conj" and any(c.dep_ == "cc" for c in child.children):
            return False
        if child.text.isdigit() and len(list(child.subtree)) < 3:
            return True
        if child.lower_ in TAKING_UP:
            return False
        if child.pos_ == "PROPN":
            office = re.fullmatch(r"C[A-Z]O|M[A-Z]?P|QC|KC|[Cc]hair(?:man|woman)?|[Pp]resident|[Dd]irector", child.text)
            owned = any(c.dep_ == "poss" for c in token.children) or any(
                c.dep_ == "compound" and c.text.islower() for c in token.lefts
            )
            named = token.pos_ == "NOUN" and (token.dep_ in {"nsubj", "nsubjpass"} or (owned and not is_plural(token)))
            return bool(office) or named
        return child.pos_ in {"NOUN", "NUM", "ADJ", "SYM", "PRON", "ADV"} or child.text == "%"

    def lists_on(self, child: Any) -> bool:
        """Whether a list goes on behind what stands between commas: "A's deal with B, C's purchase of D, and E's ..."."""
        closes = child.right_edge.i + 1
        if closes + 2 >= len(self.document) or self.document[closes].text != ",":
            return False
        following = self.document[closes + 2]
        joins = self.document[closes + 1].lower_ in {"and", "or"}
        return (
            joins
            and following.pos_ in {"NOUN", "PROPN", "DET", "PRON", "NUM"}
            and any(c.dep_ == "poss" for c in child.children)
        )

    def roles(self, child: Any, token: Any) -> list[Any]:
        """The joined nouns of an apposition that tell each what one name is: "Ada Brook, a lawyer and former judge, said ..."."""
        chain = [child]
        while joined := next((c for c in chain[-1].children if c.dep_ == "conj"), None):
            chain.append(joined)
        after = self.document[child.right_edge.i + 1] if child.right_edge.i + 1 < len(self.document) else None
        single = token.pos_ == "PROPN" and not is_plural(token) and token.dep_ not in {"conj", "appos"}
        nouns = all(one.tag_ == "NN" and one.text.islower() and not has_figure(one.lefts) for one in chain)
        return chain if single and nouns and after is not None and after.text in {",", "."} else [child]

    def joined_kind(self, child: Any, token: Any, clause: Clause) -> str | None:
        """Whether a joined verb makes a claim of its own: it must bring words, and the verb before it must have its own."""
        if child.tag_ == "VBD" and token.tag_ != "VBD" and self.past_head(token) is not None:
            return "past"
        if subject_of(child) is not None and is_finite(child) and not is_finite(token) and token.dep_ in {"xcomp", "advcl", "pcomp", "acl"}:  # fmt: skip
            return "sentence"
        heads = {clause.verb.i}
        chain = token
        while chain.dep_ == "conj":
            chain = chain.head
        if token.i not in heads and chain.i not in heads:
            return None
        if subject_of(child) is not None:
            return "sentence"
        if (
            child.tag_ == "VB"
            and token.tag_ not in {"VBN", "VBD"}
            and not any(c.dep_ == "aux" and c.tag_ == "MD" for c in child.children)
            and not any(c.dep_ == "aux" and c.tag_ == "MD" for c in token.children)
            and not any(c.lower_ in {"do", "did", "does"} for c in token.children)
        ):
            return None
        if {child.tag_, token.tag_} == {"VBZ", "VBP"}:
            # One is of a singular and one of a plural: they do not share their subject.
            return None
        own = [t for t in child.subtree if not t.is_punct]
        before = [t for t in token.subtree if token.i < t.i < child.left_edge.i and not t.is_punct and t.dep_ != "cc"]
        return "verb" if len(own) > 1 and before else None

    def past_head(self, token: Any) -> Any | None:
        """The verb in the past tense that a joined past tense belongs to, where the parser hung it on a participle within."""
        purpose = token.tag_ == "VB" and token.dep_ in {"advcl", "xcomp"} and token.head.tag_ == "VBD"
        spared = {"VBD", "TO"} if purpose else {"VBD"}
        if any(c.dep_ in {"aux", "auxpass"} and c.tag_ not in spared for c in token.children) or token.dep_ == "ROOT":
            return None
        head = token.head
        while head.dep_ != "ROOT" and not (is_verb(head) and head.tag_ == "VBD" and subject_of(head) is not None):
            head = head.head
        return head if is_verb(head) and head.tag_ == "VBD" and subject_of(head) is not None else None

    def adverbial_kind(self, child: Any, token: Any, *, comma: bool) -> str | None:
        marks = {c.lower_ for c in child.children if c.dep_ in {"mark", "advmod"}}
        if subject_of(child) is not None and child.left_edge.lower_ in CONTRAST | {"as"}:
            # "as all but two had expected": the parser hangs the word on the subject.
            marks.add(child.left_edge.lower_)
        if (
            (marks & CONTRAST or (marks & {"as", "since"} and comma))
            and subject_of(child) is not None
            and is_finite(child)
        ):
            return "contrast"
        if self.is_meanwhile(child, token):
            return "contrast"
        if subject_of(child) is not None:
            after = child.left_edge
            happened = child.tag_ == "VBD" or any(
                c.tag_ == "VBD" and c.dep_ in {"aux", "auxpass"} for c in child.children
            )
            past_main = token.tag_ == "VBD" or any(c.tag_ in {"VBD", "VBP", "VBZ"} and c.dep_ in {"aux", "auxpass"} for c in token.children)  # fmt: skip
            plain = (
                after.lower_ == "after"
                and after.i > token.i
                and self.document[after.i - 1].lemma_ not in LENGTHS_OF_TIME
            )
            modal = any(c.tag_ == "MD" for c in child.children)
            due = [c.lower_ for c in token.children if c.tag_ == "MD"] == ["will"]
            past_main = due or (past_main and not any(c.tag_ == "MD" for c in token.children))
            return "following" if plain and happened and past_main and not modal and is_verb(token) else None
        told = token.tag_ in {"VBD", "VBN"} and not any(c.tag_ == "MD" for c in token.children)
        if child.tag_ == "VBG" and marks & {"after", "before"}:
            return "after" if told and child.i > token.i else None
        if any(c.dep_ == "mark" for c in child.children) or any(c.lower_ == "to" for c in child.children):
            return None
        closes = child.right_edge.i + 1 < len(self.document) and self.document[child.right_edge.i + 1].text == ","
        fronted = child.left_edge.i == 0 and closes
        if child.tag_ in {"VBG", "VBN", "VBD"} and (comma or fronted):
            plain = told or child.tag_ == "VBN" or child.lemma_.lower() in INTERPRETING
            return "participle" if plain or self.is_present(child) else None
        return None

    def is_meanwhile(self, child: Any, token: Any) -> bool:
        """Whether a clause with "as" tells what happened at the same time: "fell as costs rose"; not how, nor who has it."""
        opens, subject = child.left_edge, subject_of(child)
        named = subject is not None and subject.pos_ in {"NOUN", "PROPN"}
        told = child.tag_ == "VBD" or any(c.tag_ == "VBD" and c.dep_ == "auxpass" for c in child.children)
        past_main = token.tag_ == "VBD" or any(
            c.tag_ in {"VBD", "VBZ", "VBP"} and c.dep_ in {"aux", "auxpass"} for c in token.children
        )
        before = self.document[opens.i - 1] if opens.i else opens
        return (
            opens.lower_ == "as"
            and opens.dep_ in {"mark", "advmod"}
            and token.i < opens.i
            and named
            and told
            and past_main
            and is_verb(token)
            and (before.pos_ in {"NOUN", "PROPN", "NUM", "ADV", "SYM"} or before.i == token.i)
            and before.lower_ not in {"just", "even", "much", "same", "such", "well", "far", "long", "soon"}
            and child.lemma_.lower() not in REPORTING | EXPECTING | {"plan", "require", "order"}
        )

    def tail_kind(self, child: Any, token: Any) -> str | None:
        """A tail between commas that has no verb: "the lowest since 2020", "up 50% since 2020", "0.6 points above its January pace"."""
        if is_verb(child) and subject_of(child) is not None:
            return None
        words = self.document[child.left_edge.i : child.right_edge.i + 1].text
        if PARTITIVE.match(words):
            return "partitive"
        if SUPERLATIVE.match(words) and child.dep_ in {"npadvmod", "conj", "attr", "appos", "dep"}:
            return "standing"
        if STANDING.search(words) and has_figure(child.subtree) and child.dep_ in {"npadvmod", "dep", "conj", "prep"} and is_verb(token):  # fmt: skip
            return "standing"
        if re.match(r"(?:up|down)\b(?! from\b)", words) and has_figure(child.subtree):
            return "standing"
        if re.match(r"home to\b", words):
            return "standing"
        if re.match(r"worth\b", words) and has_figure(child.subtree):
            return "worth"
        return None

    def in_quotes(self, child: Any) -> bool:
        place: int = child.left_edge.i
        return self.quoted[place]

    # Asides

    def aside(self, kind: str, child: Any, token: Any, clause: Clause, shared: list[Any]) -> None:
        """Make a claim of what is said by the way."""
        said = clause.attribution
        if kind == "past":
            head = self.past_head(token)
            subject = subject_of(head) if head is not None else None
            self.clause(Clause(child, self.noun(subject), said))
        elif kind == "verb" and clause.verb.dep_ in {"acl", "advcl"} and not is_finite(clause.verb):
            self.participle(child, shared, said)
        elif kind == "verb":
            self.clause(Clause(child, shared, said, lead=clause.lead))
        elif kind in {"sentence", "contrast", "following"}:
            self.further(child, clause, shared)
        elif kind == "relative":
            self.relative(child, token, clause, shared)
        elif kind == "attribute" and child.dep_ == "acl":
            self.participle(child, shared, said)
        elif kind == "attribute":
            self.relative(child, token, clause, shared, about=shared)
        elif kind == "dated":
            self.dated(child, self.document[child.left_edge.i - 2], clause)
        elif kind == "including":
            self.including(child, token, clause)
        elif kind == "apposition":
            self.apposition(child, token, clause, shared)
        elif kind == "participle":
            about = self.noun(token, bare=True) if child.dep_ == "acl" and not is_verb(token) else shared
            self.participle(child, self.held_before(child, shared) or about, said)
        elif kind == "after":
            verb = child if child.dep_ == "advcl" else next(c for c in child.children if c.dep_ == "pcomp")
            clause.members |= {t.i for measure in child.lefts if measure.i != verb.i for t in measure.subtree}
            self.participle(verb, shared, said)
        elif kind == "restated":
            words = {t.i for t in child.subtree} | set(range(child.left_edge.i - 2, child.left_edge.i))
            whole = Clause(clause.verb, clause.subject, said, clause.members | words, clause.lead, dict(clause.swaps))
            opening = self.text(clause.subject) if clause.subject else ""
            self.emit(whole, borrowed=clause.subject, opening=opening)
        elif kind == "according":
            self.according(child, clause)
        elif kind == "with":
            self.with_tail(child, clause)
        elif kind == "owned" and shared:
            self.owned(child, clause, shared)
        elif kind in {"standing", "worth", "partitive"}:
            self.standing(kind, child, token, clause, shared)

    def held_before(self, verb: Any, shared: list[Any]) -> list[Any]:
        """What was held or is run, where a person is the subject: "she won the final, held at Leeds"."""
        opens = verb.left_edge.i
        near = self.document[opens - 2] if opens > 1 and self.document[opens - 1].text == "," else None
        acting = any(
            t.ent_type_ == "PERSON" or t.lower_ in {"he", "she", "i", "who"} or PERSON_NOUN.search(t.text)
            for t in shared
        )
        if near is None or not acting or verb.tag_ != "VBN" or verb.lemma_.lower() not in DONE_TO_THINGS or near.pos_ not in {"NOUN", "PROPN"}:  # fmt: skip
            return []
        return self.noun(near, bare=True)

    def further(self, verb: Any, clause: Clause, shared: list[Any]) -> None:
        """Take a clause with a subject of its own, or one that tells who foresaw the main clause."""
        if self.is_foreseen(verb):
            self.foreseen(verb, clause)
        else:
            self.clause(Clause(verb, shared, clause.attribution, swaps=self.unmarked(verb)))

    def unmarked(self, verb: Any) -> dict[int, str]:
        marks = [c for c in verb.children if c.dep_ in {"mark", "advmod"}]
        return {c.i: "" for c in [*marks, verb.left_edge] if c.lower_ in CONTRAST | {"as", "since", "after"}}

    def is_foreseen(self, verb: Any) -> bool:
        """Whether a clause tells who foresaw the main one: ", as most economists had expected"."""
        objects = {"dobj", "ccomp", "xcomp", "advcl"}
        return (
            verb.left_edge.lower_ == "as"
            and verb.lemma_.lower() in EXPECTING
            and not any(c.dep_ in objects for c in verb.children)
        )

    def foreseen(self, verb: Any, clause: Clause) -> None:
        """What was foreseen is the main clause: "Most economists had expected that the bank raised its rate"."""
        self.done.add(verb.i)
        inner = Clause(verb, [], clause.attribution, swaps=self.unmarked(verb))
        self.gather(verb, inner)
        foreseen = [self.document[i] for i in sorted(clause.members) if self.document[i].text not in {",", ";", "."}]
        first = [*clause.subject, *foreseen][0]
        told = self.joined([*clause.subject, *foreseen], {} if first.pos_ == "PROPN" else {first.i: first.lower_})
        inner.swaps[verb.i] = f"{verb.text} that {told}"
        self.emit(inner, borrowed=[*clause.subject, *foreseen])

    def including(self, prep: Any, noun: Any, clause: Clause) -> None:
        """What holds of the prizes holds of the medal: "won several prizes, including the Ada Medal in 1987"."""
        first = next((c for c in prep.children if c.dep_ == "pobj"), None)
        subject = subject_of(clause.verb)
        owner = self.noun(subject) if subject is not None else clause.subject
        if first is None or not owner:
            return
        if first.pos_ != "PROPN":
            words = [t for t in prep.subtree if t.i > prep.i]
            about = [t for t in self.noun(noun, bare=True) if t.i <= noun.i and t.dep_ != "det"]
            opening = (
                f"{possessive(self.text(owner))} {self.text(about)} {'include' if is_plural(noun) else 'includes'}"
            )
            each = Clause(first, [], clause.attribution, {t.i for t in words})
            self.emit(each, borrowed=[*owner, *about], opening=opening)
            return
        named = Clause(first, [])
        chain: list[Any] = []
        pending = [first]
        while pending:
            one = pending.pop(0)
            chain.append(one)
            pending += [c for c in one.children if c.dep_ == "conj" and not is_verb(c)]
        self.gather(prep, named)
        outside = clause.members - {t.i for t in noun.subtree}
        for one in chain:
            mine = own_tokens(one, chain)
            each = Clause(
                clause.verb, clause.subject, clause.attribution, outside | mine, clause.lead, dict(clause.swaps)
            )
            opening = self.text(clause.subject) if clause.subject else ""
            self.emit(each, borrowed=clause.subject, opening=opening)

    def relative(
        self, verb: Any, noun: Any, clause: Clause, shared: list[Any], *, about: list[Any] | None = None
    ) -> None:
        """A relative clause, ", which makes analysers,", says something of what it follows."""
        if self.document[verb.left_edge.i].lower_ == "when" and noun.ent_type_ == "DATE":
            self.dated(verb, noun, clause)
            return
        pronoun = next((t for t in self.document[verb.left_edge.i : verb.right_edge.i + 1] if t.lower_ in RELATIVE and t.tag_ in {"WDT", "WP", "WP$", "WRB", "IN"}), None)  # fmt: skip
        if pronoun is None or any(
            c.dep_ == "aux" and c.tag_ == "MD" and c.lower_ not in {"must", "would", "will"} for c in verb.children
        ):
            return
        if pronoun.lower_ == "which" and noun.ent_type_ == "GPE" and noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ in {"NOUN", "PROPN"}:  # fmt: skip
            noun = noun.head.head
        while noun.ent_type_ and noun.dep_ == "pobj" and noun.head.ent_type_ == noun.ent_type_ and noun.head.head.ent_type_ == noun.ent_type_:  # fmt: skip
            noun = noun.head.head
        noun = self.nearest(verb, noun, pronoun) if about is None else noun
        about = about or self.noun(noun, bare=True)
        if pronoun.lower_ == "which" and PERSON_NOUN.search(noun.text) and verb.left_edge.i > 1:
            near = self.document[verb.left_edge.i - 2]
            about = self.noun(near, bare=True) if near.pos_ in {"NOUN", "PROPN"} and near.i > noun.i else about
        if pronoun.lower_ == "whose":
            about = [t for t in about if t.i <= noun.i]
        if has_figure([noun]) or noun.ent_type_ in {"MONEY", "PERCENT"}:
            about = shared or about
        words = self.text(about)
        inner = Clause(verb, [], clause.attribution)
        self.done.add(verb.i)
        pending = self.gather(verb, inner)
        before = self.document[pronoun.i - 1].lower_ if pronoun.i > verb.left_edge.i else ""
        subject = subject_of(verb)
        if pronoun.lower_ == "whose":
            inner.swaps[pronoun.i] = self.renamed[pronoun.i] = possessive(words)
        elif subject is not None and subject.i == pronoun.i:
            inner.swaps[pronoun.i] = self.the(about) if words[:2].lower() in {"a ", "an"} else words
        elif pronoun.lower_ in {"which", "whom"} and pronoun.dep_ == "pobj" and pronoun.i - 1 == verb.left_edge.i:
            inner.swaps[pronoun.i] = self.the(about) + ","
        elif before == "of":
            inner.swaps[pronoun.i] = self.the(about)
        elif pronoun.lower_ == "where":
            if noun.ent_type_ in {"DATE", "TIME"} or noun.lemma_ in {
                "year",
                "winter",
                "summer",
                "month",
                "week",
                "case",
            }:
                return
            inner.swaps[pronoun.i] = f"in {words},"
        elif pronoun.lower_ in {"which", "whom", "that"} and subject is not None and not before:
            # "a drug, which the programme forbids": what the verb acts on comes first in the text and last in the claim.
            inner.swaps[pronoun.i] = ""
            acting = pronoun.head if is_verb(pronoun.head) and pronoun.dep_ == "dobj" else verb
            place = max(t.i for t in [acting, *[c for c in acting.children if c.dep_ in {"prt"}]])
            lowered = words[:1].lower() + words[1:] if about and about[0].pos_ != "PROPN" else words
            inner.swaps[place] = f"{self.document[place].text} {lowered}"
        else:
            return
        inner.members.add(verb.i)
        self.emit(inner, borrowed=about)
        about_subject = (
            about
            if subject is not None and subject.i == pronoun.i
            else (self.noun(subject) if subject is not None else about)
        )
        for kind, child, token in pending:
            self.aside(kind, child, token, inner, about_subject)

    def dated(self, verb: Any, date: Any, clause: Clause) -> None:
        """What happened "in 2015, when he signed with Leeds", happened in 2015."""
        while date.head.ent_type_ == "DATE" and date.dep_ != "ROOT":
            date = date.head
        prep = date.head if date.dep_ == "pobj" else None
        words = [t for t in date.subtree if t.i < verb.left_edge.i and not t.is_punct]
        when = [prep, *words] if prep is not None else words
        inner = Clause(verb, [], clause.attribution)
        self.done.add(verb.i)
        pending = self.gather(verb, inner)
        told = self.text(when)
        inner.swaps[verb.left_edge.i] = f"{told[:1].upper()}{told[1:]},"
        self.emit(inner, borrowed=when)
        subject = subject_of(verb)
        for kind, child, token in pending:
            self.aside(kind, child, token, inner, self.noun(subject) if subject is not None else [])

    def nearest(self, verb: Any, noun: Any, pronoun: Any) -> Any:
        """What ", which" follows, where the parser hung the clause on a noun farther back and the verb agrees with the nearer one."""
        opens = verb.left_edge.i
        near = self.document[opens - 2] if opens > 1 and self.document[opens - 1].text == "," else noun
        inside = noun.left_edge.i <= near.i and any(t.i == noun.i for t in [near, *near.ancestors])
        named = near.pos_ == "PROPN" and near.head.i == noun.i and near.dep_ == "appos"
        if (
            pronoun.lower_ != "which"
            or near.pos_ != "PROPN"
            or (not named and inside and near.i > noun.i and noun.dep_ not in {"nsubj", "nsubjpass"})
        ):
            return noun
        if near.head.i == noun.i and near.dep_ == "appos" and self.document[near.left_edge.i - 1].i == noun.i:
            # "the company Mey Eden, which ...": the name says which.
            return near
        between = {t.pos_ for t in self.document[noun.i : near.i]}
        singular = verb.tag_ == "VBZ" or any(c.tag_ == "VBZ" for c in verb.children if c.dep_ in {"aux", "auxpass"})
        return near if between & {"VERB", "AUX"} and singular and near.tag_ == "NNP" else noun

    def apposition(self, child: Any, head: Any, clause: Clause, shared: list[Any]) -> None:
        """An apposition, ", the American subsidiary,", tells what it is."""
        words = self.document[child.left_edge.i : child.right_edge.i + 1].text
        if PARTITIVE.match(words):
            self.standing("partitive", child, head, clause, shared)
            return
        described = self.described(child, head)
        if (
            described is head
            and SUPERLATIVE.match(words)
            and (has_figure(head.subtree) or head.ent_type_ in {"MONEY", "PERCENT"})
            and shared
        ):
            self.standing("standing", child, head, clause, shared)
            return
        head = described
        if is_plural(child) and not is_plural(head) and head.dep_ == "conj":
            # "Ada Brook and Tom Fell, founders of the firm": they both are.
            head = head.head
        inner = Clause(child, [], clause.attribution)
        pending = self.gather(child, inner)
        for late in child.rights:
            # "the D1, six years later": when it happened belongs to the clause.
            if (
                late.left_edge.i > child.i + 1
                and late.dep_ in {"npadvmod", "advmod"}
                and self.document[late.left_edge.i - 1].text == ","
            ):
                when = {t.i for t in late.subtree}
                inner.members -= when
                clause.members |= when
        several = any(c.dep_ == "conj" and (c.i < child.i or is_plural(child)) for c in head.children)
        about = self.noun(head, bare=not several)
        if not several and head.i < child.i:
            about = [t for t in about if t.i < child.left_edge.i] or about
        age = len(inner.members) == 1 and child.text.isdigit()
        if child.pos_ == "NUM" and len(inner.members) < 3:
            age = True
        if not age and about:
            single = any(c.dep_ == "det" and c.lower_ in {"a", "an"} for c in child.children)
            verb = IS[(is_plural(head) if several else head.tag_ in {"NNS", "NNPS"}) and not single]
            single_thing = about[0].tag_ in {"NN", "JJ"} and about[0].text.islower()
            words = self.the(about) if single_thing else self.text(about)
            chain = self.roles(child, head)
            for one, following in zip(chain, [*chain[1:], None], strict=True):
                end = following.left_edge.i if following is not None else child.right_edge.i + 1
                joints = {c.i for c in one.children if c.dep_ in {"cc", "punct"}} if following is not None else set()
                own = {i for i in inner.members if one.left_edge.i <= i < end} - joints
                each = Clause(one, [], inner.attribution, own, swaps=dict(inner.swaps))
                first = self.document[min(own)] if own else one
                if single and one is not child and first.dep_ not in {"det", "poss"}:
                    # "a lawyer and former judge": the second has the article of the first.
                    each.swaps[first.i] = f"{indefinite_article(first.text)} {first.text}"
                self.emit(each, borrowed=about, opening=f"{words} {verb}")
        for kind, grandchild, token in pending:
            if token.i == child.i and kind == "relative":
                self.relative(grandchild, head if head.pos_ == "PROPN" else child, clause, shared)
            else:
                self.aside(kind, grandchild, token, clause, self.noun(head, bare=True))

    def described(self, child: Any, head: Any) -> Any:
        """What an apposition describes: the name right before its comma, where the parser hung it on a noun in another number."""
        before = self.document[child.left_edge.i - 2] if child.left_edge.i > 1 else head
        if (
            (before.pos_ == "PROPN" or (before.pos_ == "NOUN" and is_plural(before) == is_plural(child)))
            and head.pos_ != "PROPN"
            and head.i < before.i
            and is_plural(head) != is_plural(child)
        ):
            return before
        return head

    def participle(self, verb: Any, about: list[Any], said: str | None) -> None:
        """A participle, ", creating nine new firms", is an event with the subject of what it hangs on."""
        having = next((c for c in verb.children if c.dep_ == "aux" and c.lower_ == "having"), None)
        inner = Clause(verb, about, said)
        self.done.add(verb.i)
        pending = self.gather(verb, inner)
        head = about[-1] if about else None
        heads = [t for t in about if t.dep_ in {"nsubj", "nsubjpass"}] or ([head] if head is not None else [])
        plural = bool(heads) and is_plural(heads[0])
        if having is not None:
            inner.swaps[having.i] = ""
            inner.swaps[verb.i] = past(verb.lemma_)
        elif verb.tag_ == "VBG":
            inner.swaps[verb.i] = present(verb.lemma_, plural=plural) if self.is_present(verb) else past(verb.lemma_)
        elif verb.tag_ == "VBN" or not any(c.dep_ == "dobj" for c in verb.children):
            inner.swaps[verb.i] = f"{BE[plural]} {verb.text[:1].lower() + verb.text[1:]}"
        for other in verb.children:
            if other.dep_ == "conj" and other.tag_ == "VBG" and other.i in inner.members:
                tense = present(other.lemma_, plural=plural) if self.is_present(verb) else past(other.lemma_)
                inner.swaps[other.i] = tense
        for mark in verb.children:
            if mark.dep_ == "mark" or mark.lower_ in {"thus", "thereby", "then"}:
                inner.swaps[mark.i] = ""
        for being in verb.children:
            if being.dep_ == "auxpass" and being.lower_ == "being":
                inner.swaps[being.i] = ""
        for told in verb.rights:
            if about and self.describes_subject(told):
                self.described_subject(told, inner, about)
        telling = any(is_figure(t) or t.pos_ == "PROPN" or t.dep_ in {"dobj", "agent", "prep"} for t in verb.subtree)
        reads = verb.tag_ == "VBG" and (verb.lemma_.lower() in INTERPRETING or (verb.i > 0 and verb.text[0].isupper()))
        after = self.document[verb.i + 1] if verb.i + 1 < len(self.document) else None
        adjective = verb.tag_ == "VBN" and having is None and after is not None and after.pos_ in {"NOUN", "PROPN"}
        if adjective or (about and about[0].lower_ == "there"):
            return
        if about and telling and not reads:
            self.emit(inner, borrowed=about, opening=self.text(about))
        for kind, child, token in pending:
            self.aside(kind, child, token, inner, about)

    def is_present(self, participle: Any) -> bool:
        """Whether a participle with "-ing" tells what is so, by the verb that it hangs on: "they are small, weighing 180 g"."""
        if participle.tag_ != "VBG" or participle.lemma_.lower() in PREPOSITIONAL:
            return False
        head = participle.head
        while head.dep_ != "ROOT" and not (is_verb(head) and is_finite(head)):
            head = head.head
        helpers = [c for c in head.children if c.dep_ in {"aux", "auxpass"}]
        if any(c.tag_ == "MD" for c in helpers):
            return participle.i < head.i and [c.lower_ for c in helpers if c.tag_ == "MD"] == ["will"]
        perfect = head.tag_ == "VBN" and any(c.lemma_ == "have" for c in helpers)
        return not perfect and (head.tag_ in {"VBZ", "VBP"} or any(c.tag_ in {"VBZ", "VBP"} for c in helpers))

    def describes_subject(self, noun: Any) -> bool:
        """Whether a noun phrase behind a comma tells what the subject is: "Born in 1927, the third of five daughters, she ..."."""
        opens = noun.left_edge.i + (noun.left_edge.text == ",")
        return (
            noun.dep_ in {"npadvmod", "attr", "appos", "dep", "dobj"}
            and noun.pos_ == "NOUN"
            and noun.ent_type_ not in {"DATE", "TIME"}
            and opens > 0
            and self.document[opens - 1].text == ","
            and self.document[opens].lower_ in {"the", "a", "an"}
        )

    def described_subject(self, noun: Any, clause: Clause, about: list[Any]) -> None:
        words = {t.i for t in noun.subtree}
        inner = Clause(
            noun, [], clause.attribution, {i for i in words if i > noun.left_edge.i or not noun.left_edge.is_punct}
        )
        verb = (IS if any(is_finite(t) and t.tag_ in {"VBZ", "VBP"} for t in self.document) else BE)[
            any(is_plural(t) for t in about if t.dep_ in {"nsubj", "nsubjpass"})
        ]
        self.emit(inner, borrowed=about, opening=f"{self.text(about)} {verb}")
        clause.members -= words

    def according(self, prep: Any, clause: Clause) -> None:
        """Who is named behind "according to" says it; a study that was published somewhere is a claim too."""
        named = next((t for t in prep.subtree if t.dep_ == "pobj"), None)
        if named is not None and clause.attribution is None:
            clause.attribution = self.text(self.noun(named))
        for token in prep.subtree:
            if token.dep_ == "acl" and token.tag_ == "VBN" and token.head.pos_ == "NOUN" and _has_name(token.subtree):
                self.participle(token, self.noun(token.head, bare=True), None)
            elif (
                token.dep_ == "relcl"
                and token.head.pos_ == "PROPN"
                and self.document[token.left_edge.i - 1].text == ","
            ):
                self.relative(token, token.head, clause, [])
            elif token.dep_ == "appos" and token.pos_ == "PROPN" and self.document[token.left_edge.i - 1].text == "," and self.describes(token, token.head):  # fmt: skip
                self.apposition(token, token.head, clause, [])

    def with_tail(self, prep: Any, clause: Clause) -> None:
        """A tail such as ", with cumulative investment surpassing ¥8.6 trillion" has a subject and a verb of its own."""
        for child in prep.children:
            verb = child if child.dep_ == "pcomp" else next((g for g in child.children if g.dep_ == "acl"), None)
            if verb is None or verb.tag_ not in {"VBG", "VBN"}:
                continue
            subject = subject_of(verb) if child.dep_ == "pcomp" else child
            if subject is None:
                continue
            inner = Clause(verb, [], clause.attribution)
            self.done.add(verb.i)
            pending = self.gather(verb, inner)
            inner.members |= {t.i for t in self.noun(subject)}
            lent = self.lent(subject, clause)
            if lent:
                inner.swaps[subject.i] = lent
            inner.swaps[verb.i] = past(verb.lemma_) if verb.tag_ == "VBG" else f"{BE[is_plural(subject)]} {verb.text}"
            self.emit(inner)
            for kind, grandchild, token in pending:
                self.aside(kind, grandchild, token, inner, self.noun(subject))

    def owned(self, prep: Any, clause: Clause, shared: list[Any]) -> None:
        """What something is told to be or have "with a 2.48 average" has that average."""
        many = any(is_plural(t) for t in shared if t.dep_ in {"nsubj", "nsubjpass"})
        had = "had" if clause.verb.tag_ == "VBD" else "have" if many else "has"
        inner = Clause(prep, [], clause.attribution, {t.i for t in prep.subtree if t.i > prep.i})
        self.emit(inner, borrowed=shared, opening=f"{self.text(shared)} {had}")

    def lent(self, subject: Any, clause: Clause) -> str:
        """The rest of the subject, lent to a bare noun: "cumulative investment" beside "annual SOE investment in industries" is "SOE investment in industries"."""
        main = subject_of(clause.verb)
        if (
            main is None
            or main.lower_ != subject.lower_
            or any(c.dep_ in {"prep", "compound"} for c in subject.children)
        ):
            return ""
        return self.text([t for t in self.noun(main) if t.i >= main.i or (t.head.i == main.i and not t.text.islower()) or (t.i < main.i and t.ent_type_ == "ORG")])  # fmt: skip

    def standing(self, kind: str, child: Any, token: Any, clause: Clause, shared: list[Any]) -> None:
        """How what was measured stands: "the lowest since 2020", "up 50%", "most of them unpaid"."""
        inner = Clause(child, [], clause.attribution)
        if is_verb(child):
            self.done.add(child.i)
        self.gather(child, inner)
        if kind == "standing":
            # "0.6 points above its pace in 2019": what follows without a comma dates the tail, and not the main clause.
            place = child.right_edge.i + 1
            while (
                place in clause.members
                and not self.document[place].is_punct
                and self.document[place].dep_ not in {"cc"}
            ):
                inner.members.add(place)
                clause.members.discard(place)
                place += 1
        if kind == "partitive":
            self.partitive(child, inner)
            return
        about = shared
        verb = clause.verb
        thing = next((c for c in verb.children if c.dep_ in {"dobj", "attr"}), None) if is_verb(verb) else None
        opening = self.text(shared)
        plural = any(is_plural(t) for t in shared if t.dep_ in {"nsubj", "nsubjpass"})
        if kind == "worth" and not is_verb(token):
            about = self.noun(token, bare=True)
            opening, plural = self.the(about), is_plural(token)
        elif (
            thing is not None
            and verb.lemma_
            in {"hold", "have", "own", "post", "report", "record", "see", "book", "reach", "command", "earn", "make"}
            and not has_figure(t for t in thing.subtree if t.i <= thing.i)
        ):
            about = [*shared, *self.noun(thing, bare=True)]
            words = re.sub(r"^(?:a|an|the|their|its) ", "", self.text([t for t in self.noun(thing, bare=True) if t.i <= thing.i]), flags=re.IGNORECASE)  # fmt: skip
            opening, plural = f"{possessive(opening)} {words}", is_plural(thing)
        elif thing is not None and verb.lemma_ in TRANSITIVE and not has_figure(thing.subtree):
            about = self.noun(thing)
            opening, plural = self.text(about), is_plural(thing)
        elif thing is not None and has_figure(t for t in thing.subtree if t.i <= thing.i) and re.match(r"(?:up|down)\b", self.document[child.left_edge.i : child.i + 1].text):  # fmt: skip
            # "Handled 4.6 million containers, up 12 percent": it is not the port that is up.
            whole = Clause(verb, clause.subject, clause.attribution, clause.members | inner.members | {child.left_edge.i - 1}, clause.lead, dict(clause.swaps))  # fmt: skip
            self.emit(whole, borrowed=clause.subject, opening=self.text(clause.subject) if clause.subject else "")
            return
        if opening:
            perfect = any(c.dep_ == "aux" and c.tag_ in {"VBP", "VBZ"} for c in verb.children)
            past_told = (
                verb.tag_ in {"VBD", "VBN"}
                and not perfect
                and kind == "standing"
                and not re.match(r"(?:up|down)\b", self.document[child.left_edge.i : child.i + 1].text)
            )
            self.emit(inner, borrowed=about, opening=f"{opening} {(BE if past_told else IS)[plural]}")

    def partitive(self, child: Any, inner: Clause) -> None:
        """Of whom "nearly all of them unpaid" is said: the nearest noun before it in the same number."""
        first = self.document[child.left_edge.i]
        pronoun = next((t for t in self.document[first.i : child.right_edge.i + 1] if t.lower_ in {"them", "it", "which", "whom", "those", "these"}), None)  # fmt: skip
        if pronoun is None:
            return
        many = pronoun.lower_ != "it"
        nouns = [
            t for t in self.document[: first.i] if t.pos_ in {"NOUN", "PROPN"} and t.dep_ not in {"compound", "nmod"}
        ]
        fitting = [t for t in nouns if not many or is_plural(t)] or nouns
        counted = [t for t in fitting if any(is_figure(c) for c in t.children)]
        if not fitting:
            return
        about = self.noun((counted or fitting)[-1], bare=True)
        inner.swaps[pronoun.i] = self.the(about)
        finite = any(is_finite(t) for t in self.document[first.i : child.right_edge.i + 1] if is_verb(t))
        if not any(i > pronoun.i and not self.document[i].is_punct for i in inner.members):
            return
        if not finite:
            inner.swaps[pronoun.i] += f" {BE[many]}"
        self.emit(inner, borrowed=about)

    # Noun phrases

    def noun(self, head: Any | None, *, bare: bool = False) -> list[Any]:
        """The words of a noun phrase without what is said by the way; if bare, without its count and those joined to it."""
        if head is None:
            return []
        found: set[int] = {head.i}
        clause = Clause(head, [])
        bare = bare and not is_figure(head)
        for child in head.children:
            if self.kind_of(child, head, clause) or (child.dep_ in {"relcl", "acl", "punct", "appos", "advmod"} and child.i > head.i and bare):  # fmt: skip
                continue
            if bare and (
                child.dep_ in {"conj", "cc"} or (child.dep_ in {"nummod", "advmod", "quantmod"} and child.i < head.i)
            ):
                continue
            if (
                bare
                and child.dep_ in {"compound", "amod", "nmod"}
                and has_figure(child.subtree)
                and child.ent_type_ != "ORDINAL"
            ):
                continue
            if (
                bare
                and child.dep_ == "prep"
                and has_figure(t for t in child.subtree if t.pos_ == "NUM" and t.ent_type_ != "DATE")
            ):
                continue
            found |= self.kept(child)
        tokens = [self.document[i] for i in sorted(found)]
        while tokens and (tokens[-1].is_punct and tokens[-1].text not in {"”", '"', ")", "%"}):
            tokens.pop()
        return tokens

    def kept(self, token: Any) -> set[int]:
        clause = Clause(token, [])
        self.gather(token, clause)
        return clause.members

    def the(self, tokens: Sequence[Any]) -> str:
        """A noun phrase taken up again: with "the" for its "a", or for the count that was left out."""
        words = self.text(tokens)
        words = re.sub(r"^(?:a|an|some|more|over|up|about) ", "the ", words, flags=re.IGNORECASE)
        first = tokens[0] if tokens else None
        if first is not None and first.pos_ in {"NOUN", "ADJ"} and not words.lower().startswith("the "):
            words = "the " + (words if words[:2].isupper() else words[:1].lower() + words[1:])
        return words

    # Saying it

    def text(self, tokens: Sequence[Any]) -> str:
        return self.joined(tokens, {})

    def joined(self, tokens: Sequence[Any], swaps: dict[int, str]) -> str:
        if self.based and not self.based >= {token.i for token in tokens}:
            # Where a firm is based is a claim of its own.
            tokens = [token for token in tokens if token.i not in self.based]
        return joined(tokens, {**self.renamed, **swaps})

    def emit_clause(self, clause: Clause) -> None:
        """Say a clause; as several claims where a move is told with its level, or objects are joined."""
        verb = clause.verb
        subject = subject_of(verb)
        if not is_verb(verb):
            self.fragment(clause)
            return
        if subject is None and not clause.subject:
            return
        self.counted_whole(clause)
        self.counted_possession(clause)
        self.on_sales(clause)
        self.compared(clause)
        parted = [
            one
            for variant in told_apart(self.document, clause)
            for governed in coordinated(self.document, variant)
            for one in parallel(governed)
        ]
        for variant in [one for whole in parted for one in apart(self.document, whole)]:
            for each in distributed(self.document, variant):
                if subject is None and clause.subject:
                    aux = self.shared_auxiliaries(verb)
                    opening = " ".join(part for part in (self.lead_text(each), self.text(each.subject), aux) if part)
                    self.emit(each, borrowed=each.subject, opening=opening)
                else:
                    self.emit(each, opening=self.strand.opening if verb.dep_ == "ROOT" else "")

    def counted_whole(self, clause: Clause) -> None:
        """How many there were in all, where a share of them is told: "of the 40 ponds tested, 12 were clean"."""
        verb = clause.verb
        whole = next((c for c in verb.lefts if c.dep_ == "prep" and c.lower_ == "of"), None)
        subject = subject_of(verb)
        noun = next((c for c in whole.children if c.dep_ == "pobj"), None) if whole is not None else None
        if whole is None or noun is None or subject is None or whole.i > subject.i or not is_figure(subject):
            return
        count = next((c for c in noun.children if c.dep_ == "nummod"), None)
        if count is None:
            return
        tokens = [t for t in noun.subtree if t.dep_ != "det" or t.head.i != noun.i]
        participles = [t for t in noun.subtree if t.dep_ == "acl"]
        participle = participles[0] if len(participles) == 1 and participles[0].tag_ == "VBN" else None
        if participle is not None:
            self.add(self.joined(tokens, {participle.i: f"were {participle.text}"}), tokens, tokens, clause.attribution)
        else:
            self.add(
                f"There {'were' if participles else 'are'} {self.text(tokens)}", tokens, tokens, clause.attribution
            )
        clause.members -= {t.i for t in count.subtree}

    def counted_possession(self, clause: Clause) -> None:
        """How many it has, where something is told of them: "its 300 shops are in 12 towns"."""
        subject = subject_of(clause.verb)
        if subject is None or subject.pos_ != "NOUN":
            return
        owner = next((c for c in subject.children if c.dep_ == "poss"), None)
        count = next((c for c in subject.children if c.dep_ == "nummod"), None)
        if owner is None or count is None or not is_plural(subject):
            return
        words = {"its": "It", "their": "They", "his": "He", "her": "She"}.get(owner.lower_)
        name = words or self.text([t for t in owner.subtree if t.dep_ != "case"])
        counted = [t for t in subject.subtree if t.i > owner.right_edge.i and t.i <= subject.i]
        has = "have" if words == "They" or is_plural(owner) else "has"
        self.add(f"{name} {has} {self.text(counted)}", [*owner.subtree, *counted], [*owner.subtree, *counted])
        clause.members -= {
            t.i for c in subject.children if c.dep_ in {"nummod", "quantmod"} or is_figure(c) for t in c.subtree
        } | {t.i for t in counted if t.lower_ in SCALE_WORDS}

    def on_sales(self, clause: Clause) -> None:
        """The sales as well, in "earned ₹20 crore on sales of ₹300 crore"."""
        verb = clause.verb
        on = next((t for t in verb.subtree if t.dep_ == "prep" and t.lower_ == "on" and t.i in clause.members and any(c.dep_ == "pobj" and c.lower_ in {"sales", "revenue", "revenues", "turnover"} for c in t.children)), None)  # fmt: skip
        subject = subject_of(verb)
        owner = self.noun(subject) if subject is not None else clause.subject
        if on is None or not owner or not has_figure(on.subtree):
            return
        noun = next(c for c in on.children if c.dep_ == "pobj")
        amount = [c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"]
        if not amount:
            return
        core = {on.i, noun.i, *(c.i for c in noun.lefts)} | {t.i for c in amount for t in c.subtree if not (t.dep_ == "prep" and t.lower_ == "in") and not any(a.dep_ == "prep" and a.lower_ == "in" for a in t.ancestors if a.i > noun.i)}  # fmt: skip
        times = [t for t in verb.subtree if t.i > max(core) and t.i in clause.members]
        told = [*[self.document[i] for i in sorted(core - {on.i})], *times]
        self.add(f"{self.text(owner)} had {self.text(told)}", told, [*owner, *told], clause.attribution)
        clause.members -= core

    def compared(self, clause: Clause) -> None:
        """What is measured of the first is measured of the second: "40% was dry, against 55% a year ago"."""
        verb = clause.verb
        subject = subject_of(verb)
        if subject is None or not is_figure(subject):
            return
        against = next(
            (
                c
                for c in verb.children
                if c.dep_ == "prep"
                and c.i > verb.i
                and c.lower_ in {"against", "compared", "versus"}
                and has_figure(c.subtree)
            ),
            None,
        )
        if against is None or self.document[against.i - 1].text != ",":
            return
        tail = [t for t in self.document if against.i <= t.i and not (t.is_punct and t.text == ".")]
        dropped = {t.i for t in tail} | {against.i - 1}
        words = [t for t in tail if t.i > against.i and t.lower_ not in {"with", "to"}]
        rest = [self.document[i] for i in sorted(clause.members - dropped) if i > subject.right_edge.i]
        rest = [t for t in rest if t.ent_type_ not in {"DATE", "TIME"} and t.text != "."]
        for group in _split_at_and(words):
            if has_figure(group):
                date = [t for t in group if t.ent_type_ == "DATE" and not is_figure(t)]
                first = next((t.i for t in date), None)
                opening = [t for t in group if first is None or t.i < first or any(g.dep_ == "prep" for g in group)]
                tail_words = [t for t in group if t not in opening]
                said = f"{self.text(opening)} {self.text(rest)} {self.text(tail_words)}"
                self.add(said, group, [*group, *rest], clause.attribution)
        clause.members -= dropped

    def lead_text(self, clause: Clause) -> str:
        return self.text(clause.lead) + "," if clause.lead else ""

    def shared_auxiliaries(self, verb: Any) -> str:
        """The auxiliaries that a joined verb shares: "has built ... and opened"."""
        if verb.dep_ != "conj" or any(t.dep_ in {"aux", "auxpass"} for t in verb.children):
            return ""
        modal = [t for t in verb.head.children if t.dep_ == "aux" and t.tag_ == "MD" and t.i < verb.head.i]
        if modal and verb.lower_ == verb.lemma_.lower():
            # "will last a year and cost ...": "cost" may as well be read as the past tense.
            return " ".join(t.text for t in verb.head.children if t.dep_ in {"aux", "neg"} and t.i < verb.head.i)
        if verb.tag_ not in {"VBN", "VB", "VBG"} or (verb.tag_ == "VB" and verb.head.tag_ in {"VBN", "VBD"}):
            # No helper goes before "have won ... and climb".
            return ""
        if verb.tag_ == "VBG" and verb.head.lemma_ == "be" and verb.head.tag_ != "VBG":
            return str(verb.head.text)
        return " ".join(t.text for t in verb.head.children if t.dep_ in {"aux", "auxpass", "neg"} and t.i < verb.head.i)

    def fragment(self, clause: Clause) -> None:
        """Words without a verb: worth keeping where they hold a figure or stand under a label."""
        tokens = [self.document[i] for i in sorted(clause.members)]
        label = self.strand.label
        if label and tokens and re.match(r"(?:up|down|unchanged|flat)$", tokens[0].lower_):
            plural = label.endswith("s")
            to = next((t for t in tokens[2:] if t.lower_ == "to" and has_figure(t.subtree)), None)
            level = [t for t in to.subtree if t in tokens] if to is not None else []
            growth = [t for t in tokens if t not in level]
            self.add(f"{label} {BE[plural]} {self.text(growth)}.", growth, growth, clause.attribution)
            if level:
                self.add(f"{label} {BE[plural]} {self.text(level[1:])}.", level, level, clause.attribution)
        elif (
            len(tokens) > 3
            and (DIGIT.search(self.text(tokens)) or has_figure(tokens[:1]))
            and tokens[0].lower_ != "one"
        ):
            words = self.joined(tokens, self.telegraphic(clause))
            self.add(f"{label}: {words}." if label else f"{words}.", tokens, tokens, clause.attribution)

    def telegraphic(self, clause: Clause) -> dict[int, str]:
        """The verb that telegraphic style leaves out: "Gusts of 148 km/h recorded at the cape"."""
        noun = clause.verb
        told = next((c for c in noun.rights if c.dep_ == "acl" and c.tag_ == "VBN" and c.i in clause.members), None)
        if (
            noun.pos_ != "NOUN"
            or noun.dep_ != "ROOT"
            or told is None
            or told.lemma_.lower() in MOVING
            or self.document[told.i - 1].text == ","
        ):
            return {}
        return {told.i: f"{BE[is_plural(noun)]} {told.text}"}

    def emit(self, clause: Clause, *, borrowed: Sequence[Any] = (), opening: str = "") -> None:
        tokens = [self.document[i] for i in sorted(clause.members)]
        said = self.joined(tokens, clause.swaps)
        said = f"{opening} {said}" if opening else said
        verb = clause.verb
        # What hangs on words taken out may leave nothing but a name.
        if len(said.split()) < 3 or (is_verb(verb) and verb.i not in clause.members):
            return
        lead = clause.lead if opening and clause.lead else []
        moved = [self.document[i] for i in sorted(clause.moved)]
        self.add(said, [*tokens, *moved], [*lead, *borrowed, *tokens, *moved], clause.attribution)

    def add(self, said: str, own: Sequence[Any], used: Sequence[Any], attribution: str | None = None) -> None:
        text = tidied(said)
        # The parser was given a full stop that the strand may lack.
        places = (*self.strand.places, self.strand.places[-1])
        solid = [t for t in own if not t.is_punct] or list(own)
        if not solid or len(text.split()) < 3:
            return
        start, end = places[min(t.idx for t in solid)], places[max(t.idx + len(t.text) for t in solid) - 1] + 1
        parts = tuple(sorted({(places[t.idx], places[t.idx + len(t.text) - 1] + 1) for t in used}))
        self.pieces.append(Piece(text, start, end, attribution, parts))


def _split_at_and(tokens: Sequence[Any]) -> list[list[Any]]:
    """Parts of a comparison that each open with a figure: "40% of these and 30% of those"."""
    groups: list[list[Any]] = [[]]
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.lower_ in {"and", ","} and following is not None and is_figure(following):
            groups.append([])
            continue
        groups[-1].append(token)
    return groups


def _has_name(tokens: Iterable[Any]) -> bool:
    return any(token.pos_ == "PROPN" for token in tokens)


def possessive(name: str) -> str:
    """The possessive of a name: "firms'" and "Kaveri Instruments'" but "Kaveri's"."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def tidied(text: str) -> str:
    """A claim as a sentence: capital, full stop, no stray marks."""
    text = " ".join(text.split()).strip(" ,;:–—-")
    text = re.sub(r"\s+([.,;’])(?=\s|$)", r"\1", re.sub(r"[,;]+(?=[.,])", "", text))
    text = re.sub(r",(?:\s*,)+", ",", text)
    for opening, closing in (("“", "”"), ('"', '"')):
        marks = text.count(opening) % 2 if opening == closing else text.count(opening) != text.count(closing)
        if marks:
            text = text.replace(opening, "").replace(closing, "")
    text = text.strip(" ,;:–—-")
    text = re.sub(r"\.{2}$", ".", text)
    text = LINKING.sub("", text)
    text = text if re.search(r"[.!?][”\"’)]*$", text) else text + "."
    text = OPENER.sub("", text[:1].upper() + text[1:])
    return text[:1].upper() + text[1:]
