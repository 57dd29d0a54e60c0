#!/bin/sh
# One `.env` file holds other keys for other readers.
#
# Libraries: dotenvy 0.15.7 (crates.io), python-dotenv 1.2.4 (PyPI), dotenv 18.0.10 (npm; left out without npm).
#
# Behaviour: no two of the three agree on these five files.
# - Two words without quotes are an error for dotenvy; the others read them.
# - `$word` in a bare value is always a variable for dotenvy, so `pa$word` becomes `pa`; the others keep it.
# - A `#` right behind a letter begins a comment for npm's dotenv, so `abc#def` becomes `abc`; the others keep it.
# - A single-quoted value that ends in a backslash is read by npm's dotenv alone. dotenvy takes everything up to the
#   end of the file for the value, reports that as its one error, and so loses the next name as well; python-dotenv
#   passes over the line with a warning and reads the next.
# - `\t` in double quotes is an error for dotenvy, a tab for python-dotenv, and stays two characters for npm's dotenv.
#
# Why it surprises: the file is made to be shared between programs, and two of the differences raise no error. A
# password with `$` or `#` in it is cut, and what is seen is a server that refuses the key.
#
# What Rowsmith does: it reads `.env` itself (src/config/dotenv.rs): blanks, `$` and a `#` without a blank before it
# belong to a bare value, a backslash in single quotes stands for itself, and `\t` in double quotes is a tab.
#
# Output seen: below, behind `seen`.

set -eu
for tool in cargo python3; do
    command -v "$tool" >/dev/null 2>&1 || { echo "skipped: there is no $tool"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
export CARGO_TARGET_DIR="$work/target" CARGO_PROFILE_DEV_DEBUG=false PYTHONUTF8=1
unset word || true

cat >seen <<'END'
KEY=two words
    dotenvy        error "Error parsing line: 'two words', error at line index: 4"
    python-dotenv  KEY="two words"
    npm dotenv     KEY="two words"
KEY=pa$word
    dotenvy        KEY="pa"
    python-dotenv  KEY="pa$word"
    npm dotenv     KEY="pa$word"
KEY=abc#def
    dotenvy        KEY="abc#def"
    python-dotenv  KEY="abc#def"
    npm dotenv     KEY="abc"
KEY='C:\keys\'
NEXT=plain
    dotenvy        error "Error parsing line: 'KEY='C:\\keys\\'\nNEXT=plain\n', error at line index: 26"
    python-dotenv  NEXT="plain"
    npm dotenv     KEY="C:\\keys\\" NEXT="plain"
KEY="a\tb"
    dotenvy        error "Error parsing line: '\"a\\tb\"', error at line index: 3"
    python-dotenv  KEY="a\tb"
    npm dotenv     KEY="a\\tb"
END

mkdir src files
cat >files/1.env <<'END'
KEY=two words
END
cat >files/2.env <<'END'
KEY=pa$word
END
cat >files/3.env <<'END'
KEY=abc#def
END
cat >files/4.env <<'END'
KEY='C:\keys\'
NEXT=plain
END
cat >files/5.env <<'END'
KEY="a\tb"
END

cat >Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
dotenvy = "=0.15.7"
END
cat >src/main.rs <<'END'
fn main() {
    let file = std::env::args().nth(1).expect("a file");
    let pairs = dotenvy::from_path_iter(file).expect("a file that can be read").map(|pair| match pair {
        Ok((name, value)) => format!("{name}={value:?}"),
        Err(error) => format!("error {:?}", error.to_string()),
    });
    println!("{}", pairs.collect::<Vec<_>>().join(" "));
}
END
cat >read.py <<'END'
import json, sys
from dotenv import dotenv_values

print(*(f"{name}={json.dumps(value)}" for name, value in dotenv_values(sys.argv[1]).items()))
END
cat >read.js <<'END'
const text = require('fs').readFileSync(process.argv[2], 'utf8')
const pairs = Object.entries(require('dotenv').parse(text))
console.log(pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' '))
END

cargo fetch --quiet 2>log || { echo "skipped: the crates could not be fetched"; exit 0; }
cargo build --quiet 2>log || { cat log; echo "The program with dotenvy 0.15.7 does not build any more."; exit 1; }
python3 -m venv venv >log 2>&1 || { echo "skipped: python3 makes no virtual environment"; exit 0; }
venv/bin/python -m pip --quiet install python-dotenv==1.2.4 >log 2>&1 ||
    { echo "skipped: python-dotenv could not be fetched"; exit 0; }
npm=
if command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    echo '{ "private": true }' >package.json
    npm install --silent --no-audit --no-fund --ignore-scripts dotenv@18.0.10 >log 2>&1 && npm=yes
fi
if [ -z "$npm" ]; then
    echo "npm's dotenv is left out: there is no npm, or its index is out of reach"
    sed -i.all '/^    npm dotenv/d' seen
fi

for file in files/*.env; do
    cat "$file"
    printf '    dotenvy        %s\n' "$(target/debug/finding "$file")"
    printf '    python-dotenv  %s\n' "$(venv/bin/python read.py "$file" 2>>log)"
    [ -z "$npm" ] || printf '    npm dotenv     %s\n' "$(node read.js "$file")"
done >output
cat output
cmp -s seen output || { echo "The readers no longer differ in the way that was seen."; exit 1; }
