"""Makes sessions with very many rows: the lines of the journal are written as the store writes them (`src/store/line.rs`)."""

import csv
import json
import random
import shutil
import subprocess
import zlib
from pathlib import Path

TICKETS = Path(__file__).resolve().parents[2] / "sessions" / "tickets"
# As the store does.
SEGMENT = 64 << 20
ROWS_PER_REQUEST = 5
# Rows of one operation in bulk.
BULK = 1000
NOW = 1_790_000_000_000
WORDS = """the my broadband leave price again since monday please contract slow hub another provider month nobody
answers want to end it moving house notice fee what when line box letter""".split()
# Words that few rows have: one of a hundred each.
RARE = ["mango7", "mango8"]
TAGS = ["tone", "short", "odd", "good"]


def some_rows(count):
    """Yields number, id, text, flags and novelty of each row; always the same ones."""
    drawn = random.Random(22)
    letters, signs = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789"
    for number in range(count):
        words = [f"{number}:", *drawn.choices(WORDS, k=9)]
        if number % 100 in (40, 90):
            words.insert(3, RARE[number % 100 == 40])
        text = " ".join(words)[:60 + number % 20]
        flags = [{"kind": "copies-real", "other": f"t{number % 400 + 1:03}", "figure": 0.91}] if number % 10 == 3 else []
        yield number, drawn.choice(letters) + "".join(drawn.choices(signs, k=9)), text, flags, novelty(number)


def novelty(number):
    """Returns a row's novelty; that of row 777 is the smallest."""
    return 0.001 if number == 777 else round(0.01 + (number * 7919 % 9001) / 10000, 4)


def first_with(word, count):
    return next(text for _, _, text, *_ in some_rows(count) if word in text)


class Journal:
    """Appends facts to the journal of a store."""

    def __init__(self, store):
        self.folder = store / "journal"
        self.segments = sorted(self.folder.glob("*.jsonl"))
        lines = self.segments[-1].read_bytes().splitlines()
        self.header, last = json.loads(lines[0]), json.loads(lines[-1])
        self.sequence, self.operation = last["seq"], last["operation"]
        self.number = len(self.segments)
        self.file = open(self.segments[-1], "ab")

    def write(self, event):
        if self.file.tell() > SEGMENT:
            self.file.close()
            self.number += 1
            self.file = open(self.folder / f"{self.number:06}.jsonl", "wb")
            header = {**self.header, "segment": self.number, "first": self.sequence + 1}
            self.file.write(json.dumps(header, separators=(",", ":")).encode() + b"\n")
        self.sequence += 1
        body = f'"seq":{self.sequence},"operation":{self.operation},"at":{NOW},"event":{json.dumps(event, separators=(",", ":"))}}}'
        body = body.encode()
        self.file.write(b'{"sum":"%08x",' % zlib.crc32(body) + body + b"\n")


def make(program, folder, count, environment):
    """Makes `folder/session` with its store, and beside it a CSV and JSON Lines of the same rows."""
    session = folder / "session"
    shutil.rmtree(folder, ignore_errors=True)
    session.mkdir(parents=True)
    for name in ["session.toml", "tickets.csv"]:
        shutil.copy(TICKETS / name, session / name)

    def run(*args):
        subprocess.run([program, *args], check=True, cwd=folder, env=environment, capture_output=True)

    # The split, the first version and a run to take the form of.
    run("sample", "session", "-n", "5", "--seed", "1")
    run("skip", "session", "--filter", "number>=1")
    store = session / ".rowsmith"
    first = [json.loads(line) for line in open(store / "journal/000001.jsonl")]
    first = next(line["event"]["run"] for line in first if line.get("event", {}).get("event") == "run-began")
    journal = Journal(store)
    write(journal, first, count, folder)
    journal.file.close()
    for name in ["reached", "reached.segments"]:
        (store / name).unlink(missing_ok=True)
    shutil.rmtree(store / "sled")
    # Any command that writes makes sled again.
    run("accept", "session", "--filter", "number>999999999")
    verified = subprocess.run([program, "store", "verify", "session"], cwd=folder, env=environment, capture_output=True, text=True)
    if not verified.stdout.startswith("whole"):
        raise SystemExit(f"the store is not whole: {verified}")


def write(journal, first, count, folder):
    """Writes the rows to the journal, a run for each fifth of them, and the decisions; and to the other files."""
    journal.operation += 1
    number_of = 1 + first["number"]
    rows, request, came = [], 1, 5
    with open(folder / "rows.csv", "w", newline="") as table, open(folder / "rows.jsonl", "w") as lines:
        cells = csv.writer(table)
        cells.writerow(["number", "id", "label", "text"])
        for number, id, text, flags, figure in some_rows(count):
            if number % (count // 5) == 0:
                if number:
                    journal.write({"event": "run-ended", "run": number_of, "status": "done"})
                    journal.operation += 1
                    number_of += 1
                run = {**first, "number": number_of, "requested": count // 5, "started_at": NOW}
                journal.write({"event": "run-began", "run": run})
            cells.writerow([number, id, "cancel", text])
            lines.write(json.dumps({"text": f"{text} again", "label": "cancel"}) + "\n")
            row = {"id": id, "label": "cancel", "fields": {"text": text}, "flags": flags,
                   "scores": {"novelty": figure, "nearest": f"t{number % 400 + 1:03}"}}
            rows.append({key: value for key, value in row.items() if value != []})
            if len(rows) == ROWS_PER_REQUEST:
                journal.write({"event": "request-began", "messages": {"inline": "[]"},
                               "request": {"number": request, "run": number_of, "index": request, "seed": request * 7919}})
                journal.write({"event": "sampled", "run": number_of, "request": request, "first": came, "rows": rows})
                journal.write({"event": "request-ended", "run": number_of, "request": request,
                               "tokens": {"input": 0, "output": 0}, "seconds": 0.001})
                came, request, rows = came + len(rows), request + 1, []
    journal.write({"event": "run-ended", "run": number_of, "status": "done"})
    decide(journal, count)


def decide(journal, count):
    """Accepts three of ten rows, most of them in bulk; gives ratings, tags and reasons; none to the first screenful."""
    for start in range(BULK, count, BULK):
        ranges = [[5 + row, 5 + row + 2] for row in range(start, start + BULK, 10)]
        change = {"change": "accept", "bulk": True}
        change |= {"rating": 1 + start // BULK % 5} if start // BULK % 2 else {"tags": [TAGS[start // BULK % 4]]}
        journal.operation += 1
        journal.write({"event": "changed", "rows": ranges, **change})
    for row in range(BULK + 5, count, 500):
        journal.operation += 1
        change = {"change": "reject", "reason": "dull"} if row % 2 else {"change": "tag", "tags": TAGS[:2]}
        journal.write({"event": "changed", "rows": [[row + 1, row + 1]], **change})
