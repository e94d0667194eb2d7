"""The command: one clear line and the right status for what is wrong, and nothing lost."""

import json
import sys

import pytest

from pipeline import cli


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLAIMLINE_STORE", raising=False)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["claimline", *map(str, arguments)])
        status = 0
        try:
            cli.main()
        except SystemExit as stopped:
            status = stopped.code or 0
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


@pytest.fixture
def evidence(tmp_path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "one.md").write_text(
        "---\ntitle: Factories\npublisher: Almanac\npublished: 2025-09-17\n---\n\nChina has built 1,854 smart factories.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("China counts its factories\n\nChina has built 1,854 smart factories.\n", encoding="utf-8")
    return path


def one_line(err, *words):
    assert len(err.strip().splitlines()) == 1, err
    assert "Traceback" not in err
    for word in words:
        assert word in err
    return True


def test_a_claim_is_verified_against_named_evidence(run, evidence):
    status, out, _ = run("verify", "China has built 1,854 smart factories.", "--evidence", evidence, "--json")
    claim = json.loads(out)
    assert status == 0
    assert claim["verdict"]["label"] == "supported"
    assert (
        claim["verdict"]["explanation"]
        == "The article says 1,854 smart factories; Almanac (2025-09-17) gives the same figure."
    )


def test_a_wrong_figure_is_disputed(run, evidence):
    status, out, _ = run("verify", "China has built 1,584 smart factories.", "--evidence", evidence, "--json")
    assert (status, json.loads(out)["verdict"]["label"]) == (0, "disputed")


def test_an_article_is_checked_and_its_report_rendered_again(run, evidence, article, tmp_path):
    status, out, err = run("check", article, "--evidence", evidence, "--out", "run", "--format", "json,html")
    assert (status, err) == (0, "")
    assert "supported" in out
    assert (tmp_path / "run" / "report.html").exists()
    status, out, _ = run("report", "run", "--format", "csv,md")
    assert status == 0
    assert (tmp_path / "run" / "report.csv").exists()


def test_the_articles_own_publisher_does_not_count(run, evidence, article):
    _, out, _ = run("check", article, "--evidence", evidence, "--publisher", "The Almanac", "--json")
    claim = json.loads(out)["claims"][0]
    assert claim["verdict"]["label"] == "not enough evidence"
    assert claim["evidence"][0]["independent"] is False


def test_later_evidence_is_left_aside(run, evidence, article):
    status, _, err = run("check", article, "--evidence", evidence, "--as-of", "2025-01-01")
    assert status == 1
    assert one_line(err, "no evidence")


def test_a_store_keeps_what_was_added(run, evidence):
    assert run("evidence", "add", evidence)[1].startswith("1 added, 0 replaced, 0 unchanged")
    assert run("evidence", "add", evidence)[1].startswith("0 added, 0 replaced, 1 unchanged")
    (evidence / "one.md").write_text("China has built 1,900 smart factories.", encoding="utf-8")
    assert run("evidence", "add", evidence)[1].startswith("0 added, 1 replaced, 0 unchanged")
    (source,) = json.loads(run("evidence", "list", "--json")[1])
    shown = json.loads(run("evidence", "show", source["id"], "--json")[1])
    assert [passage["text"] for passage in shown["passages"]] == ["China has built 1,900 smart factories."]
    assert "1,900" in run("evidence", "search", "factories in China")[1]
    assert run("evidence", "optimize")[0] == 0
    assert run("evidence", "remove", source["id"])[0] == 0
    assert json.loads(run("evidence", "list", "--json")[1]) == []


def test_a_source_is_described_edited_filtered_and_exported(run, evidence, tmp_path):
    """Given two sources, when one is trusted less, then lists and searches can leave it out, and an export holds all."""
    (evidence / "two.txt").write_text("China has built many smart factories, says a blog.", encoding="utf-8")
    assert (
        run("evidence", "add", evidence / "two.txt", "--publisher", "A Blog", "--trust", "low", "--language", "en")[0]
        == 0
    )
    assert run("evidence", "add", evidence)[1].startswith("1 added, 0 replaced, 1 unchanged")
    (blog,) = json.loads(run("evidence", "list", "--publisher", "a blog", "--json")[1])
    assert (blog["trust"], blog["language"], blog["origin"]) == ("low", "en", "a blog")
    assert len(json.loads(run("evidence", "list", "--trust", "normal", "--json")[1])) == 1
    found = json.loads(run("evidence", "search", "smart factories", "--trust", "normal", "--json")[1])
    assert {one["source"]["trust"] for one in found} == {"normal"}
    assert json.loads(run("evidence", "search", "factories", "--publisher", "Nobody", "--json")[1]) == []
    edited = json.loads(run("evidence", "edit", blog["id"], "--trust", "high", "--origin", "wire", "--json")[1])
    assert (edited["trust"], edited["origin"]) == ("high", "wire")
    (evidence / "two.txt").write_text("China has built a few smart factories, says a blog.", encoding="utf-8")
    assert run("evidence", "refresh")[1].startswith("0 added, 1 replaced, 1 unchanged, 0 removed, 0 left out")
    assert json.loads(run("evidence", "list", "--trust", "high", "--json")[1])[0]["origin"] == "wire"
    assert run("evidence", "export", "--out", "all.jsonl")[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"].strip() for row in rows if row["id"] == blog["id"]] == [
        "China has built a few smart factories, says a blog."
    ]
    assert run("evidence", "add", "all.jsonl", "--store", "again")[1].startswith("2 added")
    assert run("evidence", "copy", ".claimline/evidence", "copied")[1].startswith("copied 2 sources")
    assert run("evidence", "list", "--store", "copied", "--json")[1] == run("evidence", "list", "--json")[1]


def test_the_passage_with_another_figure_is_found_among_many_with_the_same(run, tmp_path):
    """Given many passages that name a claim's figure for other things, its subject's own is still the first."""
    things = (
        "bridges sheep votes houses ships students letters trees seats horses coins maps wells goals flights".split()
    )
    rows = [{"text": f"The province counted 1,854 {thing} that year."} for thing in things]
    rows.append({"text": "By the end of the year China had built 1,584 smart factories."})
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run("evidence", "add", "rows.jsonl")
    found = json.loads(run("evidence", "search", "China has built 1,854 smart factories.", "--json")[1])
    assert "1,584" in found[0]["passage"]["text"]


def test_nothing_readable_is_status_two_and_says_what_to_do(run, tmp_path):
    status, _, err = run("evidence", "add", "none.txt")
    assert status == 2
    assert one_line(err, "none.txt does not exist")
    status, _, err = run("evidence", "add", "http://127.0.0.1:9/page")
    assert status == 2
    assert one_line(err, "--allow-private")
    status, _, err = run("verify", "Steel rose.", "--evidence", "http://127.0.0.1:9/page")
    assert status == 2
    assert one_line(err, "--allow-private")
    assert not (tmp_path / ".claimline").exists() or run("evidence", "list")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("edit", "abc"), "--trust or --origin"), (("edit", "abc", "--trust", "some"), "no kind of trust"), (("list", "--as-of", "soon"), "no day")],
)  # fmt: skip
def test_a_bad_value_for_a_source_is_named(run, arguments, said):
    status, _, err = run("evidence", *arguments)
    assert status == 2
    assert said in " ".join(err.split())


def test_one_unreadable_file_does_not_stop_the_rest(run, evidence):
    (evidence / "bad.jsonl").write_text("{not json\n", encoding="utf-8")
    status, out, err = run("evidence", "add", evidence)
    assert (status, out.split(",")[0]) == (0, "1 added")
    assert one_line(err, "bad.jsonl", "line 1")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("missing.txt", None, "does not exist"),
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("binary.txt", bytes(range(256)) * 20, "binary"),
        ("broken.pdf", b"%PDF-1.4 nothing here", "PDF"),
        ("broken.docx", b"PK\x03\x04 nothing here", "Word"),
        ("broken.parquet", b"PAR1 nothing here PAR1", "Parquet"),
        ("words.txt", b"123 456", "no words"),
    ],
)
def test_an_article_that_cannot_be_read_is_named(run, evidence, tmp_path, name, data, said):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    status, _, err = run("check", name, "--evidence", evidence)
    assert status == 2
    assert one_line(err, said, name if said != "no words" else "")


def test_a_file_of_more_than_fifty_megabytes_is_refused(run, evidence, tmp_path):
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    status, _, err = run("check", "huge.txt", "--evidence", evidence)
    assert status == 2
    assert one_line(err, "huge.txt", "50 MB")


def test_an_article_with_nothing_checkable_ends_with_status_one(run, evidence, tmp_path):
    (tmp_path / "opinion.txt").write_text("What now? We would not bet on it.", encoding="utf-8")
    status, _, err = run("check", "opinion.txt", "--evidence", evidence)
    assert status == 1
    assert one_line(err, "no claim")


def test_one_bad_article_of_several_leaves_the_other_reports(run, evidence, article, tmp_path):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    status, _, err = run("check", article, "empty.txt", "--evidence", evidence, "--out", "run", "--format", "json")
    assert status == 2
    assert one_line(err, "empty.txt")
    assert len(list((tmp_path / "run").rglob("report.json"))) == 1


def test_evidence_with_nothing_in_it_is_refused(run, article, tmp_path):
    (tmp_path / "nothing").mkdir()
    status, _, err = run("check", article, "--evidence", "nothing")
    assert status == 2
    assert one_line(err, "nothing")


def test_no_store_and_no_evidence_is_told(run, article):
    status, _, err = run("check", article)
    assert status == 2
    assert one_line(err, "no evidence store", "claimline evidence add")


def test_a_store_that_is_a_file_is_left_alone(run, evidence, tmp_path):
    (tmp_path / "store").write_text("mine", encoding="utf-8")
    status, _, err = run("evidence", "add", evidence, "--store", "store")
    assert status == 2
    assert one_line(err, "store is a file")
    assert (tmp_path / "store").read_text(encoding="utf-8") == "mine"


def test_a_store_of_another_version_is_refused_and_left_alone(run, evidence, tmp_path):
    import lancedb
    import pyarrow as pa

    table = pa.table({"id": ["x"]}, schema=pa.schema([("id", pa.string())], metadata={"claimline": "0"}))
    lancedb.connect(str(tmp_path / "old")).create_table("passages", table)
    status, _, err = run("evidence", "add", evidence, "--store", "old")
    assert status == 2
    assert one_line(err, "another version")
    assert lancedb.connect(str(tmp_path / "old")).open_table("passages").count_rows() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--published", "yesterday"], "YYYY-MM-DD"),
        (["--format", "pdf"], "pdf"),
        (["--top-k", "0"], "--top-k"),
        (["--model", "./nowhere"], "nowhere"),
    ],
)
def test_a_bad_option_is_named(run, evidence, article, arguments, said):
    status, _, err = run("check", article, "--evidence", evidence, *arguments)
    assert status == 2
    assert said in err
    assert "Traceback" not in err


def test_a_model_without_nli_labels_is_refused_with_its_labels(run, evidence, article, tiny_model, tmp_path):
    import shutil

    shutil.copytree(tiny_model, tmp_path / "sentiment")
    config = json.loads((tmp_path / "sentiment" / "config.json").read_text())
    config |= {"id2label": {"0": "joy", "1": "anger", "2": "fear"}, "label2id": {"joy": 0, "anger": 1, "fear": 2}}
    (tmp_path / "sentiment" / "config.json").write_text(json.dumps(config))
    status, _, err = run("check", article, "--evidence", evidence, "--model", "./sentiment")
    assert status == 2
    assert one_line(err, "joy", "anger", "fear")


def test_any_nli_model_can_be_named(run, evidence, article, tiny_model):
    assert run("check", article, "--evidence", evidence, "--model", tiny_model)[0] == 0


def test_pair_files_are_measured_with_predictions_in_order(run, tmp_path):
    rows = [
        {
            "premise": "China has built 1,854 smart factories.",
            "claim": "China has built 1,854 smart factories.",
            "label": "supported",
        },
        {
            "premise": "China has built 1,584 smart factories.",
            "claim": "China has built 1,854 smart factories.",
            "label": "disputed",
        },
        {"premise": "Rain fell in May.", "claim": "China has built 1,854 smart factories.", "label": "neutral"},
    ]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    status, out, _ = run("bench", "pairs", "p.jsonl", "--json", "--predictions", "said.jsonl")
    figures = json.loads(out)
    said = [json.loads(line) for line in (tmp_path / "said.jsonl").read_text(encoding="utf-8").splitlines()]
    assert status == 0
    assert figures["balanced_accuracy"] == 1.0
    assert [max(row, key=row.get) for row in said] == ["support", "dispute", "neutral"]
    assert 0 <= figures["ece"] <= 1


def test_a_bad_pair_file_is_named_with_its_line(run, tmp_path):
    (tmp_path / "p.jsonl").write_text('{"premise": "x", "claim": "y", "label": "maybe"}\n', encoding="utf-8")
    status, _, err = run("bench", "pairs", "p.jsonl")
    assert status == 2
    assert one_line(err, "line 1", "maybe")


def test_search_and_worthiness_are_measured(run, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    corpus = [
        {"doc_id": 1, "title": "Bees", "abstract": ["Bees like caffeine."]},
        {"doc_id": 2, "title": "Rails", "abstract": ["Rails rust in rain."]},
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus), encoding="utf-8")
    (folder / "claims.jsonl").write_text('{"id": 7, "claim": "Rails rust.", "cited": [2]}\n', encoding="utf-8")
    figures = json.loads(run("bench", "retrieval", folder, "--json")[1])
    assert (figures["recall_5"], figures["ndcg_10"]) == (1.0, 1.0)
    (tmp_path / "w.jsonl").write_text(
        '{"text": "Sales rose 5 percent in 2024.", "label": "Yes"}\n{"text": "Thank you so much.", "label": "No"}\n',
        encoding="utf-8",
    )
    assert json.loads(run("bench", "checkworthy", "w.jsonl", "--json")[1])["f1"] == 1.0


def test_help_and_version_answer_without_loading_a_model(run):
    before = set(sys.modules)
    assert "check" in run("--help")[1]
    assert run("--version")[1].startswith("claimline ")
    assert not {"torch", "spacy", "lancedb", "transformers"} & (set(sys.modules) - before)
