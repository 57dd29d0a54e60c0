"""Pairs and answers, checked by TRL's functions for data; conversations, read by LLaMA-Factory's parser and converters."""

import importlib
import json
import sys
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import datasets
from common import check, main
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from trl import data_utils

datasets.disable_progress_bars()
CHATML = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
DATA = SimpleNamespace(media_dir="")


def tokenizer():
    """Returns a tokenizer of characters with a chat template: enough for what is done to data before training."""
    made = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=made, unk_token="?")
    fast.chat_template = CHATML
    return fast


def loaded(exported, name):
    return datasets.load_dataset("json", data_files=str(exported.file(name)), split="train")


def flat(value):
    """Returns the text of a completion, be it messages or a text."""
    return value if isinstance(value, str) else "".join(message["content"] for message in value)


def holds(answer, text):
    """Returns whether an answer has a text, as it is or as part of a JSON document."""
    return text in answer or any(json.dumps(text, ensure_ascii=is_ascii)[1:-1] in answer for is_ascii in (True, False))


def one_kind(rows, names):
    kinds = {type(row[name]) for row in rows for name in names}
    assert len(kinds) == 1, f"{', '.join(names)} are of the kinds {sorted(kind.__name__ for kind in kinds)}"


def templated(rows):
    """Applies the chat template as the trainers do, where rows are conversations."""
    made = tokenizer()
    for row in rows:
        if data_utils.is_conversational(row):
            row = data_utils.apply_chat_template(row, made)
        assert row["prompt"], "a prompt is empty"


@check("dpo", "trl")
def pairs(exported):
    rows = loaded(exported, "dpo.jsonl")
    one_kind(rows, ("prompt", "chosen", "rejected"))
    for row in rows:
        assert data_utils.maybe_extract_prompt(row)["prompt"] == row["prompt"], "the prompt is taken apart"
        assert row["chosen"] != row["rejected"], "a pair has the same text twice"
    single = data_utils.unpair_preference_dataset(rows.select_columns(["prompt", "chosen", "rejected"]))
    assert len(single) == 2 * len(rows), f"{len(single)} answers of {len(rows)} pairs"
    templated(rows)
    edited = [row for row in exported.accepted() if row["edited"]]
    chosen = [flat(row["chosen"]) for row in rows]
    for row in edited:
        assert any(holds(text, row["text"]) for text in chosen), f"the edit {row['text']!r} is in no pair"
    return f"{len(rows)} pairs, {len(edited)} of them edits; prompts explicit, unpaired to {len(single)} answers"


@check("kto", "trl")
def answers(exported):
    rows = loaded(exported, "kto.jsonl")
    one_kind(rows, ("prompt", "completion"))
    assert rows.features["label"] == datasets.Value("bool"), f"labels are {rows.features['label']}"
    templated(rows)
    good = [flat(row["completion"]) for row in rows if row["label"]]
    bad = [flat(row["completion"]) for row in rows if not row["label"]]
    for row in exported.decided:
        if row["state"] in ("accepted", "rejected"):
            right, wrong = (good, bad) if row["state"] == "accepted" else (bad, good)
            assert any(holds(text, row["text"]) for text in right), f"{row['text']!r} is not among the {row['state']} answers"
            assert not any(holds(text, row["text"]) for text in wrong), f"{row['text']!r} has both labels"
    return f"{len(good)} true and {len(bad)} false answers, each as it was decided"


@cache
def factory():
    """Returns LLaMA-Factory's parser and converters as they are installed; what needs torch in them is not imported."""
    root = Path(find_spec("llamafactory").origin).parent
    for name in ("llamafactory", "llamafactory.data", "llamafactory.extras"):
        package = sys.modules[name] = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
    constants = sys.modules["llamafactory.extras.constants"] = ModuleType("constants")
    constants.DATA_CONFIG, constants.RUNNING_LOG = "dataset_info.json", "running_log.txt"
    misc = sys.modules["llamafactory.extras.misc"] = ModuleType("misc")
    misc.use_modelscope = misc.use_openmind = lambda: False
    return importlib.import_module("llamafactory.data.parser"), importlib.import_module("llamafactory.data.converter")


def converted(exported, name):
    """Yields prompt and response of each row as LLaMA-Factory trains on them, found by the entry beside the file."""
    parser, converter = factory()
    info = json.loads(exported.file(f"{name}/dataset_info.json").read_text(encoding="utf-8"))
    (entry,) = info
    (attributes,) = parser.get_dataset_list([entry], str(exported.file(name)))
    convert = converter.get_dataset_converter(attributes.formatting, attributes, DATA)
    rows = datasets.load_dataset("json", data_files=str(exported.file(name) / attributes.dataset_name), split="train")
    for row in rows:
        made = convert(row)
        assert made["_prompt"] and made["_response"], f"a row is skipped: {row}"
        yield made["_system"], made["_prompt"][-1]["content"], made["_response"][-1]["content"]


def trains(name):
    @check(name, "llamafactory", version("llamafactory"))
    def classify(exported):
        wanted = {(row["text"], row["label"]) for row in exported.rows.values()}
        rows = list(converted(exported, name))
        assert len(rows) == len(exported.rows), f"{len(rows)} of {len(exported.rows)} rows"
        found = {(text, label) for _, prompt, label in rows for text, _ in wanted if prompt.endswith(text)}
        assert wanted <= found, f"lost: {sorted(wanted - found)[0]}"
        return f"{len(rows)} rows, texts in the prompt, labels as the answer"

    @check(name, "llamafactory, --task generate", version("llamafactory"))
    def generate(exported):
        rows = list(converted(exported, f"{name}-generate"))
        assert len(rows) == len(exported.accepted()), f"{len(rows)} of {len(exported.accepted())} accepted rows"
        for row in exported.accepted():
            assert any(holds(answer, row["text"]) for _, _, answer in rows), row["text"]
        assert all(system for system, _, _ in rows), "the system message is lost"
        return f"{len(rows)} rows with system, prompt and answer"


for name in ("alpaca", "sharegpt"):
    trains(name)

if __name__ == "__main__":
    main()
