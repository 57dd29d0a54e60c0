#!/bin/sh
# Where the text stands in an untagged enum decides what reading a text costs.
#
# Libraries: serde 1.0.229 with serde_json 1.0.154 (crates.io).
#
# Behaviour: of an untagged enum, each variant is tried in turn. A variant that does not fit makes its whole error
# message, with the text that was found in it, and the message is thrown away. With `Text(String)` behind a `bool`, an
# `i64` and an `f64`, reading a text of 1 MB asks the allocator for 7 MB: three messages, each of which grows past what
# it holds, and the text. With `Text` first, or with a hand-written visitor, it asks for 1 MB.
#
# Why it surprises: nothing failed, and yet errors are what is paid for. The order of variants reads as a matter of
# taste where no two of them fit the same value.
#
# What Rowsmith does: the values of a row's fields are read by a visitor of its own (src/domain/field.rs).
#
# Output seen: below, behind `seen`. Bytes are shown in whole MB.

set -eu
command -v cargo >/dev/null 2>&1 || { echo "skipped: there is no cargo"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_DEV_DEBUG=false

cat >seen <<'END'
a text of 1 MB, read as
    String                                   asks for 1 MB
    untagged, Text behind three others       asks for 7 MB
    untagged, Text before three others       asks for 1 MB
    a visitor                                asks for 1 MB
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
END
cat >src/main.rs <<'END'
use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::Deserialize;

/// Counts the bytes that are asked for.
struct Counting;

static ASKED: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(size.saturating_sub(layout.size()), Ordering::Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum Last {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum First {
    Text(String),
    Boolean(bool),
    Integer(i64),
    Number(f64),
}

#[allow(dead_code)]
struct Visited(Last);

impl<'de> Deserialize<'de> for Visited {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl Visitor<'_> for AnyValue {
    type Value = Last;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Last, E> {
        Ok(Last::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Last, E> {
        Ok(Last::Integer(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Last, E> {
        Ok(Last::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Last, E> {
        Ok(Last::Text(value.to_owned()))
    }
}

fn read<T: DeserializeOwned>(what: &str, json: &str) {
    let before = ASKED.load(Ordering::Relaxed);
    let value: T = serde_json::from_str(json).unwrap();
    let asked = ASKED.load(Ordering::Relaxed) - before;
    drop(value);
    println!("    {what:40} asks for {} MB", asked / 1_000_000);
}

fn main() {
    let json = format!("\"{}\"", "x".repeat(1_000_000));
    println!("a text of 1 MB, read as");
    read::<String>("String", &json);
    read::<Last>("untagged, Text behind three others", &json);
    read::<First>("untagged, Text before three others", &json);
    read::<Visited>("a visitor", &json);
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with serde 1.0.229 does not build any more."; exit 1; }
target/debug/finding >output
cat output
cmp -s seen output || { echo "An untagged enum no longer costs what was seen."; exit 1; }
