#!/bin/sh
# The line that the csv crate gives for a record is another one where lines end in CRLF, or where blank lines stand.
#
# Libraries: csv 1.4.0 with csv-core 0.1.13 (crates.io).
#
# Behaviour: `record.position().line()` is right for lines that end in a line feed. With CRLF, each record but the first
# is told one line too early, and blank lines before a record are not counted at all, so that the fifth line is line 3 or
# line 2. A CRLF inside quotes happens to make up for it.
#
# Why it surprises: the records themselves are right, the documentation says "the line number of this position", and a
# test with short files that end in line feeds passes. An error message sends a person to the wrong line of a
# spreadsheet's file, which ends in CRLF.
#
# What Rowsmith does: a reader between file and parser remembers where line feeds are (src/dataset/lines.rs).
#
# Output seen: below, behind `seen`.

set -eu
command -v cargo >/dev/null 2>&1 || { echo "skipped: there is no cargo"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_DEV_DEBUG=false

cat >seen <<'END'
three lines, LF                          a in line 1, b in line 2, c in line 3
three lines, CRLF                        a in line 1, b in line 1, c in line 2
two blank lines before the last, LF      a in line 1, b in line 2, c in line 3
two blank lines before the last, CRLF    a in line 1, b in line 1, c in line 2
a line break inside quotes, CRLF         a in line 1, b in line 2, c in line 3
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
csv = "=1.4.0"
csv-core = "=0.1.13"
END

cat >src/main.rs <<'END'
fn show(title: &str, file: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut said = Vec::new();
    while reader.read_record(&mut record).expect("the file is valid") {
        let line = record.position().expect("a record that was read has a position").line();
        said.push(format!("{} in line {line}", &record[0]));
    }
    println!("{title:<40} {}", said.join(", "));
}

fn main() {
    show("three lines, LF", "a,1\nb,2\nc,3\n");
    show("three lines, CRLF", "a,1\r\nb,2\r\nc,3\r\n");
    show("two blank lines before the last, LF", "a,1\nb,2\n\n\nc,3\n");
    show("two blank lines before the last, CRLF", "a,1\r\nb,2\r\n\r\n\r\nc,3\r\n");
    show("a line break inside quotes, CRLF", "\"a\",\"x\r\ny\"\r\nb,2\r\nc,3\r\n");
}
END

if ! cargo fetch --quiet >fetch.log 2>&1; then
    tail -3 fetch.log
    echo "skipped: the package index cannot be reached"
    exit 0
fi
cargo run --quiet >now 2>error.log || { tail -3 error.log; exit 1; }
cat now
diff seen now >differences || {
    echo "The behaviour is another one now (< was seen, > is seen now):"
    cat differences
    exit 1
}
