"""A store keeps sources whole: added once, replaced as a whole, removed, found again after it is reopened."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from evidence_samples import WordVectors, document

from evidence import engine, lance
from evidence.engine import EngineStore
from evidence.store import Given, StoreError, copy_store, open_store, temporary_store

STEEL = document("steel.txt", "Steel output rose to 1,854 tonnes.", "Prices of steel fell.", title="Steel")
COAL = document("coal.txt", "Coal exports stopped.", publisher="The Coal Post", published=date(2024, 5, 1))


def opened(path, create=True, name="words"):
    return open_store(str(path), embedder=lambda: WordVectors(name), create=create)


@pytest.fixture
def store(address):
    made = opened(address)
    made.add_documents([STEEL, COAL])
    return made


@pytest.fixture
def folder_store(tmp_path):
    made = opened(tmp_path / "evidence")
    made.add_documents([STEEL, COAL])
    return made


def named(store, uri):
    return next(source for source in store.sources() if source.uri == uri)


def everything(store):
    return [(source, store.passages(source.id)) for source in store.sources()]


def test_added_sources_and_passages_are_kept_as_they_are(store):
    source = named(store, "coal.txt")
    assert (source.publisher, source.published, source.origin) == ("The Coal Post", date(2024, 5, 1), "coal post")
    passages = store.passages(named(store, "steel.txt").id)
    assert [(passage.text, passage.headings) for passage in passages] == [
        ("Steel output rose to 1,854 tonnes.", ("Part 0",)),
        ("Prices of steel fell.", ("Part 1",)),
    ]
    assert all(STEEL.text[passage.span.start : passage.span.end] == passage.text for passage in passages)


def test_adding_twice_changes_nothing(store):
    before, version = everything(store), store.describe()
    result = store.add_documents([STEEL, COAL])
    assert (result.added, result.replaced, result.unchanged, result.passages) == (0, 0, 2, 0)
    assert everything(store) == before
    assert store.describe() == version


def test_naming_a_file_twice_in_one_add_counts_once(address):
    result = opened(address).add_documents([STEEL, STEEL])
    assert (result.added, result.unchanged, result.passages) == (1, 0, 2)


def test_a_changed_file_replaces_all_its_passages_and_no_other(store):
    coal = everything(store)[[source.uri for source in store.sources()].index("coal.txt")]
    result = store.add_documents([document("steel.txt", "Steel is grey.")])
    assert (result.added, result.replaced, result.passages) == (0, 1, 1)
    assert [passage.text for passage in store.passages(named(store, "steel.txt").id)] == ["Steel is grey."]
    assert coal in everything(store)


def test_a_file_that_has_become_empty_leaves_no_passages(store):
    store.add_documents([document("steel.txt")])
    assert [source.uri for source in store.sources()] == ["coal.txt"]


def test_two_texts_that_give_one_address_are_both_kept(address):
    store = opened(address)
    pages = [document("https://example.org/", "Steel rose."), document("https://example.org/", "Coal fell.")]
    assert store.add_documents(pages).added == 2
    assert store.add_documents(pages).unchanged == 2
    assert len(store.sources()) == 2
    assert {source.origin for source in store.sources()} == {"example.org"}


def test_an_empty_document_is_not_added(address):
    store = opened(address)
    assert store.add_documents([document("empty.txt")]).added == 0
    assert store.sources() == []
    assert store.search(["steel"], top_k=3) == [[]]


def test_a_removed_source_is_gone_and_an_unknown_one_is_named(store):
    steel = named(store, "steel.txt").id
    store.remove(steel)
    assert [source.uri for source in store.sources()] == ["coal.txt"]
    assert store.passages(steel) == []
    for act in (store.remove, store.source):
        with pytest.raises(StoreError, match=f"no source {steel}"):
            act(steel)
    with pytest.raises(StoreError, match="no source"):
        store.remove("' OR true OR '")
    assert len(store.sources()) == 1


def test_reopening_gives_the_same(store, address):
    again = opened(address, create=False)
    assert everything(again) == everything(store)
    assert again.search(["steel prices"], top_k=3) == store.search(["steel prices"], top_k=3)


def test_many_documents_are_written_in_batches(address, monkeypatch):
    monkeypatch.setattr(engine, "BATCH", 4)
    monkeypatch.setattr(lance, "COMMITS", 2)
    store, seen = opened(address), []
    result = store.add_documents(
        (document(f"{n}.txt", f"Text {n}.", "More.") for n in range(11)), progress=lambda done, total: seen.append(done)
    )
    assert (result.added, result.passages) == (11, 22)
    assert len(store.sources()) == 11
    assert seen[-1] == 22


def test_what_no_reader_needs_is_dropped_as_a_store_grows(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "BATCH", 4)
    monkeypatch.setattr(lance, "COMMITS", 2)
    monkeypatch.setattr(lance, "GRACE", timedelta(0))
    store = opened(tmp_path / "e")
    store.add_documents(document(f"{n}.txt", f"Text {n}.", "More.") for n in range(80))
    assert len(store.sources()) == 80
    assert len(store._table.list_versions()) < 10
    assert len(list((tmp_path / "e").rglob("data/*.lance"))) < 10


def test_search_finds_by_words_and_figures_and_ranks_from_one(store):
    found = store.search(["Did 1854 tonnes of steel come out?", "coal"], top_k=2)
    assert found[0][0].passage.text == "Steel output rose to 1,854 tonnes."
    assert [one.rank for one in found[0]] == [1, 2]
    assert found[0][0].score >= found[0][1].score
    assert found[1][0].source.uri == "coal.txt"
    assert -1 <= found[1][0].similarity <= 1.001


def test_search_sees_what_was_added_and_removed_since(store):
    store.search(["zinc"], top_k=1)
    store.add_documents([document("zinc.txt", "Zinc is dear.")])
    assert store.search(["zinc"], top_k=1)[0][0].source.uri == "zinc.txt"
    store.remove(named(store, "zinc.txt").id)
    assert all(one.source.uri != "zinc.txt" for one in store.search(["zinc"], top_k=9)[0])


def test_nothing_published_later_is_found_and_what_bears_no_date_is(store):
    def found(day):
        return {one.source.uri for one in store.search(["coal and steel"], top_k=9, as_of=day)[0]}

    assert found(date(2024, 4, 30)) == {"steel.txt"}
    assert found(date(2024, 5, 1)) == {"steel.txt", "coal.txt"}


def test_equal_passages_come_in_the_order_of_their_ids(address):
    store = opened(address)
    store.add_documents([document(f"{n}.txt", "The same words.") for n in range(6)])
    ids = [one.passage.id for one in store.search(["same words"], top_k=4)[0]]
    assert ids == sorted(ids)


def test_a_large_store_finds_the_same_through_its_indexes(address, monkeypatch):
    store = opened(address)
    store.add_documents(
        document(f"{n}.txt", f"Plant number {n} makes {n * 7} tonnes of {metal}.", published=date(2020 + n % 3, 1, 1))
        for n in range(400)
        for metal in [("steel", "zinc", "tin", "lead")[n % 4]]
    )
    texts = ["plant number 77 makes tonnes", "2,100 tonnes of steel"]
    exact = [[one.passage.text for one in found] for found in store.search(texts, top_k=3)]
    monkeypatch.setattr(engine, "IN_MEMORY", 300)
    store.optimize()
    large = opened(address, create=False)
    monkeypatch.setattr(EngineStore, "_in_memory", None)
    found = large.search(texts, top_k=3)
    assert [one[0].passage.text for one in found] == [one[0] for one in exact]
    assert all(one.source.published.year == 2020 for one in large.search(texts, top_k=9, as_of=date(2020, 6, 1))[0])
    large.add_documents([document("new.txt", "Osmium is heavy.")])
    assert large.search(["osmium"], top_k=1)[0][0].source.uri == "new.txt"
    assert len(large.search(["unheard"], top_k=2)[0]) == 2


def test_optimize_keeps_everything(store):
    before = everything(store)
    store.optimize()
    assert everything(store) == before


def test_a_store_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match="claimline evidence add"):
        opened(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="claimline evidence add"):
        opened(tmp_path / "empty", create=False)


def test_the_address_comes_from_the_environment_and_then_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMLINE_STORE", raising=False)
    open_store(None, embedder=WordVectors, create=True).add_documents([COAL])
    assert (tmp_path / ".claimline" / "evidence").is_dir()
    monkeypatch.setenv("CLAIMLINE_STORE", str(tmp_path / "other"))
    with pytest.raises(StoreError, match="other"):
        open_store(None, embedder=WordVectors, create=False)


def test_a_file_a_folder_inside_a_file_and_an_unknown_scheme_are_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    for address in (file, file / "inside", "http://127.0.0.1:9", "ftp://host/x"):
        with pytest.raises(StoreError, match=r"name|add|check the address"):
            opened(address)
    assert file.read_text() == "mine"


def test_another_model_or_version_is_refused_and_nothing_lost(store, address):
    other = opened(address, create=False, name="other")
    for act in (lambda: other.search(["steel"], top_k=1), lambda: other.add_documents([document("x.txt", "New.")])):
        with pytest.raises(StoreError, match="made with the embedding model words, not other"):
            act()
    assert everything(other) == everything(store)


@pytest.mark.usefixtures("folder_store")
def test_a_store_of_another_layout_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lance, "LAYOUT", "99")
    with pytest.raises(StoreError, match="another version of Claimline"):
        opened(tmp_path / "evidence", create=False)


@pytest.mark.usefixtures("folder_store")
def test_a_damaged_store_is_refused_in_one_sentence(tmp_path):
    for path in (tmp_path / "evidence").rglob("*.lance"):
        if path.is_file():
            path.write_bytes(b"not lance")
    with pytest.raises(StoreError, match=r"damaged|cannot be opened"):
        opened(tmp_path / "evidence", create=False).sources()
    for path in (tmp_path / "evidence").rglob("*.manifest"):
        path.write_bytes(b"")
    with pytest.raises(StoreError, match=r"damaged|cannot be opened"):
        opened(tmp_path / "evidence", create=False)


def test_a_temporary_store_is_searched_like_any_other():
    store = temporary_store(WordVectors)
    store.add_documents([STEEL])
    assert store.search(["steel prices"], top_k=1)[0][0].passage.text == "Prices of steel fell."
    assert "temporary" in store.describe()


@pytest.mark.usefixtures("folder_store")
def test_listing_loads_no_model(tmp_path):
    code = (
        "import sys; from evidence.store import open_store\n"
        f"store = open_store({str(tmp_path / 'evidence')!r}, embedder=None, create=False)\n"
        "store.remove(store.sources()[0].id); store.passages(store.sources()[0].id)\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


STORY = (
    "The regulator said on Monday that the two largest producers of steel in the province would merge by the end of "
    "the year, and that the state would keep a stake of 51 percent in the new company, which employs 210,000 people."
)


def test_near_copies_share_an_origin_though_they_are_added_on_different_days(address):
    opened(address).add_documents([document("https://wire.example/a", STORY)])
    opened(address).add_documents([document("https://paper.example/b", STORY + " More follows."), COAL])
    origins = {source.uri: source.origin for source in opened(address).sources()}
    assert origins["https://paper.example/b"] == origins["https://wire.example/a"] == "wire.example"
    assert origins["coal.txt"] == "coal post"


def test_what_was_edited_stays_when_the_source_changes(store):
    steel = named(store, "steel.txt").id
    version = store.describe()
    assert store.edit(steel, trust="low").trust == "low"
    assert store.edit(steel, origin="it's ours").origin == "it's ours"
    assert store.describe() != version
    store.add_documents([document("steel.txt", "Steel is grey.", "Prices of steel fell.")])
    assert (named(store, "steel.txt").trust, named(store, "steel.txt").origin) == ("low", "it's ours")
    assert {one.source.trust for one in store.search(["steel"], top_k=9)[0] if one.source.id == steel} == {"low"}
    with pytest.raises(StoreError, match="no source"):
        store.edit("unknown", trust="low")


def test_what_a_person_says_of_a_source_counts_and_stays(address):
    store = opened(address)
    store.add_documents([COAL], given=Given(publisher="The Post's Blog", language="en-GB", trust="high"))
    assert store.add_documents([COAL]).unchanged == 1
    store.add_documents([document("coal.txt", "Coal is black.", publisher="The Coal Post")])
    (source,) = store.sources()
    assert (source.publisher, source.language, source.trust, source.origin) == (
        "The Post's Blog", "en", "high", "posts blog",
    )  # fmt: skip
    assert store.add_documents([document("coal.txt", "Coal is black.")], given=Given(trust="low")).replaced == 1
    assert store.sources()[0].trust == "low"


def test_only_passages_that_changed_are_embedded_again(store, monkeypatch):
    embedded = []
    embed = WordVectors.embed
    monkeypatch.setattr(WordVectors, "embed", lambda self, texts, **named: embedded.extend(texts) or embed(self, texts, **named))  # fmt: skip
    store.add_documents([document("steel.txt", "Steel output rose to 1,854 tonnes.", "Prices rose.", title="Steel")])
    assert [text.splitlines()[-1] for text in embedded] == ["Prices rose."]
    assert store.search(["1,854 tonnes of steel output"], top_k=1)[0][0].similarity > 0.5


@pytest.mark.parametrize("large", [False, True])
def test_a_search_keeps_to_its_limits(address, monkeypatch, large):
    store = opened(address)
    for number, (publisher, language, trust) in enumerate([("O'Neill", "en", "high"), ("Le Monde", "fr", "normal"), ("A Blog", "en", "low")]):  # fmt: skip
        given = Given(publisher=publisher, language=language, trust=trust)
        store.add_documents([document(f"{number}.txt", f"Steel of kind {number}.", f"Coal of kind {number}.")], given=given)  # fmt: skip
    if large:
        monkeypatch.setattr(engine, "IN_MEMORY", 3)
        store.optimize()
        monkeypatch.setattr(EngineStore, "_in_memory", None)

    def found(**limits):
        return {one.source.publisher for one in store.search(["steel kind"], top_k=9, **limits)[0]}

    assert found() == {"O'Neill", "Le Monde", "A Blog"}
    assert found(publisher="o'neill") == {"O'Neill"}
    assert found(language="en-US") == {"O'Neill", "A Blog"}
    assert found(trust="normal") == {"O'Neill", "Le Monde"}
    assert found(trust="high", language="fr") == found(publisher="nobody") == set()


def test_a_long_source_leaves_room_for_others(address):
    store = opened(address)
    store.add_documents([document("long.txt", *(f"Smart factories of kind {n} were built." for n in range(20)))])
    store.add_documents([document("short.txt", "Factories shut.")])
    found = [one.source.uri for one in store.search(["smart factories were built"], top_k=4)[0]]
    assert found.count("short.txt") == 1


def test_many_texts_find_what_each_finds_alone(address, monkeypatch):
    store = opened(address)
    store.add_documents(document(f"{n}.txt", f"Plant {n} makes {n * 7} tonnes.", "More of it.") for n in range(60))
    texts = ["plant 7", "140 tonnes", "more", "plant 7"]
    for limit in (10_000, 50):
        monkeypatch.setattr(engine, "IN_MEMORY", limit)
        store.optimize()
        alone = [store.search([text], top_k=3)[0] for text in texts]
        assert store.search(texts, top_k=3) == alone
    assert store.search([], top_k=3) == []


def test_a_store_is_copied_to_another_and_back(store, tmp_path):
    store.edit(named(store, "steel.txt").id, trust="high")
    other = opened(tmp_path / "copy")
    assert copy_store(store, other) == 2
    assert everything(other) == everything(store)
    assert other.search(["steel prices"], top_k=3) == store.search(["steel prices"], top_k=3)
    other.add_documents([document("zinc.txt", "Zinc is dear.")])
    assert copy_store(other, store) == 3
    assert everything(store) == everything(other)
    assert store.add_documents([document("steel.txt", "Steel is grey.")]).replaced == 1
    assert named(store, "steel.txt").trust == "high"
