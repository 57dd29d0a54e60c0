"""A session of its own in a temporary home, worked through the command line alone."""

import json
import os
import subprocess
from pathlib import Path

MODEL = "smollm2-135m-instruct"
KEY_VARIABLE = "REAL_MODEL_KEY"
COMMAND_SECONDS = 420
ROOT = Path(__file__).resolve().parents[2]

DATASETS = {
    "sms_spam": {
        "target": "spam",
        "split": 'split = "split"',
        "what": "spam text messages",
        "form": "Each is one short sentence with a prize and a number to call.",
        "words": ["call", "text", "txt", "reply", "free", "win", "won", "claim", "prize", "offer", "click"],
    },
    "tickets": {
        "target": "cancel",
        "split": "",
        "what": "messages of a customer who wants to leave a broadband company",
        "form": "Each is one short sentence with the reason and the date.",
        "words": ["cancel", "leave", "leaving", "contract", "notice", "switch", "end", "exit", "move", "moving"],
    },
}


def dataset():
    """Returns the dataset's name and file: the reference one where it is, else the bundled one."""
    folder = Path(os.environ.get("ROWSMITH_REFERENCE_DATA") or ROOT / "../shared/data")
    reference = (folder / "sms_spam.csv").resolve()
    if reference.is_file():
        return "sms_spam", reference
    return "tickets", ROOT / "sessions/tickets/tickets.csv"


class Session:
    """A session's folder, and the commands that are run on it."""

    def __init__(self, binary, folder, address, key, model=MODEL, more="", names_key=True, prompt="zero_shot"):
        self.binary, self.folder, self.key = Path(binary).resolve(), folder, key
        self.model, self.prompt = model, prompt
        self.more = more + (f'\napi_key_env = "{KEY_VARIABLE}"' if names_key else "")
        self.home = folder / "home"
        self.name, self.data = dataset()
        self.about = DATASETS[self.name]
        self.said = []
        self.at = self.home / "session"
        self.at.mkdir(parents=True)
        (self.at / "session.toml").write_text(self.settings(address), encoding="utf-8")
        if names_key:
            # The session names a variable and its own server, which a person allows once.
            subprocess.run([self.binary, "allow", "session", "--yes"], env=self.environment(), cwd=self.home, check=True,
                           stdout=subprocess.DEVNULL)

    def settings(self, address):
        prompt = (Path(__file__).with_name("prompts") / f"{self.prompt}.jinja").read_text(encoding="utf-8")
        quoted = json.dumps  # a JSON string is a TOML string
        return f"""
[dataset]
path = {quoted(str(self.data))}
text = "text"
label = "label"
id = "id"
{self.about["split"]}

[target]
label = {quoted(self.about["target"])}

[generator]
provider = "openai"
base_url = {quoted(address)}
model = {quoted(self.model)}
temperature = 0.7
rows_per_request = 2
concurrency = 4
{self.more}

[fields.text]
type = "string"
min_chars = 20
max_chars = 200

[variables]
what = [{quoted(self.about["what"])}]
form = [{quoted(self.about["form"])}]

[examples]
count = 2

[prompt]
user = {quoted(prompt)}
"""

    def environment(self, key=None):
        """Returns the variables of a command; an empty key leaves its variable out."""
        sent = self.key if key is None else key
        keys = {KEY_VARIABLE: sent} if sent else {}
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.home), **keys}

    def start(self, *arguments, key=None):
        """Starts a command and does not wait for it."""
        command = [self.binary, *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment(key), cwd=self.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def finish(self, child, text=None, seconds=COMMAND_SECONDS):
        """Waits for a command and returns its exit code, output and errors; what it said is kept."""
        try:
            out, err = child.communicate(text, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            raise AssertionError(f"{child.args[1:]} took more than {seconds} s; it said: {err}") from None
        self.said += [out, err]
        return child.returncode, out, err

    def run(self, *arguments, key=None, text=None):
        return self.finish(self.start(*arguments, key=key), text)

    def must(self, *arguments, text=None):
        """Runs a command that has to succeed and returns its output."""
        code, out, err = self.run(*arguments, text=text)
        assert code == 0, f"rowsmith {' '.join(map(str, arguments))} exited with {code}: {err.strip()}"
        return out

    def rows(self, expression=None):
        chosen = ["--filter", expression] if expression else []
        return lines(self.must("rows", self.at, "--json", *chosen))

    def help(self, command):
        return self.must(command, "--help")


def lines(text):
    """Reads JSON Lines."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]
