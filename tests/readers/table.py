"""The table of docs/formats.md: format, tool, version, what was seen."""

START, END = "<!-- seen -->", "<!-- /seen -->"
HEAD = "| format | tool | version | what was seen |\n|---|---|---|---|\n"


def row(line):
    """Returns a check as a line of a table; a failure is told in front."""
    seen = line["seen"] if line["ok"] else f"FAILED: {line['seen']}"
    cells = [f"`{line['format']}`", line["tool"], line["version"], " ".join(seen.split()).replace("|", "\\|")]
    return f"| {' | '.join(cells)} |"


def write(path, lines):
    """Puts the lines between the markers of a page; those of tools that were not run now stay as they were."""
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(START)
    old, after = rest.split(END)
    rows = {key(text): text for text in old.strip().splitlines()[2:]}
    rows |= {key(text): text for text in map(row, lines)}
    ordered = sorted(rows.values(), key=lambda text: ORDER.index(key(text)[0].strip("`")))
    path.write_text(f"{before}{START}\n{HEAD}{chr(10).join(ordered)}\n{END}{after}", encoding="utf-8")


def key(text):
    """Returns what tells one line of the table from another: format and tool."""
    return tuple(cell.strip() for cell in text.split("|")[1:3])


ORDER = ["jsonl", "csv", "tsv", "parquet", "hf", "openai", "alpaca", "sharegpt", "dpo", "kto", "argilla", "prodigy"]
ORDER += ["label-studio", "fasttext", "promptfoo", "batch", "-"]
