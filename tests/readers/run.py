#!/usr/bin/env python3
"""Loads exports of the workbench with the programs that people train with.

    tests/readers/run.py [--binary target/debug/rowsmith] [--keep]

Makes sessions with the built-in generator. The network is needed once, for the packages, which are installed into a
cache. Every export is loaded by pandas, polars, pyarrow and datasets, as CSV and as JSON
Lines, and each must find as many rows as were written, with their texts. Exit status: 0 when all do or nothing
can be installed here, 1 when one does not.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["datasets==5.2.0", "pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1"]
INSTALL_SECONDS = 600
# Real rows: with the accepted ones and without the held-out ones, 325 and 24,000 rows are exported.
SIZES = [334, 29_802]


class Unavailable(Exception):
    """Python or a package cannot be had here: a sentence that says which."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/debug/rowsmith")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the exports there")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        print(f"{arguments.binary} is not there; build it with `cargo build`.")
        return 1
    try:
        python = prepare()
    except Unavailable as error:
        print(f"skipped: {error}")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-readers-"))
    try:
        failed = sum(load(python, path, rows) for path, rows in exports(arguments.binary.resolve(), folder))
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("FAILED" if failed else "ok")
    return 1 if failed else 0


def prepare():
    """Returns the Python of an environment with the four readers; makes it where it is missing."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rowsmith-readers"
    python, made = folder / "bin" / "python3", folder / "made"
    wanted = "\n".join(PACKAGES)
    if made.is_file() and made.read_text() == wanted and python.exists():
        return python
    print(f"installing {', '.join(PACKAGES)} into {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    quietly([sys.executable, "-m", "venv", folder], "a virtual environment cannot be made")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    quietly([*pip, "--only-binary", ":all:", *PACKAGES], "the readers cannot be installed")
    made.write_text(wanted)
    return python


def quietly(command, otherwise):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{otherwise}: {error}") from error
    if done.returncode:
        raise Unavailable(f"{otherwise}: {done.stderr.strip()[-300:]}")


def exports(binary, folder):
    """Yields files that were exported, each with its rows as the command line lists them."""
    for size in SIZES:
        for kind, labels in (("words", ["leave", "ask"]), ("numbers", [1, 0])):
            home = folder / f"{size}-{kind}"
            home.mkdir()

            def run(*command, home=home):
                environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
                done = subprocess.run([binary, *command], cwd=home, env=environment, capture_output=True, text=True)
                assert done.returncode == 0, f"{command}: {done.stderr}"
                return done.stdout

            dataset(home / "data.jsonl", size, labels)
            columns = ["--text", "text", "--label", "label", "--target", str(labels[0])]
            run("new", "s", "--data", "data.jsonl", *columns)
            rows = 60 if size < 1_000 else 160
            run("sample", "s", "-n", str(rows))
            decide(run, rows)
            accepted = len(run("rows", "s", "--filter", "state:accepted", "--json").splitlines())
            train = sum(json.loads(line)["part"] == "train" for line in run("split", "s", "--json").splitlines())
            for format in ("csv", "jsonl"):
                for name, more, rows in (
                    ("accepted", [], accepted),
                    ("all", ["--with-real"], accepted + train),
                ):
                    out = home / f"{name}.{format}"
                    run("export", "s", "--out", str(out), *more)
                    yield out, rows


def dataset(path, size, labels):
    """Writes the bundled messages and as many more, some of which are numbers, dates and words for nothing."""
    odd = ["12345", "2026-01-31", "NA", "true", "3.5e8"]
    with (ROOT / "sessions/tickets/tickets.csv").open(newline="", encoding="utf-8") as file:
        bundled = list(csv.DictReader(file))
    wanted = [row["text"] for row in bundled if row["label"] == "cancel"]
    others = [row["text"] for row in bundled if row["label"] != "cancel"]
    rows = [{"text": text, "label": labels[0]} for text in wanted]
    for number in range(size - len(rows)):
        text = odd[number % 5] if number % 1000 < 5 else f"{others[number % len(others)]} (message {number})"
        rows.append({"text": text, "label": labels[1]})
    with path.open("w", encoding="utf-8") as file:
        print(*map(json.dumps, rows), sep="\n", file=file)


def decide(run, rows):
    """Accepts most rows; only one of the last has a rating, tags and an edit: of 160, behind the first hundred."""
    ids = [json.loads(line)["id"] for line in run("rows", "s", "--json").splitlines()]
    assert len(ids) == rows, f"only {len(ids)} rows were sampled"
    run("accept", "s", *ids[:-2])
    run("edit", "s", ids[-3], "--set", "text=This one I wrote myself, and nobody else would have.")
    run("accept", "s", ids[-3], "--rating", "4", "--tag", "mine", "--tag", "late")


def load(python, path, rows):
    """Loads a file with every reader and prints a line for each; returns how many failed."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(path.parent / "cache")}
    texts = path.parent / "texts.json"
    texts.write_text(json.dumps(texts_of(path)))
    failed = 0
    for reader in ("pandas", "polars", "pyarrow", "datasets"):
        command = [python, Path(__file__).with_name("load.py"), reader, path, str(rows), texts]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        said = done.stdout.strip() or done.stderr.strip().splitlines()[-1]
        print(f"{path.parent.name}/{path.name}: {reader}: {said}", flush=True)
        failed += done.returncode != 0
    return failed


def texts_of(path):
    """Reads the texts with Python's own reader, which guesses no types."""
    with path.open(newline="", encoding="utf-8") as file:
        if path.suffix == ".csv":
            return [row["text"] for row in csv.DictReader(file)]
        return [json.loads(line)["text"] for line in file]


if __name__ == "__main__":
    sys.exit(main())
