#!/usr/bin/env python3
"""Holds rowsmith to its promises against a real, weak model on this machine.

    tests/real_model/run.py [--binary target/debug/rowsmith] [--rows 60] [--keep]

SmolLM2-135M-Instruct is served by llama.cpp on loopback, and sampled as a person would do it:
through the command line, with a home of its own. Every check prints one line with its
figures. Exit status: 0 when all hold or nothing can be installed here, 1 when one does not.
"""

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from checks import Checks
from environment import Unavailable, prepare
from served import served
from sessions import ROOT, Session


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/debug/rowsmith")
    parser.add_argument("--rows", type=int, default=60, help="rows of the first run")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the session there")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        print(f"{arguments.binary} is not there; build it with `cargo build`.")
        return 1
    try:
        python, weights = prepare()
    except (Unavailable, OSError) as error:
        print(f"skipped: {error}")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-real-model-"))
    try:
        return check(arguments, folder, python, weights)
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def check(arguments, folder, python, weights):
    began = time.monotonic()
    key = "sk-local-" + secrets.token_hex(16)
    failed = 0
    with served(python, weights, key, folder / "server.log") as address:
        session = Session(arguments.binary, folder, address, key)
        for one in Checks(session, arguments.rows).all():
            name = one.__name__.replace("_", " ")
            start = time.monotonic()
            try:
                outcome, told = "ok    ", one()
            except AssertionError as error:
                outcome, told, failed = "FAILED", error, failed + 1
            print(f"{outcome} {name}: {told} ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{'FAILED' if failed else 'ok'}: {session.name}, {time.monotonic() - began:.0f} s in all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
