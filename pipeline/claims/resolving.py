"""Makes claims stand alone: pronouns, "the company", "the quarter", surnames and days filled in from the article.

Whatever is filled in is recorded. Where the antecedent is not clear the words are left alone and marked: a wrong
resolution is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.claims.nouns import BASED
from pipeline.claims.periods import QUARTER, fill_in, fill_in_periods
from pipeline.claims.strand import is_quoting
from pipeline.records import Resolution

PERSON_PRONOUNS = {"he", "she", "him", "her", "his", "hers"}
PLURAL_PRONOUNS = {"they", "them", "their", "theirs"}
THING_PRONOUNS = {"it", "its"}
FIRMS = re.compile(
    r"\b[Tt]he (?P<noun>company|group|firm|bank|business|maker|carmaker|retailer|manufacturer|corporation|conglomerate|airline|utility|start-up|startup)\b"
    r"(?P<own>[’']s)?(?! (?:of|that|which|behind|in which)\b)(?! [A-Z“\"])"
)
MAKER = re.compile(
    r"The (?:maker|owner|operator|parent|developer|publisher) of (?:the )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*(?: (?:brand|brands|chain|label))?(?= [a-z])"
)
MAKER_ANYWHERE = re.compile(r"(?:^|[.!?] )" + MAKER.pattern)
MEASURES = re.compile(
    r"^(?P<the>the )?(?P<noun>(?:(?:first-half|second-half|(?:first|second|third|fourth)-quarter|half-yearly|full-year|underlying|net|gross|operating|total|pre-tax|pretax|quarterly|annual|half-year|full-year|capital|free|effective|interim|order|"
    r"[A-Z][a-z]+(?:an|sh|ese|ch)|overseas|domestic|diagnostics|industrial|smaller|larger|new|research) )*"
    r"(?:revenues?|turnover|profits?|margins?|earnings|sales|income|loss|losses|shares|stock|dividends?|board|expenditure|spending|cash flow|tax rate|order book|"
    r"orders|workforce|headcount|debt|division|unit|market share|costs|shipments|deliveries|backlog|plant))\b(?! of the (?:country|world|market))",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"\b(?:[Cc]hief executive|[Cc]hair(?:man|woman)?|[Ll]eader|[Pp]resident|[Pp]rime [Mm]inister|[Mm]inister|[Dd]irector|[Ff]ounder|[Ss]pokes(?:man|woman|person)|CEO|CFO|"
    r"[Cc]hief|[Pp]rofessor|[Gg]overnor|[Mm]ayor|[Cc]oach|[Cc]aptain|[Jj]udge|[Jj]ustice|[Ss]enator|[Aa]nalyst|[Ee]conomist|Mr|Ms|Mrs|Dr)\.? "
    r"(?P<name>[A-ZÀ-Þ][\w’'-]+ (?:[A-Z]\. )?[A-ZÀ-Þ][\w’'-]+)"
)


@dataclass
class Register:
    """What the article has named so far, in order."""

    main: str | None = None
    """The organisation that the article is about."""
    people: list[str] = field(default_factory=list)
    last_person: str | None = None
    gender: dict[str, str] = field(default_factory=dict)
    """For a person whom a pronoun has meant: "he" or "she"."""
    subject: str | None = None
    """The last sentence's subject, where it can be referred to."""
    plural: bool = False
    thing: str | None = None
    """The last singular subject that is no person."""
    source: str | None = None
    """Who said the last sentence, where that is no person: it goes on finding and counting."""
    quarter: str | None = None
    acronyms: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """A short name, and the full one that the article gives first: "Dunmow" for "Dunmow Tools"."""
    counted: str | None = None
    """The last plural subject, for "those"."""
    places: list[str] = field(default_factory=list)
    """The countries and towns named so far."""
    kinds: dict[str, str] = field(default_factory=dict)
    """The one name of an article that ends in a kind, by that kind: "Leeds City Council" for "council"."""
    described: dict[str, str] = field(default_factory=dict)
    """How a thing was described when it was brought up, by its noun: "joint lunar" for "rover"; empty where there were several."""


BUSINESS = re.compile(
    r"\b(?:company|group|firm|bank|revenues?|profits?|margins?|shares|dividends?|sales|subsidiary|shareholders?|earnings|chief executive)\b"
)
TITLE_NAME = re.compile(r"(?:[A-Z][\w&’'-]*)(?: (?:&|of|de) [A-Z][\w&’'-]*| [A-Z][\w&’'-]*)*")


def main_organisation(title: str | None, documents: Sequence[Any]) -> str | None:
    """The firm that an article is about, where it is plainly about one: named at the opening, and far more than any other.

    Args:
        title: of the article.
        documents: its parsed sentences.
    """
    text = " ".join(document.text for document in documents)
    if not documents:
        return None
    if len(BUSINESS.findall(text)) < 4 and not FIRMS.search(text) and not MAKER_ANYWHERE.search(text):
        return None
    opening_firm = _firm_at_opening(documents, text)
    if opening_firm:
        return opening_firm
    if len(BUSINESS.findall(text)) < 4:
        return None
    opening = f"{title or ''} . {documents[0].text}"
    counts: Counter[str] = Counter()
    for match in TITLE_NAME.finditer(opening):
        name = re.sub(r"^The |[’']s$", "", match.group())
        first = name.split()[0]
        if len(first) > 2 and first.lower() not in {"the", "this", "why", "how", "what", "who", "when"}:
            counts[first] = len(re.findall(rf"\b{re.escape(first)}\b", text))
    if not counts:
        return None
    ranked = counts.most_common(2)
    first, count = ranked[0]
    if count < 4 or (len(ranked) > 1 and count < 2 * ranked[1][1]):
        return None
    acting = Counter(
        t.text
        for document in documents
        for t in document
        if t.dep_ in {"nsubj", "nsubjpass"} and t.pos_ == "PROPN" and t.ent_type_ != "PERSON"
    )
    if acting and acting.most_common(1)[0][1] > max(2, acting[first]) and acting.most_common(1)[0][0] not in opening:
        return None
    names = Counter(
        match.group()
        for match in re.finditer(
            rf"\b{re.escape(first)}(?: (?:&|of|de) [A-Z][\w&-]*| [A-Z][\w&-]+)*", f"{opening} {text}"
        )
    )
    longer = [name for name in names if " " in name and name in documents[0].text]
    return max(longer, key=len) if longer else first


PERSON_NOUN = re.compile(
    r"\b(?:man|woman|wife|husband|son|daughter|mother|father|brother|sister|boy|girl|student|teacher|officer|doctor|lawyer|accountant|driver|minister|president|player|judge|spokes\w+|analyst|professor|director|leader|mayor|governor|owner|author|chief)$",
    re.IGNORECASE,
)
GENERIC = frozenset(
    "the a an national international central federal united new bank university ministry department office council prime party state court house".split()
)
TITLES = re.compile(
    r"Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Lady|Judge|Justice|President|Prime|Minister|Chancellor|Governor|Gov|Senator|Sen|Rep|Mayor|Professor|Prof"
    r"|Director|Chairman|Chairwoman|Captain|Coach|Chief|Lieutenant|Colonel|General|King|Queen|Prince|Princess|Pope|Bishop|Councillor|CEO"
)
NAME = re.compile(r"[A-ZÀ-Þ][\w&’'.-]+(?: (?:[A-Z]\. )?[A-ZÀ-Þ][\w&’'-]+){1,3}")
FIRM_ENDING = re.compile(
    r"\b(?:Inc|Ltd|Limited|plc|PLC|Corp|Corporation|AB|AG|SA|SE|NV|GmbH|Co|Group|Holdings|Industries|Foods|Bank|Motors|Energy|Airlines?|Technologies|Systems|Instruments|Pharma\w*|Partners|Steel|Rail)$"
)


def _firm_at_opening(documents: Sequence[Any], text: str) -> str | None:
    """The firm that the first sentences are about, where later ones say "the company" of it."""
    if not FIRMS.search(text) and not MAKER_ANYWHERE.search(text):
        return None
    for document in documents[:2]:
        subjects = [
            t
            for t in document
            if t.dep_ in {"nsubj", "nsubjpass"} and t.pos_ == "PROPN" and t.ent_type_ not in {"PERSON", "DATE"}
        ]
        for subject in subjects[:1]:
            name = " ".join(
                t.text
                for t in document[subject.left_edge.i : subject.i + 1]
                if t.pos_ == "PROPN"
                and "based" not in t.text
                and (t.i + 2 >= len(document) or t.nbor(2).text != "based")
            )
            firm = subject.ent_type_ in {"ORG", "PRODUCT", ""} or FIRM_ENDING.search(name)
            if (
                name
                and firm
                and not re.search(
                    r"[’']s$|\b(?:Parliament|Court|Ministry|Government|Council|Police|University)\b", name
                )
            ):
                return name
        based = BASED.search(document.text)
        if based and FIRMS.search(text):
            return based["name"]
        for match in re.finditer(r"[A-Z][\w&’'-]*(?: [A-Z&][\w&’'-]*)*", document.text):
            if FIRM_ENDING.search(match.group()) and " " in match.group():
                return re.sub(r"^The ", "", match.group())
    return None


def short_names(documents: Sequence[Any]) -> dict[str, str]:
    """Short forms of the names of organisations: one word of a longer name that no other name shares."""
    names: dict[str, None] = {}
    alone: Counter[str] = Counter()
    places = {
        token.text
        for document in documents
        for token in document
        if token.ent_type_ in {"GPE", "LOC", "NORP", "PERSON"}
    }
    for document in documents:
        for entity in document.ents:
            words = re.sub(r"^[Tt]he |[’']s$", "", entity.text)
            if entity.label_ == "ORG" and NAME.fullmatch(words) and not words.isupper():
                names.setdefault(words)
        tags = [token.pos_ for token in document]
        for index, token in enumerate(document):
            if tags[index] == "PROPN" and "PROPN" not in (
                *tags[max(0, index - 1) : index],
                *tags[index + 1 : index + 2],
            ):
                alone[token.text] += 1
    found: dict[str, str] = {}
    for name in names:
        parts = name.split()
        for part in (parts[0], parts[-1]):
            bearers = [other for other in names if part in other.split()]
            if part in alone and part not in places and _is_telling(part) and len(bearers) == 1:
                found[part] = name
    for short, name in _shortened(documents, places):
        found.setdefault(short, name)
    return found


KIND = re.compile(
    r"Council|Board|Exchange|Club|University|College|School|Party|Station|Reservoir|Committee|Court|Agency|Church|Stadium|Festival|League|Museum"
    r"|Hospital|Union|Federation|Association|Foundation|Institute|Commission|Ministry|Airport|Bridge|Theatre|Theater|Park|Championship|Parliament|Assembly"
    r"|Society|Orchestra|Magazine|Network|Trust|Authority|Forum|Tower|Palace|Hotel|Prison|Dam|Library|Gallery|Center|Centre"
)


def _note_kinds(register: Register, sentence: Any) -> None:
    """Take down the names that end in what they name: "the council" is "Leeds City Council", as long as there is just one."""
    for run in _runs_of_names(sentence):
        name = " ".join(token.text for token in run)
        following = run[-1].nbor(1) if run[-1].i + 1 < len(sentence.doc) else None
        if (
            not 1 < len(run) < 7
            or not KIND.fullmatch(run[-1].text)
            or (following is not None and following.lower_ == "of")
        ):
            continue
        kind = run[-1].text.lower()
        known = register.kinds.get(kind)
        led = run[0].i > 0 and run[0].nbor(-1).lower_ == "the"
        if known is None:
            register.kinds[kind] = f"the {name}" if led else name
        elif not (known.removeprefix("the ").endswith(name) or name.endswith(known.removeprefix("the "))):
            # There are two of them: which is meant is not clear.
            register.kinds[kind] = ""


def _is_telling(word: str) -> bool:
    """Whether a word of a name may stand for the whole of it."""
    return word.lower() not in GENERIC and len(word) > 3 and not word.isupper()


def _shortened(documents: Sequence[Any], places: set[str]) -> Iterator[tuple[str, str]]:
    """Short forms of names that the tagger sees and the recogniser may miss: "Halden" after "Halden Town"."""
    runs: dict[str, int] = {}
    alone: dict[str, int] = {}
    teams = {t.text for document in documents for t in document if t.tag_ == "NNP" and _takes_plural(t)}
    places = places - teams
    for number, document in enumerate(documents):
        for run in _runs_of_names(document):
            words = [token.text for token in run]
            place = number * 10_000 + run[0].i
            if len(words) == 1 and _stands_for_one(run[0]):
                alone.setdefault(words[0], place)
            elif len(words) < 4 and all(re.fullmatch(r"[A-ZÀ-Þ][\w’'-]*[a-zà-ÿ]", word) for word in words):
                runs.setdefault(" ".join(words), place)
    for name, place in runs.items():
        parts = name.split()
        for part in (parts[0], parts[-1]):
            bearers = [other for other in runs if part in other.split()]
            later = part in alone and alone[part] > place
            if later and part not in places and _is_telling(part) and len(bearers) == 1:
                yield part, name


def _stands_for_one(name: Any) -> bool:
    """Whether a single name stands as a person or firm does, and not as a place or before a noun."""
    return name.dep_ in {"nsubj", "nsubjpass", "dobj", "conj", "poss", "agent", "appos"} or (
        name.dep_ == "pobj" and name.head.lower_ in {"by", "behind", "than", "against", "for", "with"}
    )


def _takes_plural(name: Any) -> bool:
    """Whether a singular name is the subject of a plural verb, as teams are: "Halden have won"."""
    if name.dep_ != "nsubj" or any(c.dep_ in {"conj", "compound"} for c in name.children):
        return False
    verbs = [name.head, *(c for c in name.head.children if c.dep_ == "aux")]
    return any(verb.tag_ == "VBP" for verb in verbs)


def _runs_of_names(document: Any) -> Iterator[list[Any]]:
    """The stretches of proper nouns of a parsed sentence, without titles before a name."""
    run: list[Any] = []
    for token in (*document, None):
        if token is not None and token.pos_ == "PROPN" and token.ent_type_ not in {"DATE", "TIME"}:
            run.append(token)
            continue
        while len(run) > 1 and TITLES.fullmatch(run[0].text):
            run.pop(0)
        if run and not (token is not None and token.text == "-"):
            yield run
        run = []


def note(register: Register, sentence: Any) -> None:
    """Take down what a sentence names, for the sentences after it."""
    _note_person(register, sentence)
    register.places += [
        name
        for name in dict.fromkeys(
            re.sub(r"^[Tt]he |[’']s$", "", entity.text) for entity in sentence.ents if entity.label_ == "GPE"
        )
        if name not in register.places
    ]
    _note_kinds(register, sentence)
    _note_descriptions(register, sentence)
    quarter = QUARTER.search(sentence.text)
    if quarter and register.quarter is None:
        register.quarter = quarter["name"].replace("-", " ")
    root = next((token for token in sentence if token.dep_ == "ROOT"), None)
    if root is None:
        return
    verb = root
    register.source = _source(register, root)
    reported = [child for child in root.children if child.dep_ == "ccomp"]
    if root.lemma_ in {"say", "announce", "report", "add", "state"} and reported:
        verb = reported[0]
    subject = next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None:
        names = [chunk for chunk in sentence.noun_chunks if chunk.root.pos_ == "PROPN"]
        register.subject = register.thing = names[0].text if len(names) == 1 else None
        return
    if subject.pos_ == "PRON":
        if subject.lower_ in {"that", "this", "these", "those", "there"}:
            # "That was ..." takes up something that is not named: what "it" means after it is not clear.
            register.subject = register.thing = None
        return
    words = phrase(subject)
    if register.main and (MAKER.match(f"{words} is") or FIRMS.fullmatch(words)):
        words = register.main
    if owned := re.fullmatch(r"(?:its|their|his|her) (?P<noun>[a-z]+)", words, re.IGNORECASE):
        # "Their study appeared in May. It did not find ...": no longer what was talked of before.
        register.subject = register.thing = None if subject.tag_ == "NNS" else f"The {owned['noun']}"
        return
    if re.search(r"\b(?:it|its|they|them|their|this|that|these|those)\b", words, re.IGNORECASE):
        return
    if any(t.lower_ == "it" and t.dep_ in {"nsubj", "nsubjpass"} for t in sentence) and register.thing:
        # What "it" meant goes on being what the text is about.
        return
    if verb is root and root.lemma_ in {"say", "joke", "quip", "add", "note", "explain"}:
        return
    register.subject = _with_joined(subject, words)
    register.plural = subject.tag_ in {"NNS", "NNPS"} or any(child.dep_ == "conj" for child in subject.children)
    person = not _is_thing(subject) and (
        subject.ent_type_ == "PERSON" or _person_of(register, subject, sentence) is not None
    )
    if register.plural:
        register.counted = words
    several = any(
        _own_subject(child) is not None
        for child in verb.children
        if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}
    )
    named = subject.pos_ in {"NOUN", "PROPN"} and subject.lemma_.lower() not in ABSTRACT
    ranked = any(child.tag_ == "JJS" or child.lower_ == "top" for child in subject.children)
    if several or not named or ranked:
        # Which of them "it" means next, if any, is not clear.
        register.thing = None
    elif (
        (_is_one_body(subject) or not register.plural)
        and not person
        and not PERSON_NOUN.search(words)
        and not words.isupper()
    ):
        register.thing = words


def _source(register: Register, root: Any) -> str | None:
    """The body that a sentence is from: "the National Health Institute said"."""
    subject = next((c for c in root.children if c.dep_ == "nsubj" and c.pos_ in {"NOUN", "PROPN"}), None)
    if root.lemma_ not in {"say", "announce", "report", "state"} or subject is None or subject.tag_ in {"NNS"}:
        return None
    words = phrase(subject)
    person = subject.ent_type_ == "PERSON" or _person_of(register, subject, subject.doc) or PERSON_NOUN.search(words)
    return None if person or subject.pos_ != "PROPN" else re.sub(r"^the ", "The ", words)


def _is_thing(subject: Any) -> bool:
    """Whether the words themselves tell that a name is no person's, whatever the recogniser takes it for: "Tarn Harbours, which"."""
    told = [c for c in subject.children if c.dep_ == "relcl"]
    return subject.tag_ == "NNPS" or any(t.lower_ == "which" for clause in told for t in clause.children)


def _is_one_body(subject: Any) -> bool:
    """Whether a name that ends like a plural is that of one body: "Tarn Harbours earns"."""
    return subject.tag_ == "NNPS" and not any(c.dep_ == "conj" for c in subject.children) and not _takes_plural(subject)


def _with_joined(subject: Any, words: str) -> str:
    """A subject with the names joined to it: "Ada Brook and Tom Fell"."""
    joined = next((c for c in subject.children if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN"}), None)
    return words if joined is None else f"{words} and {_with_joined(joined, phrase(joined))}"


ABSTRACT = frozenset(
    "reason use way fact thing number result part kind purpose question point problem idea goal aim key difference advantage example case time "
    "rest most answer truth trick trouble".split()
)


def _own_subject(verb: Any) -> Any | None:
    return next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"} and c.pos_ in {"NOUN", "PROPN"}), None)


PASSING = frozenset(
    "new old other same own further such first second third last next previous former whole main big small large great good recent current latest "
    "early late many several few more most only single separate different similar another certain entire particular".split()
)
"""Adjectives that do not tell a thing from others of its kind for long."""


def _note_descriptions(register: Register, sentence: Any) -> None:
    """Take down by which words a thing is told from others of its kind, "an NV-300 pack", for "the pack" later."""
    for token in sentence:
        if token.tag_ not in {"NN", "NNS"} or token.dep_ in {"compound", "npadvmod"} or token.ent_type_ in MEASURED:
            continue
        told = [c for c in token.lefts if c.dep_ in {"compound", "amod", "nmod"} or c.text == "-"]
        if not told or any(c.dep_ == "nummod" for c in token.lefts):
            continue
        words = sentence.doc[told[0].left_edge.i : token.i].text
        odd = re.search(r"[\d,“”\"$€£¥%]|[’']s?\b", words) and not re.search(r"[A-Z]", words)
        if odd or {t.lower_ for t in told} & PASSING:
            continue
        noun = token.lemma_.lower()
        known = register.described.setdefault(noun, words)
        if known != words:
            register.described[noun] = ""


MEASURED = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})


def _descriptions(text: str, sentence: Any, register: Register, made: list[Resolution]) -> str:
    """Say which thing "the rover" or "each pack" is, where it was brought up with more words."""
    for token in sentence:
        told = register.described.get(token.lemma_.lower()) if token.tag_ in {"NN", "NNS"} else None
        if not told or token.dep_ == "compound" or told.lower() in text.lower():
            continue
        article = [c for c in token.lefts if c.dep_ != "punct"]
        if len(article) != 1 or article[0].lower_ not in {"the", "each", "every"} or article[0].i != token.i - 1:
            continue
        if any(c.dep_ in {"prep", "relcl", "acl", "appos", "amod"} for c in token.rights):
            continue
        match = re.search(rf"\b{article[0].text} (?={token.text}\b)(?! \w+ (?:of|that|which)\b)", text, re.IGNORECASE)
        if match:
            text = fill_in(text, match, f"{match.group()}{told} ", made, f"{match.group()}{token.text}")
    return text


def _note_person(register: Register, sentence: Any) -> None:
    """Whom "she" would mean next: the person that the sentence is about, or else the only one whom it names."""
    subjects = [t for t in sentence if t.dep_ in {"nsubj", "nsubjpass"} and t.head.dep_ in {"ROOT", "conj", "ccomp"}]
    named = [full for subject in subjects if (full := _person_of(register, subject, sentence))]
    told = any(t.dep_ in {"dobj", "dative"} and t.lower_ in {"her", "him"} for t in sentence)
    unknown = subjects[:1] and subjects[0].pos_ == "PROPN" and subjects[0].ent_type_ in {"PERSON", ""} and not named
    if unknown and not told:
        # Whom the sentence is about has no full name: "he" would mean them.
        register.last_person = None
        return
    pronoun = any(t.lower_ in {"he", "she"} for t in subjects)
    if named and not told:
        register.last_person = named[0]
        return
    if pronoun or told:
        return
    mentioned = [person for person in register.people if person in sentence.text]
    if (
        len(mentioned) == 1
        and register.last_person is None
        and not re.search(rf"{re.escape(mentioned[0])}[’']s", sentence.text)
    ):
        register.last_person = mentioned[0]
    elif mentioned and register.last_person not in mentioned and not pronoun:
        register.last_person = None


def _person_of(register: Register, token: Any, sentence: Any) -> str | None:
    if token.pos_ != "PROPN":
        return None
    for person in register.people:
        if person.split()[-1] == token.text and (full_name(register, token.text) == person or person in sentence.text):
            return person
    return None


def phrase(head: Any) -> str:
    """The words of a noun phrase, without relative clauses and what stands between commas."""
    left, right = head.left_edge.i, head.i
    for child in head.rights:
        if child.dep_ in {"prep", "nmod", "compound"} and child.right_edge.i - head.i < 8:
            right = max(right, child.right_edge.i)
        elif child.dep_ in {"relcl", "acl", "appos", "punct", "cc", "conj"}:
            break
    return str(head.doc[left : right + 1].text).strip()


def full_name(register: Register, name: str) -> str:
    """A surname's full name, where just one person of the article bears it."""
    if " " in name:
        return name
    bearers = [person for person in register.people if person.split()[-1] == name]
    return bearers[0] if len(bearers) == 1 else name


def resolve(
    text: str,
    sentence: Any,
    register: Register,
    published: date | None,
    speaker: str | None = None,
    whole: Any | None = None,
) -> tuple[str, tuple[Resolution, ...]]:
    """Fill in what a claim refers to.

    Args:
        text: the claim as cut.
        sentence: the parsed sentence that it was cut from.
        register: what the article has named before it.
        published: the article's day.
        speaker: who says it, whom a pronoun at its beginning means.
        whole: the parsed sentence, where the claim was cut from a part of it that was parsed again.

    Returns:
        The claim that stands alone, and what was filled in; an unclear referent is recorded with nothing in its place.
    """
    made: list[Resolution] = []
    text = _acronyms(text, register, made)
    text = _surnames(text, sentence, register, made)
    text = _aliases(text, register, made)
    text = _short_names(text, register, made)
    text = _speaker(text, speaker, register, made)
    text = _pronouns(text, sentence, register, made, speaker, whole)
    text = _firms(text, register, made)
    text = _owner(text, register, made)
    text = _kinds(text, register, made)
    text = _places(text, sentence, register, made)
    text = _descriptions(text, sentence, register, made)
    text = fill_in_periods(text, sentence, register.quarter, published, made)
    return text[:1].upper() + text[1:], tuple(made)


def possessive(name: str) -> str:
    """The possessive of a name: "firms'" and "Kaveri Instruments'" but "Kaveri's"."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


ACRONYM = re.compile(
    r"(?P<long>(?:[A-Za-z][\w’'-]*\s+){1,5}[A-Za-z][\w’'-]*)\s+\((?P<short>[A-Z]{2,6}|[A-Z][a-z]?[A-Z])s?\)"
)


def acronyms_of(text: str) -> dict[str, str]:
    """The acronyms that a text defines, with what they stand for in the singular: "state-owned enterprises (SOEs)"."""
    found = {}
    for match in ACRONYM.finditer(text):
        words = re.findall(r"[\w’']+", match["long"])
        short = match["short"]
        tail = words[-len(short) :]
        if len(tail) == len(short) and all(
            word[0].upper() == letter.upper() for word, letter in zip(tail, short, strict=True)
        ):
            start = match["long"].rfind(tail[0])
            whole = match["long"][start:].strip()
            found[short] = re.sub(r"(?<=[a-z])s$", "", whole) if whole.islower() else whole
    return found


def _acronyms(text: str, register: Register, made: list[Resolution]) -> str:
    """Write out an acronym once in a claim."""
    for short, whole in register.acronyms.items():
        match = re.search(rf"(?<![\w-]){short}(?P<plural>s)?\b(?!-)", text)
        if match and whole not in text:
            if re.search(r"[’']s? ", whole) and (led := re.search(r"\b[Tt]he $", text[: match.start()])):
                # "The NCB" is "Norria's central bank".
                text = text[: led.start()] + text[led.end() :]
                match = re.search(rf"(?<![\w-]){short}(?P<plural>s)?\b(?!-)", text) or match
            text = fill_in(text, match, whole + (match["plural"] or ""), made)
    return text


ALIAS = re.compile(
    r"^The (?:(?:two|three|four|five|six|seven|eight|nine|ten|\d+)-time (?:[\w-]+ ){0,3}?(?:winner|champion|medall?ist|finalist|nominee)"
    r"|\d\d?-year-old(?: (?!(?:has|had|is|was|will|won|who|said|\w+ed)\b)[a-z]+)?)(?= (?:\w+ed|has|had|is|was|will|won|took|made|said|beat|lost|ran|went|came|left)\b)"
)
"""What a text calls the person that it is about: "the four-time winner", "the 25-year-old"."""


def _aliases(text: str, register: Register, made: list[Resolution]) -> str:
    match = ALIAS.match(text)
    person = register.last_person
    return fill_in(text, match, person, made) if match and person and person not in text else text


def _surnames(text: str, sentence: Any, register: Register, made: list[Resolution]) -> str:
    modifying = {
        t.text for t in sentence if t.dep_ in {"compound", "nmod"} and t.head.pos_ == "NOUN" and t.head.i == t.i + 1
    }
    for whole in register.people:
        name = whole.split()[-1]
        if name in modifying:
            # "The Brook orphans" are not named for all of her name.
            continue
        match = re.search(rf"(?<![\w-])(?:(?:Mr|Mrs|Ms|Miss)\.? )?{re.escape(name)}\b(?! [A-Z])", text)
        if (
            match
            and full_name(register, name) == whole
            and whole not in text
            and not re.search(r"[A-Z][\w.’'-]* $", text[: match.start()])
            and not re.match(
                r"[’'](?:s)? (?:disease|syndrome|law|laws|theorem|effect|principle|method|scale|test)\b",
                text[match.end() :],
            )
        ):
            text = fill_in(text, match, whole, made)
    return text


PART_OF_NAME = re.compile(r"(?:[A-Z][\w.’'-]*|\d[\w-]*|\b(?:of|for|de|di|and|&)) $")
"""What stands before a word that is part of a longer name: "University of California", "HMS Hobart"."""
SELF = re.compile(r"(?P<word>he|she|it|they|his|her|its|their)\b", re.IGNORECASE)


def _speaker(text: str, speaker: str | None, register: Register, made: list[Resolution]) -> str:
    """In reported speech the pronoun that opens it means who speaks, where the two agree: "Dunmow Tools said it has signed"."""
    match = SELF.match(text)
    if match is None or not speaker or SELF.match(speaker) or _is_empty_it(text):
        return text
    word = match["word"].lower()
    person = next((name for name in register.people if name.split()[-1] in speaker.split()), None)
    head = re.split(r" (?:of|in|at|for|from|with|on)\b", speaker)[0].split()[-1]
    several = head.endswith("s") and (head.islower() or " " not in speaker or head != speaker.split()[-1])
    if word in {"it", "its"} and PERSON_NOUN.search(speaker):
        return text
    if (word in {"he", "she", "his", "her"}) != bool(person) or (word in {"they", "their"}) != several:
        return text
    name = full_name(register, person) if person else re.sub(r"^the ", "The ", speaker)
    return fill_in(text, match, possessive(name) if word in {"his", "her", "its", "their"} else name, made)


def _short_names(text: str, register: Register, made: list[Resolution]) -> str:
    for short, whole in register.names.items():
        if whole in text:
            continue
        match = next(
            (
                found
                for found in re.finditer(rf"(?<![\w-]){re.escape(short)}\b(?![-‑–]| [A-Z])", text)
                if not PART_OF_NAME.search(text[: found.start()])
            ),
            None,
        )
        rest = whole.partition(" ")[2].lower()
        if match and not (rest and text[match.end() :].lower().startswith(f" {rest}")):
            text = fill_in(text, match, whole, made)
    return text


OPENING = re.compile(r"(?:In|On|Since|By|During|Under|At|After|Before|From|Until|As) [^,]{3,40}, ")
"""Time or place before the subject of a claim."""
OWNED = {"her": "she", "his": "he", "their": "they"}
CONTRACTED = re.compile(
    r"(?P<mark>[’']s)(?: (?:\w+ly |already |never |just )?(?P<done>\w+ed|been|had|become|made|won|taken|gone|done|got)\b)?"
)


def _pronouns(
    text: str,
    sentence: Any,
    register: Register,
    made: list[Resolution],
    speaker: str | None = None,
    whole: Any | None = None,
) -> str:
    two = re.match(r"(?:The two|Both)(?= (?:are|were|have|had|will|would|\w+ed)\b)", text)
    if two and register.plural and (register.subject or "").count(" and ") == 1:
        return fill_in(text, two, register.subject or "", made)
    match = re.search(r"\b(?P<word>he|she|it|they|his|her|its|their)\b", text, re.IGNORECASE)
    if match is None:
        return text
    word = match["word"].lower()
    if is_quoting(text, match.start()):
        # Who speaks goes on from what was said before, which is not told.
        made.append(Resolution(match["word"], ""))
        return text
    own = word in {"his", "its", "their"} or (word == "her" and match.start() == 0)
    token = next((token for token in sentence if token.lower_ == word), None)
    if own:
        if match.start():
            # Inside the claim its owner is named, as a rule.
            return text
    elif token is None and match.start() == 0:
        pass
    elif (
        token is None
        or token.dep_ not in {"nsubj", "nsubjpass"}
        or re.search(r"\b(?:that|which|who|if|when|while|because)\b", text[: match.start()])
    ):
        if match.start() == 0 or (word == "it" and token is not None and token.dep_ == "dobj"):
            made.append(Resolution(match["word"], ""))
        return text
    elif _is_empty_it(text[match.start() :]):
        return text
    elif match.start() == 0 and speaker and OWNED.get(speaker.split()[0].lower()) == word:
        # "Her lawyer said that she was sorry" is said of her.
        pass
    elif token is not None and _named_before(sentence, token, person=word in PERSON_PRONOUNS):
        opens = match.start() == 0 or OPENING.fullmatch(text[: match.start()])
        within = _antecedent_within(word, sentence, token, register) if opens else None
        if within is None or within.lower() in text.lower():
            return text
        return fill_in(text, match, within, made)
    antecedent = _antecedent_before(word, sentence, whole, register) if match.start() == 0 else None
    finding = word == "it" and token is not None and token.head.lemma_ in ACTS_OF_A_SOURCE and token.dep_ == "nsubj"
    antecedent = antecedent or _antecedent(word, register, acting=finding)
    acting = {"his": "he", "her": "she"}.get(word)
    theirs = token is not None and any(
        t.lower_ == acting and t.dep_ in {"nsubj", "nsubjpass"} for t in sentence if t.i < token.i
    )
    if own and not theirs and token is not None and any(t.pos_ in {"NOUN", "PROPN"} for t in sentence if t.i < token.i):
        antecedent = _antecedent_within(word, sentence, token, register) or _owner_within(word, sentence, token)
    if antecedent is None:
        made.append(Resolution(match["word"], ""))
        return text
    if antecedent.lower() in text.lower():
        return text
    name = antecedent if match.start() == 0 or antecedent[:4] != "The " else "the " + antecedent[4:]
    if not own and (joined := CONTRACTED.match(text, match.end())):
        # "It's open": a name before "'s" would read as the owner of what follows.
        text = f"{text[: match.end()]} {'has' if joined['done'] else 'is'}{text[joined.end('mark') :]}"
    return fill_in(text, match, possessive(name) if own else name, made)


EMPTY_IT = re.compile(
    r"it (?:is|was|has been|had been|will be) (?:an?|the) (?:\w+ ){0,2}(?:minute|hour|week|day|night|month|year|season|time|moment|feeling|pleasure|honou?r|pity|shame|surprise|relief)\b"
    r"|it (?:is|was|has been|will be|would be|may be|might be|can be|seems|seemed|appears|appeared|takes|took|remains|remained"
    r"|became|becomes|felt|looks|looked) "
    r"(?:(?:a|an|the) \w+ (?:to|that)\b|(?:\w+ly |not |so |too )?(?:that|to|clear|likely|possible|unclear)\b|(?:\w+ly |not "
    r"|so |too )?(?!\w+ed\b)\w+ (?:to|that|for \w+ to)\b"
    r"|only (?:when|after|in)\b|(?:(?:about|around|at least|only) )?\d)",
    re.IGNORECASE,
)


def _is_empty_it(text: str) -> bool:
    """Whether "it" stands for nothing before it: "it was hard to say", "it takes 95%"."""
    return EMPTY_IT.match(text) is not None


def _named_before(sentence: Any, pronoun: Any, *, person: bool) -> bool:
    """Whether the sentence names something before the pronoun that it can mean: a subject of an earlier verb."""
    return any(
        token.i < pronoun.i
        and token.dep_ in {"nsubj", "nsubjpass"}
        and token.pos_ in {"PROPN", "NOUN"}
        and (not person or token.pos_ == "PROPN" or PERSON_NOUN.search(token.text) or token.tag_ == "NNS")
        for token in sentence
    )


def _owner_within(word: str, sentence: Any, pronoun: Any) -> str | None:
    """Whom "his" or "its" means that stands within a sentence: the one name before it of the right kind, if there is just one."""
    person = word in PERSON_PRONOUNS
    names = {
        re.sub(r"[’']s$", "", entity.text)
        for entity in sentence.ents
        if entity.end <= pronoun.i + 1
        and (entity.label_ == "PERSON") == person
        and entity.label_ in {"PERSON", "ORG", "GPE"}
    }
    return names.pop() if len(names) == 1 and word not in PLURAL_PRONOUNS else None


def _antecedent_before(word: str, sentence: Any, whole: Any | None, register: Register) -> str | None:
    """Whom a pronoun means that opens the later part of a sentence: the subject of the part before, if just one agrees."""
    if whole is None or sentence.text == whole.text:
        return None
    pronoun = next((token for token in whole if token.lower_ == word and token.i > 2), None)
    return _antecedent_within(word, whole, pronoun, register) if pronoun is not None else None


def _antecedent_within(word: str, sentence: Any, pronoun: Any, register: Register) -> str | None:
    """Whom a pronoun means that opens a further statement of the same sentence: the subject before it, if just one agrees."""
    fitting = []
    for token in sentence:
        if token.i >= pronoun.i:
            break
        if token.dep_ not in {"nsubj", "nsubjpass"} or token.pos_ not in {"NOUN", "PROPN"}:
            continue
        plural = token.tag_ in {"NNS", "NNPS"} or any(child.dep_ == "conj" for child in token.children)
        person = (
            token.ent_type_ == "PERSON"
            or _person_of(register, token, sentence) is not None
            or bool(PERSON_NOUN.search(token.text))
        )
        if (word in PLURAL_PRONOUNS) == plural and (plural or person == (word in PERSON_PRONOUNS)):
            fitting.append(phrase(token))
    return fitting[0] if len(set(fitting)) == 1 else None


ACTS_OF_A_SOURCE = frozenset(
    "count find report estimate expect forecast predict recommend warn say publish register record put".split()
)
"""What a body does of which it is said "It" after a sentence that was its own."""


def _antecedent(word: str, register: Register, *, acting: bool = False) -> str | None:
    """Whom a pronoun means that opens a sentence.

    Args:
        word: the pronoun.
        register: what was named before.
        acting: it counts, finds or says something, as the source of the last sentence does.
    """
    if word in PERSON_PRONOUNS:
        person = register.last_person
        gender = "she" if word in {"she", "her", "hers"} else "he"
        if person is None or register.gender.get(person, gender) != gender:
            return None
        register.gender[person] = gender
        return person
    if word in PLURAL_PRONOUNS:
        return register.subject if register.plural else None
    if acting and register.source:
        return register.source
    thing = register.thing
    # "Velden's volume shrank. Its debt ...": of the owner or of what is owned.
    unclear = r"\b(?:who|which|that|lot|number)\b" + (r"|[’']s? " if word == "its" else "")
    clear = thing and len(thing.split()) <= 7 and not re.search(unclear, thing)
    return thing if clear else None


def _firms(text: str, register: Register, made: list[Resolution]) -> str:
    match = MAKER.match(text) or FIRMS.search(text)
    if match is None or not register.main or register.main.split()[0] in text:
        return text
    own = match.groupdict().get("own")
    return fill_in(text, match, possessive(register.main) if own else register.main, made, match.group().strip())


COUNTRIES = frozenset(
    "Afghanistan|Albania|Algeria|Argentina|Armenia|Australia|Austria|Azerbaijan|Bangladesh|Belarus|Belgium|Bolivia|Brazil|Britain|Bulgaria|Cambodia"
    "|Cameroon|Canada|Chad|Chile|China|Colombia|Croatia|Cuba|Cyprus|Denmark|Ecuador|Egypt|Estonia|Ethiopia|Finland|France|Germany|Ghana|Greece|Guatemala"
    "|Haiti|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kuwait|Latvia|Lebanon|Libya|Lithuania"
    "|Malaysia|Mali|Malta|Mexico|Mongolia|Morocco|Mozambique|Myanmar|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|Norway|Oman|Pakistan"
    "|Panama|Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Senegal|Serbia|Singapore|Slovakia|Slovenia|Somalia"
    "|South Africa|South Korea|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Syria|Taiwan|Tanzania|Thailand|Tunisia|Turkey|Uganda|Ukraine|Uruguay|Uzbekistan"
    "|Venezuela|Vietnam|Yemen|Zambia|Zimbabwe".split("|")
)
PLACE = re.compile(
    r"\b[Tt]he (?P<kind>country|city|town)(?P<own>[’']s)?\b(?! (?:of|that|which|where|council|hall|centre|center)\b| [A-Z]|-)"
)


def _places(text: str, sentence: Any, register: Register, made: list[Resolution]) -> str:
    """Name the country or the town, where the text has named just one before."""
    match = PLACE.search(text)
    if match is None:
        return text
    here = [entity.text for entity in sentence.ents if entity.label_ == "GPE"]
    fitting = [name for name in (*register.places, *here) if (name in COUNTRIES) == (match["kind"] == "country")]
    single = set(fitting)
    if len(single) != 1 or fitting[0] not in register.places or fitting[0] in text or fitting[0].isupper():
        return text
    return fill_in(text, match, possessive(fitting[0]) if match["own"] else fitting[0], made, match.group())


def _kinds(text: str, register: Register, made: list[Resolution]) -> str:
    """Name what "the council" or "the 900-seat theatre" is, in an article with just one."""
    for kind, name in register.kinds.items():
        if not name:
            continue
        match = re.search(
            rf"\b[Tt]he (?P<size>(?:[\d,.]+|two|three|four|five|six|seven|eight|nine|ten)-\w+ )?{kind}\b(?! (?:of|that|which|in|at|for)\b| [A-Z]|-)",
            text,
        )
        bare = name.removeprefix("the ")
        if match and bare not in text:
            size = match["size"] or ""
            told = f"the {size}{bare}" if size or name != bare else bare
            text = fill_in(text, match, told, made, match.group())
    return text


def _owner(text: str, register: Register, made: list[Resolution]) -> str:
    """Say whose figure it is, in an article about one firm: "The operating margin" is that firm's."""
    match = MEASURES.match(text)
    if match is None or not register.main or register.main.split()[0] in text:
        return text
    noun = match["noun"]
    if not match["the"] and not re.match(r"[A-Z][a-z]+(?:an|sh|ese|ch) ", noun):
        noun = noun[:1].lower() + noun[1:]
    return fill_in(text, match, f"{possessive(register.main)} {noun}", made)
