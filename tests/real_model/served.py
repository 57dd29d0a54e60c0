"""The model's server as a child process that ends with its parent."""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

START_SECONDS = 60
# LiteLLM reads thousands of files before it listens.
MODULE_SECONDS = 180


@contextmanager
def served(python, weights, key, log):
    """Serves the model for as long as the block runs, and gives its address."""
    port = free_port()
    environment = {"PATH": os.environ.get("PATH", ""), "SERVER_KEY": key}
    command = [python, "-u", Path(__file__).with_name("serve.py"), weights, str(port)]
    with open(log, "w", encoding="utf-8") as told:
        child = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told
        )
    try:
        wait_until_it_listens(child, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        end(child)


@contextmanager
def run_module(python, module, arguments, port, log, environment=None):
    """Runs a module that serves on a port of loopback for as long as the block runs."""
    told = {"PATH": os.environ.get("PATH", ""), "HOME": str(Path(log).parent), **(environment or {})}
    command = [python, "-u", Path(__file__).with_name("module.py"), module, *map(str, arguments)]
    with open(log, "w", encoding="utf-8") as output:
        child = subprocess.Popen(command, env=told, stdin=subprocess.PIPE, stdout=output, stderr=output)
    try:
        end_of_wait = time.monotonic() + MODULE_SECONDS
        while not answers(port):
            if child.poll() is not None or time.monotonic() > end_of_wait:
                raise AssertionError(f"{module} did not start: {last_lines(log)}")
            time.sleep(0.2)
        yield
    finally:
        end(child)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def last_lines(log):
    return " | ".join(Path(log).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_listens(child, log):
    # A server that says nothing is ended, which ends its output too.
    timer = Timer(START_SECONDS, child.kill)
    timer.start()
    try:
        listens = any(line.startswith("listening") for line in iter(child.stdout.readline, ""))
    finally:
        timer.cancel()
    if not listens:
        raise AssertionError(f"the server did not start: {last_lines(log)}")


def end(child):
    child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
    if child.stdout:
        child.stdout.close()
