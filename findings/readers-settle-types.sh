#!/bin/sh
# One valid file, empty in a column at first and with text there later: which readers load it depends on the format.
#
# Libraries: pandas 3.1.1, pyarrow 26.0.1, polars 2.1.0, datasets 5.2.0 (PyPI), each with no settings.
#
# Behaviour: `note` is missing in 12,000 rows and has a text in the last one.
# - As CSV, datasets fails: it reads blocks of 10,000 rows with pandas, which takes an empty column for numbers, and the
#   text does not fit the first block's type. polars, which looks at 100 rows, takes an empty column for text and loads it.
# - As JSON Lines it is the other way round: polars fails, since null is a type of its own there, and datasets loads it.
# - `id` is a number in 12,000 rows and a text in the last one: as CSV, polars and datasets fail.
# - With the last row first, all load both. (pyarrow settles the types of a CSV by its first block of 1 MB; these files
#   are shorter.)
#
# Why it surprises: the failing reader changes with the format, and it is not the one that looks at fewer rows. A file
# of 300 rows never shows it in datasets.
#
# What Rowsmith does: an export has its generated rows first, and of these the few that have a value in each column
# (src/export/settling.rs); ids are texts throughout.
#
# Output seen: below, behind `seen`.

set -eu
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export HF_HUB_OFFLINE=1 HF_HOME="$work/cache" PYTHONWARNINGS=ignore

cat >seen <<'END'
note, text in the last row
    csv    pandas loads, polars loads, pyarrow loads, datasets fails
    jsonl  pandas loads, polars fails, pyarrow loads, datasets loads
note, text in the first row
    csv    pandas loads, polars loads, pyarrow loads, datasets loads
    jsonl  pandas loads, polars loads, pyarrow loads, datasets loads
id, text in the last row
    csv    pandas loads, polars fails, pyarrow loads, datasets fails
id, text in the first row
    csv    pandas loads, polars loads, pyarrow loads, datasets loads
END

cat >read.py <<'END'
import csv
import json

import datasets
import pandas
import polars
import pyarrow.csv
import pyarrow.json

datasets.disable_progress_bars()
READERS = {
    "csv": {
        "pandas": pandas.read_csv,
        "polars": polars.read_csv,
        "pyarrow": pyarrow.csv.read_csv,
        "datasets": lambda file: datasets.load_dataset("csv", data_files=file, split="train"),
    },
    "jsonl": {
        "pandas": lambda file: pandas.read_json(file, lines=True),
        "polars": polars.read_ndjson,
        "pyarrow": pyarrow.json.read_json,
        "datasets": lambda file: datasets.load_dataset("json", data_files=file, split="train"),
    },
}


def write(file, rows):
    with open(file, "w", newline="") as out:
        if file.endswith(".csv"):
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        else:
            for row in rows:
                print(json.dumps(row), file=out)


def loads(read, file):
    try:
        read(file)
    except Exception:
        return "fails"
    return "loads"


def show(title, rows, formats):
    print(title)
    for format in formats:
        file = f"{title.replace(' ', '-')}.{format}"
        write(file, rows)
        read = [f"{name} {loads(reader, file)}" for name, reader in READERS[format].items()]
        print(f"    {format:<6} {', '.join(read)}")


empty = [{"text": f"row {n}", "note": None} for n in range(12_000)]
text = {"text": "the last", "note": "a text"}
show("note, text in the last row", [*empty, text], ["csv", "jsonl"])
show("note, text in the first row", [text, *empty], ["csv", "jsonl"])
numbered = [{"id": n, "text": f"row {n}"} for n in range(12_000)]
show("id, text in the last row", [*numbered, {"id": "nq7", "text": "the last"}], ["csv"])
show("id, text in the first row", [{"id": "nq7", "text": "the last"}, *numbered], ["csv"])
END

python3 -m venv venv
if ! venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 datasets==5.2.0 >pip.log 2>&1; then
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
