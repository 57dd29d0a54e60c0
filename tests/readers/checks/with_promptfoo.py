"""A prompt with its tests, checked by promptfoo and run by it with a provider that repeats what it is asked."""

import json
import os
import subprocess

from common import check, main

CONFIG = "promptfooconfig.yaml"
SECONDS = 300
VERSION = "0.121.20"


def promptfoo(exported, *command):
    folder = exported.file("promptfoo")
    quiet = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1"}
    environment = {**os.environ, **quiet, "PROMPTFOO_CONFIG_DIR": str(exported.folder / "promptfoo-home")}
    command = ["promptfoo", *command]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)


@check("promptfoo", "promptfoo validate", VERSION)
def valid(exported):
    done = promptfoo(exported, "validate", "-c", CONFIG)
    assert "Configuration is valid" in done.stdout, (done.stdout + done.stderr)[-300:]
    return "the configuration is valid"


@check("promptfoo", "promptfoo eval, provider echo", VERSION)
def evaluated(exported):
    done = promptfoo(exported, "eval", "-c", CONFIG, "-r", "echo", "--no-cache", "-o", "out.json")
    path = exported.folder / "promptfoo" / "out.json"
    assert path.is_file(), (done.stdout + done.stderr)[-300:]
    results = json.loads(path.read_text(encoding="utf-8"))["results"]["results"]
    wanted = sorted(row["text"] for row in exported.accepted())
    found = sorted(result["vars"]["accepted_row"] for result in results)
    assert found == wanted, f"{len(found)} tests for {len(wanted)} accepted rows, or other texts"
    for result in results:
        output = result["response"]["output"]
        assert output and "{{ n }}" not in output, f"the prompt was not filled in: {output[:100]!r}"
    return f"{len(results)} tests, one for each accepted row, prompts filled in"


if __name__ == "__main__":
    main()
