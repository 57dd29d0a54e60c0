"""Exports whose columns are empty at first, or hold numbers, dates and words for nothing: each reader keeps the types.

Sessions of two sizes with the built-in generator, exported as CSV and as JSON Lines, loaded by `load.py` with no
settings.
"""

import csv
import json
import os
import subprocess
from pathlib import Path

from formats import Workbench

ROOT = Path(__file__).resolve().parents[2]
# Real rows: with the accepted ones and without the held-out ones, 325 and 24,000 rows are exported.
SIZES = [334, 29_802]
VERSIONS = {"pandas": "3.1.1", "polars": "2.1.0", "pyarrow": "26.0.1", "datasets": "5.2.0"}


def checks(python, binary, folder):
    """Yields a line of the table for each format and reader: what the smallest and the largest file gave."""
    seen = {}
    for path, rows in exports(binary, folder):
        for reader, said, is_right in load(python, path, rows):
            seen.setdefault((path.suffix[1:], reader), []).append((f"{path.parent.name}: {said}", is_right))
    for (format, reader), said in seen.items():
        wrong = [text for text, is_right in said if not is_right]
        text = wrong[0] if wrong else f"{len(said)} files of {SIZES[0]} to 24,000 rows: texts, ids and figures keep types"
        yield {"format": format, "tool": f"{reader}, no settings", "version": VERSIONS[reader], "seen": text, "ok": not wrong}


def exports(binary, folder):
    """Yields files that were exported, each with its rows as the command line lists them."""
    for size in SIZES:
        for kind, labels in (("words", ["leave", "ask"]), ("numbers", [1, 0])):
            home = folder / f"{size}-{kind}"
            home.mkdir(parents=True)
            rowsmith = Workbench(binary, home)
            dataset(home / "data.jsonl", size, labels)
            columns = ["--text", "text", "--label", "label", "--target", str(labels[0])]
            rowsmith.run("new", "s", "--data", "data.jsonl", *columns)
            rows = 60 if size < 1_000 else 160
            rowsmith.run("sample", "s", "-n", rows)
            decide(rowsmith, rows)
            accepted = len(rowsmith.run("rows", "s", "--filter", "state:accepted", "--json").splitlines())
            train = sum(row["part"] == "train" for row in rowsmith.lines("split", "s"))
            for format in ("csv", "jsonl"):
                for name, more, rows in (("accepted", [], accepted), ("all", ["--with-real"], accepted + train)):
                    out = home / f"{name}.{format}"
                    rowsmith.run("export", "s", "--out", out, *more)
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


def decide(rowsmith, rows):
    """Accepts most rows; only one of the last has a rating, tags and an edit: of 160, behind the first hundred."""
    ids = [row["id"] for row in rowsmith.lines("rows", "s")]
    assert len(ids) == rows, f"only {len(ids)} rows were sampled"
    rowsmith.run("accept", "s", *ids[:-2])
    rowsmith.run("edit", "s", ids[-3], "--set", "text=This one I wrote myself, and nobody else would have.")
    rowsmith.run("accept", "s", ids[-3], "--rating", "4", "--tag", "mine", "--tag", "late")


def load(python, path, rows):
    """Loads a file with every reader; yields what each said, and if it is right."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(path.parent / "cache")}
    texts = path.parent / "texts.json"
    texts.write_text(json.dumps(texts_of(path)))
    for reader in VERSIONS:
        command = [python, Path(__file__).with_name("load.py"), reader, path, str(rows), texts]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        yield reader, done.stdout.strip() or (done.stderr.strip().splitlines() or ["nothing"])[-1], done.returncode == 0


def texts_of(path):
    """Reads the texts with Python's own reader, which guesses no types."""
    with path.open(newline="", encoding="utf-8") as file:
        if path.suffix == ".csv":
            return [row["text"] for row in csv.DictReader(file)]
        return [json.loads(line)["text"] for line in file]
