"""Writes what Jinja2 makes of each expression of `expressions.txt` to `tests/fixtures/jinja.json`.

Run it with the Jinja2 whose text the table should hold:

    python3 -m venv /tmp/jinja && /tmp/jinja/bin/pip install 'jinja2==3.1.*'
    /tmp/jinja/bin/python tests/jinja/expected.py

A line of `expressions.txt` is one template, in which `\\n` stands for a line break. A line that begins with
`! WORDS !` is a template that Rowsmith refuses on purpose, with a message that holds the words.
"""

import json
import pathlib

import jinja2

CONTEXT = {
    "n": 3,
    "label": "spam",
    "labels": ["ham", "spam"],
    "topic": "bank",
    "title": "the quick brown fox's tail-end",
    "mixed": "it's a \"quote\"",
    "quote": "it's",
    "padded": "  two words \n",
    "lines": "one\n  two\n\nthree\n",
    "unicode": "Straße café ÀÉ 你好",
    "html": "<b class=\"x\">Tom & 'Jerry'</b>",
    "tones": ["calm", "loud", "Angry", "calm"],
    "numbers": [3, 1, 2, 10],
    "floats": [1.5, 2.0, 1e20, 1e-7],
    "empty": "",
    "zero": 0,
    "nothing": None,
    "yes": True,
    "none_list": [None, True, False, 1, 1.0, "a"],
    "data": {"b": 1, "a": "x", "c": None},
    "people": [
        {"name": "Ada", "age": 36, "city": "Paris"},
        {"name": "bob", "age": 20, "city": "Rome"},
        {"name": "Cy", "age": 36, "city": "paris"},
    ],
    "tree": [{"name": "a", "kids": [{"name": "b", "kids": []}, {"name": "c", "kids": []}]}],
    "long": "word " * 60,
}


def outcome(environment, source):
    """Returns the text of a template, or the error that Jinja2 stops with."""
    try:
        return {"text": environment.from_string(source).render(CONTEXT)}
    except Exception as error:  # noqa: BLE001 - every error is an outcome
        return {"error": f"{type(error).__name__}: {error}"}


def case(environment, line):
    """Returns the case of a line of the table."""
    words = None
    if line.startswith("! "):
        _, words, line = line.split("!", 2)
    source = line.removeprefix(" ").replace("\\n", "\n")
    refused = {} if words is None else {"refused": words.strip()}
    return {"source": source, **outcome(environment, source), **refused}


def main():
    """Reads the templates and writes the table."""
    here = pathlib.Path(__file__).parent
    environment = jinja2.Environment(
        keep_trailing_newline=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]
    )
    lines = (here / "expressions.txt").read_text(encoding="utf-8").splitlines()
    cases = [case(environment, line) for line in lines if line and not line.startswith("# ")]
    table = {"jinja2": jinja2.__version__, "context": CONTEXT, "cases": cases}
    path = here.parent / "fixtures" / "jinja.json"
    path.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
