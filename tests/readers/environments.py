"""The pinned tools, each group in an environment of its own, made once and kept in the user's cache."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

INSTALL_SECONDS = 900
PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install", "--only-binary", ":all:"]


class Unavailable(Exception):
    """Python, node or a package cannot be had here: a sentence that says which."""


@dataclass(frozen=True)
class Environment:
    """Packages that fit together, and the script of `checks/` that uses them."""

    name: str
    packages: tuple = ()
    # Installed without what they ask for.
    alone: tuple = ()
    is_heavy: bool = False
    is_node: bool = False

    @property
    def script(self):
        return Path(__file__).parent / "checks" / f"with_{self.name}.py"


TABLES = ("datasets==5.2.0", "pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1")
ALL = (
    Environment("python"),
    # fastText itself has no wheel. The wheels of its sources of 0.9.2 end in "Encountered NaN" by chance, for one and the
    # same file.
    Environment("tables", (*TABLES, "fasttext-community==0.11.9")),
    # Argilla imports requests and does not ask for it.
    Environment("argilla", ("argilla==2.8.0", "requests==2.34.2")),
    # The one that Label Studio 1.23 asks for.
    Environment("label_studio", ("label-studio-sdk==2.1.2",)),
    # What these check and convert data with runs without torch, which they ask for; that brings jinja2, which chat
    # templates need.
    Environment(
        "trainers",
        ("datasets==5.2.0", "jinja2==3.1.6", "transformers==5.24.0"),
        alone=("trl==1.16.0", "llamafactory==0.9.5"),
    ),
    # Without what it asks for if it can be had: of that, only the program of its database is wanted.
    Environment("promptfoo", ("promptfoo@0.121.20", "@libsql/linux-x64-gnu@0.5.29"), is_heavy=True, is_node=True),
)

# For tests/batch/loopback.py; its HTTP stage needs the last two and asks for neither.
RAY = Environment("ray", ("ray[data]==2.60.0", "aiohttp==3.14.5", "pydantic==2.14.4"), is_heavy=True)


def prepare(environment):
    """Returns the Python that runs an environment's checks, and the folder of its programs.

    Makes the environment where it is missing.
    """
    folder = cache() / environment.name
    if not environment.packages:
        return Path(sys.executable), Path(sys.executable).parent
    made, wanted = folder / "made", "\n".join(environment.packages + environment.alone)
    is_made = made.is_file() and made.read_text() == wanted
    if not is_made:
        print(f"installing {', '.join(environment.packages + environment.alone)} into {folder}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        (make_node if environment.is_node else make_python)(environment, folder)
        # Written last, so that an environment that was interrupted is made again.
        made.write_text(wanted)
    if environment.is_node:
        return Path(sys.executable), folder / "node_modules" / ".bin"
    return folder / "bin" / "python3", folder / "bin"


def make_node(environment, folder):
    if not (shutil.which("node") and shutil.which("npm")):
        raise Unavailable(f"{environment.name} needs node and npm, which are not there")
    folder.mkdir(parents=True)
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", "--omit=optional"]
    quietly([*npm, "--prefix", folder, *environment.packages], f"{environment.name} cannot be installed")


def make_python(environment, folder):
    program = folder / "bin" / "python3"
    quietly([sys.executable, "-m", "venv", folder], "a virtual environment cannot be made")
    quietly([program, *PIP, *environment.packages], f"the packages of {environment.name} cannot be installed")
    if environment.alone:
        quietly([program, *PIP, "--no-deps", *environment.alone], f"{environment.alone} cannot be installed")


def cache():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rowsmith-readers"


def quietly(command, otherwise):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{otherwise}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise Unavailable(f"{otherwise}: {said[-300:]}")
