"""Prints how well claims are found: `python benchmarks/claims.py FILE.jsonl [-v]`.

Rows with `sentences` are excerpts with their dates, sentences, claims and quantities by hand. A claim counts as found
when one of ours shares at least half of the content words (Jaccard 0.5) and states the same figures (bounds; calendar
years aside); claims are paired one to one, the likest first.

Rows with `claims` or `facts` are single sentences with the claims of people (FactCheckGPT, arXiv:2311.09000; FActScore,
arXiv:2305.14251). Two claims match when the cosine of their embeddings reaches the bar; precision is the share of ours that match one of theirs, recall the share of theirs that match one of ours.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.article import article_from_text
from pipeline.claims import extract_claims
from pipeline.records import Claim

HALF = 0.5
BAR = 0.75
"""Cosine of two embeddings from which on two claims are taken to say the same."""
EMPTY = frozenset(
    "a an the of in on at to for from by with and or but as that this these those it its is are was were be been being has have had "
    "than which who whom whose their his her they he she not".split()
) - {"not"}


def content(text: str) -> set[str]:
    """Content words, in lower case and without possessive endings."""
    words = re.findall(r"[^\W_]+(?:[.,:-][^\W_]+)*", re.sub(r"[’']s?\b", "", text.lower()))
    return {word for word in words if word not in EMPTY}


def likeness(mine: str, gold: str) -> float:
    """Jaccard index of the content words."""
    first, second = content(mine), content(gold)
    return len(first & second) / max(1, len(first | second))


def bounds(rows: list[dict[str, Any]]) -> set[tuple[Decimal, Decimal]]:
    """The figures of a claim by hand, calendar years aside."""
    return {(Decimal(row["low"]), Decimal(row["high"])) for row in rows if row["unit"] != "year"}


def figures(claim: Claim) -> set[tuple[Decimal, Decimal]]:
    """The figures of one of our claims, calendar years aside."""
    return {(one.low, one.high) for one in claim.quantities if one.unit != "year"}


def pair(mine: list[Claim], gold: list[dict[str, Any]]) -> dict[int, int]:
    """Pair our claims with those by hand, the likest first: index of the gold one to index of ours."""
    likely = sorted(
        (
            (likeness(one.text, row["claim"]), g, m)
            for g, row in enumerate(gold)
            for m, one in enumerate(mine)
            if figures(one) == bounds(row["quantities"])
        ),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    found: dict[int, int] = {}
    for score, g, m in likely:
        if score >= HALF and g not in found and m not in found.values():
            found[g] = m
    return found


def score_excerpts(path: Path, *, verbose: bool) -> None:
    """Print claims F1, checkable-or-not accuracy and what stands alone."""
    tally: Counter[str] = Counter()
    seconds = 0.0
    for line in path.read_text(encoding="utf-8").splitlines():
        excerpt = json.loads(line)
        article = article_from_text(excerpt["text"], published=date.fromisoformat(excerpt["date"]))
        started = time.perf_counter()
        claims = list(extract_claims(article).claims)
        seconds += time.perf_counter() - started
        gold = [claim for sentence in excerpt["sentences"] for claim in sentence["claims"]]
        found = pair(claims, gold)
        tally.update(gold=len(gold), mine=len(claims), hits=len(found))
        for g, m in found.items():
            tally["alone"] += likeness(claims[m].text, gold[g]["claim"]) >= 0.65
        at = 0
        spans = []
        for sentence in excerpt["sentences"]:
            start = article.raw.find(sentence["text"], at)
            at = max(at, start + len(sentence["text"]))
            spans.append((start, at))
        for sentence, (start, end) in zip(excerpt["sentences"], spans, strict=True):
            made = [c for c in claims if any(p.start < end and p.end > start for p in c.places)]
            right = bool(made) == sentence["checkable"]
            tally.update(sentences=1, right=right, **{f"wrong: {sentence.get('why', 'checkable')}": int(not right)})
            if verbose:
                report(excerpt["id"], sentence, right, claims, made, gold, found)
    hits, mine, wanted = tally["hits"], tally["mine"], tally["gold"]
    print(
        f"claims: precision {hits / max(1, mine):.3f}  recall {hits / max(1, wanted):.3f}  "
        f"F1 {2 * hits / max(1, mine + wanted):.3f}  ({mine} made, {wanted} by hand)"
    )
    print(
        f"checkable or not: accuracy {tally['right'] / max(1, tally['sentences']):.3f} of {tally['sentences']} sentences"
    )
    print("  wrong:", {key[7:]: n for key, n in sorted(tally.items()) if key.startswith("wrong: ") and n})
    print(f"{path.read_text(encoding='utf-8').count(chr(10)) / seconds:.1f} excerpts/s, parser loaded within")


def score_sentences(path: Path, *, verbose: bool) -> None:
    """Print precision and recall against the claims of people, matched by meaning."""
    from models.embedder import load_embedder

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row.get("claims") or row.get("facts")]
    theirs = [list(row.get("claims") or row["facts"]) for row in rows]
    ours = [
        [claim.text for claim in extract_claims(article_from_text(row.get("decontext") or row["sentence"])).claims]
        for row in rows
    ]
    embedder = load_embedder()
    texts = sorted({text for claims in (*theirs, *ours) for text in claims})
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    hits: Counter[str] = Counter()
    for row, wanted, made in zip(rows, theirs, ours, strict=True):
        likely = {(a, b): float(vectors[a] @ vectors[b]) for a in wanted for b in made}
        right = [b for b in made if any(likely[a, b] >= BAR for a in wanted)]
        found = [a for a in wanted if any(likely[a, b] >= BAR for b in made)]
        hits.update(made=len(made), right=len(right), wanted=len(wanted), found=len(found), silent=not made)
        if verbose and (len(right) < len(made) or len(found) < len(wanted)):
            print(f"\n{row.get('decontext') or row['sentence']}")
            for text in wanted:
                print(f"   {'=' if text in found else '-'} {text}")
            for text in made:
                print(f"      {'=' if text in right else '+'} {text}")
    print(
        f"claims by meaning (cosine >= {BAR}): precision {hits['right'] / max(1, hits['made']):.3f}  "
        f"recall {hits['found'] / max(1, hits['wanted']):.3f}  "
        f"({hits['made']} made, {hits['wanted']} by people, {len(rows)} sentences, {hits['silent']} without one of ours)"
    )


def report(
    name: str,
    sentence: dict[str, Any],
    right: bool,
    claims: list[Claim],
    made: list[Claim],
    gold: list[dict[str, Any]],
    found: dict[int, int],
) -> None:
    """Print one sentence with its claims, by hand and ours."""
    print(f"\n{name} {'' if right else 'WRONG '}{sentence.get('why', '+')}: {sentence['text']}")
    matched = {m: g for g, m in found.items()}
    for row in sentence["claims"]:
        print(f"   {'=' if gold.index(row) in found else '-'} {row['claim']}")
    for claim in made:
        mark = "=" if claims.index(claim) in matched else "+"
        print(f"      {mark} {claim.text}   {[f'{one.words} > {one.to}' for one in claim.resolved] or ''}")


def main() -> None:
    """Score the file named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("-v", action="store_true", help="print every sentence with its claims")
    arguments = parser.parse_args()
    with arguments.file.open(encoding="utf-8") as opened:
        first = json.loads(next(opened))
    if "sentences" in first:
        score_excerpts(arguments.file, verbose=arguments.v)
    else:
        score_sentences(arguments.file, verbose=arguments.v)


if __name__ == "__main__":
    main()
