#!/bin/sh
# A Parquet file that names its classes in its own metadata loses them, without a word, unless the column is a nullable int64.
#
# Libraries: datasets 5.2.0, pyarrow 26.0.1 (PyPI).
#
# Behaviour: a file holds the labels 0 and 1 and, under the key `huggingface` of its schema, features that say
# `ClassLabel(names=["ham", "spam"])`, as `Dataset.to_parquet` writes them. Where the Arrow field is int64 and nullable,
# the names come back. Where it is int32 or int8, or int64 and not nullable, the column is a plain number, and no warning
# says that the features were not used.
#
# Why it surprises: a label column without nulls is naturally written as `not null`, and two classes fit into an int8.
# Everything else reads such a file, and datasets itself loads it; `features["label"].int2str` fails far from there.
#
# What Rowsmith does: labels of an `hf` export are nullable int64 columns, with the features in the metadata as well
# (src/export), and tests/readers reads the bare Parquet back.
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
int64  nullable  ClassLabel(names=['ham', 'spam'])
int64  not null  Value('int64')
int32  nullable  Value('int32')
int32  not null  Value('int32')
int8   nullable  Value('int8')
int8   not null  Value('int8')
END

cat >read.py <<'END'
import json

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

datasets.disable_progress_bars()
NAMES = {"names": ["ham", "spam"], "_type": "ClassLabel"}


def label_of(field):
    """Writes two rows whose label has this Arrow field and these class names, and returns what datasets makes of it."""
    features = {"text": {"dtype": "string", "_type": "Value"}, "label": NAMES}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    schema = pa.schema([pa.field("text", pa.string()), field], metadata=metadata)
    rows = pa.table({"text": ["hello", "win a prize"], "label": [0, 1]}, schema=schema)
    name = f"{field.type}-{field.nullable}.parquet"
    pq.write_table(rows, name)
    return datasets.load_dataset("parquet", data_files=name, split="train").features["label"]


for kind in (pa.int64(), pa.int32(), pa.int8()):
    for nullable in (True, False):
        print(f"{str(kind):<6} {'nullable' if nullable else 'not null':<9} {label_of(pa.field('label', kind, nullable))}")
END

python3 -m venv venv
pip="venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:"
if ! { $pip datasets==5.2.0 pyarrow==26.0.1; } >pip.log 2>&1; then
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
