#!/bin/sh
# Naming one column in LLaMA-Factory's dataset_info.json takes the others away: rows lose their inputs, unsaid.
#
# Libraries: llamafactory 0.9.5, datasets 5.2.0 (PyPI), without torch: its own parser.py and converter.py.
#
# Behaviour: rows have `instruction`, `input` and `output`, the names that LLaMA-Factory looks for where an entry has no
# `columns`, and a `system`. An entry without `columns` reads the first three. With `"columns": {"system": "system"}`,
# to add the fourth, the other three are set to none: the user's message is empty, and there is no answer. With
# `prompt` and `response` named and `query` not, the input is left out of each row: the instruction is there and the text
# that it speaks of is not. Tags behave alike.
#
# Why it surprises: the documentation lists a default beside each column, and a partial entry looks like an addition to
# them. Rows without an input are legal, so that nothing warns.
#
# What Rowsmith does: the entry beside `alpaca` and `sharegpt` names every column and tag that the file has
# (src/export/shapes/llama_factory.rs); tests/readers reads the files through the same converters.
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
no columns
    user    'Name the mood.\nI am glad.'
    answer  ['joy']
system alone
    user    ''
    answer  []
all but the input
    user    'Name the mood.'
    answer  ['joy']
all
    user    'Name the mood.\nI am glad.'
    answer  ['joy']
END

cat >read.py <<'END'
import importlib
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

# The package imports torch when it is loaded; what reads data does not need it.
root = Path(find_spec("llamafactory").origin).parent
for name in ("llamafactory", "llamafactory.data", "llamafactory.extras"):
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
constants = sys.modules["llamafactory.extras.constants"] = ModuleType("constants")
constants.DATA_CONFIG, constants.RUNNING_LOG = "dataset_info.json", "running_log.txt"
misc = sys.modules["llamafactory.extras.misc"] = ModuleType("misc")
misc.use_modelscope = misc.use_openmind = lambda: False
parser = importlib.import_module("llamafactory.data.parser")
converter = importlib.import_module("llamafactory.data.converter")

ROW = {"instruction": "Name the mood.", "input": "I am glad.", "output": "joy", "system": "Be brief."}
NAMED = {
    "no columns": {},
    "system alone": {"columns": {"system": "system"}},
    "all but the input": {"columns": {"prompt": "instruction", "response": "output", "system": "system"}},
    "all": {"columns": {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}},
}
for named, more in NAMED.items():
    (attributes,) = parser.get_dataset_list(["d"], {"d": {"file_name": "d.json", **more}})
    made = converter.get_dataset_converter("alpaca", attributes, SimpleNamespace(media_dir=""))(ROW)
    print(named)
    print(f"    user    {made['_prompt'][-1]['content']!r}")
    print(f"    answer  {[message['content'] for message in made['_response']]}")
END

python3 -m venv venv
pip="venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:"
if ! { $pip datasets==5.2.0 && $pip --no-deps llamafactory==0.9.5; } >pip.log 2>&1; then
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
