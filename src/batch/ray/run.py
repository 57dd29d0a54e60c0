#!/usr/bin/env python3
"""Answers the requests beside this script with Ray Data, and keeps the results for `rowsmith batch read`.

    python run.py --url http://127.0.0.1:8000/v1    any OpenAI-compatible server; a key is read from OPENAI_API_KEY
    python run.py --engine MODEL                    vLLM engines on the GPUs of this machine or of a cluster

It needs "ray[data]" 2.60, aiohttp and pydantic, and "ray[llm]" for --engine. On a cluster, start it with
RAY_ADDRESS set, from a folder that all machines see. Answers are kept as they come, in results/; what has one is left
out when the script runs again.
"""

import argparse
import asyncio
import json
import os
import pathlib
import time

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import aiohttp
import ray
from ray.data.llm import HttpRequestProcessorConfig, build_processor, vLLMEngineProcessorConfig

HERE = pathlib.Path(__file__).resolve().parent


class Answer:
    """A response that is kept with its status: Ray keeps only what a server says, also where it refuses."""

    def __init__(self, status, reason, text):
        self.status, self.reason, self.text = status, reason, text

    async def json(self):
        return {"status": self.status, "text": self.text}

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass


class Session:
    """Sends all requests of a block at once: Ray waits for one after the other before it sends the next."""

    async def __aenter__(self):
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=600)
        self.session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_):
        await self.session.close()

    def post(self, url, headers, data):
        async def send():
            async with self.session.post(url, headers=headers, data=data) as response:
                return Answer(response.status, response.reason, await response.text(errors="replace"))

        return asyncio.ensure_future(send())


def line(custom_id, response, error=None):
    result = {"custom_id": custom_id, "response": response, "error": error}
    return {"custom_id": custom_id, "line": json.dumps(result, ensure_ascii=False)}


def by_server(args):
    key = os.environ.get("OPENAI_API_KEY")

    def ask(row):
        request = json.loads(row["text"])
        return {"custom_id": request["custom_id"], "payload": request["body"]}

    def keep(row):
        answer = row["http_response"]
        try:
            body = json.loads(answer["text"])
        except ValueError:
            body = {"error": {"message": answer["text"][:1000]}}
        return line(row["custom_id"], {"status_code": int(answer["status"]), "body": body})

    # Without retries, the first 429 or 503 would end the job.
    config = HttpRequestProcessorConfig(
        url=args.url.rstrip("/") + "/chat/completions",
        headers={"Authorization": f"Bearer {key}"} if key else None,
        batch_size=args.at_once,
        concurrency=args.workers,
        max_retries=8,
        base_retry_wait_time_in_s=1,
        session_factory=Session,
    )
    return build_processor(config, preprocess=ask, postprocess=keep)


def by_engine(args):
    def ask(row):
        request = json.loads(row["text"])
        body = request["body"]
        tokens = body.get("max_tokens") or body.get("max_completion_tokens") or args.reply_tokens
        params = {"max_tokens": tokens}
        params.update((name, body[name]) for name in ("temperature", "seed") if name in body)
        if "response_format" in body:
            params["structured_outputs"] = {"json": json.dumps(body["response_format"]["json_schema"]["schema"])}
        # The engine takes the parameters out of the row, so the most tokens stand beside them.
        asked = {"messages": body["messages"], "sampling_params": params, "most_tokens": tokens}
        return {"custom_id": request["custom_id"], **asked}

    def keep(row):
        read, written = int(row["num_input_tokens"]), int(row["num_generated_tokens"])
        end = "length" if written >= int(row["most_tokens"]) else "stop"
        message = {"role": "assistant", "content": row["generated_text"]}
        choice = {"index": 0, "message": message, "finish_reason": end}
        usage = {"prompt_tokens": read, "completion_tokens": written}
        body = {"model": args.engine, "choices": [choice], "usage": usage}
        return line(row["custom_id"], {"status_code": 200, "body": body})

    config = vLLMEngineProcessorConfig(
        model_source=args.engine,
        engine_kwargs=json.loads(args.engine_options),
        batch_size=args.at_once,
        concurrency=args.workers,
        # A request that the engine refuses, such as one that is too long, does not end the job.
        should_continue_on_error=True,
    )
    return build_processor(config, preprocess=ask, postprocess=keep)


def line_of(row):
    """Returns the line of a row; one that an engine refused passes by `keep`, and has its reason."""
    failed = row.get("__inference_error__")
    return (line(row["custom_id"], None, {"message": failed}) if failed else row)["line"]


def answered(folder):
    """Returns the ids of the requests that have an answer; a line that was cut is asked again."""
    done = set()
    for path in sorted(folder.glob("*.jsonl")):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                result = json.loads(text)
            except ValueError:
                continue
            if (result.get("response") or {}).get("status_code") == 200:
                done.add(result["custom_id"])
    return done


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--url", help="the address of a server, up to /v1")
    who.add_argument("--engine", metavar="MODEL", help="the model that vLLM loads")
    parser.add_argument("--workers", type=int, default=1, help="processes that send, or engines (1)")
    parser.add_argument("--at-once", type=int, default=32, help="requests that each of them has under way (32)")
    parser.add_argument("--reply-tokens", type=int, default=4096, help="the most tokens of a reply, where none is set")
    parser.add_argument("--engine-options", default="{}", metavar="JSON", help='such as {"tensor_parallel_size": 2}')
    args = parser.parse_args()

    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    done = answered(folder)
    requests = ray.data.read_text(str(HERE / "requests"))
    requests = requests.filter(lambda row: json.loads(row["text"])["custom_id"] not in done)
    processor = by_server(args) if args.url else by_engine(args)
    results = folder / f"results-{time.time_ns()}.jsonl"
    count = 0
    with results.open("w", encoding="utf-8") as out:
        for row in processor(requests).iter_rows():
            out.write(line_of(row) + "\n")
            out.flush()
            count += 1
    print(f"{count} answers are in {results}, and {len(done)} were there before.")


if __name__ == "__main__":
    main()
