#!/usr/bin/env python3
"""Reads exports of the workbench back with the programs that people train and label with.

    tests/readers/run.py [--binary target/debug/rowsmith] [--only NAME …] [--heavy] [--write] [--keep]

Makes sessions with the built-in generator and with a model on loopback, decides and edits their rows, and exports them
in every format. The network is needed once, for the packages, which are installed into the user's cache. Each check is
a line: format, tool, version, what was seen. What takes many minutes (promptfoo, and a batch through
Ray) runs with --heavy or ROWSMITH_READERS=all. --write puts the lines into docs/formats.md. Exit status: 0 when all
checks hold or nothing can be installed here, 1 when one does not.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environments
import formats
import table
import types_kept

ROOT = Path(__file__).resolve().parents[2]
CHECK_SECONDS = 1_200
BATCH_SECONDS = 3_600


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/debug/rowsmith")
    names = [each.name for each in (*environments.ALL, environments.RAY)]
    parser.add_argument("--only", nargs="+", choices=names)
    parser.add_argument("--heavy", action="store_true", default=os.environ.get("ROWSMITH_READERS") == "all")
    parser.add_argument("--write", action="store_true", help="put what was seen into docs/formats.md")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the exports there")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        print(f"{arguments.binary} is not there; build it with `cargo build`.")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-readers-"))
    try:
        lines = checked(arguments, folder)
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if arguments.write:
        table.write(ROOT / "docs/formats.md", lines)
    failed = sum(not line["ok"] for line in lines)
    print(f"FAILED: {failed} of {len(lines)}" if failed else f"ok: {len(lines)} checks")
    return 1 if failed else 0


def checked(arguments, folder):
    """Returns the lines of all checks, and prints them as they come."""
    lines, is_exported = [], False
    for environment in environments.ALL:
        if arguments.only and environment.name not in arguments.only:
            continue
        if environment.is_heavy and not (arguments.heavy or arguments.only):
            print(f"left out: {environment.name} is heavy; --heavy or ROWSMITH_READERS=all runs it")
            continue
        try:
            program, programs = environments.prepare(environment)
        except environments.Unavailable as error:
            print(f"skipped: {error}", flush=True)
            continue
        if not is_exported:
            formats.export_all(arguments.binary.resolve(), folder)
            is_exported = True
        lines += run(environment, program, programs, folder)
        if environment.name == "tables" and not arguments.only:
            lines += said(types_kept.checks(program, arguments.binary.resolve(), folder / "types"))
    if not arguments.only or "ray" in arguments.only:
        lines += said(batches(arguments, folder))
    return lines


def batches(arguments, folder):
    """Runs batches at their full length; with the heavy checks, also through Ray."""
    ray = []
    if arguments.heavy or arguments.only:
        try:
            ray = ["--ray", environments.prepare(environments.RAY)[0]]
        except environments.Unavailable as error:
            print(f"skipped: {error}", flush=True)
    command = [sys.executable, ROOT / "tests/batch/loopback.py", arguments.binary.resolve(), *ray]
    with (folder / "batches.log").open("w+") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, timeout=BATCH_SECONDS)
        log.seek(0)
        seen = log.read().strip().splitlines()
    told = [text.removeprefix("ok").strip() for text in seen if text.startswith("ok")]
    if done.returncode or not told:
        told = seen[-1:]
    tool, version = ("ray[data]", "2.60.0") if ray else ("OpenAI's results, written here", "2026-11")
    yield {"format": "batch", "tool": tool, "version": version, "seen": "; ".join(told), "ok": done.returncode == 0}


def run(environment, program, programs, folder):
    """Runs the checks of an environment; a script that does not reach its end is a failed check too."""
    more = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "cache"), "TOKENIZERS_PARALLELISM": "false"}
    more |= {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [program, environment.script, folder]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **more}, timeout=CHECK_SECONDS)
    lines = said(json.loads(line) for line in done.stdout.splitlines())
    if done.returncode or not lines:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        lines += said([{"format": "-", "tool": environment.name, "version": "-", "seen": why, "ok": False}])
    return lines


def said(lines):
    lines = list(lines)
    for line in lines:
        print(table.row(line), flush=True)
    return lines


if __name__ == "__main__":
    sys.exit(main())
