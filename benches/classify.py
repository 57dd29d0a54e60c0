#!/usr/bin/env python3
"""Times TF-IDF and logistic regression beside scikit-learn's, on one core, in one run.

    benches/classify.py [--data FOLDER] [--rounds 5] [--large-rounds 1] [--rows 100000] [--program FILE]
                        [--rowsmith target/release/rowsmith]

Both programs cut the same texts into words and pairs of words, fit on the train rows and predict the test rows, in
processes that run alternately on one core. Printed are the medians of CPU seconds, their ratio, macro-F1 of both, and
the largest resident memory of the whole processes.

- `sms_spam` of FOLDER, with its own split: scikit-learn at its default tolerance, Rowsmith at its own, stricter one;
- a set of 100,000 rows in 8 classes that is made here, both at the same tolerance: the gradient of the mean loss is at
  most 1e-6 in its largest entry. scikit-learn takes some minutes and 3 GB of memory for it.

Then, without another side: how long an evaluation of 500 accepted rows takes with all arms and ten seeds, the figures of
diversity for 10,000 rows, and keys in the Measure view meanwhile (two more benches).

scikit-learn is installed into the user's cache once.
"""

import argparse
import csv
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/readers"))

import environments  # noqa: E402

SKLEARN = environments.Environment("sklearn", ("scikit-learn==1.9.1",))
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
OTHER_SIDE = """
import csv, json, resource, sys, time
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
train = [row for row in rows if row["split"] == "train"]
test = [row for row in rows if row["split"] == "test"]
texts, labels = [row["text"] for row in train], [row["label"] for row in train]
began = time.process_time()
vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
features = vectorizer.fit_transform(texts)
cut = time.process_time()
model = LogisticRegression(C=1, max_iter=10_000, tol=float(sys.argv[2])).fit(features, labels)
fitted = time.process_time()
found = model.predict(vectorizer.transform([row["text"] for row in test]))
ended = time.process_time()
print(json.dumps({
    "seconds": ended - began, "features_seconds": cut - began, "fit_seconds": fitted - cut,
    "features": features.shape[1], "macro_f1": f1_score([row["label"] for row in test], found, average="macro"),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
}))
"""


def write_sms(source, target):
    with open(source, newline="") as file, open(target, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["split", "label", "text"])
        writer.writerows([row["split"], row["label"], row["text"]] for row in csv.DictReader(file))
    return target


def write_large(target, rows):
    """Writes rows of 8 classes: common words by rank, and about one word in six of the class's own."""
    rng = random.Random(1)
    words = [f"{rng.choice('bcdfgklmnprstvw')}{rng.choice('aeiou')}{number:x}" for number in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    sums = list(itertools.accumulate(weights))
    own = [rng.sample(range(200, 3_000), 120) for _ in range(8)]
    with open(target, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["split", "label", "text"])
        for row in range(rows):
            label = min(rng.randrange(8), rng.randrange(8))
            length = rng.randrange(6, 34)
            drawn = rng.choices(range(len(words)), cum_weights=sums, k=length)
            drawn = [rng.choice(own[label]) if rng.random() < 0.06 else word for word in drawn]
            text = " ".join(words[word] for word in drawn)
            writer.writerow(["test" if row % 5 == 0 else "train", f"class {label}", text])
    return target


def built():
    order = ["cargo", "bench", "--bench", "classify", "--no-run", "--message-format", "json"]
    lines = subprocess.run(order, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "classify")


def asked(order):
    core = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
    settings = {"check": True, "capture_output": True, "text": True, "env": {**os.environ, **ONE_THREAD}}
    run = subprocess.run([*core, *map(str, order)], **settings)
    return json.loads(run.stdout)


def compare(name, file, tolerances, rounds, program, python, most, most_memory):
    own, other = [], []
    for _ in range(rounds):
        own.append(asked([program, file, tolerances[0]]))
        other.append(asked([python, "-c", OTHER_SIDE, file, tolerances[1]]))

    def middle(runs, key):
        return statistics.median(run[key] for run in runs)

    print(f"\n{name}: {own[0]['features']:,} terms")
    limits = {"seconds": most, "features_seconds": None, "fit_seconds": None, "peak_mb": most_memory}
    for key, limit in limits.items():
        unit = "MB" if key == "peak_mb" else "s"
        ours, theirs = middle(own, key), middle(other, key)
        bound = "" if limit is None else f"  at most {limit}" + ("" if ours / theirs <= limit else "  OVER")
        print(f"  {key:18} {ours:9.3f} {unit}  scikit-learn {theirs:9.3f} {unit}  ratio {ours / theirs:.3f}{bound}")
    print(f"  {'macro_f1':18} {own[0]['macro_f1']:9.4f}    scikit-learn {other[0]['macro_f1']:9.4f}")


def evaluation(rowsmith, data):
    """Evaluates 500 rows of the built-in generator on the SMS messages, all arms, ten seeds; prints the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder) / "session"

        def run(*arguments):
            home = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
            return subprocess.run([rowsmith, *map(str, arguments)], check=True, capture_output=True, text=True, env=home).stdout

        run("new", session, "--data", data.resolve(), "--text", "text", "--label", "label", "--target", "spam", "--id", "id",
            "--split", "split", "--scarce", 50)
        run("sample", session, "-n", 500)
        run("accept", session, "--filter", "state:pending")
        found = json.loads(run("evaluate", session, "--json", "--seeds", 10))
        print(f"\nall arms x 10 seeds, {found['accepted']} accepted rows: {found['seconds']:.1f} s  at most 5 s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ROWSMITH_REFERENCE_DATA", ROOT / "../shared/data")))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large-rounds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--program")
    parser.add_argument("--rowsmith", type=Path, default=ROOT / "target/release/rowsmith")
    arguments = parser.parse_args()
    python, _ = environments.prepare(SKLEARN)
    arguments.program = arguments.program or built()
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.data / "sms_spam.csv"
        if source.is_file():
            file = write_sms(source, Path(folder) / "sms.csv")
            compare("sms_spam", file, ("1e-6", "1e-4"), arguments.rounds, arguments.program, python, 0.25, None)
        else:
            print(f"{source} is missing; --data names its folder")
        file = write_large(Path(folder) / "large.csv", arguments.rows)
        # Rowsmith's gradient is of the sum of the losses, scikit-learn's of their mean.
        train = sum(1 for row in range(arguments.rows) if row % 5)
        name, tolerances = f"{arguments.rows:,} rows of 8 classes", (str(1e-6 * train), "1e-6")
        compare(name, file, tolerances, arguments.large_rounds, arguments.program, python, 0.5, 0.6)
    if source.is_file() and arguments.rowsmith.is_file():
        evaluation(arguments.rowsmith.resolve(), source)
    for bench in (["diversity"], ["screen", "--", "evaluate"]):
        subprocess.run(["cargo", "bench", "-q", "--bench", *bench], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
