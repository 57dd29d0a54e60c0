#!/usr/bin/env python3
"""Times what goes out and comes in, beside pyarrow on the same rows, in one run.

    benches/exchange.py [PROGRAM] [--rows 100000] [--rounds 5] [--build]

Prints wall and CPU seconds, medians of whole processes that run alternately:
- `export --format parquet` of as many rows, and pyarrow writing the same table from the session's JSON Lines;
- `import` of as many rows of JSON Lines into an empty session, and `batch read` of as many results;
- with --build, the CPU seconds that Parquet adds to a cold release build: those of the crates that only it needs, by
  `cargo build --timings`, in a target folder of its own (some minutes).
The program is target/release/rowsmith; pyarrow is the one of tests/readers, installed into the user's cache once.
"""

import argparse
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/readers"), str(ROOT / "tests/batch")]

import environments  # noqa: E402
import loopback  # noqa: E402

WORDS = "the box bill came twice and nobody answers please call me back before summer thanks".split()
PYARROW = """
import sys
import pyarrow.json
import pyarrow.parquet
pyarrow.parquet.write_table(pyarrow.json.read_json(sys.argv[1]), sys.argv[2])
"""
# The most that each is to take.
MOST = {"export": 0.7, "import": 10, "batch": 12, "build": 60}


class Program:
    """The program in a home folder of its own."""

    def __init__(self, path, home):
        self.path, self.home = path, home
        self.environment = {"HOME": str(home), "PATH": os.environ["PATH"]}

    def run(self, *arguments):
        return timed([self.path, *arguments], self.home, self.environment)

    def session(self, name, data):
        columns = ["--text", "text", "--label", "label", "--target", "leave"]
        self.run("new", name, "--data", data, *columns)


def timed(command, folder, environment=None):
    """Runs a command; returns its wall and CPU seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([*map(str, command)], cwd=folder, env=environment, capture_output=True, text=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command[:3]))}: {done.stderr[-500:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(path, count, label):
    """Writes rows whose texts all differ."""
    with path.open("w", encoding="utf-8") as out:
        for n in range(count):
            words = " ".join(WORDS[(n * step + place) % len(WORDS)] for place, step in enumerate((1, 3, 7, 5, 11, 2, 13, 8)))
            out.write(json.dumps({"text": f"{words} {n * 7919 % 1_000_003}", "label": label(n)}) + "\n")


def median(times, place=0):
    return statistics.median(each[place] for each in times)


def line(what, times, limit):
    print(f"{what:<46} {median(times):7.2f} s wall {median(times, 1):7.2f} s CPU   {limit}", flush=True)


def export(program, python, count, rounds):
    """An export of imported and accepted rows beside pyarrow, which reads the same columns from JSON Lines."""
    rows(program.home / "many.jsonl", count, lambda n: "leave")
    program.session("out", "few.jsonl")
    program.run("import", "out", "many.jsonl", "--accept")
    program.run("export", "out", "--out", "out.jsonl")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(program.run("export", "out", "--out", "out.parquet", "--force"))
        theirs.append(timed([python, "-c", PYARROW, "out.jsonl", "theirs.parquet"], program.home))
    line(f"export --format parquet, {count:,} rows", ours, f"{median(ours) / median(theirs):.2f} × (at most {MOST['export']} ×)")
    line("pyarrow, the same table from JSON Lines", theirs, "")
    sizes = [(program.home / name).stat().st_size / 1e6 for name in ("out.parquet", "theirs.parquet")]
    print(f"{'':<46} {sizes[0]:.1f} MB beside {sizes[1]:.1f} MB")


def take_in(program, count, rounds):
    times = []
    for n in range(rounds):
        program.session(f"in{n}", "few.jsonl")
        times.append(program.run("import", f"in{n}", "many.jsonl"))
    line(f"import, {count:,} rows of JSON Lines", times, f"(at most {MOST['import']} s)")


def read_batch(program, count, rounds):
    """Reads results of requests for one row each, in a random order, as `tests/batch/loopback.py` answers them."""
    times = []
    model = ["--provider", "openai", "--model", "m", "--rows-per-request", "1", "--base-url", "http://127.0.0.1:9/v1"]
    for n in range(rounds):
        name = f"batch{n}"
        program.session(name, "few.jsonl")
        program.run("batch", "write", name, "-n", count, "--to", "openai", "--out", f"{name}-asked", *model)
        paths = sorted((program.home / f"{name}-asked").glob("requests-*.jsonl"))
        asked = [json.loads(text)["custom_id"] for path in paths for text in path.open(encoding="utf-8")]
        random.Random(n).shuffle(asked)
        results = program.home / f"{name}.jsonl"
        results.write_text("".join(json.dumps(loopback.answered(id)) + "\n" for id in asked))
        times.append(program.run("batch", "read", name, results))
    line(f"batch read, {count:,} results", times, f"(at most {MOST['batch']} s)")


def build(folder):
    """Prints the CPU seconds of the crates that the build has only for Parquet, built one after the other."""
    alone = only_for("parquet")
    target = folder / "target"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed(["cargo", "build", "--release", "--locked", "--lib", "-j", "1", "--timings", "--target-dir", target], ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    page = next((target / "cargo-timings").glob("cargo-timing-2*.html")).read_text()
    units = json.loads(re.search(r"UNIT_DATA = (\[.*?\]);", page, re.S)[1])
    spent = {name: sum(unit["duration"] for unit in units if unit["name"] == name) for name in alone}
    whole = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = ", ".join(f"{name} {seconds:.0f}" for name, seconds in sorted(spent.items(), key=lambda each: -each[1])[:6])
    print(f"Parquet in a cold release build: {sum(spent.values()):.0f} s of {whole:.0f} s CPU (at most {MOST['build']} s): {told}")


def only_for(crate):
    """Returns the crates that nothing else of the program needs: those that are gone from its tree with this one."""
    tree = ["cargo", "tree", "--locked", "--edges", "normal,build", "--prefix", "depth", "--format", " {p}", "--no-dedupe"]
    lines = subprocess.run(tree, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    inside, others, below = set(), set(), None
    for text in lines:
        depth, name = int(re.match(r"\d+", text)[0]), text.split()[1 if " " in text else 0]
        if below is not None and depth <= below:
            below = None
        if below is None and name == crate:
            below = depth
        (others if below is None else inside).add(name)
    return inside - others


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("program", nargs="?", type=Path, default=ROOT / "target/release/rowsmith")
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--build", action="store_true", help="the cost of Parquet in a build, and nothing else")
    asked = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-exchange-"))
    try:
        if asked.build:
            return build(folder)
        python, _ = environments.prepare(next(each for each in environments.ALL if each.name == "tables"))
        program = Program(asked.program.resolve(), folder)
        rows(folder / "few.jsonl", 200, lambda n: "leave" if n % 4 else "ask")
        export(program, python, asked.rows, asked.rounds)
        take_in(program, asked.rows, asked.rounds)
        read_batch(program, asked.rows, min(asked.rounds, 3))
    except environments.Unavailable as error:
        print(f"skipped: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
