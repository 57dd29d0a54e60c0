"""What is measured, and beside what: a program with a large session, and other programs in a folder of their own."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import large_stores

CSVLENS = "0.15.1"
PACKAGES = ["visidata==3.4", "pyte==0.8.2", "pyarrow==26.0.1"]
# The runs of a command whose median counts.
RUNS = 5


class Tools:
    """The programs beside which ours is measured, in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder.resolve()
        self.python = self.folder / "venv" / "bin" / "python"
        self.visidata = self.folder / "venv" / "bin" / "vd"
        self.csvlens = self.folder / "bin" / "csvlens"

    def go_on_with_packages(self):
        """Goes on in the Python that has the packages."""
        if Path(sys.prefix).resolve() != self.python.parents[1]:
            if not self.visidata.exists():
                subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
                subprocess.run([self.python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
            os.execv(self.python, [self.python, *sys.argv])

    def with_csvlens(self):
        if not self.csvlens.exists():
            install = ["cargo", "install", "csvlens", "--version", CSVLENS, "--locked", "--no-default-features"]
            subprocess.run([*install, "--features", "cli", "--root", self.folder], check=True, stdout=sys.stderr)
        return self.csvlens


class Bench:
    """A session with very many rows, and what is known of it."""

    def __init__(self, program, folder, rows, tools):
        self.program, self.rows, self.tools, self.home = program, rows, tools, folder
        self.environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        self.made = False

    def folder(self):
        """Returns the folder of the session, which is made when it is first asked for."""
        folder = self.home / "large"
        if not self.made:
            large_stores.make(self.program, folder, self.rows, self.environment)
            self.made = True
        return folder

    def copy(self):
        """Returns a folder with a copy of the session, for what changes it."""
        copy = self.home / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        shutil.copytree(self.folder() / "session", copy / "session")
        return copy

    def fresh(self):
        """Returns a folder with a session without rows."""
        fresh = self.home / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(large_stores.TICKETS, fresh / "session")
        return fresh

    def run(self, folder, *args, code=0):
        """Returns the seconds and the peak memory in MB of a command. The peak is this script's at least."""
        began = time.perf_counter()
        command = [self.program, *map(str, args)]
        child = subprocess.Popen(command, cwd=folder, env=self.environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != code:
            sys.exit(f"{args} exited with {child.returncode}: {said.decode()[-2000:]}")
        return took, usage.ru_maxrss / 1000

    def median(self, folder, *args):
        """Returns the medians of several runs of a command."""
        return tuple(statistics.median(figures) for figures in zip(*(self.run(folder, *args) for _ in range(RUNS))))

    def open(self, folder):
        """Opens the workbench at the first row, wherever it was left."""
        from terminals import Program
        (folder / "session/.rowsmith/screen.json").unlink(missing_ok=True)
        return Program([self.program, "open", "session"], folder, self.environment)

    def settled(self, folder):
        """Opens the workbench and waits for every count; returns it with the title that has them."""
        program = self.open(folder)
        program.until(" 0: ")
        program.settle(2)
        return program, title(program.text())


def title(screen):
    """Returns the counts of the rows, as they stand above them."""
    line = next((line for line in screen.splitlines() if " Rows " in line), "")
    return line.partition(" Rows ")[2].partition("━")[0].strip()
