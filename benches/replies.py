#!/usr/bin/env python3
"""Counts what runs cost against servers that reply as real ones do, with two binaries side by side.

    benches/replies.py BEFORE NOW [--limit 120] [--together 4] [--all | --kinds KIND …]

Each file of tests/replies/specs is a kind of reply (tests/replies/rules.rs says how it reads). A fresh session
samples six rows from a canned server on loopback. For each kind one line: the requests that the servers saw, and
the tokens that they reported over those that `sample --json` prints. The kinds that are measured are summed up;
`--all` measures the others as well. A run that takes longer than the limit is stopped as by ctrl-c, and marked with +.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SPECS = Path(__file__).resolve().parent.parent / "tests/replies/specs"
ROW = "@ROW@"
USAGE = {"prompt_tokens": 400, "completion_tokens": 60}


class Server(ThreadingHTTPServer):
    """Answers by rules, and counts requests and the tokens of answers that were sent in full."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, rules):
        super().__init__(("127.0.0.1", 0), Handler)
        self.rules, self.used, self.lock = rules, [0] * len(rules), threading.Lock()
        self.requests, self.tokens, self.rows = 0, 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client may disconnect."""

    def rule(self, path, body):
        with self.lock:
            self.requests += 1
            for place, rule in enumerate(self.rules):
                unless = rule.get("unless")
                if (
                    rule.get("path", "") in path
                    and rule.get("when", "") in body
                    and not (unless and unless in body)
                    and self.used[place] < rule.get("first", float("inf"))
                ):
                    self.used[place] += 1
                    return rule
        return {"status": 404, "json": {"error": {"message": "no rule fits"}}}

    def fill(self, text):
        while ROW in text:
            with self.lock:
                self.rows += 1
                text = text.replace(ROW, f"Number {self.rows} goes away in {self.rows * 13 % 89} days, see to it.", 1)
        return text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        rule = self.server.rule(self.path, body)
        time.sleep(rule.get("delay", 0) / 1000)
        kind, pieces = bodies(rule, '"stream":true' in body.replace(" ", ""))
        pieces = [self.server.fill(piece).encode() for piece in pieces]
        self.send_response(rule.get("status", 200))
        headers = {"content-type": kind, "connection": "close", **rule.get("headers", {})}
        if len(pieces) == 1:
            headers["content-length"] = str(len(pieces[0]))
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        for place, piece in enumerate(pieces):
            if place:
                time.sleep(rule.get("pace", 0) / 1000)
            if place + 1 == len(pieces):
                with self.server.lock:
                    self.server.tokens += tokens(rule)
            self.wfile.write(piece)
            self.wfile.flush()
        self.close_connection = True


def bodies(rule, streams):
    """Returns the kind of an answer and its pieces."""
    if "rows" in rule:
        content = json.dumps({"rows": [{"text": ROW}] * rule["rows"]})
        message = {"role": "assistant", "content": content}
        return ("text/event-stream", frames(rule, [message])) if streams else ("application/json", [whole(rule, message)])
    if "deltas" in rule:
        return "text/event-stream", frames(rule, rule["deltas"])
    if "message" in rule:
        return "application/json", [whole(rule, rule["message"])]
    if "json" in rule:
        return "application/json", [json.dumps(rule["json"])]
    return "text/plain", [rule.get("text", "")]


def base(rule, kind):
    return {"id": "r1", "object": kind, "created": 0, "model": rule.get("model", "m")}


def usage(rule):
    counted = rule.get("usage", USAGE)
    return {} if counted is None else {"usage": counted}


def whole(rule, message):
    choice = {"index": 0, "finish_reason": rule.get("finish", "stop"), "message": message}
    return json.dumps({**base(rule, "chat.completion"), "choices": [choice], **usage(rule)})


def frames(rule, deltas):
    def chunk(choices):
        return {**base(rule, "chat.completion.chunk"), "choices": choices}

    def choice(delta, finish=None):
        return chunk([{"index": 0, "delta": delta, "finish_reason": finish}])

    all_of_them = []
    for delta in deltas:
        one = delta["frame"] if "frame" in delta else choice(delta.get("delta", delta))
        all_of_them += [one] * delta.get("times", 1)
    if (finish := rule.get("finish", "stop")) is not None:
        all_of_them.append(choice({}, finish))
    if counted := usage(rule):
        all_of_them.append({**chunk([]), **counted})
    return [f"data: {json.dumps(frame)}\n\n" for frame in all_of_them] + ["data: [DONE]\n\n"]


def tokens(rule):
    """Returns the tokens that an answer reports."""
    if "counts" in rule:
        return sum(rule["counts"])
    is_reply = any(key in rule for key in ("rows", "deltas", "message"))
    counted = rule.get("usage", USAGE if is_reply else None) or {}
    return counted.get("prompt_tokens", 0) + counted.get("completion_tokens", 0)


def measure(binary, spec, limit):
    """Samples six rows with a binary; returns requests, counted, reported and estimated tokens, and if it was stopped."""
    server = Server(spec["rules"])
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-replies-"))
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}

    def start(*args):
        return subprocess.Popen(
            [binary, *args], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    try:
        columns = ["--text", "text", "--label", "label", "--target", "cancel"]
        new = start("new", "s", "--data", str(SPECS / "messages.csv"), *columns)
        said = new.communicate()[1]
        if new.returncode:
            raise SystemExit(f"{binary} new: {said}")
        edit(folder / "s", spec)
        url = f"http://127.0.0.1:{server.server_address[1]}{spec.get('base', '/v1')}"
        args = list(spec.get("args", []))
        if "-n" in args:
            del args[args.index("-n") : args.index("-n") + 2]
        run = start("sample", "s", "-n", "6", "--provider", "openai", "--model", "m", "--base-url", url, "--json", *args)
        stopped = False
        try:
            out, said = run.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            stopped = True
            run.terminate()
            out, said = run.communicate()
        if not out.strip():
            raise SystemExit(f"{binary} sample: {said}")
        result = json.loads(out)
        reported = sum(result["tokens"].values())
        estimated = sum(result.get("estimated_tokens", {}).values())
        return server.requests, server.tokens, reported, estimated, stopped
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(folder, ignore_errors=True)


def edit(session, spec):
    path = session / "session.toml"
    toml = path.read_text()
    for old, new in {"rows_per_request = 5": "rows_per_request = 2", **spec.get("session", {})}.items():
        if old not in toml:
            raise SystemExit(f"{old!r} is not in the session that `new` makes")
        toml = toml.replace(old, new, 1)
    path.write_text(toml)
    # The store of `new` has the words of before as the first version.
    shutil.rmtree(session / ".rowsmith")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("now", type=Path)
    parser.add_argument("--kinds", nargs="+", help="these kinds alone")
    parser.add_argument("--limit", type=float, default=120, help="seconds of a run")
    parser.add_argument("--together", type=int, default=4, help="runs at the same time")
    parser.add_argument("--all", action="store_true", help="also the kinds that are not measured else")
    arguments = parser.parse_args()
    specs = {path.stem: json.loads(path.read_text()) for path in sorted(SPECS.glob("*.json"))}
    chosen = arguments.kinds or [name for name, spec in specs.items() if arguments.all or spec.get("measured")]
    binaries = [str(arguments.before.resolve()), str(arguments.now.resolve())]
    with ThreadPoolExecutor(arguments.together) as pool:
        runs = {
            (name, binary): pool.submit(measure, binary, specs[name], arguments.limit)
            for name in chosen
            for binary in binaries
        }
        table(chosen, [[runs[name, binary].result() for name in chosen] for binary in binaries])


def table(names, sides):
    width = max(map(len, names))
    print(f"{'kind':{width}}  {'requests':>15}  {'tokens counted / reported (+ estimated)'}")
    for place, name in enumerate(names):
        before, now = (side[place] for side in sides)
        requests = " → ".join(f"{one[0]}{'+' if one[4] else ''}" for one in (before, now))
        counts = " → ".join(f"{one[1]} / {one[2]}{f' (+ {one[3]})' if one[3] else ''}" for one in (before, now))
        print(f"{name:{width}}  {requests:>15}  {counts}")
    sums = [[sum(one[key] for one in side) for key in range(4)] for side in sides]
    ratio = [f"{counted / reported:.3f}" if reported else "-" for _, counted, reported, _ in sums]
    print(f"\nrequests together: {sums[0][0]} → {sums[1][0]}, {sums[1][0] / sums[0][0]:.3f} × (at most 0.15 ×)")
    print(f"tokens counted by the servers over tokens reported: {ratio[0]} → {ratio[1]} (exactly 1)")
    wrong = [name for name, one in zip(names, sides[1]) if one[1] != one[2]]
    print(f"kinds whose tokens differ now: {', '.join(wrong) or 'none'}")


if __name__ == "__main__":
    main()
