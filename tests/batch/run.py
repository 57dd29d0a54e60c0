#!/usr/bin/env python3
"""Writes batches, answers them as services and Ray do, and reads the results back: exactly the right rows, once.

    tests/batch/run.py [--binary target/debug/rowsmith] [--requests 10000] [--ray] [--keep]

1. 10,000 requests are written for OpenAI's Batch API and answered here in a random order, 3 % with errors and 2 % not at
   all. They are read, `batch write --missing` asks for the rest, that is read, and all is read again twice.
2. With --ray (or ROWSMITH_READERS=all), the folder for Ray with 2,000 requests runs as it is with ray[data] 2.60 against a
   server on loopback that refuses some and asks to wait for others; its results are read back. Ray is installed into
   the user's cache once, 640 MB.

Exit status: 0 when all holds or Ray cannot be had here, 1 when something does not.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/readers"))

import answers  # noqa: E402
import environments  # noqa: E402
from formats import Workbench  # noqa: E402
from server import Server  # noqa: E402

RAY_REQUESTS = 2_000
RAY_SECONDS = 1_200
# Of 100 requests to the server, as many are refused for good, and as many are told to wait once.
REFUSED, BUSY = 1, 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/debug/rowsmith")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--ray", action="store_true", default=os.environ.get("ROWSMITH_READERS") == "all")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the batches there")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-batch-"))
    try:
        out_of_order(session(arguments.binary.resolve(), folder / "service"), arguments.requests)
        if arguments.ray:
            by_ray(session(arguments.binary.resolve(), folder / "ray"))
    except environments.Unavailable as error:
        print(f"skipped: {error}")
    except AssertionError as error:
        print(f"FAILED: {error}")
        return 1
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("ok")
    return 0


def session(binary, home):
    """Makes a session whose requests ask for one row each."""
    home.mkdir()
    rowsmith = Workbench(binary, home)
    data = ROOT / "sessions/tickets/tickets.csv"
    rowsmith.run("new", "s", "--data", data, "--text", "text", "--label", "label", "--target", "cancel")
    path = home / "s/session.toml"
    toml = path.read_text()
    assert "rows_per_request = 5" in toml, "`new` writes another number of rows a request"
    toml = toml.replace("rows_per_request = 5", "rows_per_request = 1").replace('"offline"', '"openai"', 1)
    path.write_text(toml.replace("# model = ", 'model = "loopback" # ', 1))
    return rowsmith


def texts_of(rowsmith):
    return sorted(row["fields"]["text"] for row in rowsmith.lines("rows", "s"))


def out_of_order(rowsmith, requests):
    rowsmith.run("batch", "write", "s", "-n", requests, "--to", "openai", "--out", "first")
    asked = answers.requests(rowsmith.home / "first")
    assert len(asked) == len(set(asked)) == requests, f"{len(set(asked))} ids in {len(asked)} requests of {requests}"
    good, bad, missing = answers.answer(asked, rowsmith.home / "results")
    print(f"answered {len(good)} requests in a random order, {len(bad)} with errors, {len(missing)} not at all")
    rowsmith.run("batch", "read", "s", "results")
    wanted = sorted(map(answers.text, good))
    same(texts_of(rowsmith), wanted, "after the first reading")
    print(rowsmith.run("batch", "status", "s").strip())

    rowsmith.run("batch", "write", "s", "--missing", "--out", "second")
    rest = answers.requests(rowsmith.home / "second")
    assert sorted(rest) == sorted(bad + missing), f"{len(rest)} requests are asked again, {len(bad + missing)} have no answer"
    answers.answer(rest, rowsmith.home / "rest", errors=0, missing=0)
    rowsmith.run("batch", "read", "s", "rest")
    wanted = sorted(map(answers.text, asked))
    same(texts_of(rowsmith), wanted, "after the second batch")
    for again in ("once more", "twice more"):
        rowsmith.run("batch", "read", "s", "results")
        rowsmith.run("batch", "read", "s", "rest")
        same(texts_of(rowsmith), wanted, f"after reading all {again}")
    print(f"{len(wanted)} rows after reading everything three times, each once")


def by_ray(rowsmith):
    """Runs the folder for Ray as it is, and reads its results."""
    _, programs = environments.prepare(environments.RAY)
    rowsmith.run("batch", "write", "s", "-n", RAY_REQUESTS, "--to", "ray", "--out", "ray")
    server = Server((f"Loopback {n} says goodbye, {n * 7919}." for n in range(10**9)), 1, REFUSED, BUSY)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [programs / "python3", "run.py", "--url", server.url, "--workers", "8"]
    try:
        folder = rowsmith.home / "ray"
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=RAY_SECONDS)
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0, done.stderr[-500:]
    print(done.stdout.strip().splitlines()[-1])
    for _ in range(2):
        rowsmith.run("batch", "read", "s", "ray")
    same(texts_of(rowsmith), sorted(server.given), "after reading what Ray kept")
    print(f"ray[data] 2.60: {len(server.given)} rows of {RAY_REQUESTS} requests, {server.refusals} refused, {server.waits} told to wait")


def same(found, wanted, when):
    twice = len(found) - len(set(found))
    assert found == wanted, f"{when}, {len(found)} rows for {len(wanted)} answers, {twice} of them twice"


if __name__ == "__main__":
    sys.exit(main())
