"""How much a sentence is worth checking, and why one holds no claim.

Features that need no training come first: figures, names, dates and events speak for a sentence; opinion, prediction,
advice and small talk against it. A text that is mostly speech is put to a head that has learned from debates; it
would drop plain statements of a news text, so that one goes by the features. A sentence without a claim is handed on
with its reason, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from pipeline.claims.clauses import TENSED
from pipeline.quantities import find_quantities
from pipeline.records import Quantity

OPINION = re.compile(
    r"\b(?:far too|deserves?|lovable|shameful|disgrace\w*|brilliant\w*|wonderful|terrible|awful|beautiful|gorgeous|glorious|foolish|stupid|absurd"
    r"|ridiculous|sadly|happily|thankfully|frankly|honestly|in truth|in my (?:view|opinion)|i (?:think|believe|feel|suspect|hope)|we (?:think|believe)"
    r"|arguably|perhaps|surely|of course|blunt|gutsy|ragged|charming|delightful|disappoint\w*|impressive\w*|elegant\w*|tired|magnificent|best of|worth (?:it|a)"
    r"|not just|isn[’']t just|more than just|no mere|desperately|too (?:far|much|little|long|late|good|bad|big|small) (?:to|for)?|hardly surprising"
    r"|proud(?:er|est)?|ashamed|rotten|indecent|every cent|dominance|geopolitical maneuver|pity|shame|joy|fun|boring|dull|lovely|splendid|a great deal of|fantastic|amazing|awesome|superb|incredible|stunning|horrible|crazy|weird|funny|cool|excellent|obviously|undoubtedly|no doubt)\b",
    re.IGNORECASE,
)
INTERPRETIVE = frozenset(
    "signal underscore underline represent magnify herald illustrate echo speak reflect highlight demonstrate mean deserve matter symbolise symbolize "
    "epitomise epitomize embody evoke stabilise backstop sharpen".split()
)
"""Verbs that read something into the facts."""
PREDICTION = re.compile(
    r"\b(?:will|won[’']t|would|could|may|might|is likely to|are likely to|is set to|are set to|is bound to|going to)\b",
    re.IGNORECASE,
)
PLAN = re.compile(
    r"\b(?:plans?|planned|agreed|announced|scheduled|contract|due to|law|act|bill|budget|if|must|requires?|proposed|(?:on|this|next) (?:\w+day|week|month)|later this)\b",
    re.IGNORECASE,
)
ARRANGED = re.compile(
    r"\bwill (?:also |soon |now |then |first |officially |both )?(?:be (?:\w+ed|held|shown|built|sold|given|sent|paid|made|set|the\b)|open|launch|play|join|begin|start|host|hold|release|publish|meet"
    r"|receive|pay|serve|build|close|move|take place|take over|run|feature|include|attend|replace|lead|return|premiere|air|broadcast|tour|perform|speak|vote|appear|offer|sell|last|travel|visit|compete|face|star|succeed|head|teach|operate|champion|provide)\b"
)
"""What is arranged, and no guess: "will open its first shop in May"."""
GUESSED = re.compile(
    r"\b(?:probably|perhaps|maybe|likely|surely|certainly|possibly|one day|some day|someday|bet|hope\w*|fear\w*|expect\w*|watching|would|could|may|might|next (?:decade|century)|by 20[3-9]\d)\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(?:should|ought to|had better|you (?:can|must|need to|may want to)|make sure|don[’']t|do not forget|consider|please|let[’']s|beware)\b",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"\b(?:I|me|my|myself|I[’']m|I[’']ve|[Ww]e|ours|us|we[’']re|we[’']ve)\b|\b[Oo]ur\b(?! (?:[\w-]+ ){0,3}(?:ancestors?|planet|species|galaxy|solar|sun|body|bodies|brains?|genes)\b)"
)
"""The first person; "our planet" and "our ancestors" are anybody's."""
HEDGED_PAST = re.compile(r"\b(?:would|could|may|might) have (?:\w+ly )?\w+(?:ed|en|n|ne|t|d)\b", re.IGNORECASE)
"""What may have been so, "may have enabled", is no prediction."""
ADDRESSED = re.compile(r"\b[Yy]ou(?:r|[’']re|[’']ve|[’']ll)?\b")
GLUED = re.compile(r"[a-z][A-Z][a-z]{2,}")
"""Words run together, as menus are when their markup is lost."""
RUN_ON = re.compile(r"[^\s/]{36,}")
META = re.compile(r"\(meta data\)|^(?:Published|Updated|Posted|Last updated)\b.{0,12}\d", re.IGNORECASE)
FACTUAL = frozenset(
    "open closed dead alive available unavailable illegal legal free mandatory compulsory optional unhurt unchanged empty full complete incomplete "
    "absent present eligible extinct endemic able unable responsible independent divorced married pregnant missing public private".split()
)
"""Adjectives that say what is so, and not how it seems."""
LEGAL = re.compile(
    r"\bforward-looking statements?\b|\ball rights reserved\b|\bterms (?:of use|and conditions)\b", re.IGNORECASE
)
GREETING = re.compile(
    r"(?:thanks?\b|hello\b|hi\b|welcome\b|congratulations\b|good (?:morning|afternoon|evening)\b|dear\b)", re.IGNORECASE
)
QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
TOLD = frozenset("say tell announce report state learn confirm reveal disclose admit deny insist".split())
SPEECH = re.compile(r"^[“\"]|[,:] [“\"]|,[”\"] ")
"""A whole sentence that is quoted."""
THAT_QUOTED = re.compile(r"\bthat (?:[\w’'-]+ ){0,4}[“\"]")
VAGUE = re.compile(
    r"^(?:these|those|such|this|that) (?:\w+ )?(?:moves?|developments?|steps?|measures?|changes?|efforts?|trends?)\b",
    re.IGNORECASE,
)


SPOKEN = re.compile(
    r"\b(?:I|we|you|me|us|my|our|your|let[’']s)\b"
    r"|\b(?:he|she|it|that|they|there|what|who|we|you|I|do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)n?[’'](?:s|re|ve|ll|d|m|t)\b"
    r"|^(?:And|But|Well|So|Now|Because|Yes|No|Look|Or)\b",
    re.IGNORECASE,
)
"""The sound of speech, outside of quotation marks."""
MOSTLY = 0.65
"""Share of sentences with the sound of speech above which a text is speech."""
ENOUGH = 0.5
SURE = 0.8
"""Features that score higher need little of the head's consent."""
WORTH = 0.45
"""From here on the head takes a sentence of speech."""
WORTHLESS = 0.1
"""Below this the head drops even what the features are sure of."""
FINAL = frozenset({"question", "fragment", "boilerplate", "heading"})
"""Reasons that no score outweighs."""
Judge = Callable[[Sequence[str]], Sequence[float]]


def assess(sentences: Sequence[Any], judge: Judge | None) -> list[tuple[float, str | None]]:
    """Score the parsed sentences of one text, 0..1, with the reason of those that hold no claim.

    Args:
        sentences: parsed.
        judge: how likely sentences are worth checking, 0..1, asked where the text is speech; None to go by the features alone.
    """
    found = [(worthiness(sentence), reason_to_skip(sentence)) for sentence in sentences]
    if judge is None or not is_speech([sentence.text for sentence in sentences]):
        return found
    asked = [index for index, (_, reason) in enumerate(found) if reason not in FINAL]
    for index, worth in zip(asked, judge([sentences[index].text for index in asked]), strict=True):
        found[index] = _settled(*found[index], worth)
    return found


def is_speech(sentences: Sequence[str]) -> bool:
    """Whether most sentences of a text sound spoken outside of quotation marks."""
    spoken = sum(bool(SPOKEN.search(QUOTED.sub(" ", text))) for text in sentences)
    return spoken > MOSTLY * len(sentences)


def _settled(score: float, reason: str | None, worth: float) -> tuple[float, str | None]:
    """Weigh the head's opinion of a sentence of speech against the features."""
    if worth >= WORTH:
        return max(0.0 if reason else score, round(ENOUGH + (1 - ENOUGH) * (worth - WORTH) / (1 - WORTH), 3)), None
    if score > SURE and reason is None and worth >= WORTHLESS:
        return score, None
    return min(score, round((ENOUGH - 0.01) * worth / WORTH, 3)), reason


@lru_cache(maxsize=8)
def _quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of a sentence, which its score and the reason to skip it both go by."""
    return find_quantities(text)


def worthiness(sentence: Any) -> float:
    """Score a parsed sentence, 0..1."""
    text = sentence.text
    quantities = _quantities(text)
    figures = [quantity for quantity in quantities if quantity.unit != "year"]
    score = 0.3
    score += 0.3 if figures else 0.0
    score += 0.05 if len(figures) > 1 else 0.0
    score += 0.1 if len(figures) < len(quantities) else 0.0
    score += 0.2 if any(token.pos_ == "PROPN" for token in sentence) else 0.0
    finite = any(t.tag_ in {"VBD", "VBZ", "VBP"} or t.dep_ in {"auxpass", "nsubjpass"} for t in sentence)
    spoken = finite or any(t.dep_ == "nsubj" and t.head.pos_ in {"VERB", "AUX"} for t in sentence)
    spoken = spoken or (bool(figures) and any(t.pos_ in {"VERB", "AUX"} for t in sentence))
    score += 0.2 if spoken else -0.2
    score += 0.05 if any(token.tag_ == "VBD" for token in sentence) else 0.0
    plain = QUOTED.sub(" ", text)
    score -= 0.35 if OPINION.search(plain) and not figures else 0.1 if OPINION.search(plain) else 0.0
    score -= 0.3 if PERSONAL.search(plain) else 0.0
    score += 0.2 if _is_reported(sentence) else 0.0
    score -= 0.3 if not figures and _is_predicted(sentence, plain) else 0.0
    score -= 0.3 if ADVICE.search(plain) and not figures else 0.0
    score -= 0.15 if len(sentence) < 5 else 0.0
    score -= 0.15 if VAGUE.match(text) and not figures else 0.0
    if len(figures) > 1 and not PERSONAL.search(plain):
        # Two figures are a statement, with or without a verb: "Coal: 38% and 6%.".
        score = max(score, 0.5)
    return max(0.0, min(1.0, round(score, 3)))


def _root_of(sentence: Any) -> Any | None:
    return next((token for token in sentence if token.dep_ == "ROOT"), None)


def _is_reported(sentence: Any) -> bool:
    """Whether somebody is said to have said it in so many words: "Her lawyer said that she would not appeal"."""
    root = _root_of(sentence)
    if (
        root is None
        or root.lemma_.lower() not in TOLD
        or any(c.dep_ == "aux" and c.tag_ == "MD" for c in root.children)
    ):
        return False
    speaker = next((c for c in root.children if c.dep_ == "nsubj"), None)
    said = any(c.dep_ == "ccomp" and c.i > root.i for c in root.children)
    return (
        said and speaker is not None and speaker.lower_ not in {"i", "we", "you"} and not SPEECH.search(sentence.text)
    )


def _is_predicted(sentence: Any, plain: str) -> bool:
    """Whether a sentence foretells something that nobody has planned or said."""
    foretold = PREDICTION.search(HEDGED_PAST.sub(" ", plain))
    named = any(token.pos_ == "PROPN" for token in sentence)
    if named and ARRANGED.search(plain) and not GUESSED.search(plain):
        return False
    return bool(foretold) and not PLAN.search(plain) and not _is_reported(sentence)


def _is_sentiment(text: str) -> bool:
    """Whether a sentence is little more than a quotation that names nothing: "It smells of the beginning," he joked."""
    quoted = "".join(match.group() for match in QUOTED.finditer(text))
    if THAT_QUOTED.search(text):
        return False
    return len(quoted) > 0.4 * len(text) and not re.search(r"\d|(?<=\s)[A-Z][a-z]+", quoted[2:].replace(" I ", " "))


def is_spoken_opinion(claim: str) -> bool:
    """Whether a claim is what somebody says of their own feelings: "We could not be prouder"."""
    return bool(OPINION.search(claim) and PERSONAL.search(claim) and not _quantities(claim))


def _is_fragment(sentence: Any, root: Any, *, measured: bool) -> bool:
    """Whether words make no statement: no verb in a tense, nor a measured figure; or a verb that has lost its subject."""
    finite = any(t.tag_ in TENSED or (t.tag_ == "VBN" and t.dep_ == "ROOT") for t in sentence)
    if not finite:
        return not measured and " of " not in sentence.text[:24]
    opens = sentence[0].i == root.i and root.tag_ == "VBD"
    return opens and not any(child.dep_ in {"nsubj", "nsubjpass", "expl"} for child in root.children)


def _is_impression(sentence: Any, root: Any) -> bool:
    """Whether a sentence without names says only how something seems: "The show was quiet", "They look poor"."""
    if root.lemma_ not in {"be", "seem", "look", "feel", "sound", "appear"}:
        return False
    told = next((child for child in root.children if child.dep_ == "acomp"), None)
    named = any(token.pos_ == "PROPN" for token in sentence)
    return (
        told is not None
        and told.pos_ == "ADJ"
        and told.tag_ == "JJ"
        and told.lower_ not in FACTUAL
        and not named
        and len(sentence) < 12
    )


def _is_urged(root: Any) -> bool:
    """Whether a sentence tells somebody what to do, whatever figures it names: "Donors should ask for 75 cents", "Do not borrow more"."""
    helpers = [child for child in root.children if child.dep_ in {"aux", "neg"}]
    if root.lower_ == "ought":
        return True
    subject = any(child.dep_ in {"nsubj", "nsubjpass", "expl"} for child in root.children)
    if any(child.lower_ in {"should", "ought"} for child in helpers):
        return True
    return not subject and [child.lower_ for child in helpers[:2]] in (["do", "not"], ["do", "n't"], ["do", "n’t"])


def reason_to_skip(sentence: Any) -> str | None:
    """Why a parsed sentence holds no claim; None where it may hold one."""
    text = sentence.text.strip()
    plain = QUOTED.sub(" ", text).strip(" .,")
    if re.search(r"\?[”\"’)]*$", text):
        return "question"
    if text.endswith(":"):
        return "fragment"
    figures = [quantity for quantity in _quantities(text) if quantity.unit != "year"]
    root = next((token for token in sentence if token.dep_ == "ROOT"), None)
    if root is None:
        return "fragment"
    if (
        LEGAL.search(text)
        or META.search(text)
        or len(GLUED.findall(text)) > 3
        or text.count(" | ") > 1
        or RUN_ON.search(text)
    ):
        return "boilerplate"
    if _is_fragment(sentence, root, measured=any(quantity.unit for quantity in figures)):
        return "fragment"
    if (ADVICE.search(plain) and not figures) or _is_urged(root):
        return "advice"
    if root.tag_ == "VB" and not any(child.dep_ in {"nsubj", "nsubjpass", "aux", "expl"} for child in root.children):
        return "advice"
    if (PERSONAL.search(plain) or GREETING.match(plain) or ADDRESSED.search(plain)) and not figures:
        return "personal"
    if not figures and _is_impression(sentence, root):
        return "opinion"
    if (OPINION.search(plain) or _is_sentiment(text)) and not figures:
        return "opinion"
    if root.lemma_.lower() in INTERPRETIVE and not figures:
        return "opinion"
    modal = any(
        child.dep_ == "aux" and child.tag_ == "MD" and child.lower_ not in {"must", "can", "ca"}
        for child in root.children
    )
    hoped = re.match(r"perhaps\b", plain, re.IGNORECASE) or PERSONAL.search(plain)
    if modal and ((not figures and _is_predicted(sentence, plain)) or hoped):
        return "prediction"
    return None
