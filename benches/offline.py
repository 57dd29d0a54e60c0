"""Times the built-in generator: `python3 benches/offline.py PROGRAM... [--rows N] [--data FILE TEXT LABEL TARGET]`.

Prints wall and CPU seconds of sampling with each program (the bundled tickets where no data are named), and how long
a run takes to end after SIGINT on rows of 140 KB, and on one of 5 MB, at several moments.
"""

import argparse
import csv
import os
import resource
import signal
import subprocess
import tempfile
import time
from pathlib import Path


def environment(home):
    names = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
    return {**os.environ, **{name: str(home) for name in names}}


def session(program, folder, data, text, label, target):
    order = ["new", folder, "--data", data, "--text", text, "--label", label, "--target", target]
    subprocess.run([program, *map(str, order)], check=True, env=environment(folder.parent), capture_output=True)
    return folder


def sampled(program, name, rows, home):
    """Returns wall and CPU seconds, and the rows that came."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    run = subprocess.run([program, "sample", name, "-n", str(rows)], env=environment(home), capture_output=True, text=True)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, next((line for line in run.stderr.splitlines() if line.startswith("Run ")), run.stderr.strip())


def stopped(program, folder, wait):
    """Returns the seconds from SIGINT to the end, or None where the run had ended before."""
    arguments = [program, "sample", str(folder), "-n", "100000"]
    run = subprocess.Popen(arguments, env=environment(folder.parent), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(wait)
    if run.poll() is not None:
        return None
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    try:
        run.wait(timeout=30)
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()
    return time.monotonic() - began


def long_rows(path, sizes):
    ends = [" ", ". ", "-", "\u3002"]
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label"])
        for at, size in enumerate(sizes):
            words = (f"w{(at + 3) * n % 9973}" + ends[at % 4] for n in range(size // 6))
            rows.writerow(["".join(words), "long"])
        rows.writerow(["See you at the station at six.", "other"])


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("programs", nargs="+")
    asked.add_argument("--rows", type=int, default=5000)
    asked.add_argument("--data", nargs=4, metavar=("FILE", "TEXT", "LABEL", "TARGET"))
    asked = asked.parse_args()
    for program in asked.programs:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            name = session(program, folder / "own", *asked.data) if asked.data else "tickets"
            wall, cpu, said = sampled(program, name, asked.rows, folder)
            print(f"{program}: {wall:.1f} s wall, {cpu:.1f} s CPU. {said}", flush=True)
            for what, sizes in (("rows of 140 KB", [140_000] * 40), ("a row of 5 MB", [5_000_000, 90, 90, 90, 90, 90])):
                long_rows(folder / "long.csv", sizes)
                made = session(program, folder / what.replace(" ", "-"), folder / "long.csv", "text", "label", "long")
                times = [stopped(program, made, wait) for wait in (0.3, 0.6, 1.0, 2.0, 4.0)]
                told = ", ".join("had ended" if each is None else f"{1000 * each:.0f} ms" for each in times)
                print(f"  {what}, from SIGINT to the end: {told}", flush=True)


if __name__ == "__main__":
    main()
