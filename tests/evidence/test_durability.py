"""Nothing is lost: killed, crowded or without room, a store holds whole sources only and says what is wrong."""

import json
import random
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import lancedb
import pyarrow as pa
import pytest
from evidence_samples import WordVectors, document

from evidence import lance, milvus
from evidence.engine import indexed_text
from evidence.passages import cut_passages
from evidence.sources import source_of
from evidence.store import StoreError, open_store

HERE = Path(__file__).parent
PARTS = 5


def edition(number, version):
    """A source whose every passage tells which of its versions it belongs to."""
    return document(
        f"{number}.txt", *(f"Plant {number} in version {version} says part {part}." for part in range(PARTS))
    )


def opened(folder, create=True):
    return open_store(str(folder), embedder=WordVectors, create=create)


def check_whole(store):
    """All passages of each source are there, of one version; returns the versions by number."""
    versions = {}
    for source in store.sources():
        texts = [passage.text for passage in store.passages(source.id)]
        number = source.uri.removesuffix(".txt")
        (version,) = {text.split()[4] for text in texts}
        assert texts == [f"Plant {number} in version {version} says part {part}." for part in range(PARTS)]
        assert versions.setdefault(number, int(version)) == int(version)
    return versions


def child(code, folder, *, limit=None):
    """Another process with a store open as `store`; it says "ready" first."""
    script = (
        f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parent.parent)]!r}\n"
        "from test_durability import *\nfrom evidence import engine, lance, milvus\n"
        f"engine.BATCH, lance.COMMITS, engine.IN_MEMORY = 10, 3, 40\n"
        f"milvus.PASSAGES, milvus.SOURCES = {milvus.PASSAGES!r}, {milvus.SOURCES!r}\n"
        f"store = opened({str(folder)!r})\nprint('ready', flush=True)\n{code}"
    )
    before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
    started = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=before
    )
    assert started.stdout.readline() == "ready\n", started.stderr.read()
    return started


def finish(started):
    out, err = started.communicate(timeout=120)
    assert started.returncode == 0, err
    return out


WRITE_WITHOUT_END = """
version = 1000
while True:
    version += 1
    store.add_documents(edition(number, version) for number in range(12))
    store.remove(store.sources()[version % 6].id)
    store.edit(store.sources()[0].id, trust=("low", "high")[version % 2])
    store.optimize()
"""


@pytest.mark.parametrize("round_", range(12))
def test_a_store_that_is_killed_at_any_moment_holds_whole_sources(tmp_path, round_):
    opened(tmp_path / "e").add_documents(edition(number, 1) for number in range(12))
    writer = child(WRITE_WITHOUT_END, tmp_path / "e")
    time.sleep(random.Random(round_).uniform(0, 1.2))
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    store = opened(tmp_path / "e", create=False)
    versions = check_whole(store)
    assert len(versions) >= 11
    found = store.search(["plant 7 says part 2"], top_k=5)[0]
    assert len(found) == 5
    # It goes on as if nothing had been.
    store.add_documents(edition(number, 2) for number in range(12))
    store.optimize()
    assert check_whole(opened(tmp_path / "e")) == {str(number): 2 for number in range(12)}


@pytest.mark.parametrize("round_", range(4))
def test_a_writer_to_a_server_that_is_killed_leaves_whole_sources(milvus_address, round_):
    opened(milvus_address).add_documents(edition(number, 1) for number in range(12))
    writer = child(WRITE_WITHOUT_END, milvus_address)
    time.sleep(random.Random(round_).uniform(0, 1.2))
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    store = opened(milvus_address, create=False)
    assert len(check_whole(store)) >= 11
    assert len(store.search(["plant 7 says part 2"], top_k=5)[0]) == 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(milvus, "GRACE", -1.0)
        store.optimize()
    rows = list(store._pages(milvus.PASSAGES, 'id != ""', ["id"]))
    assert len(rows) == PARTS * len(store.sources())


def test_several_writers_at_once_lose_nothing(tmp_path):
    """Given writers that make the store together, when they add some sources alike and some alone, then each is there once."""
    code = "import time\nfor n in range(0, 20):\n    store.add_documents([edition(n, 7), edition(100 * {which} + n, {which})])"
    writers = [child(code.format(which=which), tmp_path / "e") for which in (1, 2, 3)]
    for writer in writers:
        finish(writer)
    versions = check_whole(opened(tmp_path / "e"))
    alone = {str(100 * which + n): which for which in (1, 2, 3) for n in range(20)}
    assert versions == {**{str(n): 7 for n in range(20)}, **alone}


def test_readers_see_whole_sources_while_others_write(tmp_path):
    opened(tmp_path / "e").add_documents(edition(number, 1) for number in range(12))
    # What no version needs is dropped at once, so that readers are left behind by it.
    code = (
        "from datetime import timedelta\nlance.GRACE = timedelta(0)\nfor version in range(2, 14):\n"
        "    store.add_documents(edition(number, version) for number in range(12))\n    store.optimize()"
    )
    writer, reader, seen = child(code, tmp_path / "e"), opened(tmp_path / "e", create=False), set()
    while writer.poll() is None:
        for one in reader.search(["plant 7 says part 2"], top_k=5)[0]:
            seen.add(one.passage.text.split()[4])
        table = reader.search(["plant 3 says part"], top_k=60)[0]
        whole = {one.source.id: set() for one in table}
        for one in table:
            whole[one.source.id].add(one.passage.text.split()[4])
        assert all(len(versions) == 1 for versions in whole.values())
    finish(writer)
    time.sleep(lance.FRESH.total_seconds())
    assert set(check_whole(reader).values()) == {13}
    assert seen


def test_a_full_disk_is_told_in_one_sentence_and_nothing_is_lost(tmp_path):
    opened(tmp_path / "e").add_documents(edition(number, 1) for number in range(12))
    before = opened(tmp_path / "e").sources()
    code = """
from evidence.store import StoreError
words = " ".join(f"word{n}" for n in range(100))
try:
    store.add_documents(document(f"large{n}.txt", *(f"{words} {n} {part}." for part in range(40))) for n in range(40))
except StoreError as error:
    print(error)
"""
    said = finish(child(code, tmp_path / "e", limit=20_000))
    assert "cannot be written to" in said
    assert "what it held before is unchanged" in said
    assert len(said.strip().splitlines()) == 1
    store = opened(tmp_path / "e", create=False)
    assert [one for one in store.sources() if not one.uri.startswith("large")] == before
    for one in store.sources():
        assert len(store.passages(one.id)) == (40 if one.uri.startswith("large") else PARTS)


def earlier_store(folder):
    """A store as layout 2 had it: no place, no signature, words with plain plurals cut off."""
    rows = []
    for number in range(3):
        made = edition(number, 1)
        source = source_of(made, retrieved=datetime(2026, 1, 2, tzinfo=UTC))
        passages = cut_passages(made, source.id)
        vectors = WordVectors().embed([indexed_text(source, passage) for passage in passages])
        rows += [
            {
                "id": one.id, "source": source.id, "number": place, "text": one.text, "start": one.span.start, "end": one.span.end,
                "headings": json.dumps(one.headings), "uri": source.uri, "title": None, "publisher": "Almanac", "published": "2025-01-02",
                "retrieved": source.retrieved.isoformat(), "sha256": source.sha256, "language": None, "trust": "low", "origin": "almanac",
                "words": "plants", "vector": vector.tolist(),
            }
            for place, (one, vector) in enumerate(zip(passages, vectors, strict=True))
        ]  # fmt: skip
    numbers = {"number", "start", "end"}
    fields = [(name, pa.int64() if name in numbers else pa.string()) for name in rows[0] if name != "vector"]
    schema = pa.schema(
        [*fields, ("vector", pa.list_(pa.float32(), 32))],
        metadata={"claimline": "2", "embedder": "words", "embedder sha256": "1" * 64},
    )
    lancedb.connect(str(folder)).create_table("passages", pa.Table.from_pylist(rows, schema=schema))


def test_a_store_of_the_earlier_layout_is_brought_up_to_date(tmp_path):
    earlier_store(tmp_path / "e")
    store = opened(tmp_path / "e", create=False)
    assert check_whole(store) == {"0": 1, "1": 1, "2": 1}
    assert {(one.publisher, one.trust, one.origin, str(one.published)) for one in store.sources()} == {
        ("Almanac", "low", "almanac", "2025-01-02")
    }
    assert store.search(["what plant 2 said of parts"], top_k=1)[0][0].source.uri == "2.txt"
    # Copies of what it held are known.
    copy = document("copy.txt", *(f"Plant 1 in version 1 says part {part}." for part in range(PARTS)))
    store.add_documents([copy])
    assert next(one.origin for one in store.sources() if one.uri == "copy.txt") == "almanac"
    assert opened(tmp_path / "e", create=False).sources() == store.sources()


def test_a_store_of_a_layout_before_that_is_refused_and_kept(tmp_path):
    earlier_store(tmp_path / "e")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lance, "EARLIER_LAYOUT", "1")
        with pytest.raises(StoreError, match="layout 2"):
            opened(tmp_path / "e", create=False)
    assert check_whole(opened(tmp_path / "e", create=False)) == {"0": 1, "1": 1, "2": 1}
