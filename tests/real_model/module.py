"""Runs a module as `python -m` does, until the standard input closes: so a server ends with its parent.

    module.py MODULE [ARGUMENTS …]
"""

import os
import runpy
import sys
import threading


def end_with_the_parent():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
