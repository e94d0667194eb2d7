"""The tenses of English verbs, which a participle takes when it becomes the verb of a claim, and the indefinite article."""

from __future__ import annotations

import re

IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "make:made bring:brought take:took give:gave leave:left become:became rise:rose fall:fell sell:sold win:won lose:lost beat:beat "
        "hit:hit set:set cut:cut put:put build:built buy:bought pay:paid spend:spent grow:grew shrink:shrank hold:held get:got see:saw "
        "show:showed drive:drove stand:stood mean:meant send:sent break:broke write:wrote find:found go:went come:came run:ran begin:began "
        "bear:bore have:had be:was do:did say:said tell:told think:thought know:knew keep:kept lead:led meet:met feed:fed fly:flew draw:drew "
        "choose:chose speak:spoke steal:stole swear:swore wear:wore throw:threw catch:caught teach:taught seek:sought fight:fought lay:laid "
        "lie:lay eat:ate drink:drank sing:sang swim:swam sink:sank ring:rang shoot:shot sit:sat lend:lent bind:bound wind:wound feel:felt "
        "deal:dealt hear:heard read:read shed:shed spread:spread split:split shut:shut cost:cost quit:quit let:let bid:bid hurt:hurt "
        "overtake:overtook undergo:underwent overcome:overcame withdraw:withdrew forgo:forwent forbid:forbade sweep:swept slide:slid strike:struck "
        "stick:stuck swing:swung hang:hung dig:dug spin:spun sleep:slept creep:crept weep:wept flee:fled light:lit ride:rode shake:shook"
    ).split()
)
DOUBLED = frozenset(
    "top drop stop plan slip step ship trim grab ban rob scrap tip strip rap map plot knit refer occur admit commit permit submit prefer transfer control equip rebut regret".split()
)


def past(lemma: str) -> str:
    """The past tense of a verb's lemma."""
    verb = lemma.lower()
    prefix = re.match(r"(?:re|out|over|under|up)(?=\w{3})", verb)
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if prefix and verb[prefix.end() :] in IRREGULAR and verb not in {"reset"}:
        return prefix.group() + IRREGULAR[verb[prefix.end() :]]
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    if verb in DOUBLED or re.fullmatch(r"[^aeiou]{1,3}[aeiou][bdgmnpt]", verb):
        return verb + verb[-1] + "ed"
    return verb + "ed"


def present(lemma: str, *, plural: bool) -> str:
    """The present tense of a verb's lemma in the third person."""
    verb = lemma.lower()
    if verb in {"be", "have", "do", "go"}:
        return {"be": ("is", "are"), "have": ("has", "have"), "do": ("does", "do"), "go": ("goes", "go")}[verb][plural]
    if plural:
        return verb
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s")


def indefinite_article(words: str) -> str:
    """The indefinite article before words, by their sound as far as the spelling tells: "a European", "an hour"."""
    vowel = re.match(r"(?:[aeio]|u(?!ni(?!n)|s[aeiu]|r[aeiu]|t[ei]|k)|hour|honest|honou?r|heir)", words, re.IGNORECASE)
    return "an" if vowel and not re.match(r"(?:eu|one\b|once\b|ewe)", words, re.IGNORECASE) else "a"
