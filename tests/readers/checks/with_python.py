"""Published rules of services and of tools that no package index has, written anew: OpenAI's and Prodigy's."""

import json
import sys

from common import check, main

# https://cookbook.openai.com/examples/chat_finetuning_data_prep, and what the service refuses besides.
KEYS = {"role", "content", "name", "function_call", "weight"}
ROLES = {"system", "user", "assistant", "function"}
FEWEST, MOST_CHARACTERS = 10, 4 * 16_385
ANSWERS = {"accept", "reject", "ignore"}
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def conversation(example):
    assert set(example) <= {"messages", "tools", "parallel_tool_calls"}, f"unknown keys: {sorted(example)}"
    messages = example["messages"]
    assert isinstance(messages, list) and messages, "messages are missing"
    for message in messages:
        assert {"role", "content"} <= set(message) <= KEYS, f"the keys of a message are {sorted(message)}"
        assert message["role"] in ROLES, f"the role is {message['role']!r}"
        assert isinstance(message["content"], str) and message["content"], "a message has no text"
        assert message.get("weight", 0) in (0, 1), "a weight is neither 0 nor 1"
    assert messages[-1]["role"] == "assistant", "the last message is not the assistant's"
    assert sum(len(message["content"]) for message in messages) < MOST_CHARACTERS, "a conversation is too long"
    return messages


@check("openai", "OpenAI's published checks", "2026-11")
def classify(exported):
    found = [conversation(example) for example in exported.lines("openai.jsonl")]
    assert len(found) >= FEWEST, f"{len(found)} examples are too few"
    texts = {row["text"]: row["label"] for row in exported.rows.values()}
    assert len(found) == len(exported.rows), f"{len(found)} of {len(exported.rows)} rows"
    for messages in found:
        *_, user, assistant = messages
        held = [text for text, label in texts.items() if user["content"].endswith(text) and label == assistant["content"]]
        assert held, f"no row is {user['content']!r} with {assistant['content']!r}"
    return f"{len(found)} conversations, each answered with its label"


@check("openai", "OpenAI's published checks, --task generate", "2026-11")
def generate(exported):
    found = [conversation(example) for example in exported.lines("openai-generate.jsonl")]
    answers = [messages[-1]["content"] for messages in found]
    for row in exported.accepted():
        escaped = json.dumps(row["text"], ensure_ascii=False)[1:-1]
        assert any(row["text"] in answer or escaped in answer for answer in answers), f"{row['text']!r} is no answer"
    return f"{len(found)} conversations, each answered with its row"


@check("prodigy", "Prodigy's documented fields", "1.18")
def tasks(exported):
    found = exported.lines("prodigy.jsonl")
    hashes = {}
    for task in found:
        assert task["answer"] in ANSWERS, f"the answer is {task.get('answer')!r}"
        for name in ("_input_hash", "_task_hash"):
            assert isinstance(task[name], int) and abs(task[name]) < 2**32, f"{name} is {task[name]!r}"
        assert hashes.setdefault(task["_input_hash"], task["text"]) == task["text"], "two texts have one hash"
    assert len({task["_task_hash"] for task in found}) == len(found), "two tasks have one hash"
    accepted = [(task["text"], label(task)) for task in found if task["answer"] == "accept"]
    return f"{exported.same_texts(accepted)}, {len(found) - len(accepted)} rejected or ignored, hashes differ"


def label(task):
    """Returns the label of a task: a choice, or the one that was asked about."""
    return task["accept"][0] if "accept" in task else task["label"]


if __name__ == "__main__":
    main()
