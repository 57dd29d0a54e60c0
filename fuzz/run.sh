#!/bin/sh
# Feeds every target with generated inputs, and prints how many and how fast; fails where one finds a fault.
#
#   fuzz/run.sh [EXECUTIONS [TARGET …]]        10000 executions of each target where nothing is said
#
# It needs `cargo install cargo-fuzz` and a nightly toolchain. New inputs are collected in fuzz/found; what breaks a
# target lies in fuzz/artifacts: once it is mended, put the input into fuzz/corpus/TARGET, where `cargo test` reads it.
set -eu
cd "$(dirname "$0")"
executions=${1:-10000}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- session dataset import reply sse template filter keymap theme journal sled
all=0
for target; do
    mkdir -p "found/$target"
    # Without a sanitizer of memory: the program has no unsafe code of its own, and runs several times as fast.
    said=$(cargo +nightly fuzz run --sanitizer none "$target" "found/$target" "corpus/$target" -- \
        -runs="$executions" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 2>&1) || {
        printf '%s\n' "$said" | tail -40
        echo "$target: a fault; its input lies in fuzz/artifacts/$target"
        exit 1
    }
    ran=$(printf '%s\n' "$said" | sed -n 's/^stat::number_of_executed_units: *//p')
    speed=$(printf '%s\n' "$said" | sed -n 's/^stat::average_exec_per_sec: *//p')
    echo "$target: $ran executions, $speed a second, no fault"
    all=$((all + ran))
done
echo "all: $all executions"
