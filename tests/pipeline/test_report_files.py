"""Report files are written whole or not at all, and an earlier run is lost in neither case."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from report_samples import hostile_report, sample_article, sample_report

from pipeline.records import UserError
from pipeline.report import FORMATS, article_folder, read_report, write_reports
from pipeline.report.files import ReportNotWrittenError, UnknownFormatError


def test_each_format_has_its_file_and_no_draft_is_left(tmp_path: Path):
    written = write_reports(sample_report(), tmp_path / "new" / "run", FORMATS)
    names = ["report.json", "report.html", "report.md", "report.csv", "claimreview.jsonld"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in (tmp_path / "new" / "run").iterdir()) == sorted(names)


def test_a_format_named_twice_is_written_once(tmp_path: Path):
    assert write_reports(sample_report(), tmp_path, ["md", "json", "md"]) == [
        tmp_path / "report.md",
        tmp_path / "report.json",
    ]


def test_the_same_report_gives_the_same_bytes(tmp_path: Path):
    first = [path.read_bytes() for path in write_reports(sample_report(), tmp_path / "a", FORMATS)]
    assert first == [path.read_bytes() for path in write_reports(sample_report(), tmp_path / "b", FORMATS)]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(UnknownFormatError, match="'pdf'; choose from json, html, md, csv, claimreview"):
        write_reports(sample_report(), tmp_path / "run", ["json", "pdf"])
    assert not (tmp_path / "run").exists()


def test_a_file_in_the_place_of_the_directory_is_named_and_kept(tmp_path: Path):
    (tmp_path / "run").write_text("mine")
    for directory in (tmp_path / "run", tmp_path / "run" / "below"):
        with pytest.raises(ReportNotWrittenError, match="run") as caught:
            write_reports(sample_report(), directory, ["json"])
        assert isinstance(caught.value, UserError)
    assert (tmp_path / "run").read_text() == "mine"


def test_when_one_file_cannot_be_written_the_earlier_ones_stay_and_drafts_go(tmp_path: Path, monkeypatch):
    (before,) = write_reports(hostile_report(), tmp_path, ["json"])
    earlier, write = before.read_bytes(), Path.write_bytes

    def full_disk(path: Path, content: bytes) -> int:
        if path.name.startswith("report.html"):
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(ReportNotWrittenError, match="No space left on device"):
        write_reports(sample_report(), tmp_path, ["json", "html"])
    assert before.read_bytes() == earlier
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission_is_named(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(ReportNotWrittenError, match="cannot be written"):
        write_reports(sample_report(), tmp_path, ["json"])


def test_half_a_character_of_a_broken_text_does_not_stop_any_format(tmp_path: Path):
    report = sample_report()
    verdict = report.verdicts[0]
    broken = replace(verdict, explanation="a lone \ud83d half")
    written = write_reports(replace(report, verdicts=(broken, *report.verdicts[1:])), tmp_path, FORMATS)
    assert read_report(written[0]).verdicts[0] == broken
    assert all(path.read_bytes().decode("utf-8") for path in written)
    assert json.loads(written[4].read_text())[0]["reviewBody"] == "a lone \ud83d half"


@pytest.mark.parametrize(
    ("title", "uri", "name"),
    [
        ("China Accelerates: 22 % more!", "a.txt", "china-accelerates-22-more-6d1f0a3c"),
        ("Zürich – öffnet", "a.txt", "zurich-offnet-6d1f0a3c"),
        (None, "in/wire story.html", "wire-story-6d1f0a3c"),
        ("../../etc/passwd", "a.txt", "etc-passwd-6d1f0a3c"),
        ("中国", "a.txt", "article-6d1f0a3c"),
        ("word " * 80, "a.txt", "-".join(["word"] * 12) + "-6d1f0a3c"),
    ],
)
def test_the_folder_of_an_article_is_safe_on_every_file_system(title, uri, name):
    assert article_folder(replace(sample_article(), title=title, uri=uri)) == name
