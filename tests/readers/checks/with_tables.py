"""Tables and dataset folders, read by pandas, polars, pyarrow, datasets and fastText with their own defaults."""

import json
import shutil
import warnings

import datasets
import fasttext
import pandas
import polars
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet
from common import check, main

warnings.filterwarnings("ignore")
datasets.disable_progress_bars()
FIGURES = ("rating", "run", "version", "seed")
LINES = pyarrow.csv.ParseOptions(newlines_in_values=True)
TABS = pyarrow.csv.ParseOptions(newlines_in_values=True, delimiter="\t")
READERS = {
    "pandas": {
        "jsonl": lambda path: pandas.read_json(path, lines=True),
        "csv": pandas.read_csv,
        "tsv": lambda path: pandas.read_csv(path, sep="\t"),
        "parquet": pandas.read_parquet,
    },
    "polars": {
        "jsonl": polars.read_ndjson,
        "csv": polars.read_csv,
        "tsv": lambda path: polars.read_csv(path, separator="\t"),
        "parquet": polars.read_parquet,
    },
    "pyarrow": {
        "jsonl": pyarrow.json.read_json,
        "csv": lambda path: pyarrow.csv.read_csv(path, parse_options=LINES),
        "tsv": lambda path: pyarrow.csv.read_csv(path, parse_options=TABS),
        "parquet": pyarrow.parquet.read_table,
    },
    "datasets": {
        "jsonl": lambda path: loaded("json", path),
        "csv": lambda path: loaded("csv", path),
        "tsv": lambda path: loaded("csv", path, sep="\t"),
        "parquet": lambda path: loaded("parquet", path),
    },
}


def loaded(kind, path, **settings):
    return datasets.load_dataset(kind, data_files=str(path), split="train", **settings)


def column(table, name):
    values = table[name]
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, method):
            return getattr(values, method)()
    return list(values)


def types(table):
    if hasattr(table, "features"):
        return {name: str(feature) for name, feature in table.features.items()}
    if isinstance(table, pyarrow.Table):
        return {field.name: str(field.type) for field in table.schema}
    if isinstance(table, polars.DataFrame):
        return {name: str(kind) for name, kind in table.schema.items()}
    return {name: str(kind) for name, kind in table.dtypes.items()}


def reads(tool, format):
    @check(format, tool)
    def read(exported):
        table = READERS[tool][format](exported.file(f"rows.{format}"))
        seen = exported.same(*(column(table, name) for name in ("id", "text", "label")))
        kinds = types(table)
        wrong = [name for name in FIGURES if "str" in kinds[name].lower() or "null" in kinds[name].lower()]
        assert not wrong, f"figures are no figures: {[(name, kinds[name]) for name in wrong]}"
        if format == "parquet" and tool != "pandas":
            assert "list" in kinds["tags"].lower(), f"tags are {kinds['tags']}"
        return f"{seen}; figures are figures"


for format in ("jsonl", "csv", "tsv", "parquet"):
    for tool in READERS:
        reads(tool, format)


def classes(exported, features):
    """Checks that labels are classes with the names that were exported."""
    label = features["label"]
    assert isinstance(label, datasets.ClassLabel), f"the label is {label}: its class names are lost"
    assert sorted(label.names) == sorted(exported.labels), f"the classes are {label.names}"
    return label


def same_rows(exported, rows, label):
    ids, texts = ([row[name] for row in rows] for name in ("id", "text"))
    return exported.same(ids, texts, [label.int2str(row["label"]) for row in rows])


@check("hf", "datasets")
def folder(exported):
    found = datasets.load_dataset(str(exported.file("hf")), verification_mode="all_checks")
    label = classes(exported, found["train"].features)
    seen = same_rows(exported, list(found["train"]), label)
    return f"{seen}, {len(label.names)} classes by name, counts of the card hold"


@check("hf", "datasets, streaming=True", datasets.__version__)
def streaming(exported):
    rows = datasets.load_dataset(str(exported.file("hf")), split="train", streaming=True)
    return f"{same_rows(exported, list(rows), classes(exported, rows.features))}, classes by name"


@check("hf", "datasets, Parquet without the card", datasets.__version__)
def without_card(exported):
    bare = exported.folder / "bare"
    shutil.copytree(exported.file("hf") / "data", bare)
    rows = loaded("parquet", bare / "train-*.parquet")
    seen = same_rows(exported, list(rows), classes(exported, rows.features))
    streamed = datasets.load_dataset("parquet", data_files=str(bare / "train-*"), split="train", streaming=True)
    classes(exported, streamed.features)
    return f"{seen}, classes by name; also with streaming=True"


@check("hf", "datasets, real test rows", datasets.__version__)
def with_test(exported):
    found = datasets.load_dataset(str(exported.file("hf-test")), verification_mode="all_checks")
    assert set(found) == {"train", "test"}, f"the splits are {sorted(found)}"
    assert found["train"].features == found["test"].features, "train and test have different features"
    assert len(found["test"]) > 0 and set(found["test"]["source"]) == {"real"}, "test holds other than real rows"
    return f"{len(found['train'])} train and {len(found['test'])} test rows with the same features"


@check("hf", "pyarrow")
def arrow_schema(exported):
    schema = pyarrow.parquet.read_schema(next((exported.file("hf") / "data").glob("train-*.parquet")))
    label = schema.field("label")
    assert label.type == pyarrow.int64() and label.nullable, f"the label is {label}"
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert set(features) == set(schema.names), "the features and the columns differ"
    return "labels are nullable int64, the features name every column"


@check("hf", "pandas")
def frame(exported):
    rows = pandas.read_parquet(exported.file("hf") / "data")
    assert sorted(rows["text"]) == sorted(row["text"] for row in exported.rows.values()), "texts differ"
    return f"{len(rows)} rows, labels as numbers"


@check("fasttext", "fasttext-community")
def training(exported):
    path = exported.file("fasttext.txt")
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert len(lines) == len(exported.rows), f"{len(lines)} lines for {len(exported.rows)} rows"
    model = fasttext.train_supervised(input=str(path), epoch=25, lr=0.5, thread=1, verbose=0)
    labels = model.get_labels()
    assert len(labels) == len(exported.labels), f"labels after training: {labels}"
    assert all(line.startswith("__label__") and line.count("__label__") == 1 for line in lines), "a text holds a label"
    seen, precision, _ = model.test(str(path))
    assert seen == len(lines), f"{seen} of {len(lines)} rows were trained on"
    assert precision > 0.9, f"of its own rows {precision:.2f} are right"
    return f"trained on {seen} rows, {len(labels)} labels, {precision:.2f} of them right"


if __name__ == "__main__":
    main()
