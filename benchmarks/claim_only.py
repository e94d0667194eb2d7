"""Prints how well the written pairs can be labelled by the claim alone: `python benchmarks/claim_only.py`.

What a model learns of the wording of claims it does not learn of passages (Poliak et al. 2018, arXiv:1805.01042). A model of words and
one of the embeddings that search uses are fitted on the pairs for training and asked about those held out, neither with a
passage; then the same after both were thinned out as a recipe with `balanced: true` does it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from sklearn.linear_model import LogisticRegression

from models.embedder import load_embedder
from models.training.balance import balanced, claim_only_model, share_given_away, thinned
from models.training.make import SHIPPED_WRITTEN, read_training_data
from models.training.pairs import Pair, held_out
from models.training.recipe import written_pairs

MOST = 0.45
"""The project's bound."""


def report(name: str, known: Sequence[Pair], asked: Sequence[Pair]) -> None:
    """Fit both models on the one part and print how often they are right on the other."""
    gold = [pair.label for pair in asked]
    commonest, count = Counter(gold).most_common(1)[0]
    print(
        f"{name}: {len(known):,} for training, {len(asked):,} held out; always {commonest!r}: {count / len(asked):.3f}"
    )
    labels, claims, new = [p.label for p in known], [p.claim for p in known], [p.claim for p in asked]
    embed = load_embedder().embed
    said = {
        "words": claim_only_model().fit(claims, labels).predict(new),
        "embeddings": LogisticRegression(max_iter=2000).fit(embed(claims), labels).predict(embed(new)),
    }
    for kind, answers in said.items():
        right = sum(a == b for a, b in zip(answers, gold, strict=True)) / len(gold)
        print(f"  {kind}: {right:.3f} ({'within' if right <= MOST else 'above'} the bound of {MOST})")


def main() -> None:
    """Print both figures before and after balancing."""
    passages = read_training_data([], [SHIPPED_WRITTEN])[1]
    kept = [one for one in passages if not held_out(one.family)]
    known, asked = written_pairs(kept), written_pairs([one for one in passages if held_out(one.family)])
    report("as written", known, asked)
    rng = random.Random(13)
    fewer = balanced(known, [one.family for one in kept for _ in one.claims], rng)
    report("balanced", fewer, thinned(asked, share_given_away(known, asked).tolist(), rng))


if __name__ == "__main__":
    main()
