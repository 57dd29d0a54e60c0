"""What every check shares: its place in the table, what was exported, and how a failure is told.

A check is a function of one `Exported`. It returns what was seen, in a few words, and raises an `AssertionError` where
the file is not as it should be.
"""

import json
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

CHECKS = []


class Exported:
    """The exports in a folder, and what the command line says that they hold."""

    def __init__(self, folder):
        self.folder = Path(folder)
        truth = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))
        # Rows by id: text, label, and the text before an edit.
        self.rows = {row["id"]: row for row in truth["rows"]}
        # Rows that a model wrote, with their state; pairs and answers come from them.
        self.decided = truth["decided"]
        self.labels = truth["labels"]
        self.refused = truth["refused"]

    def file(self, name):
        """Returns an export; fails with the sentence of the command line where there is none."""
        assert name not in self.refused, f"not exported: {self.refused[name]}"
        return self.folder / name

    def lines(self, name):
        """Returns the objects of a file of JSON Lines."""
        path = self.file(name)
        text = path.read_text(encoding="utf-8")
        # Only a line feed ends a line: `splitlines` also parts at characters that may stand in a JSON text.
        return [json.loads(line) for line in text.split("\n") if line]

    def accepted(self):
        return [row for row in self.decided if row["state"] == "accepted"]

    def same(self, ids, texts, labels):
        """Checks that rows came back with their texts and labels, and returns how many."""
        assert len(ids) == len(set(ids)) == len(self.rows), f"{len(set(ids))} of {len(self.rows)} rows"
        for id, text, label in zip(ids, texts, labels):
            wanted = self.rows[id]
            assert text == wanted["text"], f"{wanted['text']!r} came back as {text!r}"
            assert label == wanted["label"], f"the label {wanted['label']!r} came back as {label!r}"
        return f"{len(ids)} rows, texts and labels equal"

    def same_texts(self, pairs, wanted=None):
        """The same of rows without ids: pairs of a text and a label, in any order."""
        rows = self.rows.values() if wanted is None else wanted
        lost = sorted({(row["text"], row["label"]) for row in rows} - set(pairs))
        assert not lost, f"{len(lost)} rows are missing, such as {lost[0]}"
        assert len(pairs) == len(rows), f"{len(pairs)} rows came back, {len(rows)} were exported"
        return f"{len(pairs)} rows, texts and labels equal"


def check(format, tool, release=None):
    """Names the format that a function checks and the tool that it uses; the release is the installed one."""

    def known(function):
        CHECKS.append((format, tool, release, function))
        return function

    return known


def main():
    """Runs the checks of a script on the folder of the command line, and prints a JSON line for each."""
    sys.stdout, out = sys.stderr, sys.stdout
    exported = Exported(sys.argv[1])
    for format, tool, release, function in CHECKS:
        try:
            seen, ok = function(exported), True
        except AssertionError as error:
            seen, ok = str(error), False
        except Exception as error:  # Whatever a tool says of a file is the finding.
            traceback.print_exc()
            seen, ok = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", False
        line = {"format": format, "tool": tool, "version": release or version(tool), "seen": seen, "ok": ok}
        print(json.dumps(line), file=out, flush=True)
    out.flush()
    # Threads of a library that are still there are not waited for.
    os._exit(0)
