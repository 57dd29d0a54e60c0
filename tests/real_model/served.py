"""The model's server as a child process that ends with its parent."""

import os
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

START_SECONDS = 60


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
        last = Path(log).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
        raise AssertionError("the server did not start: " + " | ".join(last))


def end(child):
    child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
    child.stdout.close()
