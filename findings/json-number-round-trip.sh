#!/bin/sh
# serde_json does not read back the number that it wrote.
#
# Library: serde_json 1.0.154 (crates.io), with its default features.
#
# Behaviour: a number that serde_json writes is the shortest text of that `f64`, yet reading the text gives a neighbour
# of it in about one case of ten: 1/11 is written 0.09090909090909091 and read as 0.09090909090909093. The standard
# library's `parse` reads every one of the same texts right. With the feature `float_roundtrip` serde_json does too.
#
# Why it surprises: reading is the only step that is inexact, without an error, and in the default. Figures with few
# digits, which tests tend to hold, are read right; shares and means are not.
#
# What Rowsmith does: it builds serde_json with `float_roundtrip`, since scores are written to the journal, read and
# written again (Cargo.toml).
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
-- default features
1/11 is written 0.09090909090909091 and read as 0.09090909090909093
of the 19701 fractions below 1 with a denominator below 200, another number is read back
    by serde_json: 2082
    by the standard library's parse: 0
-- with float_roundtrip
1/11 is written 0.09090909090909091 and read as 0.09090909090909091
of the 19701 fractions below 1 with a denominator below 200, another number is read back
    by serde_json: 0
    by the standard library's parse: 0
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[features]
exact = ["serde_json/float_roundtrip"]

[dependencies]
serde_json = "=1.0.154"
END
cat >src/main.rs <<'END'
fn main() {
    let eleventh = serde_json::to_string(&(1.0 / 11.0)).unwrap();
    println!("1/11 is written {eleventh} and read as {}", serde_json::from_str::<f64>(&eleventh).unwrap());
    let fractions = (1..200).flat_map(|below| (1..below).map(move |above| f64::from(above) / f64::from(below)));
    let (mut all, mut by_serde, mut by_std) = (0, 0, 0);
    for fraction in fractions {
        let text = serde_json::to_string(&fraction).unwrap();
        all += 1;
        by_serde += u32::from(serde_json::from_str::<f64>(&text).unwrap() != fraction);
        by_std += u32::from(text.parse::<f64>().unwrap() != fraction);
    }
    println!("of the {all} fractions below 1 with a denominator below 200, another number is read back");
    println!("    by serde_json: {by_serde}");
    println!("    by the standard library's parse: {by_std}");
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
run() {
    cargo build --quiet "$@" 2>log ||
        { cat log >&2; echo "The program with serde_json 1.0.154 does not build any more." >&2; exit 1; }
    target/debug/finding
}
{
    echo "-- default features"
    run
    echo "-- with float_roundtrip"
    run --features exact
} >output
cat output
cmp -s seen output || { echo "serde_json no longer reads its numbers in the way that was seen."; exit 1; }
