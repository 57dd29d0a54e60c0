#!/bin/sh
# Class names in a dataset card change unless they are quoted: `yes` becomes True, `007` becomes 7, `12:30` becomes 750.
#
# Libraries: datasets 5.2.0, pyarrow 26.0.1 (PyPI).
#
# Behaviour: a folder has a Parquet file and a card, README.md, whose YAML names the classes of a column. Names that stand
# there without quotation marks are read as YAML 1.1: truth values, whole numbers, numbers of base 60 and nothing.
# `ClassLabel.names` then holds True, 7, 750 or None beside texts, and `int2str` returns them. A name that is a date ends
# with "An error occurred while generating the dataset", which says nothing of the card.
#
# Why it surprises: `ClassLabel` takes names, and a wrong kind is not refused. A label `yes` that was text in the data is a
# truth value after loading, equal to no text, and `str2int("yes")` fails.
#
# What Rowsmith does: every name of a card is quoted (src/export), and tests/readers loads a folder whose labels are such
# words.
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
spam        bare 'spam'
spam        in quotes 'spam'
yes         bare True
yes         in quotes 'yes'
007         bare 7
007         in quotes '007'
12:30       bare 750
12:30       in quotes '12:30'
null        bare None
null        in quotes 'null'
2026-11-29  bare DatasetGenerationError: An error occurred while generating the dataset
2026-11-29  in quotes '2026-11-29'
END

cat >read.py <<'END'
import os

import datasets
import pyarrow as pa
import pyarrow.parquet as pq

datasets.disable_progress_bars()
CARD = """---
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': other
          '1': NAME
---
"""


def loaded(name, place):
    """Loads a folder whose card has this as the name of class 1."""
    os.makedirs(f"{place}/data")
    pq.write_table(pa.table({"text": ["a", "b"], "label": [0, 1]}), f"{place}/data/train-0.parquet")
    with open(f"{place}/README.md", "w") as card:
        card.write(CARD.replace("NAME", name))
    try:
        return repr(datasets.load_dataset(place, split="train").features["label"].names[1])
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for place, name in enumerate(["spam", "yes", "007", "12:30", "null", "2026-11-29"]):
    print(f"{name:<11} bare {loaded(name, f'bare{place}')}")
    print(f"{name:<11} in quotes {loaded(repr(name), f'quoted{place}')}")
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
