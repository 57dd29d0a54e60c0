#!/bin/sh
# A template of llm does not know that it needs a variable that is written with braces.
#
# Library: llm 0.36 (PyPI).
#
# Behaviour:
# - `$name` that has no value is the error `MissingVariables`, which names it. `${name}` is not looked for: `vars()` leaves
#   it out, and rendering ends with a bare `KeyError` from Python's `string.Template`.
# - A dollar sign with nothing behind it, as in `5$`, is a `ValueError` about a placeholder, with a line and a column.
# - A template with `system` alone has the input as its whole prompt.
#
# Why it surprises: both ways of writing a variable are the same to `string.Template`, and the check looks like one of the
# template. Whoever catches `MissingVariables`, as llm's own command line does, is told nothing useful of the other.
#
# What Rowsmith does: `prompt add` reads `$name` and `${name}` alike as `{{ name }}`, names each one without a value before
# anything is added, keeps a lone dollar sign as text, and reads a template without `prompt` as `{{ input }}`
# (src/template/prompt_file/llm.rs).
#
# Output seen: below, behind `seen`.

set -eu
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m venv venv >/dev/null 2>&1 || { echo "skipped: python3 makes no environment"; exit 0; }
venv/bin/pip -q install llm==0.36 >pip.log 2>&1 || { echo "skipped: llm 0.36 cannot be installed"; exit 0; }

cat >seen <<'END'
plain   vars ['a'] without a: MissingVariables Missing variables: a
braced  vars [] without b: KeyError 'b'
both    vars ['a'] without b: KeyError 'b'
dollar  vars [] ValueError Invalid placeholder in string: line 1, col 8
system  vars [] ('the input', 'Be brief.')
END

LLM_USER_PATH="$work" venv/bin/python >now <<'END'
from llm.templates import Template

for name, fields, given, missing in [
    ("plain", {"prompt": "Say $a."}, {}, "a"),
    ("braced", {"prompt": "Say ${b}."}, {}, "b"),
    ("both", {"prompt": "Say $a and ${b}."}, {"a": "1"}, "b"),
    ("dollar", {"prompt": "Costs 5$ now."}, {}, ""),
    ("system", {"system": "Be brief."}, {}, ""),
]:
    template = Template(name=name, **fields)
    try:
        told = template.evaluate("the input", given)
    except Exception as error:
        without = f"without {missing}: " if missing else ""
        told = f"{without}{type(error).__name__} {error}"
    print(f"{name:7} vars {sorted(template.vars())} {told}")
END
cat now
diff seen now >/dev/null && echo "as seen before" || { echo "this is not what was seen before:"; diff seen now || true; exit 1; }
