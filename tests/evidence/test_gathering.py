"""What a person names is read: pages, feeds and lists of them, files and folders; what fails does not stop the rest."""

import io
import json
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from evidence_samples import WordVectors

from evidence.gathering import gather, refresh_sources
from evidence.store import open_store

PAGE = """<html lang="en-GB"><head><title>{title} | The Almanac</title><meta property="og:site_name" content="The Almanac">
<meta property="article:published_time" content="2025-03-04T08:00:00Z"></head>
<body><article><p>{text}</p></article></body></html>"""


def page(title, text):
    return PAGE.format(title=title, text=text).encode()


def read(*names):
    gathering = gather([str(name) for name in names], allow_private=True)
    return list(gathering.documents()), gathering.problems


@pytest.fixture
def stdin(monkeypatch):
    def put(data):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    return put


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store"), embedder=WordVectors, create=True)


def test_a_page_says_what_it_is(site):
    site.pages["/steel"] = page("Steel rose in March", "Steel output rose.")
    (document,), problems = read(f"{site.address}/steel")
    assert (document.text, document.title, document.publisher) == ("Steel output rose.", "Steel rose in March", "The Almanac")  # fmt: skip
    assert (document.published, document.place, problems) == (date(2025, 3, 4), f"{site.address}/steel", [])


def test_a_page_cannot_pass_itself_off_as_another_sites(site):
    site.pages["/a"] = b'<link rel="canonical" href="https://bank.example/a"><p>Steel rose.</p>'
    site.pages["/b"] = b'<link rel="canonical" href="/own"><p>Steel rose.</p>'
    (first, second), _ = read(f"{site.address}/a", f"{site.address}/b")
    assert (first.uri, second.uri) == (f"{site.address}/a", f"{site.address}/own")


@pytest.mark.parametrize(
    ("path", "kind", "data", "text"),
    [
        ("/figures", "text/csv", b"year,steel_mt\n2024,5\n", "year: 2024; steel mt: 5."),
        ("/notes.md", "text/plain", b"# Head\n\nSteel rose.", "# Head\n\nSteel rose."),
        ("/plain", "text/plain; charset=iso-8859-15", "Stahl kostet 5 € mehr.".encode("iso-8859-15"), "Stahl kostet 5 € mehr."),
        ("/page", "text/html", b'<meta charset="windows-1251"><p>' + "Сталь подорожала".encode("cp1251"), "Сталь подорожала"),
    ],
)  # fmt: skip
def test_the_format_is_what_the_site_says(site, path, kind, data, text):
    site.pages[path] = lambda answer: answer.give(data, Content_Type=kind)
    (document,), _ = read(f"{site.address}{path}")
    assert document.text.strip() == text


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>{site}</link>
<item><title>One</title><link>{site}/one</link><pubDate>Tue, 04 Mar 2025 23:30:00 +0100</pubDate></item>
<item><title>Gone</title><link>{site}/gone</link></item>
<item><title>Two</title><guid>{site}/two</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>One</title><link rel="edit" href="/x"/>
<link href="/one"/><published>2025-03-04T00:00:00Z</published></entry></feed>"""


def test_a_feed_is_its_pages_and_says_what_they_do_not(site):
    site.pages["/one"], site.pages["/two"] = b"<p>Steel rose.</p>", page("Coal", "Coal fell.")
    site.pages["/rss"] = lambda answer: answer.give(RSS.format(site=site.address).encode(), Content_Type="text/xml")
    documents, problems = read(f"{site.address}/rss")
    assert [(one.title, one.published) for one in documents] == [("One", date(2025, 3, 4)), ("Coal", date(2025, 3, 4))]
    assert len(problems) == 1
    assert "/gone answers with 404" in problems[0]
    site.pages["/atom"] = ATOM.encode()
    assert [one.place for one in read(f"{site.address}/atom")[0]] == [f"{site.address}/one"]


def test_a_list_of_addresses_is_its_pages_when_it_is_named(site, tmp_path, stdin):
    site.pages["/one"], site.pages["/two"] = b"<p>Steel rose.</p>", b"<p>Coal fell.</p>"
    lines = f"# ours\n{site.address}/one\n\n{site.address}/two\n{site.address}/one\n"
    (tmp_path / "list.txt").write_text(lines)
    assert [one.text for one in read(tmp_path / "list.txt")[0]] == ["Steel rose.", "Coal fell."]
    stdin(lines.encode())
    assert [one.text for one in read("-")[0]] == ["Steel rose.", "Coal fell."]
    # In a folder it is a text like any other: naming a folder asks nothing of the network.
    assert [one.text for one in read(tmp_path)[0]] == [lines]


def test_a_feed_cannot_name_files(tmp_path):
    (tmp_path / "secret").write_text("Secret words.")
    feed = f"<rss><item><link>{tmp_path}/secret</link></item><item><link>file://{tmp_path}/secret</link></item></rss>"
    (tmp_path / "feed.xml").write_text(feed)
    documents, problems = read(tmp_path / "feed.xml")
    assert documents == []
    assert all("no web address" in problem for problem in problems)
    assert len(problems) == 2


def test_two_texts_on_standard_input_are_two_sources(stdin, store):
    for data in (b"Steel rose.", b"Coal fell.", b"Steel rose."):
        stdin(data)
        store.add_documents(gather(["-"]).documents())
    assert len(store.sources()) == 2


def test_what_cannot_be_read_is_told_at_the_end(site, tmp_path):
    (tmp_path / "good.txt").write_text("Steel rose.")
    (tmp_path / "bad.jsonl").write_text("{")
    documents, problems = read(tmp_path / "none.txt", tmp_path / "bad.jsonl", f"{site.address}/none", tmp_path / "good.txt")  # fmt: skip
    assert [one.text for one in documents] == ["Steel rose."]
    assert [problem.split(";")[0] for problem in problems] == [
        f"{tmp_path}/none.txt does not exist",
        f"{tmp_path}/bad.jsonl, line 1: not JSON (Expecting property name enclosed in double quotes)",
        f"{site.address}/none answers with 404 Not Found",
    ]


def test_a_refresh_takes_over_what_has_changed_and_nothing_else(site, tmp_path, store, stdin):
    site.pages["/same"], site.pages["/new"] = page("Same", "Steel rose."), page("New", "Coal fell.")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": 1, "text": "Tin is dear."}\n{"id": 2, "text": "Zinc is cheap."}\n')
    (tmp_path / "gone.txt").write_text("Lead is heavy.")
    stdin(b"Said once.")
    names = [f"{site.address}/same", f"{site.address}/new", str(rows), str(tmp_path / "gone.txt"), "-"]
    store.add_documents(gather(names, allow_private=True).documents())
    edited = next(one for one in store.sources() if one.uri.endswith("/new"))
    store.edit(edited.id, trust="low", origin="wire")
    unchanged = next(one for one in store.sources() if one.uri.endswith("/same"))

    # The words stay, what stands around them changes.
    site.pages["/same"] = page("Same", "Steel rose.").replace(b"<body>", b"<body><nav>advertisement 7</nav>")
    site.pages["/new"] = page("New", "Coal fell again.")
    rows.write_text('{"id": 1, "text": "Tin is dear."}\n')
    (tmp_path / "gone.txt").unlink()
    refreshed = refresh_sources(store, allow_private=True)
    assert (refreshed.result.replaced, refreshed.result.added, refreshed.result.unchanged) == (1, 0, 2)
    assert refreshed.removed == 1
    assert ["gone.txt does not exist" in refreshed.problems[0], "1 source that came from" in refreshed.problems[1]] == [True, True]  # fmt: skip
    now = {one.uri.rsplit("/", 1)[-1]: one for one in store.sources()}
    assert now["same"] == unchanged
    assert (now["new"].trust, now["new"].origin) == ("low", "wire")
    assert [one.text for one in store.passages(now["new"].id)] == ["Coal fell again."]
    assert "gone.txt" in now
    assert not any("#2" in name for name in now)


def test_one_source_can_be_refreshed_alone(tmp_path, store):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Steel rose.")
    store.add_documents(gather([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]).documents())
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Steel fell.")
    first = next(one for one in store.sources() if one.uri.endswith("a.txt"))
    assert refresh_sources(store, [first.id]).result.replaced == 1
    texts = {one.uri.rsplit("/", 1)[-1]: store.passages(one.id)[0].text for one in store.sources()}
    assert texts == {"a.txt": "Steel fell.", "b.txt": "Steel rose."}


def test_a_claim_is_verified_against_a_page(site, tmp_path, monkeypatch, capsys):
    from pipeline import cli

    site.pages["/factories"] = page("Factories", "China has built 1,854 smart factories.")
    monkeypatch.chdir(tmp_path)
    line = ["verify", "China has built 1,854 smart factories.", "--evidence", f"{site.address}/factories", "--allow-private", "--json"]  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["claimline", *line])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    claim = json.loads(capsys.readouterr().out)
    assert claim["verdict"]["label"] == "supported"
    assert claim["evidence"][0]["source"]["publisher"] == "The Almanac"
