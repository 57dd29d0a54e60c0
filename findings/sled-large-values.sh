#!/bin/sh
# A large value that is written over, or removed, stays on the disk.
#
# Library: sled 0.34.7 (crates.io).
#
# Behaviour: a value of 200 000 bytes is kept in a file of its own below `blobs`. Writing the key again makes another
# file, and the old ones stay: when the key is written over, when it is removed, and when the database is closed and
# opened again. One key written two hundred times takes 40 MB, and takes them still when it is gone. The same with
# values of 32 KiB leaves no such file.
#
# Why it surprises: `len` says that there is nothing, small values give their space back, and no signature tells from
# which size on they do not.
#
# What Rowsmith does: a record that is longer lies in several values of at most 7,000 bytes (src/store/record.rs).
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
values of 32768 bytes
    written 200 times: 1 keys, 0 files of 0 MB
    removed:           0 keys, 0 files of 0 MB
    opened again:      0 keys, 0 files of 0 MB
values of 200000 bytes
    written 200 times: 1 keys, 200 files of 40 MB
    removed:           0 keys, 200 files of 40 MB
    opened again:      0 keys, 200 files of 40 MB
END

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
sled = "=0.34.7"
END
cat >src/main.rs <<'END'
use std::path::Path;

fn main() {
    for size in [32_768, 200_000] {
        println!("values of {size} bytes");
        let folder = format!("db-{size}");
        {
            let db = sled::open(&folder).unwrap();
            for turn in 0..200 {
                db.insert("key", vec![turn; size]).unwrap();
                db.flush().unwrap();
            }
            tell("written 200 times:", &db, &folder);
            db.remove("key").unwrap();
            db.flush().unwrap();
            tell("removed:", &db, &folder);
        }
        tell("opened again:", &sled::open(&folder).unwrap(), &folder);
    }
}

fn tell(when: &str, db: &sled::Db, folder: &str) {
    let sizes: Vec<u64> = Path::new(folder)
        .join("blobs")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .collect();
    let megabytes = sizes.iter().sum::<u64>() / 1_000_000;
    println!("    {when:18} {} keys, {} files of {megabytes} MB", db.len(), sizes.len());
}
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with sled 0.34.7 does not build any more."; exit 1; }
target/debug/finding >output
cat output
cmp -s seen output || { echo "sled no longer keeps the files of large values in the way that was seen."; exit 1; }
