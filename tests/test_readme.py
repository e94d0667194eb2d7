"""The README says what is true: its commands run, and every command and option is in it or in the command's own help."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND = Path(sys.executable).parent / "claimline"


def blocks():
    found = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [[line for line in block.splitlines() if line.startswith("claimline ")] for block in found]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


@pytest.mark.parametrize("lines", [lines for lines in blocks() if lines], ids=lambda lines: lines[0][:30])
def test_the_commands_of_the_readme_run_one_after_the_other(lines, place):
    for line in lines:
        done = subprocess.run([COMMAND, *shlex.split(line)[1:]], cwd=place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout.strip()
    if "check" in lines[0]:
        assert sorted(path.name for path in (place / "report").iterdir()) == [
            "claimreview.jsonld",
            "report.csv",
            "report.html",
            "report.json",
            "report.md",
        ]


def test_the_first_commands_install_and_test():
    run, test = re.findall(r"<!-- (?:run|test) -->\n```sh\n(.*?)\n```", README)
    assert run.endswith("claimline check seeds/soe-consolidation.txt --evidence seeds/evidence --out report")
    assert test.endswith(".venv/bin/pytest")


def test_every_command_is_named_in_the_readme():
    from typer.main import get_command

    from pipeline.cli import app

    group = get_command(app)
    for name, command in group.commands.items():
        assert f"claimline {name}" in README
        for below in getattr(command, "commands", {}):
            assert f"claimline {name} {below}" in README


def test_every_option_of_the_evidence_commands_is_named_in_the_readme():
    from typer.main import get_command

    from pipeline.cli import app

    for command in get_command(app).commands["evidence"].commands.values():
        for parameter in command.params:
            for option in parameter.opts:
                assert (
                    not option.startswith("--")
                    or option in {"--help"}
                    or f"`{option}" in README
                    or f" {option} " in README
                )


def test_the_sample_articles_claims_come_out_as_its_sources_have_them(place):
    """Given the sample article and its ten sources, when it is checked, then figures are supported and silence is told."""
    import json

    line = ["check", "seeds/soe-consolidation.txt", "--evidence", "seeds/evidence", "--json"]
    done = subprocess.run([COMMAND, *line], cwd=place, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    text = report["article"]["text"]
    assert text == (ROOT / "seeds" / "soe-consolidation.txt").read_text(encoding="utf-8")
    labels = {}
    for claim in report["claims"]:
        labels[claim["text"]] = claim["verdict"]["label"]
        assert text[claim["span"]["start"] : claim["span"]["end"]].strip()

    def label_of(words):
        return next(label for claim, label in labels.items() if words in claim)

    for words in (
        "¥22 trillion.",
        "nearly 50%",
        "more than 20%",
        "surpassed ¥8.6 trillion",
        "1,854",
        "over 800",
        "six groups",
        "nine new",
    ):
        assert label_of(words) == "supported", words
    for words in ("¥2.5 trillion in dividends", "China StarNet", "Jiutian"):
        assert label_of(words) == "not enough evidence", words
    for words in ("geopolitical", "Can the U.S.", "Zhang Yuzhuo, SASAC Chief", "0 Comments"):
        assert not any(words in claim for claim in labels)
