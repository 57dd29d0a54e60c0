"""What has to hold behind a gateway, and before another server. Each check returns a line with its figures."""

import json
import re
import time

from checks import reason
from sessions import KEY_VARIABLE, MODEL, Session

DRAFT = re.compile(r"</?think|reasoning|<\|channel", re.IGNORECASE)
# A refused key is said at once, and not after waits between tries.
REFUSED_SECONDS = 15
# Those of a session, as its settings say: so many are under way at the first refusal.
CONCURRENCY = 4
# How a run ends that the model answers with nothing of use.
USELESS = "in a row brought no valid row"


class GatewayChecks:
    """Checks that hold for every server."""

    def __init__(self, arguments, folder, address, key):
        self.arguments, self.folder, self.address, self.key = arguments, folder, address, key
        self.made = 0

    def session(self, model=MODEL, names_key=True, prompt="zero_shot"):
        """Returns a new session: no check sees what another one made."""
        self.made += 1
        folder = self.folder / str(self.made)
        folder.mkdir()
        more = "reply_tokens = 120"
        return Session(self.arguments.binary, folder, self.address, self.key, model, more, names_key, prompt)

    def sampled(self, model=MODEL, *switches, most_refused=0, most_resumed=0, prompt="zero_shot"):
        """Samples the rows, holds the run and its counts to what crossed the wire, and gives the figures."""
        session, wanted = self.session(model, prompt=prompt), self.arguments.rows
        how = ("--record", session.home / "tape", *switches, "--json")
        code, out, err = session.run("sample", session.at, "-n", wanted, *how)
        resumed = 0
        while code == 1 and USELESS in reason(err) and resumed < most_resumed:
            code, out, err = session.run("sample", session.at, "--resume", *how)
            resumed += 1
        tape = recorded(session.home / "tape")
        assert code == 0, f"exit {code} after {len(tape)} requests: {reason(err)!r}"
        told = json.loads(out)
        rows = session.rows(f"run:{told['run']}")
        assert told["status"] == "done" and told["rows"] == len(rows) == wanted, f"{len(rows)} rows: {told}"
        for row in rows:
            text = row["fields"].get("text")
            assert list(row["fields"]) == ["text"] and isinstance(text, str), f"not of the schema: {row['fields']}"
            assert not DRAFT.search(text), f"a draft became a row: {text!r}"
        counted = [usage(one) for one in tape]
        sums = {kind: sum(one[kind] for one in counted if one) for kind in ("input", "output")}
        tokens = {kind: told["tokens"][kind] for kind in sums}
        assert tokens == sums, f"the run says {tokens}, the server counted {sums} in {len(tape)} recordings"
        unheard = [one for one in tape if one["status"] and 400 <= one["status"] < 600]
        assert len(unheard) <= CONCURRENCY * most_refused, f"{len(unheard)} of {len(tape)} requests were refused"
        uncounted = sum(one is None and answered(tape_of) for one, tape_of in zip(counted, tape, strict=True))
        estimated = told.get("estimated_tokens") or {"input": 0, "output": 0}
        marked = estimated["input"] + estimated["output"] > 0
        assert marked or not uncounted, f"{uncounted} answers had no count, and no token is marked as an estimate"
        return (
            f"{wanted} rows, {told['scraps']} scraps, {told['failed']} failed of {told['requests']} requests, "
            f"{len(unheard)} refused, {tokens['input']} + {tokens['output']} tokens as the server counted, "
            f"{estimated['input']} + {estimated['output']} estimated, {told['seconds']:.0f} s"
            + (f", resumed {resumed} times" if resumed else "")
        )

    def valid_rows_from_streams(self):
        return self.sampled()

    def valid_rows_from_whole_replies(self):
        return self.sampled(MODEL, "--no-stream")

    def without_schema(self, model, *switches, most_refused):
        """Nothing holds a model this weak to JSON then; of the lists that it is asked for it writes most."""
        return self.sampled(model, *switches, most_refused=most_refused, most_resumed=2, prompt="list")

    def refused(self, key, names_key=True):
        session = self.session(MODEL, names_key)
        began = time.monotonic()
        code, out, err = session.run("sample", session.at, "-n", 4, "--record", session.home / "tape", key=key)
        seconds, requests = time.monotonic() - began, len(recorded(session.home / "tape"))
        sentence = reason(err)
        assert code == 1, f"it exited with {code} after {seconds:.0f} s: {sentence!r}"
        said = KEY_VARIABLE in sentence or not names_key
        assert said and "key" in sentence.lower(), f"after {seconds:.0f} s: {sentence!r}"
        assert seconds < REFUSED_SECONDS, f"it took {seconds:.0f} s and {requests} requests: {sentence!r}"
        assert requests <= CONCURRENCY, f"{requests} requests were sent: {sentence!r}"
        assert not key or key not in out + err, "the wrong key is shown"
        return f"exit 1 after {requests} requests, {sentence!r}"

    def a_wrong_key(self):
        return self.refused("sk-wrong-0123456789abcdef")

    def no_key(self):
        return self.refused("")

    def a_server_that_was_thought_to_want_no_key(self):
        return self.refused("", names_key=False)

    def a_context_overflow(self, *switches, told=("too long", "shorten the prompt"), most=CONCURRENCY):
        session = self.session()
        file = session.home / "long.jinja"
        file.write_text("too long: " + "a word and another word. " * 1_200, encoding="utf-8")
        session.must("prompt", "add", session.at, file, "--name", "long")
        code, _, err = session.run("sample", session.at, "-n", 2, "--prompt", "long@v1", *switches,
                                   "--record", session.home / "tape")
        sentence, requests = one_line(err), len(recorded(session.home / "tape"))
        assert code == 1 and requests <= most, f"exit {code} after {requests} requests: {sentence!r}"
        assert all(words in sentence for words in told), sentence
        return f"exit 1 after {requests} requests, {sentence!r}"

    def doctor(self, key=None):
        session = self.session()
        code, out, err = session.run("doctor", session.at, key=key)
        return code, one_line(out + err)

    def a_doctor_of_the_right_key(self):
        code, said = self.doctor()
        assert code == 0, f"it exited with {code}: {said}"
        assert MODEL in said, f"the model is not named: {said}"
        return f"exit 0, {said[-160:]!r}"

    def a_doctor_of_the_wrong_key(self):
        code, said = self.doctor("sk-wrong-0123456789abcdef")
        assert code == 1 and "refused the API key" in said and KEY_VARIABLE in said, f"it exited with {code}: {said}"
        assert "no list" not in said, f"a refused key is no missing list: {said}"
        return f"exit 1, {said[-200:]!r}"


class LiteLlmChecks(GatewayChecks):
    """LiteLLM's proxy, with a key, before llama.cpp's server."""

    def all(self):
        return [
            self.valid_rows_from_streams,
            self.valid_rows_from_whole_replies,
            self.a_model_that_takes_no_seed,
            self.a_model_that_takes_no_schema,
            self.a_wrong_key,
            self.no_key,
            self.a_server_that_was_thought_to_want_no_key,
            self.a_key_of_another_form,
            self.a_model_that_is_not_there,
            self.a_context_overflow,
            self.a_doctor_of_the_right_key,
            self.a_doctor_of_the_wrong_key,
        ]

    def a_model_that_takes_no_seed(self):
        return self.sampled("takes-no-seed", most_refused=1)

    def a_model_that_takes_no_schema(self):
        """Nor a seed: one answer names both."""
        return self.without_schema("takes-no-schema", most_refused=2)

    def a_key_of_another_form(self):
        return self.refused("0123456789abcdef")

    def a_model_that_is_not_there(self):
        session = self.session("no-such-model")
        code, _, err = session.run("sample", session.at, "-n", 4, "--record", session.home / "tape")
        sentence, requests = reason(err), len(recorded(session.home / "tape"))
        assert code == 1 and "no-such-model" in sentence, f"it exited with {code}: {sentence!r}"
        assert requests <= CONCURRENCY, f"{requests} requests were sent: {sentence!r}"
        return f"exit 1 after {requests} requests, {sentence!r}"


class LlamaCppPythonChecks(GatewayChecks):
    """llama-cpp-python's server: one request at a time, no usage in a stream, and no schema in OpenAI's form."""

    def all(self):
        return [
            self.valid_rows_from_streams,
            self.valid_rows_from_whole_replies,
            self.valid_rows_though_streams_are_cut_off,
            self.a_context_overflow_of_a_whole_reply,
            self.a_context_overflow_of_a_stream,
            self.a_wrong_key,
            self.no_key,
            self.a_server_that_was_thought_to_want_no_key,
            self.a_doctor_of_the_right_key,
            self.a_doctor_of_the_wrong_key,
        ]

    def valid_rows_from_streams(self):
        return self.without_schema(MODEL, "--concurrency", "1", most_refused=1)

    def valid_rows_from_whole_replies(self):
        return self.without_schema(MODEL, "--concurrency", "1", "--no-stream", most_refused=1)

    def a_context_overflow_of_a_whole_reply(self):
        return self.a_context_overflow("--no-stream", "--concurrency", "1")

    def a_context_overflow_of_a_stream(self):
        """This server answers it with 200 and nothing at all."""
        told = ("answer is empty", "longer than the model's context")
        return self.a_context_overflow("--concurrency", "1", told=told, most=10)

    def valid_rows_though_streams_are_cut_off(self):
        """A request that comes while another is answered cuts that one's stream off."""
        return self.without_schema(MODEL, "--concurrency", "2", most_refused=1)


def one_line(text):
    return " ".join(text.split())


def recorded(folder):
    """Returns the recordings of requests that asked for rows."""
    tapes = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    return [tape for tape in tapes if tape["request_body"]]


def answered(tape):
    return tape["status"] == 200 and '"content"' in tape["response_body"]


def usage(tape):
    """Returns the tokens that the server counted for a request, the last of several counts."""
    found = None
    for line in tape["response_body"].splitlines():
        text = line.removeprefix("data:").strip()
        if not text.startswith("{"):
            continue
        try:
            told = json.loads(text).get("usage")
        except ValueError:
            continue
        if told:
            found = {"input": told["prompt_tokens"], "output": told["completion_tokens"]}
    return found
