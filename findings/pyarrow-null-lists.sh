#!/bin/sh
# pyarrow reads the same JSON Lines file, or fails, by chance.
#
# Libraries: pyarrow 26.0.1 (PyPI).
#
# Behaviour: `tags` is a list of texts in the first row, and null in 30,000 rows behind it. With its default settings,
# pyarrow.json.read_json fails in some of 60 readings of one and the same file, with "JSON conversion to
# list<item: timestamp[s]> is not supported", and reads it in the others. Without threads it always reads it, and so it
# does with threads where the rows behind have an empty list, or no key `tags`.
#
# Why it surprises: nothing in the file is a time, the first row has settled the type, and a reader is expected to read
# a file always or never. A file below one block of 1 MB never shows it.
#
# What Rowsmith does: rows without tags have an empty list in an export, the real ones too (src/export/record.rs).
#
# Output seen: below, behind `seen`.

set -eu
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
# On one processor the threads keep the order of the blocks.
[ "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" -gt 1 ] || { echo "skipped: there is one processor"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

cat >seen <<'END'
null, with threads              fails sometimes
null, without threads           always reads
empty lists, with threads       always reads
no key, with threads            always reads
END

cat >read.py <<'END'
import io
import json

import pyarrow
import pyarrow.json

TIMES = 60


def show(title, rest, threads):
    text = "some words of a message that somebody wrote to somebody else about something, and nothing more than that"
    rows = [{"text": text, "tags": ["late"]}] + [{"text": text, **rest}] * 30_000
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    options = pyarrow.json.ReadOptions(use_threads=threads)
    failed = 0
    for _ in range(TIMES):
        try:
            pyarrow.json.read_json(io.BytesIO(lines), read_options=options)
        except pyarrow.ArrowNotImplementedError as error:
            assert "timestamp" in str(error), error
            failed += 1
    print(f"{title:<31} {'fails sometimes' if failed else 'always reads'}")


show("null, with threads", {"tags": None}, True)
show("null, without threads", {"tags": None}, False)
show("empty lists, with threads", {"tags": []}, True)
show("no key, with threads", {}, True)
END

python3 -m venv venv
if ! venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: pyarrow==26.0.1 \
    >pip.log 2>&1; then
    tail -3 pip.log
    echo "skipped: the package index cannot be reached"
    exit 0
fi
venv/bin/python read.py >now 2>error.log || { tail -3 error.log; exit 1; }
cat now
diff seen now >differences || {
    echo "The behaviour is another one now (< was seen, > is seen now):"
    cat differences
    exit 1
}
