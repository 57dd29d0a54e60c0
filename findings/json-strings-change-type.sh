#!/bin/sh
# A JSON string does not stay a string: three of four readers make numbers or times of it.
#
# Libraries: pandas 3.1.1, pyarrow 26.0.1, polars 2.1.0, datasets 5.2.0 (PyPI).
#
# Behaviour: of three files of JSON Lines in which every value stands in quotes,
# - pandas.read_json(lines=True) makes numbers of a column whose strings are all digits: "007" becomes 7, and two ids of
#   twenty digits become one and the same float;
# - it makes times of digits in a column that is named `modified` or `date` or ends in `_at`;
# - pyarrow.json, and datasets with it, make times of a column whose strings are all dates. polars keeps every string.
#
# Why it surprises: JSON tells strings from numbers, so nobody expects the guessing that CSV needs. Labels such as "007"
# no longer match those of another file, and different ids become equal, without a word.
#
# What Rowsmith does: ids of its own rows begin with a letter, labels leave with the type that they had, and
# docs/commands.md names `dtype=False` for pandas.
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
{"label": "007"} {"label": "008"}
    pandas    [7, 8]
    polars    ['007', '008']
    pyarrow   ['007', '008']
    datasets  ['007', '008']
{"id": "12345678901234567890"} {"id": "12345678901234567891"}
    pandas    [12345678901234567000, 12345678901234567000]
    polars    ['12345678901234567890', '12345678901234567891']
    pyarrow   ['12345678901234567890', '12345678901234567891']
    datasets  ['12345678901234567890', '12345678901234567891']
{"modified": "1000000000"} {"modified": "1000000001"}
    pandas    ['2001-09-09 01:46:40', '2001-09-09 01:46:41']
    polars    ['1000000000', '1000000001']
    pyarrow   ['1000000000', '1000000001']
    datasets  ['1000000000', '1000000001']
{"text": "2026-11-28"} {"text": "2026-11-29"}
    pandas    ['2026-11-28', '2026-11-29']
    polars    ['2026-11-28', '2026-11-29']
    pyarrow   ['2026-11-28 00:00:00', '2026-11-29 00:00:00']
    datasets  ['2026-11-28 00:00:00', '2026-11-29 00:00:00']
END

cat >read.py <<'END'
import json

import datasets
import pandas
import polars
import pyarrow.json


def shown(values):
    values = [str(v) if hasattr(v, "year") else v for v in values]
    # A float of this size is shown without its exponent, so that both are seen to be one.
    return [int(v) // 1000 * 1000 if isinstance(v, float) else v for v in values]


pairs = [
    ("label", "007", "008"),
    ("id", "12345678901234567890", "12345678901234567891"),
    ("modified", "1000000000", "1000000001"),
    ("text", "2026-11-28", "2026-11-29"),
]
datasets.disable_progress_bars()
for name, *values in pairs:
    lines = [json.dumps({name: value}) for value in values]
    with open(f"{name}.jsonl", "w") as file:
        print(*lines, sep="\n", file=file)
    print(*lines)
    file = f"{name}.jsonl"
    read = {
        "pandas": pandas.read_json(file, lines=True)[name].tolist(),
        "polars": polars.read_ndjson(file)[name].to_list(),
        "pyarrow": pyarrow.json.read_json(file)[name].to_pylist(),
        "datasets": list(datasets.load_dataset("json", data_files=file, split="train")[name]),
    }
    for reader, values in read.items():
        print(f"    {reader:<9} {shown(values)}")
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
