#!/bin/sh
# A reader that closes its pipe is an error like any other, once it came through the csv crate.
#
# Library: csv 1.4.0 (crates.io).
#
# Behaviour: a `csv::Writer` writes to a pipe whose reader has gone. The error that it returns still knows the kind of the
# system's error, `BrokenPipe`, inside; converted to `std::io::Error`, as `?` does in a function that returns one, its
# kind is `Other`, `raw_os_error` is `None`, and only the text tells. The same write without the crate is `BrokenPipe`.
#
# Why it surprises: the conversion of an error that is an I/O error to an I/O error keeps neither kind nor number, so
# that `program | head` looks like a failed write to every caller that asks for the kind.
#
# What Rowsmith does: it takes the I/O error out of the csv error before it passes it on (src/export/file.rs), and
# a pipe that is closed early ends an export quietly.
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
written without the crate:  BrokenPipe, number Some(32)
inside the csv error:       BrokenPipe, number Some(32)
converted to an io error:   Other, number None
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
csv = "=1.4.0"
END
cat >src/main.rs <<'END'
use std::io::{self, PipeWriter, Write};

fn closed() -> PipeWriter {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    writer
}

fn csv() -> csv::Error {
    let mut writer = csv::Writer::from_writer(closed());
    // Longer than the writer's buffer, so that this record goes out at once.
    writer.write_record(["x".repeat(1 << 20)]).unwrap_err()
}

fn tell(what: &str, error: &io::Error) {
    println!("{what:27} {:?}, number {:?}", error.kind(), error.raw_os_error());
}

fn main() {
    tell("written without the crate:", &closed().write_all(b"x").unwrap_err());
    match csv().kind() {
        csv::ErrorKind::Io(inside) => tell("inside the csv error:", inside),
        other => println!("inside the csv error: {other:?}"),
    }
    tell("converted to an io error:", &io::Error::from(csv()));
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with csv 1.4.0 does not build any more."; exit 1; }
target/debug/finding >output
cat output
cmp -s seen output || { echo "csv no longer loses the kind of an error in the way that was seen."; exit 1; }
