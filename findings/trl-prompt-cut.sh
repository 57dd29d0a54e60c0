#!/bin/sh
# TRL takes the longest common beginning of two answers for the prompt: it cuts inside words, and may take a whole answer.
#
# Libraries: trl 1.16.0, datasets 5.2.0, transformers 5.24.0 (PyPI), without torch.
#
# Behaviour: `extract_prompt` and `maybe_extract_prompt` make the `prompt` of a preference pair whose rows are texts with
# `chosen` and `rejected` alone, the documented "implicit prompt".
# - "… France? Paris" and "… France? Parma" become the prompt "… France? Par" with the answers "is" and "ma".
# - Where one answer begins with the other, the last letter of the shorter one is all that is left of it.
# - Where the answers share nothing and the chosen one ends with a blank, the whole chosen answer becomes the prompt,
#   since the character before the first one is looked for at the index -1.
#
# Why it surprises: one expects the cut between question and answer, at a word at least. The loss is still computed, on
# answers such as "is"; nothing fails.
#
# What Rowsmith does: `dpo` and `kto` always write `prompt`, as messages like the answers (src/export/shapes/dpo.rs).
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
'What is the capital of France? Paris', 'What is the capital of France? Parma'
    prompt    'What is the capital of France? Par'
    chosen    'is'
    rejected  'ma'
'Name a fruit: apple', 'Name a fruit: apple pie'
    prompt    'Name a fruit: appl'
    chosen    'e'
    rejected  'e pie'
'The red one ', 'A blue one'
    prompt    'The red one'
    chosen    ' '
    rejected  'e'
END

cat >read.py <<'END'
from trl.data_utils import maybe_extract_prompt

PAIRS = [
    ("What is the capital of France? Paris", "What is the capital of France? Parma"),
    ("Name a fruit: apple", "Name a fruit: apple pie"),
    ("The red one ", "A blue one"),
]
for chosen, rejected in PAIRS:
    print(f"{chosen!r}, {rejected!r}")
    for name, text in maybe_extract_prompt({"chosen": chosen, "rejected": rejected}).items():
        print(f"    {name:<9} {text!r}")
END

python3 -m venv venv
pip="venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:"
if ! { $pip datasets==5.2.0 transformers==5.24.0 && $pip --no-deps trl==1.16.0; } >pip.log 2>&1; then
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
