"""Loads one file with one reader as its users do, with no settings: load.py READER FILE ROWS TEXTS."""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
# What pandas reads as missing in a CSV file; the export counts these, and nobody can load them without a setting.
MISSING = {"NA"}


def loaded(reader, path):
    """Returns the texts, the ids and the type of each column."""
    is_csv = path.endswith(".csv")
    if reader == "pandas":
        import pandas

        frame = pandas.read_csv(path) if is_csv else pandas.read_json(path, lines=True)
        return list(frame["text"]), list(frame["id"]), {name: str(frame[name].dtype) for name in frame}
    if reader == "polars":
        import polars

        frame = polars.read_csv(path) if is_csv else polars.read_ndjson(path)
        return frame["text"].to_list(), frame["id"].to_list(), {name: str(frame[name].dtype) for name in frame.columns}
    if reader == "pyarrow":
        import pyarrow.csv
        import pyarrow.json

        lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
        table = pyarrow.csv.read_csv(path, parse_options=lines) if is_csv else pyarrow.json.read_json(path)
        types = {name: str(table.schema.field(name).type) for name in table.column_names}
        return table["text"].to_pylist(), table["id"].to_pylist(), types
    import datasets

    rows = datasets.load_dataset("csv" if is_csv else "json", data_files=path, split="train")
    return list(rows["text"]), list(rows["id"]), {name: str(rows.features[name]) for name in rows.features}


def main():
    reader, path, rows, wanted = sys.argv[1:]
    wanted = json.load(open(wanted, encoding="utf-8"))
    texts, ids, types = loaded(reader, path)
    assert len(texts) == int(rows) == len(wanted), f"{len(texts)} rows were loaded, {rows} were exported"
    assert all(isinstance(id, str) for id in ids), f"ids are {sorted({type(id).__name__ for id in ids})}"
    lost = [text for text, now in zip(wanted, texts) if now != text and text not in MISSING]
    assert not lost, f"{len(lost)} texts came back otherwise, such as {lost[0]!r}"
    kept = {"rating", "run", "version", "seed"}
    assert all("str" not in types[name].lower() for name in kept), f"figures became text: {types}"
    print(f"{rows} rows, label {types['label']}")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        print(f"FAILED {error}")
        sys.exit(1)
