"""What has to hold against a real model. Each check returns a line with its figures."""

import json
import math
import re
import signal
import time
from collections import Counter
from pathlib import Path

from race import race
from sessions import KEY_VARIABLE, lines

EXAMPLES_ROWS = 20
# A prompt that the model follows badly is not worth more.
EXAMPLES_SECONDS = 75
RESUMED_ROWS = 40
# How a reply that is not streamed would be asked for on the command line.
WHOLE = re.compile(r"--(?:no-stream|plain|whole)\b")


class Checks:
    """The checks of one session, in an order in which later ones use what earlier ones made."""

    def __init__(self, session, rows):
        self.session, self.wanted = session, rows

    def all(self):
        return [
            self.valid_rows,
            self.flags,
            self.a_wrong_key,
            self.a_context_overflow,
            self.stop_and_resume,
            self.two_prompts,
            self.a_race,
            self.the_key_is_nowhere,
        ]

    def valid_rows(self):
        whole = WHOLE.search(self.session.help("sample"))
        if not whole:
            return self.sampled(self.wanted) + "; streamed, there is no switch for whole replies"
        streamed = self.sampled(self.wanted - self.wanted // 2)
        return f"streamed {streamed}; whole {self.sampled(self.wanted // 2, whole.group())}"

    def sampled(self, wanted, *switches, prompt="v1"):
        how = (*switches, "--json")
        code, out, err = self.session.run("sample", self.session.at, "-n", wanted, "--prompt", prompt, *how)
        if code == 1 and "in a row brought no valid row" in err:
            # So small a model has unlucky streaks: a person goes on once.
            out = self.session.must("sample", self.session.at, "--resume", *how)
        else:
            assert code == 0, f"rowsmith sample exited with {code}: {err.strip()}"
        told = json.loads(out)
        rows = self.session.rows(f"run:{told['run']}")
        assert told["status"] == "done" and told["rows"] == wanted, f"the run says {told}"
        assert len(rows) == wanted, f"{len(rows)} rows are there, {wanted} were asked for"
        for row in rows:
            text = row["fields"].get("text")
            assert list(row["fields"]) == ["text"] and isinstance(text, str), f"not of the schema: {row['fields']}"
        tokens = told["tokens"]
        assert tokens["input"] > 0 and tokens["output"] > 0, f"no tokens were counted: {tokens}"
        return (
            f"{wanted} rows, {told['scraps']} scraps, {told['failed']} failed of {told['requests']} requests, "
            f"{tokens['input']} + {tokens['output']} tokens, {told['seconds']:.0f} s"
        )

    def flags(self):
        rows = self.session.rows()
        counts = Counter(flag["kind"] for row in rows for flag in row["flags"])
        for kind, count in counts.items():
            found = len(self.session.rows(f"flag:{kind}"))
            marked = sum(any(flag["kind"] == kind for flag in row["flags"]) for row in rows)
            assert found == marked, f"the filter finds {found} rows with {kind}, {marked} have it ({count} flags)"
        free = sum(not row["flags"] for row in rows)
        named = ", ".join(f"{kind} {count}" for kind, count in counts.most_common()) or "none"
        return f"{named}; {free} of {len(rows)} rows have none"

    def a_wrong_key(self):
        wrong = "sk-wrong-0123456789abcdef"
        code, out, err = self.session.run("sample", self.session.at, "-n", 2, key=wrong)
        assert code == 1, f"it exited with {code}: {err}"
        sentence = reason(err)
        assert "refused the API key" in sentence and KEY_VARIABLE in sentence, sentence
        assert wrong not in out + err, "the wrong key is shown"
        return f"exit 1, {sentence!r}"

    def a_context_overflow(self):
        version = self.add("too long: " + "a word and another word. " * 1_200, "overflow")
        code, _, err = self.session.run("sample", self.session.at, "-n", 2, "--prompt", version)
        assert code == 1, f"it exited with {code}: {err}"
        sentence = reason(err)
        assert "too long for the model" in sentence and "shorten the prompt" in sentence, sentence
        return f"exit 1, {sentence!r}"

    def stop_and_resume(self):
        session = self.session
        if "--resume" not in session.help("sample"):
            return "not checked, `sample` has no --resume yet"
        before = len(session.rows())
        child = session.start("sample", session.at, "-n", RESUMED_ROWS, "--prompt", "main@v1", "--json")
        while child.poll() is None and len(session.rows()) - before < RESUMED_ROWS // 4:
            time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        code, _, err = session.finish(child)
        stopped = len(session.rows()) - before
        assert code == 130, f"a stopped run exited with {code}: {err}"
        assert 0 < stopped < RESUMED_ROWS, f"{stopped} of {RESUMED_ROWS} rows were there when it had stopped"
        told = json.loads(session.must("sample", session.at, "--resume", "--json"))
        rows = session.rows()[before:]
        assert len(rows) == RESUMED_ROWS, f"{len(rows)} rows after the resume, not {RESUMED_ROWS}: {told}"
        assert len({row["id"] for row in rows}) == RESUMED_ROWS, "two rows have one id"
        return f"stopped at {stopped}, exit 130; resumed to {len(rows)} of {RESUMED_ROWS}"

    def two_prompts(self):
        """Accepts by a rule, in the product, so that its own share and interval are held to ours."""
        text = (Path(__file__).with_name("prompts") / "examples.jinja").read_text(encoding="utf-8")
        told = {"zero-shot": "main@v1", "examples and a form": self.add(text, "examples")}
        self.sampled_for(EXAMPLES_SECONDS, told["examples and a form"])
        shares = []
        for title, version in told.items():
            name = version.partition("@")[0]
            runs = [run for run in self.runs() if run["prompt"]["name"] == name]
            scraps = sum(run["scraps"] for run in runs)
            rows = [row for row in self.session.rows() if row["prompt"]["name"] == name]
            good = [row["id"] for row in rows if self.is_accepted(row)]
            bad = [row["id"] for row in rows if row["id"] not in set(good)]
            for command, ids in (("accept", good), ("reject", bad)):
                # One by one: what is decided in bulk stands beside the acceptance.
                for one in ids:
                    self.session.must(command, self.session.at, one)
            if not rows:
                shares.append(f"{title} no row, {scraps} scraps")
                continue
            low, high = wilson(len(good), len(rows))
            self.hold(name, len(good), len(rows), low, high)
            shares.append(f"{title} {len(good)} of {len(rows)} [{low:.0%}–{high:.0%}], {scraps} scraps")
        return "; ".join(shares) + ". Accepted: no flag, 20 to 200 characters, a digit or a call word"

    def a_race(self):
        return race(self.session, self.add)

    def sampled_for(self, seconds, prompt):
        """Samples until rows, time or the useless replies are at an end; whatever came is good."""
        child = self.session.start("sample", self.session.at, "-n", EXAMPLES_ROWS, "--prompt", prompt, "--json")
        end = time.monotonic() + seconds
        while child.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        code, _, err = self.session.finish(child)
        assert code in (0, 1, 130), f"it exited with {code}: {err}"

    def is_accepted(self, row):
        text = row["fields"]["text"]
        words = set(re.findall(r"[a-z]+", text.lower()))
        calls = any(letter.isdigit() for letter in text) or bool(words & set(self.session.about["words"]))
        return not row["flags"] and 20 <= len(text) <= 200 and calls

    def runs(self):
        return lines(self.session.must("runs", self.session.at, "--json"))

    def hold(self, name, accepted, decided, low, high):
        told = lines(self.session.must("prompt", "list", self.session.at, "--json"))
        version = next(one for one in told if one["name"] == name and one["number"] == 1)
        share = version["acceptance"]
        assert version["accepted"] == accepted and version["rows"] == decided, f"it counts {version}"
        assert abs(share["low"] - low) < 0.005 and abs(share["high"] - high) < 0.005, f"{share} is not {low, high}"

    def the_key_is_nowhere(self):
        key = self.session.key
        files = [path for path in self.session.home.rglob("*") if path.is_file()]
        holding = [str(path) for path in files if key.encode() in path.read_bytes()]
        assert not holding, f"the key stands in {', '.join(holding)}"
        assert not any(key in said for said in self.session.said), "the key was printed"
        letters = sum(len(said) for said in self.session.said)
        return f"in none of {len(files)} files under the home and {letters} characters of output"

    def add(self, text, name):
        """Adds a version of a prompt of its own and returns how it is called."""
        file = self.session.home / f"{name}.jinja"
        file.write_text(text, encoding="utf-8")
        self.session.must("prompt", "add", self.session.at, file, "--name", name)
        return f"{name}@v1"


def reason(text):
    """Returns the sentence with which a command says why it failed, or the last line where there is none."""
    said = [line for line in text.splitlines() if line.strip()]
    reasons = [line for line in said if line.startswith("rowsmith: ")]
    return (reasons or said or [""])[-1]


def wilson(good, all_of_them, z=1.959964):
    """Returns the 95 % interval of a share (Wilson 1927)."""
    if all_of_them == 0:
        return 0.0, 1.0
    share, spread = good / all_of_them, z * z / all_of_them
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / all_of_them + spread / all_of_them / 4)
    return middle - half, middle + half
