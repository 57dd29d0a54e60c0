#!/bin/sh
# `#[serde(flatten)]` makes a TOML error point at the wrong line.
#
# Libraries: toml 1.2.2 with serde 1.0.229 (crates.io).
#
# Behaviour: where a key has a wrong value, the error of a plain struct points at that value. When the key comes into
# the struct through `flatten`, the words of the error are the same, but its place is the beginning of the file or the
# heading of the section, and the key is named nowhere. `toml::Spanned`, which asks for a value's place, is refused
# altogether below `flatten`: a file without a mistake is an error.
#
# Why it surprises: `flatten` reads as a matter of how the code is laid out. It compiles, good files are read, and the
# error still has a place, only one that sends a person to a line where nothing is wrong.
#
# What Rowsmith does: nothing that is read from TOML is flattened; every setting is its struct's own field, so that a
# mistake in a session or in config.toml is shown at its line (src/config/document.rs).
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
-- a wrong value, plain
TOML parse error at line 4, column 8
  |
4 | rows = "ten"
  |        ^^^^^
invalid type: string "ten", expected u32

-- a wrong value, flattened
TOML parse error at line 2, column 1
  |
2 | [run]
  | ^^^^^
invalid type: string "ten", expected u32

-- a good file with Spanned, plain
name at bytes 33..40, 10 rows
-- a good file with Spanned, flattened
TOML parse error at line 2, column 1
  |
2 | [run]
  | ^^^^^
invalid type: string "birds", expected a spanned value

END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
toml = "=1.2.2"
END
cat >src/main.rs <<'END'
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

#[derive(Deserialize)]
struct File<T> {
    run: T,
}

#[derive(Deserialize)]
struct Plain<Name> {
    name: Name,
    rows: u32,
}

#[derive(Deserialize)]
struct Flattened<Name> {
    #[serde(flatten)]
    plain: Plain<Name>,
}

impl<Name> From<Flattened<Name>> for Plain<Name> {
    fn from(it: Flattened<Name>) -> Self {
        it.plain
    }
}

fn show<T: DeserializeOwned + Into<Plain<Name>>, Name>(what: &str, text: &str, place: fn(Name) -> String) {
    println!("-- {what}");
    match toml::from_str::<File<T>>(text) {
        Ok(file) => {
            let run = file.run.into();
            println!("{}, {} rows", place(run.name), run.rows);
        }
        Err(error) => println!("{error}"),
    }
}

fn main() {
    let wrong = "# what is asked for\n[run]\nname = \"birds\"\nrows = \"ten\"\n";
    show::<Plain<String>, _>("a wrong value, plain", wrong, |name| name);
    show::<Flattened<String>, _>("a wrong value, flattened", wrong, |name| name);
    let good = "# what is asked for\n[run]\nname = \"birds\"\nrows = 10\n";
    let place = |name: Spanned<String>| format!("name at bytes {:?}", name.span());
    show::<Plain<Spanned<String>>, _>("a good file with Spanned, plain", good, place);
    show::<Flattened<Spanned<String>>, _>("a good file with Spanned, flattened", good, place);
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with toml 1.2.2 does not build any more."; exit 1; }
target/debug/finding >output
cat output
cmp -s seen output || { echo "The places of toml's errors are no longer those that were seen."; exit 1; }
