#!/bin/sh
# What was read stays in memory, far beyond the capacity of the cache.
#
# Library: sled 0.34.7 (crates.io).
#
# Behaviour: a database of 8,000 values of 6,500 bytes, 52 MB, is opened with `cache_capacity(1 << 20)` and read once from
# its beginning to its end. Nothing that was read is kept by the program, and the process still holds more than 40 MB of it
# afterwards. With the default capacity of 1 GB it holds as much.
#
# Why it surprises: the setting is said to be the maximum size in bytes for the system page cache. What leads to it, as
# its source tells: accesses are counted in 256 shards, and a shard looks at its capacity only once it has gathered
# 64 accesses, so that some 16,000 nodes may be read before the first one is let go of.
#
# What Rowsmith does: texts lie in a file of their own beside sled and are read through a bounded cache; what is read of
# sled when a session is opened are the columns of rows, without their texts (src/store/pages.rs).
#
# Output seen: below, behind `seen`.

set -eu
command -v cargo >/dev/null 2>&1 || { echo "skipped: there is no cargo"; exit 0; }
[ -r /proc/self/status ] || { echo "skipped: the memory of a process is not told here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_DEV_DEBUG=false CARGO_PROFILE_DEV_OPT_LEVEL=2

cat >seen <<'END'
capacity 1048576: 52 MB read, more than 40 MB are held
capacity 1073741824: 52 MB read, more than 40 MB are held
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
fn held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let config = |capacity| sled::Config::new().path("db").cache_capacity(capacity).flush_every_ms(None);
    match arguments.get(1).map(|capacity| capacity.parse::<u64>().unwrap()) {
        None => {
            let db = config(1 << 20).open().unwrap();
            for number in 0..8000_u32 {
                let value: Vec<u8> = (0..6500_u32).map(|at| (at.wrapping_mul(number + 7) >> 3) as u8).collect();
                db.insert(number.to_be_bytes(), value).unwrap();
            }
            db.flush().unwrap();
        }
        Some(capacity) => {
            let db = config(capacity).open().unwrap();
            let before = held();
            let read: usize = db.iter().values().map(|value| value.unwrap().len()).sum();
            let more = held() - before;
            let said = if more > 40 { "more than 40 MB are held".to_owned() } else { format!("{more} MB are held") };
            println!("capacity {capacity}: {} MB read, {said}", read / 1_000_000);
        }
    }
}
END
cargo build --quiet
./target/debug/finding
./target/debug/finding 1048576 >now
./target/debug/finding 1073741824 >>now
cat now
diff seen now
