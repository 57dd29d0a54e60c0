#!/usr/bin/env python3
"""Batches at their full length, through the real binary: 10,000 requests answered by this script out of order, and 2,000
by the script of the folder for Ray against a server on loopback.

    python tests/batch/loopback.py target/release/rowsmith                  without Ray
    python tests/batch/loopback.py target/release/rowsmith --ray PYTHON     and with it: PYTHON has "ray[data]" 2.60,
                                                                            aiohttp and pydantic
    --requests N, --ray-requests N                                          fewer or more of them

It says what it saw, with times, and ends with 1 where something is not as it should be.
"""

import argparse
import http.server
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROWS = 5


def texts(custom_id):
    """Returns the rows that answer a request: others for each."""
    _, run, index, rows, *_ = custom_id.split("-")
    return [f"Please end contract {index} of {run} by day {row}, the flat near bridge {int(index) % 97} has its own." for row in range(int(rows))]


def body(custom_id):
    content = json.dumps({"rows": [{"text": text} for text in texts(custom_id)]})
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140}
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "small", "choices": [choice], "usage": usage}


def answered(custom_id):
    response = {"status_code": 200, "request_id": "r", "body": body(custom_id)}
    return {"id": "b", "custom_id": custom_id, "response": response, "error": None}


def failed(custom_id):
    error = {"code": "batch_expired", "message": "This request could not be executed in time."}
    return {"id": "b", "custom_id": custom_id, "response": None, "error": error}


class Check:
    def __init__(self, program, folder):
        self.program, self.folder = pathlib.Path(program).resolve(), pathlib.Path(folder)
        self.session = str(self.folder / "session")

    def run(self, *args, code=0):
        began = time.monotonic()
        done = subprocess.run([self.program, *args], capture_output=True, text=True, cwd=self.folder)
        if done.returncode != code:
            sys.exit(f"rowsmith {' '.join(args)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout, time.monotonic() - began

    def lines(self, *args):
        return [json.loads(line) for line in self.run(*args)[0].splitlines()]

    def begin(self):
        rows = "".join(f"Please close account {n} before day {n % 31} and send me the last bill,leave\nHow do I set option {n} of the box?,ask\n" for n in range(60))
        (self.folder / "data.csv").write_text("text,label\n" + rows)
        self.run("new", self.session, "--data", "data.csv", "--text", "text", "--label", "label", "--target", "leave")

    def write(self, out, requests, to):
        asked = ["-n", str(requests * ROWS), "--rows-per-request", str(ROWS), "--provider", "openai", "--model", "small"]
        _, seconds = self.run("batch", "write", self.session, *asked, "--base-url", "http://127.0.0.1:9/v1", "--to", to, "--out", out)
        return self.requests(out), seconds

    def requests(self, out):
        paths = sorted((self.folder / out).rglob("requests-*.jsonl"))
        return [json.loads(line) for path in paths for line in path.read_text().splitlines()]

    def give(self, name, results, order):
        order.shuffle(results)
        (self.folder / name).write_text("".join(json.dumps(result) + "\n" for result in results))

    def status(self):
        return self.lines("batch", "status", self.session, "--json")[-1]


def wants(what, is_so, seen):
    if not is_so:
        sys.exit(f"{what}: {seen}")
    print(f"ok  {what}")


def out_of_order(check, requests):
    order = random.Random(7)
    asked, seconds = check.write("out", requests, "openai")
    ids = [line["custom_id"] for line in asked]
    wants(f"{requests:,} requests were written in {seconds:.1f} s", len(set(ids)) == requests, len(ids))
    fates = {name: order.random() for name in ids}
    good = [answered(name) for name in ids if fates[name] >= 0.05]
    bad = [failed(name) for name in ids if fates[name] < 0.03]
    check.give("good.jsonl", good, order)
    check.give("bad.jsonl", bad, order)
    _, seconds = check.run("batch", "read", check.session, "bad.jsonl", "good.jsonl")
    status, missing = check.status(), requests - len(good)
    seen = (status["status"], status["answered"], status["unanswered_failures"], status["missing_requests"])
    wants(f"{len(good):,} answers and {len(bad):,} failures were read in {seconds:.1f} s", seen == ("waiting", len(good), len(bad), missing), seen)
    check.run("batch", "write", check.session, "--missing", "--out", "more")
    again = check.requests("more")
    before = {line["custom_id"]: line for line in asked}
    same = len(again) == missing and all(before[line["custom_id"]] == line for line in again)
    wants(f"{missing:,} missing requests were written again, as they were", same, len(again))
    check.give("rest.jsonl", [answered(line["custom_id"]) for line in again], order)
    check.run("batch", "read", check.session, "rest.jsonl")
    rows = check.lines("rows", check.session, "--json")
    came = sorted(row["fields"]["text"] for row in rows)
    wants(f"{len(came):,} rows are there, each once", came == sorted(text for name in ids for text in texts(name)), len(came))
    complete = check.status()
    wants("the run is done", complete["status"] == "done", complete)
    for _ in range(2):
        check.run("batch", "read", check.session, "good.jsonl", "bad.jsonl", "rest.jsonl")
    wants("reading twice changes nothing", (check.lines("rows", check.session, "--json"), check.status()) == (rows, complete), check.status())


ENGINE = """
import argparse, json, runpy, sys
import ray.data.llm
# Ray's engine asks a GPU; what stands before it and after it is the script's own.
ray.data.llm.build_processor = lambda config, preprocess, postprocess: (preprocess, postprocess)
script = runpy.run_path(sys.argv[1])
args = argparse.Namespace(engine="small", engine_options='{"max_model_len": 4096}', at_once=8, workers=1, reply_tokens=512)
ask, keep = script["by_engine"](args)
for number, text in enumerate(sys.stdin):
    row = {"text": text}
    row.update(ask(row))
    params = row.pop("sampling_params")  # as Ray 2.60 does
    json.loads(params["structured_outputs"]["json"])
    if number == 1:
        print(script["line_of"]({**row, "__inference_error__": "ValueError: The prompt is too long."}))
        continue
    rows = [{"text": f"Please end the contract of flat {number} by day {day}, and send the bill to box {number}."} for day in range(5)]
    row.update(generated_text=json.dumps({"rows": rows}), num_input_tokens=100, num_generated_tokens=params["max_tokens"] if number == 2 else 40)
    print(script["line_of"](keep(row)))
"""


def around_engine(check, python):
    asked, _ = check.write("engine", 4, "ray")
    lines = "".join(json.dumps(line) + "\n" for line in asked)
    done = subprocess.run([python, "-c", ENGINE, check.folder / "engine" / "run.py"], input=lines, capture_output=True, text=True)
    wants("the configuration and rows of Ray's engine are as it takes and gives them", done.returncode == 0, done.stderr[-3000:])
    (check.folder / "engine.jsonl").write_text(done.stdout)
    said = subprocess.run([check.program, "batch", "read", check.session, "engine.jsonl"], capture_output=True, text=True, cwd=check.folder).stderr
    wants("what an engine gives and refuses is read", "3 taken in, with 15 rows" in said and "The prompt is too long" in said, said)


class Server(http.server.BaseHTTPRequestHandler):
    """Answers with rows; one of a hundred requests is refused, and one is told to come again."""

    protocol_version = "HTTP/1.1"
    lock, seen, came = threading.Lock(), {}, 0

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["content-length"]))
        with Server.lock:
            Server.came += 1
            times = Server.seen[asked] = Server.seen.get(asked, 0) + 1
            number = len(Server.seen)
        if number % 100 == 3 and times == 1:
            return self.answer(429, {"error": {"message": "Come again."}})
        if number % 100 == 50 and times == 1:
            return self.answer(400, {"error": {"message": "Not this one."}})
        self.answer(200, body(f"rowsmith-R0-{number}-{ROWS}-x-y"))

    def answer(self, status, document):
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def through_ray(check, requests, python):
    check.write("ray", requests, "ray")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    for attempt in (1, 2):
        began = time.monotonic()
        done = subprocess.run([python, "ray/run.py", "--url", url], cwd=check.folder, capture_output=True, text=True)
        wants(f"run.py ended well in {time.monotonic() - began:.0f} s", done.returncode == 0, done.stderr[-3000:])
        check.run("batch", "read", check.session, "ray")
        status = check.status()
        seen = (status["answered"], status["unanswered_failures"])
        if attempt == 1:
            wants(f"{seen[0]:,} are answered and {seen[1]} were refused", sum(seen) == requests and seen[1] > 0, seen)
    wants("the same command asked for the refused ones alone", seen == (requests, 0), (seen, Server.came))
    wants(f"{status['rows']:,} rows are there and the run is done", (status["rows"], status["status"]) == (requests * ROWS, "done"), status)
    server.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--ray", metavar="PYTHON")
    parser.add_argument("--ray-requests", type=int, default=2_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        check = Check(args.program, folder)
        check.begin()
        out_of_order(check, args.requests)
        if args.ray:
            around_engine(check, args.ray)
            through_ray(check, args.ray_requests, args.ray)
        else:
            print("--  Ray was left out; --ray PYTHON runs its part")


if __name__ == "__main__":
    main()
