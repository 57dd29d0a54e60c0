"""Exports one session in every format, with what the command line says that each holds, for the checks."""

import json
import os
import subprocess

from server import Server

TARGET = "cancel it, now"
# YAML takes the others for a truth value and for numbers, fastText parts labels at blanks.
LABELS = {TARGET: 30, "yes": 12, "007": 12, "1e3": 12}
# What formats and programs stumble over, in texts that are still sentences.
ODD = [
    'She said "cancel it", and I do too.',
    "First line of a letter.\nSecond line, after which I cancel.",
    "Tabs\tbetween\twords, cancel it please.",
    "=HYPERLINK(1) is what my cancelled plan cost.",
    "-2 months are what I paid for too many.",
    "The label __label__yes stands in my letter of leaving.",
    "Je résilie; 解約したいです; отмените 🙏 today.",
    "Write to /home/anna/plan.txt that I left {{ name }} behind.",
    "Windows line\r\nand then I am gone for good.",
    "A separator\u2028of lines stands before my last word.",
    "<b>Stop</b> & close [my](account) of last year, `now`.",
    "# Not a heading, only the wish to leave this plan",
    "---\nleaving: today\n---",
    "1234567890123456789012345",
    "null and true are what my contract says of leaving",
]
ROWS = 60
CHANGED = "This one I wrote myself, and nobody else would have."
# Of every format its files, and the options that make them.
REAL = ["--with-real"]
EXPORTS = {
    "rows.jsonl": ["jsonl", *REAL],
    "rows.csv": ["csv", "--raw", *REAL],
    "rows.tsv": ["tsv", "--raw", *REAL],
    "rows.parquet": ["parquet", *REAL],
    "hf": ["hf", *REAL],
    "hf-test": ["hf", "--real", "test"],
    "openai.jsonl": ["openai", *REAL],
    "openai-generate.jsonl": ["openai", "--task", "generate"],
    "alpaca": ["alpaca", *REAL],
    "alpaca-generate": ["alpaca", "--task", "generate"],
    "sharegpt": ["sharegpt", *REAL],
    "sharegpt-generate": ["sharegpt", "--task", "generate"],
    "dpo.jsonl": ["dpo"],
    "kto.jsonl": ["kto"],
    "argilla.json": ["argilla", *REAL],
    "prodigy.jsonl": ["prodigy", *REAL],
    "label-studio.json": ["label-studio", *REAL],
    "fasttext.txt": ["fasttext", *REAL],
    "promptfoo": ["promptfoo"],
}
# Files that have others beside them, each in a folder of its own.
NESTED = {"alpaca": "rows.json", "sharegpt": "rows.json", "promptfoo": "promptfooconfig.yaml"}


class Workbench:
    """The program, with a home folder of its own."""

    def __init__(self, binary, home):
        self.binary, self.home = binary, home
        self.environment = {"HOME": str(home), "PATH": os.environ["PATH"]}

    def tried(self, *command):
        command = [str(self.binary), *map(str, command)]
        return subprocess.run(command, cwd=self.home, env=self.environment, capture_output=True, text=True)

    def run(self, *command):
        done = self.tried(*command)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def lines(self, *command):
        return [json.loads(line) for line in self.run(*command, "--json").splitlines()]


def export_all(binary, folder):
    """Makes a session, decides its rows and exports it; writes `truth.json` beside the exports."""
    real = dataset(folder / "data.jsonl")
    rowsmith = Workbench(binary, folder)
    rowsmith.run("new", "s", "--data", "data.jsonl", "--text", "text", "--label", "label", "--id", "id", "--target", TARGET)
    server = Server([*ODD, *(f"Letter {n}: {'I cancel. ' * (n % 5 + 1)}Goodbye, number {n * 7919}." for n in range(ROWS))])
    model = ["--provider", "openai", "--model", "loopback", "--base-url", server.url, "--no-stream"]
    try:
        rowsmith.run("sample", "s", "-n", ROWS, "--seed", "1", *model)
    finally:
        server.shutdown()
        server.server_close()
    decide(rowsmith)
    refused = {name: why for name in EXPORTS if (why := export(rowsmith, folder, name))}
    decided = [brief(row) for row in rowsmith.lines("rows", "s")]
    train = {row["id"] for row in rowsmith.lines("split", "s") if row["part"] == "train"}
    rows = [row for row in decided if row["state"] == "accepted"] + [row for row in real if row["id"] in train]
    truth = {"rows": rows, "decided": decided, "labels": list(LABELS), "refused": refused}
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")


def export(rowsmith, folder, name):
    """Exports in one format; returns why not, if it is refused."""
    format, *more = EXPORTS[name]
    out = folder / name
    if name.split("-")[0] in NESTED:
        out.mkdir()
        out /= NESTED[name.split("-")[0]]
    done = rowsmith.tried("export", "s", "--format", format, "--out", out, *more)
    return done.stderr.strip() if done.returncode else None


def dataset(path):
    """Writes real rows of all labels, and returns them with their ids."""
    rows = []
    for label, count in LABELS.items():
        for n in range(count):
            text = f"A real letter {n * 31 + len(rows)} about {label}: plan {n * n} of {'very ' * (n % 4)}old customers."
            rows.append({"id": f"real-{len(rows)}", "text": text, "label": label})
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return rows


def decide(rowsmith):
    """Accepts most rows and edits two of them; rejects every fifth with a reason; skips one, leaves one open."""
    ids = [row["id"] for row in rowsmith.lines("rows", "s")]
    assert len(ids) == ROWS, f"only {len(ids)} rows were sampled"
    rejected = ids[4::5]
    accepted = [id for id in ids if id not in rejected][:-2]
    rowsmith.run("accept", "s", *accepted)
    rowsmith.run("reject", "s", *rejected, "--reason", "clumsy, and too long")
    rowsmith.run("skip", "s", ids[-2])
    rowsmith.run("edit", "s", accepted[-1], "--set", f"text={CHANGED}")
    rowsmith.run("edit", "s", accepted[-2], "--set", f"text={CHANGED} Twice.")
    rowsmith.run("accept", "s", accepted[-1], "--rating", "4", "--tag", "mine", "--tag", "late")


def brief(row):
    """Returns what the checks need of a row as the command line lists it."""
    known = {name: row[name] for name in ("id", "label", "state")}
    return {**known, "text": row["fields"]["text"], "edited": row["original"] is not None}
