"""Prints what a newcomer waits for: `python benchmarks/first_run.py`.

The sample article checked twice (the first run finds cold files where the machine has just been set up), with wall time and
peak memory; `claimline --help`, the fastest and the median of ten; and the size of what is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from statistics import median

COMMAND = Path(sys.executable).with_name("claimline")
SEEDS = Path(__file__).parent.parent / "seeds"


def run(*arguments: str) -> tuple[float, float]:
    """Run the command; seconds of wall time, and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([str(COMMAND), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"claimline {' '.join(arguments)} ended with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        article, evidence = str(SEEDS / "soe-consolidation.txt"), str(SEEDS / "evidence")
        for name in ("first", "second"):
            seconds, memory = run("check", article, "--evidence", evidence, "--out", folder)
            print(f"check, {name} run      {seconds:6.1f} s   {memory:6.0f} MB at most")
        for name in ("compact", "accurate"):
            seconds, memory = run("check", article, "--evidence", evidence, "--out", folder, "--model", name)
            print(f"check, --model {name:<9}{seconds:6.1f} s   {memory:6.0f} MB at most")
    times = sorted(run("--help")[0] for _ in range(10))
    print(f"--help                {times[0]:6.3f} s fastest, {median(times):.3f} s median")
    installed = sum(path.stat().st_size for path in Path(sysconfig.get_path("purelib")).rglob("*") if path.is_file())
    print(f"installed packages    {installed / 1e6:6.0f} MB")


if __name__ == "__main__":
    main()
