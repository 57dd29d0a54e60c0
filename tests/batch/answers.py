"""Answers files of requests as OpenAI's Batch API does: two files of results, in no order."""

import json
import random


def requests(folder):
    """Returns the ids of all requests in a folder that was written."""
    lines = (line for path in sorted(folder.rglob("*.jsonl")) for line in path.open(encoding="utf-8"))
    return [json.loads(line)["custom_id"] for line in lines]


def text(custom_id):
    """Returns the text that a request is answered with: another one for each."""
    run, index = custom_id.split("-")[1:3]
    return f"Answer {index} of {run}: close what I have with you, my number is {int(index) * 7919 + 13}."


def answer(ids, folder, errors=0.03, missing=0.02, seed=7):
    """Writes results; returns the ids that were answered, those with an error, and those that were left out."""
    chance = random.Random(seed)
    ids = ids[:]
    chance.shuffle(ids)
    refused, left_out = round(len(ids) * errors), round(len(ids) * missing)
    bad, lost, good = ids[:refused], ids[refused : refused + left_out], ids[refused + left_out :]
    folder.mkdir()
    write(folder / "batch_output.jsonl", [result(id, 200, completion(id)) for id in good])
    write(folder / "batch_errors.jsonl", [result(id, 500, failure()) for id in bad])
    return good, bad, lost


def write(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def result(id, status, body):
    response = {"status_code": status, "request_id": f"req_{id[-8:]}", "body": body}
    return {"id": f"batch_req_{id}", "custom_id": id, "response": response, "error": None}


def completion(id):
    message = {"role": "assistant", "content": json.dumps({"rows": [{"text": text(id)}]}), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 300, "completion_tokens": 30, "total_tokens": 330}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def failure():
    return {"error": {"message": "The server had an error.", "type": "server_error", "param": None, "code": None}}
