#!/usr/bin/env python3
"""Tries the verdicts of `rowsmith evaluate` on real data, through the program.

For each dataset and session seed it makes sessions with `new --scarce`, imports and accepts rows of a known kind, and
evaluates them. Exits with 1 where a verdict or a warning is not what it must be.

    benches/evaluate.py [--program target/release/rowsmith] [--data ../shared/data] [--session-seeds 5] [--seeds 10]

The data are goemotions6.csv (target fear) and sms_spam.csv (target spam), with the columns id, text and label; they are
not part of this project. Needs Python 3.9 or later and nothing else.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SETS = [("goemotions6", "fear"), ("sms_spam", "spam")]
ROWS = 200
# In goemotions6 the known rows of some seeds teach so little that fewer wrong ones spoil little.
MANY = 450


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="target/release/rowsmith", type=Path)
    parser.add_argument("--data", default=os.environ.get("ROWSMITH_REFERENCE_DATA", "../shared/data"), type=Path)
    parser.add_argument("--session-seeds", default=5, type=int)
    parser.add_argument("--seeds", default=10, type=int)
    parser.add_argument("--scarce", default=50, type=int)
    parser.add_argument("--only", help="only this dataset")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"skipped: there is no folder {args.data}; name it with --data")
        return 0
    failed = 0
    for name, target in SETS:
        if args.only in (None, name):
            for seed in range(1, args.session_seeds + 1):
                failed += one(args, name, target, seed)
    print(f"{failed} not as they must be")
    return 1 if failed else 0


def one(args, name, target, seed):
    """Evaluates every kind of rows in sessions of one seed; returns how many are not as they must be."""
    data = (args.data / f"{name}.csv").resolve()
    with open(data, newline="", encoding="utf-8") as file:
        real = {row["id"]: row for row in csv.DictReader(file)}
    failed = 0
    for kind, rows, check in kinds(name, target):
        with tempfile.TemporaryDirectory() as folder:
            session = Path(folder) / "session"
            run = runner(args.program.resolve(), folder)
            run("new", session, "--data", data, "--text", "text", "--label", "label", "--id", "id", "--target", target,
                "--split", "none", "--scarce", args.scarce, "--seed", seed)
            parts = {row["id"]: row["part"] for row in map(json.loads, run("split", session, "--json").splitlines())}
            made = rows(real, parts, target, random.Random(seed))
            file = Path(folder) / "rows.jsonl"
            file.write_text("".join(json.dumps({"text": text, "label": target}) + "\n" for text in made))
            run("import", session, file, "--accept")
            found = json.loads(run("evaluate", session, "--json", "--seeds", args.seeds))
            warnings = [warning["warning"] for warning in found["warnings"]]
            is_right = check(found, warnings)
            failed += not is_right
            low, high = found["interval"]["low"], found["interval"]["high"]
            print(f"{name} {target} seed {seed} {kind:<12} {'as it must be' if is_right else 'WRONG':<13} "
                  f"{found['verdict']:<24} {found['gain']:+.3f} [{low:+.3f}, {high:+.3f}] "
                  f"{found['accepted']} rows, {found['seconds']:.1f} s, {' '.join(warnings)}", flush=True)
    return failed


def runner(program, folder):
    """Returns what runs the program in a home of its own and returns its output."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder}

    def run(*args):
        done = subprocess.run([program, *map(str, args)], env=environment, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"rowsmith {args[0]} exited with {done.returncode}: {done.stderr}")
        return done.stdout

    return run


def kinds(name, target):
    """Returns what kinds of rows are tried, each with what its evaluation must say."""
    texts = lambda real, ids: [real[id]["text"] for id in ids]
    of = lambda real, parts, part, is_target: [
        id for id, row in real.items() if parts.get(id) == part and (row["label"] == target) == is_target
    ]

    def some(part, is_target, count):
        def rows(real, parts, _, drawn):
            found = of(real, parts, part, is_target)
            return texts(real, drawn.sample(found, min(count, len(found))))
        return rows

    def planted(*args):
        return [f"{text} zweifellos gewiss fraglos" for text in some("held_back", True, ROWS)(*args)]

    def copies(real, parts, *_):
        return texts(real, of(real, parts, "train", True)) * 4

    helps = lambda found, _: found["verdict"] == "helps"
    # Only goemotions6 must say so for every seed: in sms_spam 50 known rows are nearly enough.
    held_back = helps if name == "goemotions6" else lambda found, _: found["verdict"] != "hurts"
    hurts = lambda found, _: found["verdict"] == "hurts"
    return [
        ("held back", some("held_back", True, ROWS), held_back),
        ("other labels", some("train", False, MANY), hurts),
        ("copies", copies, lambda found, _: found["verdict"] != "helps"),
        ("ten rows", some("held_back", True, 10), lambda _, warnings: "few-rows" in warnings),
        ("planted", planted, lambda _, warnings: "detectable" in warnings),
    ]


if __name__ == "__main__":
    sys.exit(main())
