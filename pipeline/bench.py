"""Measures accuracy: of the verifier on pair files, of worthiness and of search on labelled sets.

Every suite takes the very path that `check` takes; nothing is implemented a second time for measuring.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from models.embedder import load_embedder
from models.training.pairs import Pair, read_pairs
from pipeline.judgement import judge_pairs, similarities_of, stance_of
from pipeline.records import Probabilities

if TYPE_CHECKING:
    from models.verifier import Verifier

STANCE_OF_LABEL = {"supported": "supports", "disputed": "disputes", "neutral": "neutral"}


def bench_pairs(
    path: Path, verifier: Verifier, *, progress: Callable[[int], None] | None = None
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Measure a verifier on a pair file.

    Args:
        path: rows of `premise`, `claim`, `label`.
        verifier: what is measured.
        progress: called with the number of pairs finished since the last call.

    Returns:
        The figures, those of the network alone beside them, and a prediction for each row, in order.

    Raises:
        models.training.pairs.PairFileError: the file cannot be used; the line is named.
    """
    pairs = read_pairs(path)
    started = time.perf_counter()
    texts = [(pair.premise, pair.claim) for pair in pairs]
    judged = judge_pairs(texts, verifier, similarities_of(texts, load_embedder()), progress=progress)
    seconds = time.perf_counter() - started
    probabilities = [one.probabilities for one in judged]
    figures = pair_figures(pairs, probabilities)
    alone = pair_figures(pairs, [one.felt for one in judged])
    figures |= {
        f"{name}_network_alone": alone[name] for name in ("balanced_accuracy", "false_disputes") if name in alone
    }
    figures["pairs_per_second"] = len(pairs) / seconds
    return figures, [asdict(one) for one in probabilities]


def pair_figures(pairs: Sequence[Pair], probabilities: Sequence[Probabilities]) -> dict[str, float]:
    """The figures of predictions on labelled pairs.

    `balanced_accuracy` is of supported against the rest; `accuracy` and `macro_f1` are over the rows with one of the
    three labels; `false_disputes` is the share of neutral rows called disputed; `ece` the expected calibration error
    of the stance's probability in ten equal bins (Guo et al. 2017, arXiv:1706.04599). A figure
    without rows is left out.
    """
    stances = [stance_of(one) for one in probabilities]
    figures: dict[str, float] = {"pairs": len(pairs)}
    supported = [stance == "supports" for pair, stance in zip(pairs, stances, strict=True) if pair.label == "supported"]
    rest = [stance != "supports" for pair, stance in zip(pairs, stances, strict=True) if pair.label != "supported"]
    figures["balanced_accuracy"] = (_share(supported) + _share(rest)) / 2
    three = [
        (STANCE_OF_LABEL[pair.label], stance, one)
        for pair, stance, one in zip(pairs, stances, probabilities, strict=True)
        if pair.label in STANCE_OF_LABEL
    ]
    if three:
        figures["accuracy"] = _share([gold == said for gold, said, _ in three])
        figures["macro_f1"] = _macro_f1([(gold, said) for gold, said, _ in three])
        figures["ece"] = _calibration_error(three)
    neutral = [said == "disputes" for gold, said, _ in three if gold == "neutral"]
    if neutral:
        figures["false_disputes"] = _share(neutral)
    return figures


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _macro_f1(rows: Sequence[tuple[str, str]]) -> float:
    scores = []
    for label in sorted({gold for gold, _ in rows}):
        hits = sum(gold == said == label for gold, said in rows)
        total = sum(gold == label for gold, _ in rows) + sum(said == label for _, said in rows)
        scores.append(2 * hits / total)
    return sum(scores) / len(scores)


def _calibration_error(rows: Sequence[tuple[str, str, Probabilities]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for gold, said, one in rows:
        sure = {"supports": one.support, "disputes": one.dispute, "neutral": one.neutral}[said]
        bins.setdefault(min(9, int(sure * 10)), []).append((sure, gold == said))
    gaps = [abs(sum(sure for sure, _ in found) - sum(hit for _, hit in found)) for found in bins.values()]
    return sum(gaps) / len(rows)


def bench_checkworthy(path: Path) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Measure worthiness on a file of labelled sentences.

    Args:
        path: rows of `text` and `label`; "Yes", 1 or true for a sentence that is worth checking.

    Returns:
        F1, precision, recall and average precision at the default threshold, and a prediction for each row, in order.

    Raises:
        models.training.pairs.PairFileError: the file cannot be used; the line is named.
    """
    from models.training.pairs import PairFileError, json_rows
    from pipeline.claims import DEFAULT_MIN_WORTH, sentence_worthiness

    texts, gold = [], []
    for number, row in json_rows(path):
        text, label = row.get("text"), row.get("label")
        if not isinstance(text, str) or str(label).lower() not in {"yes", "no", "0", "1", "true", "false"}:
            raise PairFileError(f"{path}, line {number}: a `text` and a `label` of Yes or No are needed.")
        texts.append(text)
        gold.append(str(label).lower() in {"yes", "1", "true"})
    if len(set(gold)) < 2:
        raise PairFileError(f"{path} holds one class only; sentences worth checking and others are needed.")
    scores = sentence_worthiness(texts)
    said = [score >= DEFAULT_MIN_WORTH for score in scores]
    hits = sum(a and b for a, b in zip(gold, said, strict=True))
    precision, recall = hits / max(1, sum(said)), hits / max(1, sum(gold))
    figures = {
        "sentences": float(len(texts)),
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "precision": precision,
        "recall": recall,
        "average_precision": _average_precision(gold, scores),
    }
    return figures, [{"worthiness": score} for score in scores]


def _average_precision(gold: Sequence[bool], scores: Sequence[float]) -> float:
    """Mean precision at each worthy sentence, going down the ranking; equal scores count together."""
    ranked = sorted(set(scores), reverse=True)
    found = seen = 0
    total = 0.0
    for score in ranked:
        group = [label for label, one in zip(gold, scores, strict=True) if one == score]
        seen += len(group)
        found += sum(group)
        total += sum(group) * found / seen
    return total / max(1, sum(gold))


def bench_retrieval(folder: Path) -> tuple[dict[str, float], list[dict[str, list[str]]]]:
    """Measure search on a folder of `corpus.jsonl` and `claims.jsonl`.

    A document's id is `doc_id` or `id`, its text `title` and `abstract` or `text`; a claim's relevant documents are
    `cited`, or else those of `evidence`.

    Returns:
        recall@5, recall@20, nDCG@10 (Järvelin & Kekäläinen 2002) and milliseconds a claim, and the documents found for
        each claim, best first.

    Raises:
        models.training.pairs.PairFileError: a file is missing or a row cannot be used.
    """
    import hashlib

    from evidence.readers.text import paragraphs
    from evidence.store import temporary_store
    from models.training.pairs import json_rows
    from pipeline.records import Document

    def documents() -> Iterator[Document]:
        for _, row in json_rows(folder / "corpus.jsonl"):
            body = row.get("abstract", row.get("text", ""))
            text = " ".join(map(str, body)) if isinstance(body, list) else str(body)
            digest = hashlib.sha256(text.encode()).hexdigest()
            title = row.get("title")
            yield Document(text, _id(row), digest, paragraphs(text), str(title) if title else None)

    claims = [(str(row.get("claim")), _relevant(row)) for _, row in json_rows(folder / "claims.jsonl")]
    claims = [(claim, relevant) for claim, relevant in claims if relevant]
    store = temporary_store(load_embedder)
    store.add_documents(documents())
    store.search(["warm"], top_k=1)
    started = time.perf_counter()
    found = store.search([claim for claim, _ in claims], top_k=100)
    seconds = time.perf_counter() - started
    ranked = [list(dict.fromkeys(one.source.uri for one in passages))[:20] for passages in found]
    pairs = [(relevant, documents_found) for (_, relevant), documents_found in zip(claims, ranked, strict=True)]
    figures = {
        "claims": float(len(claims)),
        "recall_5": sum(len(gold & set(said[:5])) / len(gold) for gold, said in pairs) / len(pairs),
        "recall_20": sum(len(gold & set(said)) / len(gold) for gold, said in pairs) / len(pairs),
        "ndcg_10": sum(_ndcg(gold, said[:10]) for gold, said in pairs) / len(pairs),
        "ms_per_claim": 1000 * seconds / len(pairs),
    }
    return figures, [{"passages": said} for said in ranked]


def _id(row: Mapping[str, object]) -> str:
    return str(row.get("doc_id", row.get("id", row.get("_id"))))


def _relevant(row: Mapping[str, object]) -> set[str]:
    cited = row.get("cited") or row.get("cited_doc_ids") or row.get("evidence") or ()
    return {str(one) for one in cited} if isinstance(cited, list | dict) else set()


def _ndcg(gold: set[str], said: Sequence[str]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(said) if one in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(10, len(gold))))
