#!/usr/bin/env python3
"""Times the search for near-duplicates beside datasketch and rensa, on one core, in one run.

    benches/near_duplicates.py [--rows 100000] [--rounds 3] [--json] [--program FILE]

Rows of 100 characters, one in twenty an earlier one with another word, in processes that run in turn on one core:

- Rowsmith reads texts: it cuts them into pieces of five characters, looks each up among the earlier ones, compares those
  that may be near exactly, and adds it;
- datasketch gets the pieces ready made: MinHash of 128 permutations, then a query of and an insert into MinHashLSH at
  0.80, without an exact check;
- rensa gets the pieces ready made, and makes its signatures of 128 permutations alone: no search and no check.

Printed are the medians of rows a second, and the ratios with their goals. Both are installed into the user's cache once.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/readers"))

import environments  # noqa: E402

OTHERS = environments.Environment("minhash", ("datasketch==1.6.5", "rensa==0.5.0"))
# The pieces are made by thousands of rows, so that they fit into memory, and outside of the time.
PIECES = """
import itertools, json, re, sys, time
word = re.compile(r"\\w+")

def pieces(line):
    text = " ".join(word.findall(line.lower()))
    return sorted({text[at:at + 5] for at in range(max(1, len(text) - 4))})

def timed(take, made):
    count, seconds, lines = 0, 0, open(sys.argv[1])
    while part := [made(pieces(line)) for line in itertools.islice(lines, 10_000)]:
        began = time.process_time()
        for row in part:
            take(count, row)
            count += 1
        seconds += time.process_time() - began
    print(json.dumps({"rows": count, "seconds": seconds}))
"""
DATASKETCH = PIECES + """
from datasketch import MinHash, MinHashLSH
index = MinHashLSH(threshold=0.8, num_perm=128)

def take(number, row):
    signature = MinHash(num_perm=128)
    signature.update_batch(row)
    index.query(signature)
    index.insert(number, signature)

timed(take, lambda row: [piece.encode() for piece in row])
"""
RENSA = PIECES + """
from rensa import RMinHash

def take(number, row):
    signature = RMinHash(num_perm=128, seed=42)
    signature.update(row)
    signature.digest()

timed(take, list)
"""


def write_rows(target, count, seed=1):
    """Writes texts of words whose frequencies fall as their ranks rise."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randrange(2, 10))) for _ in range(20_000)]

    def word():
        return words[int(len(words) ** rng.random()) - 1]

    texts = []
    for _ in range(count):
        if texts and rng.random() < 0.05:
            text = rng.choice(texts).split()
            text[rng.randrange(len(text))] = word()
        else:
            text = [word()]
            while sum(map(len, text)) + len(text) < 101:
                text.append(word())
        texts.append(" ".join(text))
    target.write_text("\n".join(texts) + "\n")


def built():
    order = ["cargo", "bench", "--bench", "near_duplicates", "--no-run", "--message-format", "json"]
    lines = subprocess.run(order, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "near_duplicates")


def rows_a_second(order):
    core = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
    run = subprocess.run([*core, *map(str, order)], check=True, capture_output=True, text=True)
    figures = json.loads(run.stdout)
    return figures["rows"] / figures["seconds"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--program", type=Path, help="the bench, where it is built already")
    options.add_argument("--python", type=Path, help="a Python that has datasketch and rensa")
    options.add_argument("--json", action="store_true", help="only the rows a second of each, as JSON")
    given = options.parse_args()
    program = given.program or built()
    python = given.python or environments.prepare(OTHERS)[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.txt"
        write_rows(rows, given.rows)
        sides = {
            "Rowsmith, exact": [program, rows],
            "datasketch, insert and query": [python, "-c", DATASKETCH, rows],
            "rensa, signatures alone": [python, "-c", RENSA, rows],
        }
        taken = {name: [] for name in sides}
        for _ in range(given.rounds):
            for name, order in sides.items():
                taken[name].append(rows_a_second(order))
    own, *others = [statistics.median(speeds) for speeds in taken.values()]
    if given.json:
        print(json.dumps([own, *others]))
        return
    print(f"{given.rows:,} rows of 100 characters, one core, medians of {given.rounds}")
    print(f"  {'Rowsmith, exact':30} {own:>10,.0f} rows a second")
    for name, speed, goal in zip(list(sides)[1:], others, (6.0, 0.5)):
        verdict = "" if own / speed >= goal else "  MISSED"
        print(f"  {name:30} {speed:>10,.0f} rows a second   ratio {own / speed:.2f}, goal {goal}{verdict}")


if __name__ == "__main__":
    main()
