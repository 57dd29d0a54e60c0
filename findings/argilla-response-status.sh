#!/bin/sh
# Argilla's own JSON export forgets which answers are drafts or were discarded; the flat one keeps it.
#
# Libraries: argilla 2.8.0 with datasets 5.2.0 (PyPI), without a server. (argilla imports requests and does not ask for it.)
#
# Behaviour: a record has three responses to one question: submitted, draft and discarded. `records.to_json`, and
# `to_list`, write them as `{"value", "user_id"}`, all alike. `to_list(flatten=True)`, and so `to_datasets`, write
# `label.responses.status` beside the values. What is read back from the JSON has no status: of all three, it is None.
#
# Why it surprises: `to_json` is documented as the way to save records and load them again, and has the look of a complete
# one. A label that somebody discarded is indistinguishable from one that was submitted.
#
# What Rowsmith does: an export writes the status, which Argilla reads. An import takes a response without one for a label
# only where the whole record is `completed` and all responses agree, says what it left out, and reads the flat form as
# well (src/import/argilla.rs).
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
to_json         ['user_id', 'value'] ['user_id', 'value'] ['user_id', 'value']
flatten=True    ['submitted', 'draft', 'discarded']
read again      [None, None, None]
END

cat >read.py <<'END'
import json
from uuid import UUID

import argilla
from argilla.records._io import GenericIO, JsonIO

STATUSES = ("submitted", "draft", "discarded")
answers = [
    argilla.Response("label", value="spam", user_id=UUID(int=user), status=status)
    for user, status in enumerate(STATUSES, 1)
]
record = argilla.Record(id="1", fields={"text": "hello"}, responses=answers)

JsonIO.to_json([record], "records.json")
with open("records.json") as file:
    (saved,) = json.load(file)
print("to_json        ", *(sorted(answer) for answer in saved["responses"]["label"]))
(flat,) = GenericIO.to_list([record], flatten=True)
print("flatten=True   ", flat["label.responses.status"])
(again,) = JsonIO._records_from_json("records.json")
print("read again     ", [answer.status for answer in again.responses["label"]])
END

python3 -m venv venv
pip="venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:"
if ! { $pip argilla==2.8.0 requests==2.34.2 datasets==5.2.0; } >pip.log 2>&1; then
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
