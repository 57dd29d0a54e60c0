#!/usr/bin/env python3
"""Holds rowsmith to its promises behind LiteLLM's proxy, and before llama-cpp-python's server.

    tests/real_model/gateways.py [--binary target/debug/rowsmith] [--rows 20] [--only WORDS] [--compile] [--keep]

Both stand before the small model of run.py, on loopback. llama-cpp-python has no wheel: where it was not
compiled before, its part is left out unless --compile is given. Every check prints one line with its
figures. Exit status: 0 when all hold or nothing can be installed here, 1 when one does not.
"""

import argparse
import json
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from environment import Unavailable, litellm, llama_cpp_python, prepare
from gateway_checks import LiteLlmChecks, LlamaCppPythonChecks
from served import free_port, run_module, served
from sessions import MODEL, ROOT

CONTEXT_TOKENS = 4096


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/debug/rowsmith")
    parser.add_argument("--rows", type=int, default=20, help="rows of each run")
    parser.add_argument("--only", default="", help="only the checks whose names contain this")
    parser.add_argument("--compile", action="store_true", help="compile llama-cpp-python where it is missing")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the sessions there")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        print(f"{arguments.binary} is not there; build it with `cargo build`.")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="rowsmith-gateways-"))
    failed = 0
    try:
        for title, part in (("LiteLLM", behind_litellm), ("llama-cpp-python", before_llama_cpp_python)):
            print(f"== {title}", flush=True)
            (folder / title).mkdir()
            try:
                failed += part(arguments, folder / title)
            except (Unavailable, OSError) as error:
                print(f"skipped: {error}", flush=True)
            except AssertionError as error:
                print(f"FAILED {error}", flush=True)
                failed += 1
    finally:
        if arguments.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("FAILED" if failed else "ok")
    return 1 if failed else 0


def behind_litellm(arguments, folder):
    """The model's own server, and the proxy with a key of its own before it."""
    python, weights = prepare()
    proxy, port = litellm(), free_port()
    inner, key = ("sk-" + secrets.token_hex(16) for _ in range(2))
    with served(python, weights, inner, folder / "model.log") as address:
        # The routes differ in what LiteLLM believes that the provider takes, not in where they lead.
        routes = {MODEL: "openai", "takes-no-seed": "sambanova", "takes-no-schema": "featherless_ai"}
        models = [
            {
                "model_name": name,
                "litellm_params": {"model": f"{route}/{MODEL}", "api_base": address, "api_key": inner},
            }
            for name, route in routes.items()
        ]
        config = folder / "litellm.json"  # JSON is YAML
        settings = {"num_retries": 0, "telemetry": False}
        config.write_text(json.dumps({"model_list": models, "litellm_settings": settings}))
        # Its prices are in the package; without this it asks for newer ones.
        environment = {"LITELLM_MASTER_KEY": key, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "127.0.0.1"}
        options = ["--config", config, "--host", "127.0.0.1", "--port", port]
        module = "litellm.proxy.proxy_cli"
        with run_module(proxy, module, options, port, folder / "litellm.log", environment):
            return check(LiteLlmChecks(arguments, folder, f"http://127.0.0.1:{port}/v1", key))


def before_llama_cpp_python(arguments, folder):
    """The server that llama-cpp-python brings, with the same weights."""
    server = llama_cpp_python(arguments.compile)
    _, weights = prepare()
    port, key = free_port(), "sk-" + secrets.token_hex(16)
    config = folder / "server.json"
    model = {"model": str(weights), "model_alias": MODEL, "n_ctx": CONTEXT_TOKENS, "n_threads": 1, "verbose": False}
    config.write_text(json.dumps({"host": "127.0.0.1", "port": port, "api_key": key, "models": [model]}))
    options = ["--config_file", config]
    with run_module(server, "llama_cpp.server", options, port, folder / "server.log"):
        return check(LlamaCppPythonChecks(arguments, folder, f"http://127.0.0.1:{port}/v1", key))


def check(checks):
    failed = 0
    for one in checks.all():
        name = one.__name__.replace("_", " ")
        if checks.arguments.only not in name:
            continue
        start = time.monotonic()
        try:
            outcome, told = "ok    ", one()
        except AssertionError as error:
            outcome, told, failed = "FAILED", error, failed + 1
        print(f"{outcome} {name}: {told} ({time.monotonic() - start:.0f} s)", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
