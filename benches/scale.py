#!/usr/bin/env python3
"""Measures what a large session takes, beside csvlens and visidata on a CSV of the same rows, all in one run.

    benches/scale.py [--program [NAME=]PATH ...] [--rows 100000 ...] [--only NAME,...] [--json] [--write-docs]

It makes the stores itself, checks them with `store verify`, and prints a table for each number of rows. Each measurement
can be run alone: start, memory, keys, filter, sort, bulk, headless, export, after-run, size, near, import, parquet, batch.
`--write-docs` puts the tables into docs/performance.md. csvlens, visidata and pyarrow are installed into `--tools`, at
the versions below. Needs Python 3.9 or later with venv, and cargo for csvlens where it is not there already.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "support"))
from large_bench import Bench, Tools, title  # noqa: E402

STARTS, KEYS, COMMANDS = 5, 200, 5
# The keys of the workbench that the measurements press.
ACCEPT_SHOWN, CONFIRM, FILTER = ":accept-matching\r", "y", "/\x15"
OURS = {"j": "j", "page down": "\x1b[6~", "`G`": "G", "`g g`": "gg"}
CSVLENS_KEYS = {"j": "j", "page down": "\x1b[6~", "`G`": "G", "`g g`": "g"}
# What the tables ask for, by the number of rows.
AT_MOST = {
    "start to the first rows on the screen": ("60 ms", "100 ms, 0.4 × csvlens"),
    "start to every count": ("200 ms", "1.0 s, 0.35 × visidata"),
    "resident memory then; peak": ("60 MB", "250 MB"),
    "resident memory after 500 keys; peak": ("60 MB", "250 MB"),
    **{f"{key}: median, p99; over csvlens": ("1.0 ×", "1.0 ×") for key in OURS},
    "filter by text while typing, to the first screenful": ("30 ms", "60 ms"),
    "the same, to the count": ("60 ms", "500 ms"),
    "sort by novelty": ("100 ms", "1 s"),
    "accept everything shown, durable": ("0.3 s", "2 s"),
    "its undo": ("0.3 s", "2 s"),
    "headless `accept` of one row; peak memory": ("60 ms", "300 ms, 100 MB"),
    "`rows --limit 1`; peak memory": ("30 ms", "60 ms"),
    "`export` of all accepted; peak memory": ("150 MB/s", "150 MB/s, 150 MB"),
    "from the last row sampled to the prompt back": ("0.5 s", "2 s"),
    "journal and sled over the journal alone": ("1.9 ×", "1.9 ×"),
    "near-duplicates: over datasketch; over rensa's signatures": ("6 ×; 0.5 ×", "6 ×; 0.5 ×"),
    "`import` of as many JSONL rows; peak memory": ("10 s, 150 MB", "90 s, 300 MB"),
    "`export --format parquet` of as many; over pyarrow": ("0.7 ×", "0.7 ×"),
    "`batch read` of as many result lines; peak memory": ("12 s, 150 MB", "120 s, 300 MB"),
}


def main():
    args = arguments()
    tools = Tools(args.tools)
    tools.go_on_with_packages()
    tables = {}
    for rows in args.rows:
        table = tables[rows] = {}
        for name, program in args.program:
            with tempfile.TemporaryDirectory(dir=args.folder) as folder:
                measured = measure(Bench(program, Path(folder), rows, tools), args.only)
            for what, value in measured.items():
                table.setdefault(what, {})[name] = value
        if not args.json:
            print(f"\n{rows:,} rows, {os.cpu_count()} cores, {platform.machine()}\n\n{as_table(rows, table)}", flush=True)
        if args.write_docs:
            write_docs(rows, as_table(rows, table))
    if args.json:
        print(json.dumps(tables, indent=1, ensure_ascii=False))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", action="append", help="one to measure, and its name in the table")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--only", type=lambda text: text.split(","), help="only these measurements")
    parser.add_argument("--tools", type=Path, default=HERE.parent / "target" / "scale-tools")
    parser.add_argument("--folder", help="where the stores are made; else the system's temporary folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write-docs", action="store_true")
    args = parser.parse_args()
    unknown = set(args.only or []) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}; there is {', '.join(MEASUREMENTS)}")
    if args.only and args.write_docs:
        parser.error("the page gets whole tables: leave --only or --write-docs out")
    named = [given.rpartition("=") for given in args.program or [str(HERE.parent / "target/release/rowsmith")]]
    args.program = [(name or "measured", Path(path).resolve()) for name, _, path in named]
    return args


def start(bench):
    from terminals import Program
    folder, first, counted, lens, vd = bench.folder(), [], [], [], []
    program, counts = bench.settled(folder)
    program.end("q")
    for _ in range(STARTS):
        program = bench.open(folder)
        first.append(program.until(" 0: "))
        counted.append(program.until(lambda text: title(text) == counts))
        program.end("q")
        program = Program([bench.tools.with_csvlens(), "rows.csv"], folder, bench.environment)
        lens.append(program.until(" 0: "))
        program.end("q")
    for _ in range(5):
        program = Program([bench.tools.visidata, "--motd-url", "", "rows.csv"], folder, bench.environment)
        try:
            vd.append(program.until(f"{bench.rows} rows", patience=60))
        except TimeoutError:
            # It was seen to stop in the middle of a file.
            print("visidata stopped loading", file=sys.stderr)
        program.end("gq")
        if len(vd) == 3:
            break
    if not vd:
        raise TimeoutError("visidata never loaded the rows")
    return {
        "start to the first rows on the screen": beside(first, lens, "csvlens"),
        "start to every count": beside(counted, vd, "visidata"),
    }


def beside(ours, theirs, name):
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    return f"{seconds(ours)}; {ours / theirs:.2f} × {name}"


def memory(bench):
    program, _ = bench.settled(bench.folder())
    then, drawn = program.memory(), random.Random(2)
    for _ in range(500):
        program.press(drawn.choice(["j", "j", "k", "\x04", "\x15", "\x1b[6~", "G", "gg", f":goto {drawn.randrange(bench.rows) + 1}\r"]))
    after = program.memory()
    program.end("q")
    said = lambda figures: f"{figures[0]:.0f} MB; {figures[1]:.0f} MB"
    return {"resident memory then; peak": said(then), "resident memory after 500 keys; peak": said(after)}


def keys(bench):
    from terminals import Program
    ours, _ = bench.settled(bench.folder())
    lens = Program([bench.tools.with_csvlens(), "rows.csv"], bench.folder(), bench.environment)
    lens.until(" 0: ")
    lens.settle(2)
    found = {}
    for name in OURS:
        times = [[], []]
        for _ in range(KEYS):
            for program, key, taken in [(ours, OURS[name], times[0]), (lens, CSVLENS_KEYS[name], times[1])]:
                if name in ["`G`", "`g g`"]:
                    # So that it changes something.
                    other = "`g g`" if name == "`G`" else "`G`"
                    program.press((OURS if program is ours else CSVLENS_KEYS)[other])
                answer = program.press(key)
                taken.extend([] if answer is None else [answer])
        (median, most), (their_median, their_most) = map(spread, times)
        found[f"{name}: median, p99; over csvlens"] = (
            f"{median * 1000:.2f}, {most * 1000:.2f} ms; {median / their_median:.2f}, {most / their_most:.2f} ×")
    ours.end("q")
    lens.end("q")
    return found


def spread(times):
    """Returns the median and the 99th percentile."""
    times = sorted(times)
    return statistics.median(times), times[min(len(times) - 1, len(times) * 99 // 100)]


def filtering(bench):
    program, _ = bench.settled(bench.folder())
    first, counted, note = [], [], ""
    is_first = lambda text: " 90: " in text and " 40: " not in text
    for _ in range(COMMANDS):
        program.type(FILTER + "text~mango")
        program.settle(1)
        since, back = program.type("7"), "\x15\r"
        try:
            first.append(program.until(is_first, since, patience=5))
        except TimeoutError:
            # A version that filters only when the line is confirmed.
            since, back, note = program.type("\r"), FILTER + "\r", " from enter on"
            first.append(program.until(is_first, since))
        counted.append(program.until(lambda text: title(text).startswith(f"{bench.rows // 100:,} of "), since))
        program.type(back)
        program.until(" 0: ")
        program.settle(1)
    program.end("q")
    return {
        "filter by text while typing, to the first screenful": seconds(statistics.median(first)) + note,
        "the same, to the count": seconds(statistics.median(counted)) + note,
    }


def sorting(bench):
    program, _ = bench.settled(bench.folder())
    times = []
    for _ in range(COMMANDS):
        # The row of the smallest figure stays selected, and the next ones come from far away to stand below it.
        program.until(" 777: ", program.type(":goto 783\r"))
        # Keys that arrive together with the end of a line would be dropped.
        program.settle(1)
        times.append(program.until(lambda text: " 777: " in text and " 0: " in text, program.type(FILTER + "sort:novelty\r")))
        program.settle(1)
        program.until(lambda text: " 0: " not in text, program.type(FILTER + "sort:arrival\r"))
        program.settle(1)
    program.end("q")
    return {"sort by novelty": seconds(statistics.median(times))}


def bulk(bench):
    program, before = bench.settled(bench.copy())
    accepted, undone = [], []
    shows = lambda counts: lambda text: counts(title(text)) and "saved ✓" in text.splitlines()[0]
    for _ in range(3):
        program.type(ACCEPT_SHOWN)
        program.settle(1)
        accepted.append(program.until(shows(lambda counts: counts.startswith("· 0 pending")), program.type(CONFIRM)))
        program.settle(1)
        undone.append(program.until(shows(lambda counts: counts == before), program.type("u")))
        program.settle(1)
    program.end("q")
    return {"accept everything shown, durable": seconds(statistics.median(accepted)),
            "its undo": seconds(statistics.median(undone))}


def headless(bench):
    folder, drawn = bench.copy(), random.Random(3)
    one = []
    for _ in range(COMMANDS):
        # Rows that nobody decided on, which the command names by their numbers.
        row = drawn.randrange(bench.rows // 10) * 10 + 10
        one.append(bench.run(folder, "accept", "session", "--filter", f"number:{row}"))
    limited = bench.median(folder, "rows", "session", "--limit", 1)
    return {"headless `accept` of one row; peak memory": both(*map(statistics.median, zip(*one))),
            "`rows --limit 1`; peak memory": both(*limited)}


def export(bench):
    folder = bench.folder()
    took, peak = bench.median(folder, "export", "session", "--format", "jsonl", "--out", "accepted.jsonl", "--force")
    size = (folder / "accepted.jsonl").stat().st_size
    return {"`export` of all accepted; peak memory": f"{size / took / 1e6:.0f} MB/s; {peak:.0f} MB"}


def after_run(bench):
    folder = bench.copy()
    waits = []
    for seed in range(3):
        bench.run(folder, "sample", "session", "-n", 50, "--provider", "offline", "--seed", seed + 1)
        ended = time.time()
        segment = max((folder / "session/.rowsmith/journal").glob("*.jsonl"))
        # The last line says that the run ended.
        waits.append(ended - segment.stat().st_mtime)
    return {"from the last row sampled to the prompt back": seconds(statistics.median(waits))}


def size(bench):
    store = bench.folder() / "session/.rowsmith"
    # As on the disk: a file may have holes.
    used = lambda name: sum(path.stat().st_blocks * 512 for path in (store / name).rglob("*") if path.is_file())
    journal, sled = used("journal"), used("sled")
    said = f"{(journal + sled) / journal:.2f} ×; {journal / 1e6:.0f} + {sled / 1e6:.0f} MB"
    return {"journal and sled over the journal alone": said}


def near(bench):
    # Its own bench measures the library, not the program, on one core.
    order = [sys.executable, HERE / "near_duplicates.py", "--json", "--rows", str(bench.rows)]
    done = subprocess.run([*order, "--rounds", "1" if bench.rows > 100_000 else "3"], stdout=subprocess.PIPE, check=True)
    own, datasketch, rensa = json.loads(done.stdout)
    said = f"{own / datasketch:.1f} ×; {own / rensa:.2f} ×; {own:,.0f} rows a second"
    return {"near-duplicates: over datasketch; over rensa's signatures": said}


def importing(bench):
    rows = bench.folder() / "rows.jsonl"
    took, peak = bench.run(bench.fresh(), "import", "session", rows)
    return {"`import` of as many JSONL rows; peak memory": both(took, peak)}


def parquet(bench):
    folder = bench.copy()
    bench.run(folder, "accept", "session", "--filter", "number>=1")
    bench.run(folder, "export", "session", "--format", "jsonl", "--out", "all.jsonl", "--force")
    # The same table, with the compression that ours has.
    theirs = "import pyarrow.json as j, pyarrow.parquet as p; p.write_table(j.read_json('all.jsonl'), 'theirs.parquet')"
    ours_took, theirs_took, peak = [], [], 0
    for _ in range(3):
        took, peak = bench.run(folder, "export", "session", "--format", "parquet", "--out", "ours.parquet", "--force")
        ours_took.append(took)
        began = time.perf_counter()
        subprocess.run([bench.tools.python, "-c", theirs], cwd=folder, check=True)
        theirs_took.append(time.perf_counter() - began)
    said = beside(ours_took, theirs_took, "pyarrow")
    return {"`export --format parquet` of as many; over pyarrow": f"{said}; {peak:.0f} MB"}


def batch(bench):
    folder = bench.fresh()
    asked = ["--to", "openai", "--provider", "openai", "--base-url", "http://127.0.0.1:9/v1", "--model", "tiny"]
    bench.run(folder, "batch", "write", "session", "-n", bench.rows, "--rows-per-request", 1, *asked, "--out", "out")
    with open(folder / "results.jsonl", "w") as results:
        for path in sorted((folder / "out").glob("requests-*.jsonl")):
            for number, line in enumerate(open(path)):
                results.write(json.dumps(answer(json.loads(line)["custom_id"], number)) + "\n")
    took, peak = bench.run(folder, "batch", "read", "session", "results.jsonl")
    return {"`batch read` of as many result lines; peak memory": both(took, peak)}


def answer(request, number):
    """Returns the line of a batch service that answers a request for one row."""
    content = json.dumps({"rows": [{"text": f"Please end contract {request[9:24]}, the flat near bridge {number % 97} has its own."}]})
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"id": "c", "object": "chat.completion", "model": "tiny", "choices": [choice], "usage": usage}
    return {"id": "b", "custom_id": request, "response": {"status_code": 200, "request_id": "r", "body": body}, "error": None}


MEASUREMENTS = {
    "start": start, "memory": memory, "keys": keys, "filter": filtering, "sort": sorting, "bulk": bulk,
    "headless": headless, "export": export, "after-run": after_run, "size": size, "near": near,
    "import": importing, "parquet": parquet, "batch": batch,
}


def measure(bench, only):
    found = {}
    for name, measurement in MEASUREMENTS.items():
        if only is None or name in only:
            print(f"{bench.rows:,} rows: {name}", file=sys.stderr, flush=True)
            try:
                found |= measurement(bench)
            except (TimeoutError, EOFError) as error:
                # The others go on.
                print(f"{name} failed: {error}", file=sys.stderr, flush=True)
    return found


def seconds(time):
    return f"{time * 1000:.0f} ms" if time < 1 else f"{time:.2f} s"


def both(took, peak):
    return f"{seconds(took)}; {peak:.0f} MB"


def as_table(rows, table):
    names = list(dict.fromkeys(name for values in table.values() for name in values))
    at_most = lambda what: AT_MOST[what][rows > 100_000]
    lines = [["what", "at most", *names], ["---"] * (2 + len(names))]
    lines += [[what, at_most(what), *(table[what].get(name, "–") for name in names)] for what in AT_MOST if what in table]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_docs(rows, table):
    page = HERE.parent / "docs" / "performance.md"
    before, begin, rest = page.read_text().partition(f"<!-- scale {rows} -->\n")
    _, end, after = rest.partition("<!-- /scale -->")
    if not end:
        sys.exit(f"docs/performance.md has no place for {rows} rows")
    page.write_text(before + begin + table + "\n" + end + after)


if __name__ == "__main__":
    main()
