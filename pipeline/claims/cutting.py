"""Cuts a parsed sentence into atomic claims.

Pieces are made of the sentence's own words in their order: a subject with its verb and what belongs to it. Where a cut
would be doubtful the sentence stays whole: a whole sentence is a claim, a mangled piece is a defect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

REPORTING = frozenset(
    "say announce report add state tell note claim argue explain confirm declare reveal disclose acknowledge stress emphasize emphasise insist "
    "warn estimate write suggest find show believe think".split()
)
NOMINAL = {
    "formation": "formed", "creation": "created", "establishment": "established", "launch": "launched", "consolidation": "consolidated",
    "integration": "integrated", "acquisition": "acquired", "construction": "built", "opening": "opened", "closure": "closed",
    "merger": "merged", "sale": "sold", "purchase": "bought", "expansion": "expanded", "appointment": "appointed",
    "introduction": "introduced", "restructuring": "restructured", "privatisation": "privatised", "privatization": "privatized",
}  # fmt: skip
PAST = {
    "making": "made", "bringing": "brought", "taking": "took", "giving": "gave", "leaving": "left", "becoming": "became", "rising": "rose",
    "falling": "fell", "selling": "sold", "winning": "won", "losing": "lost", "beating": "beat", "hitting": "hit", "setting": "set",
    "cutting": "cut", "putting": "put", "building": "built", "buying": "bought", "paying": "paid", "spending": "spent", "growing": "grew",
    "shrinking": "shrank", "holding": "held", "getting": "got", "seeing": "saw", "showing": "showed", "driving": "drove", "rising to": "rose to",
    "standing": "stood", "meaning": "meant", "sending": "sent", "breaking": "broke", "writing": "wrote", "finding": "found", "going": "went",
    "coming": "came", "running": "ran", "beginning": "began", "bearing": "bore", "tripling": "tripled", "topping": "topped", "dropping": "dropped",
    "killing": "killed", "employing": "employed", "reaching": "reached",
}  # fmt: skip
EMPTY_TAIL = frozenset(
    "underlining underscoring signalling signaling boosting reflecting highlighting showing suggesting meaning making helping aiming "
    "echoing outpacing strengthening stabilising including marking raising".split()
)
"""Participles that read something into the facts, or whose tail is no event of its own."""
MOVES = r"(?:rose|risen|fell|fallen|grew|grown|climbed|jumped|dropped|slid|declined|increased|decreased|surged|gained|shrank|advanced|soared|slipped|expanded|contracted|plunged|edged up|edged down)"
MOVED_TO = re.compile(
    rf"\b{MOVES}(?: by)?(?P<by> (?:\w+ )?[\w.,$€£¥₹]*\d[\d.,]*(?:\s?%| per ?cent| percent| basis points| percentage points)?(?: (?:from a year (?:earlier|ago)"
    rf"|year[- ]on[- ]year|on the year|compared with [\w ]+?))?)(?P<to> to (?P<level>(?:\w+ )?[$€£¥₹A-Z]*\s?\d[\d.,]*(?:\s?(?:million|billion|trillion|crore|lakh|bn|tn|m))?(?:\s?%| per ?cent)?))"
)
UP_TAIL = re.compile(
    r",\s+(?P<tail>(?:up|down)\s+(?:nearly |almost |about |around |over |more than |some |by )*\d[\d.,]*\s?(?:%|per ?cent|percent)[^,;]*)(?=[.,;]|$)"
)
CONVERSION = re.compile(
    r"\s?\((?P<inside>(?:about |around |roughly |some |approximately |nearly )?(?:US|A|C|HK)?[$€£¥₹][\d.,]+\s?(?:trillion|billion|million|crore|lakh|tn|bn|m)?(?: (?:USD|EUR|GBP|CNY|JPY))?)\)"
)
INCLUDING = re.compile(r",\s+including\s+(?P<what>[^;]+?)(?=\.?$)")
SUMS = re.compile(
    r"(?P<sum>(?:[A-Z]{0,3}[$€£¥₹]|Rs\.? ?)[\d.,]+\s?(?:trillion|billion|million|crore|lakh|tn|bn|m)?)\s?$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A claim as cut: its words, and where in the sentence they stand."""

    text: str
    start: int
    end: int
    attribution: str | None = None


def cut(sentence: Any) -> list[Piece]:
    """Cut a parsed sentence into claims.

    Args:
        sentence: a spaCy span over one sentence.

    Returns:
        Pieces in the order of their words; offsets are into the sentence's text.
    """
    text = sentence.text
    nominal = cut_nominal(text)
    if nominal:
        return [nominal]
    core, attribution = _core(sentence)
    whole = Piece(text[core[0] : core[1]], core[0], core[1], attribution)
    pieces: list[Piece] = []
    body = whole
    for step in (_conversions, _includings, _up_tails, _with_tails, _participles, _relatives, _appositions):
        body, found = step(body, sentence)
        pieces += found
    mains = [grown for piece in _coordinated(body, sentence) for grown in _movements(piece)]
    return [
        _tidied(piece)
        for piece in [*mains, *sorted(pieces, key=lambda piece: piece.start)]
        if len(piece.text.split()) > 2
    ]


def _offset(sentence: Any, token: Any) -> int:
    return int(token.idx - sentence.start_char)


def _end(sentence: Any, token: Any) -> int:
    return _offset(sentence, token) + len(token.text)


def _stretch(sentence: Any, first: Any, last: Any) -> tuple[int, int]:
    return _offset(sentence, first), _end(sentence, last)


def _root(sentence: Any) -> Any:
    return next((token for token in sentence if token.dep_ == "ROOT"), sentence[0])


def _subject(verb: Any) -> Any | None:
    return next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass", "csubj", "expl"}), None)


def _core(sentence: Any) -> tuple[tuple[int, int], str | None]:
    """What is said, without who says it: "X said that Y" is Y, attributed to X."""
    text = sentence.text
    root = _root(sentence)
    spoken = next((child for child in root.children if child.dep_ == "ccomp"), None)
    speaker = _subject(root)
    if (
        root.lemma_.lower() not in REPORTING
        or spoken is None
        or speaker is None
        or (speaker.pos_ == "PRON" and spoken.i < root.i)
    ):
        return (0, len(text)), None
    if (
        any(child.dep_ == "neg" for child in root.children)
        or spoken.pos_ not in {"VERB", "AUX"}
        or _subject(spoken) is None
    ):
        return (0, len(text)), None
    start, end = _stretch(sentence, spoken.left_edge, spoken.right_edge)
    # A clause that follows the speech and belongs to it is sometimes hung on the reporting verb.
    if spoken.i > root.i:
        end = len(text)
    opening = re.match(r"that\s+|,\s+", text[start:])
    start += opening.end() if opening else 0
    part = text[start:end]
    if part.count("“") != part.count("”") or part.count('"') % 2:
        return (0, len(text)), None
    who = text[_offset(sentence, speaker.left_edge) : _end(sentence, speaker.right_edge)]
    return (start, end), who.strip(" ,")


def cut_nominal(text: str) -> Piece | None:
    """A list item without a verb: "Formation of China StarNet to accelerate ..." says that it was formed."""
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
    said = f"{thing[:1].upper()}{thing[1:]} {'were' if plural else 'was'} {NOMINAL[match['what'].lower()]}{rest}."
    return Piece(said, 0, len(text))


def _conversions(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:  # noqa: ARG001
    """Sums put into another currency in brackets: a claim of its own kind, the conversion."""
    found = []
    text = body.text
    for match in reversed(list(CONVERSION.finditer(text))):
        sums = SUMS.search(text[: match.start()])
        if sums:
            said = f"{sums['sum'].strip()} is equal to {match['inside']}."
            found.append(Piece(said, body.start + sums.start(), body.start + match.end(), body.attribution))
    text = CONVERSION.sub("", text) if found else text
    return Piece(text, body.start, body.end, body.attribution), found[::-1]


def _place(body: Piece, words: str, sentence: Any) -> tuple[int, int]:
    """Where words of the body stand in the sentence; the whole body's place if brackets were taken out between them."""
    start = sentence.text.find(words, body.start, body.end)
    return (start, start + len(words)) if start >= 0 else (body.start, body.end)


def _main_subject(body: Piece, sentence: Any) -> tuple[str, Any] | None:
    """The subject of the first verb of the body, in words, and its head."""
    for token in sentence:
        place = _offset(sentence, token)
        if (
            token.dep_ in {"nsubj", "nsubjpass"}
            and body.start <= place < body.end
            and token.head.pos_ in {"VERB", "AUX"}
            and token.pos_ != "PRON"
        ):
            first, last = token.left_edge, token.right_edge
            for child in token.rights:
                if child.dep_ in {"relcl", "appos", "punct"} or (child.dep_ == "acl" and child.i - token.i > 1):
                    last = sentence.doc[max(token.i, child.left_edge.i - 1)]
                    break
            words = sentence.doc[first.i : last.i + 1].text.strip(" ,")
            return CONVERSION.sub("", words), token
    pronoun = next(
        (
            t
            for t in sentence
            if t.dep_ in {"nsubj", "nsubjpass"} and body.start <= _offset(sentence, t) < body.end and t.pos_ == "PRON"
        ),
        None,
    )
    return (pronoun.text, pronoun) if pronoun is not None and pronoun.tag_ == "PRP" else None


def _includings(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A tail of examples is a claim when it names names; otherwise it goes with the rest."""
    match = INCLUDING.search(body.text)
    if match is None or not re.search(r"\b[A-Z][a-z]+", match["what"]):
        return body, []
    before = body.text[: match.start()]
    counted = re.search(r"(?P<noun>(?:[A-Z]{2,} )?[a-z]+(?: [a-z]+){0,2}?s)$", before)
    subject = _main_subject(body, sentence)
    if counted is None or subject is None or subject[1].pos_ == "PRON":
        return body, []
    noun = re.sub(r"^(?:out|over|than|about|some|up|to|of|the|in|and) ", "", counted["noun"])
    owner = subject[0]
    said = f"{owner}{'’' if owner.endswith('s') else '’s'} {noun} include {match['what'].strip().rstrip('.')}."
    place = _place(body, match.group().strip(" ,"), sentence)
    return Piece(before + ".", body.start, body.start + match.start(), body.attribution), [
        Piece(said, *place, body.attribution)
    ]


def _up_tails(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A trailing ", up nearly 50% since 2020" is the growth of what was measured."""
    match = UP_TAIL.search(body.text)
    subject = _main_subject(body, sentence)
    if match is None or subject is None:
        return body, []
    measured, plural = subject[0], subject[1].tag_ in {"NNS", "NNPS"}
    verb = subject[1].head
    thing = next((child for child in verb.children if child.dep_ in {"dobj", "obj"}), None)
    if thing is not None and verb.lemma_ in {
        "hold",
        "have",
        "own",
        "post",
        "report",
        "record",
        "see",
        "book",
        "reach",
        "command",
    }:
        words = sentence.doc[thing.left_edge.i : thing.i + 1].text
        words = re.sub(r"^(?:a|an|the|their|its) ", "", words)
        owner = subject[0]
        measured = f"{owner}{'’' if owner.endswith('s') else '’s'} {words}" if not re.search(r"\d", words) else owner
        plural = thing.tag_ in {"NNS", "NNPS"}
    said = f"{measured} {'are' if plural else 'is'} {match['tail'].strip().rstrip('.')}."
    place = _place(body, match["tail"], sentence)
    rest = body.text[: match.start()] + body.text[match.end() :]
    start = body.start if place[0] >= body.start else place[0]
    return Piece(rest, body.start, body.end, body.attribution), [Piece(said, start, place[1], body.attribution)]


def _with_tails(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A trailing ", with cumulative investment surpassing ¥8.6 trillion" has a subject and a verb of its own."""
    match = re.search(r",\s+with\s+(?P<who>[^,]+?)\s+(?P<verb>[a-z]+ing)\s+(?P<rest>[^;]+?)(?=\.?$)", body.text)
    if match is None or not re.search(r"\d", match["rest"]) or len(match["who"].split()) > 8:
        return body, []
    verb = past(match["verb"])
    if verb is None:
        return body, []
    who = _lent_head(match["who"], _main_subject(body, sentence))
    said = f"{who} {verb} {match['rest'].strip().rstrip('.')}."
    place = _place(body, match["who"], sentence)
    rest = Piece(body.text[: match.start()] + ".", body.start, body.start + match.start(), body.attribution)
    return rest, [Piece(said, place[0], body.end, body.attribution)]


def _lent_head(who: str, subject: tuple[str, Any] | None) -> str:
    """Lend a bare noun the rest of the subject: "cumulative investment" beside "annual SOE investment in industries" is "cumulative SOE investment in industries"."""
    if subject is None or who.split()[-1].lower() != subject[1].text.lower() or len(who.split()) > 2:
        return who
    words = subject[0].split()
    place = next((index for index, word in enumerate(words) if word.lower() == who.split()[-1].lower()), None)
    if place is None:
        return who
    kept = [word for word in words[:place] if not word.islower()]
    return " ".join([*who.split()[:-1], *kept, *words[place:]])


def past(participle: str) -> str | None:
    """The past tense of an -ing form; None where it is not known for sure."""
    if participle in PAST:
        return PAST[participle]
    stem = participle[:-3]
    if len(stem) < 3 or not participle.endswith("ing"):
        return None
    if stem.endswith(
        (
            "at",
            "uc",
            "ac",
            "iz",
            "is",
            "as",
            "os",
            "iv",
            "ov",
            "lv",
            "rv",
            "ag",
            "eg",
            "ng",
            "ud",
            "id",
            "ir",
            "ur",
            "ar",
            "bl",
            "pl",
            "gl",
            "dl",
            "tl",
            "v",
            "u",
            "rc",
            "nc",
            "rg",
        )
    ):
        return stem + "ed"
    return stem[:-1] + "ied" if stem.endswith("y") and stem[-2] not in "aeiou" else stem + "ed"


def _participles(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A trailing ", creating nine new firms in ..." is an event of its own when it carries a figure or a name."""
    match = re.search(r",\s+(?P<verb>[a-z]+ing)\s+(?P<rest>[^;]+?)(?=\.?$)", body.text)
    if match is None:
        return body, []
    head = Piece(body.text[: match.start()] + ".", body.start, body.start + match.start(), body.attribution)
    if match["verb"] in EMPTY_TAIL:
        return (head, []) if re.search(r"[A-Za-z]{3,}", head.text) and _has_verb(sentence, head) else (body, [])
    subject = _main_subject(body, sentence)
    verb = past(match["verb"])
    telling = re.search(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|third)\b|\b[A-Z]\w+",
        match["rest"],
    )
    parsed = any(token.text == match["verb"] and token.dep_ in {"advcl", "acl", "conj", "dep"} for token in sentence)
    if subject is None or verb is None or not telling or not parsed:
        return body, []
    said = f"{subject[0]} {verb} {match['rest'].strip().rstrip('.')}."
    place = _place(body, f"{match['verb']} {match['rest']}".rstrip("."), sentence)
    return head, [Piece(said, *place, body.attribution)]


def _has_verb(sentence: Any, piece: Piece) -> bool:
    return any(
        token.tag_ in {"VBD", "VBZ", "VBP", "MD"} and piece.start <= _offset(sentence, token) < piece.end
        for token in sentence
    )


def _relatives(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A clause between commas, ", which makes analysers,", says something of its own about what it follows."""
    match = re.search(r",\s+(?P<who>which|who)\s+(?P<rest>[^,;]+)(?P<close>,|\.?$)", body.text)
    if match is None:
        return body, []
    relative = next((t for t in sentence if t.text.lower() == match["who"] and t.dep_ in {"nsubj", "nsubjpass"}), None)
    if relative is None or relative.head.dep_ != "relcl":
        return body, []
    noun = relative.head.head
    if noun.pos_ not in {"PROPN", "NOUN"} or not re.search(
        r"\d|\b[A-Z]", noun.doc[noun.left_edge.i : noun.i + 1].text + match["rest"]
    ):
        return body, []
    name = sentence.doc[noun.left_edge.i : noun.i + 1].text
    said = f"{name} {match['rest'].strip()}."
    if re.match(r"(?:must|will|would|could|may|might|should)\b", match["rest"]):
        found = []
    else:
        place = _place(body, match["rest"], sentence)
        found = [Piece(said, _offset(sentence, noun.left_edge), place[1], body.attribution)]
    after = body.text[match.end() :]
    joined = body.text[: match.start()] + (f" {after.lstrip()}" if match["close"] == "," else ".")
    return Piece(joined, body.start, body.end, body.attribution), found


def _appositions(body: Piece, sentence: Any) -> tuple[Piece, list[Piece]]:
    """A description between commas after a name, ", the American subsidiary," tells what it is."""
    found = []
    for token in sentence:
        if token.dep_ != "appos" or token.head.pos_ != "PROPN" or token.pos_ not in {"NOUN", "PROPN"}:
            continue
        start, end = _stretch(sentence, token.left_edge, token.right_edge)
        words = sentence.text[start:end]
        if (
            not body.start <= start < body.end
            or not re.match(r"(?:the|a|an)\s", words)
            or sentence.text[max(0, start - 2) : start] != ", "
        ):
            continue
        words = words.split(", who ")[0].split(", which ")[0]
        name = sentence.doc[token.head.left_edge.i : token.head.i + 1].text
        telling = " of " in words or (re.match(r"an? ", words) is not None and len(words.split()) > 2)
        if len(words.split()) <= 14 and "," not in words and telling:
            found.append(
                Piece(
                    f"{name} is {words.strip(' ,.')}.",
                    _offset(sentence, token.head.left_edge),
                    start + len(words),
                    body.attribution,
                )
            )
    return body, found


def _coordinated(body: Piece, sentence: Any) -> list[Piece]:
    """Verbs joined by commas, "and" or "but" that share their subject: a claim each."""
    subject = _main_subject(body, sentence)
    raw = sentence.text[body.start : body.end]
    if subject is None or CONVERSION.sub("", raw).rstrip(" .") != body.text.rstrip(" ."):
        return [body]
    heads = [verb for verb in _heads(sentence) if body.start <= _offset(sentence, verb) < body.end]
    cuts: list[tuple[int, int, Any]] = []
    for verb in sorted({verb for head in heads for verb in _joined(head)}, key=lambda token: token.i):
        joint = verb.left_edge.nbor(-1) if verb.left_edge.i > sentence.start else verb
        opening = verb.left_edge if _subject(verb) is not None else _own_start(verb)
        if joint.dep_ != "cc" and not joint.is_punct:
            continue
        if (joint.dep_ == "cc" and joint.lower_ not in {"and", "but", "while"}) or not _carries(sentence, verb):
            continue
        before = joint.nbor(-1) if joint.i > sentence.start and joint.nbor(-1).text in {",", ";"} else joint
        words = sentence.doc[opening.i : opening.i + 2].text.lower()
        if body.start < _offset(sentence, before) and _end(sentence, verb) < body.end and words not in OF_THESE:
            cuts.append((_offset(sentence, before), _offset(sentence, opening), verb))
    joined = any(sentence.text[at:start].strip(" ,;") for at, start, _ in cuts)
    first = sentence.text[body.start : cuts[0][0]] if cuts else ""
    quoted = first.count('"') % 2 or first.count("“") != first.count("”")
    # A comma alone joins verbs only in a list that ends in "and".
    if not joined or quoted or len(first.split()) < 3:
        return [body]
    pieces = [Piece(_plain(sentence.text[body.start : cuts[0][0]]), body.start, cuts[0][0], body.attribution)]
    for (_, start, verb), following in zip(cuts, [*(cut[0] for cut in cuts[1:]), body.end], strict=True):
        said = _with_subject(_plain(sentence.text[start:following]), verb, subject[0])
        pieces.append(Piece(said, start, following, body.attribution))
    return pieces


OF_THESE = frozenset({"of which", "of whom", "of those", "of these", "of them"})


def _own_start(verb: Any) -> Any:
    """Where a verb's own words begin: at its auxiliary or adverb, not at what is thrown in before it."""
    start = verb
    for child in sorted((c for c in verb.children if c.i < verb.i), key=lambda token: -token.i):
        if child.dep_ in {"aux", "auxpass", "neg", "advmod"} and child.i == start.i - 1:
            start = child
    return start


def _plain(words: str) -> str:
    return CONVERSION.sub("", words).strip(" ,;.") + "."


def _heads(sentence: Any) -> list[Any]:
    return [token for token in sentence if token.dep_ in {"ROOT", "ccomp"} and token.pos_ in {"VERB", "AUX"}]


def _joined(verb: Any) -> list[Any]:
    """The verbs joined to a verb, and to those, in their order."""
    found = []
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
            found += [child, *_joined(child)]
    return sorted(found, key=lambda token: token.i)


def _with_subject(words: str, verb: Any, subject: str) -> str:
    """A joined verb's words with the subject that it shares, and the auxiliary too where it has none."""
    own = _subject(verb)
    if own is not None:
        return re.sub(rf"^{own.text}\b", subject, words) if own.lower_ in {"it", "they", "he", "she"} else words
    shared = []
    if verb.tag_ in {"VBN", "VB", "VBG"} and not any(t.dep_ in {"aux", "auxpass"} for t in verb.children):
        shared = [t.text for t in verb.head.children if t.dep_ in {"aux", "auxpass"} and t.i < verb.head.i]
    return " ".join([subject, *shared, words])


def _carries(sentence: Any, verb: Any) -> bool:
    """Whether a joined verb brings a figure, a name or at least three words of its own."""
    words = sentence.doc[verb.i : verb.right_edge.i + 1]
    return len(words) >= 3 and (any(t.pos_ in {"PROPN", "NUM"} for t in words) or len(words) >= 5)


def _movements(piece: Piece) -> Iterator[Piece]:
    """Part "rose 8.4% to ¥31.6bn" is two claims: the growth and the level. "Climbed to 512 from 438" stays one."""
    match = MOVED_TO.search(piece.text)
    if match is None:
        yield piece
        return
    subject = piece.text[: match.start()].rstrip()
    subject = re.sub(r"\s+(?:has|have|had)$", "", subject)
    plural = re.search(r"(?<!s)s$", subject.split()[-1]) is not None if subject.split() else False
    rest = piece.text[match.end() :]
    yield Piece(piece.text[: match.start("to")] + rest, piece.start, piece.end, piece.attribution)
    tail = rest if re.match(r"\s(?:in|for|during|on|at|by)\b", rest) else "."
    yield Piece(
        f"{subject} {'were' if plural else 'was'} {match['level']}{tail}", piece.start, piece.end, piece.attribution
    )


def _tidied(piece: Piece) -> Piece:
    text = " ".join(piece.text.split()).strip(" ,;–—-")
    text = re.sub(r"\s+([.,;])", r"\1", re.sub(r"[,;]\.$", ".", text))
    text = text if re.search(r"[.!?][”\"’)]*$", text) else text + "."
    text = re.sub(
        r"^(?:And|But|Meanwhile,|However,|Notably,|Still,|Moreover,|Also,|Nevertheless,|Overseas,)\s+", "", text
    )
    return Piece(text[:1].upper() + text[1:], piece.start, piece.end, piece.attribution)
