"""Runs a program in a terminal of 160×45, reads its screen, and measures when it answers. Nothing is subtracted."""

import fcntl
import os
import pty
import queue
import random
import signal
import struct
import termios
import threading
import time

import pyte

SIZE = (160, 45)
# The silence after which the answer to a key is complete, longer than a program's pause between two frames; and what is
# added to it at random, so that keys do not fall into step with frames.
SILENCE, JITTER = 0.025, 0.008
PATIENCE = 120


class Program:
    """A running program and its screen."""

    def __init__(self, command, folder, environment):
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.ByteStream(self.screen)
        self.output = queue.SimpleQueue()
        self.drawn = random.Random(1)
        environment = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self.began = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
            os.chdir(folder)
            os.execvpe(command[0], list(map(str, command)), environment)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                read = os.read(self.terminal, 65536)
            except OSError:
                read = b""
            self.output.put((time.perf_counter(), read))
            if not read:
                return
            # Some programs ask what the terminal is before they draw.
            if b"\x1b[c" in read:
                os.write(self.terminal, b"\x1b[?62;22c")
            if b"\x1b[6n" in read:
                os.write(self.terminal, b"\x1b[1;1R")

    def _feed(self, read):
        if not read:
            raise EOFError("the program ended:\n" + self.text())
        self.stream.feed(read)

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, is_right, since=None, patience=PATIENCE):
        """Returns the seconds until the screen is as a function, or a text, says; counted from the start or a moment."""
        is_right = is_right if callable(is_right) else lambda text, wanted=is_right: wanted in text
        since, at = since or self.began, time.perf_counter()
        end = at + patience
        while not is_right(self.text()):
            try:
                at, read = self.output.get(timeout=max(0, end - time.perf_counter()))
            except queue.Empty:
                raise TimeoutError(f"never saw what was waited for in:\n{self.text()}") from None
            self._feed(read)
        return at - since

    def settle(self, silence=0.15, most=10):
        """Waits until the screen stands still, or for so long: csvlens writes a little all the time."""
        end = time.perf_counter() + most
        while time.perf_counter() < end:
            try:
                self._feed(self.output.get(timeout=silence)[1])
            except queue.Empty:
                return

    def type(self, keys):
        """Types keys, and returns the moment."""
        moment = time.perf_counter()
        os.write(self.terminal, keys.encode())
        return moment

    def press(self, key):
        """Returns the seconds until the last byte of the answer to a key; None where nothing comes."""
        silence = SILENCE + self.drawn.random() * JITTER
        while not self.output.empty():
            # What came before the key is not its answer.
            self._feed(self.output.get()[1])
        moment, last, patience = self.type(key), None, 1.0
        chunks = []
        while True:
            try:
                at, read = self.output.get(timeout=patience)
            except queue.Empty:
                break
            chunks.append(read)
            last, patience = at - moment, silence
        for read in chunks:
            self._feed(read)
        return last

    def memory(self):
        """Returns the resident memory now and at its peak, in MB."""
        with open(f"/proc/{self.pid}/status") as file:
            figures = dict(line.split(":", 1) for line in file)
        return tuple(int(figures[name].split()[0]) / 1000 for name in ["VmRSS", "VmHWM"])

    def end(self, keys):
        """Quits the program, and kills it where it does not."""
        try:
            self.type(keys)
            for _ in range(400):
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    break
                time.sleep(0.025)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        except OSError:
            pass
        os.close(self.terminal)
