#!/bin/sh
# A key that LiteLLM's proxy refuses is not answered with 401.
#
# Library: litellm 1.108.7 with its proxy (PyPI), with a master key and without a database, as its first steps show it.
#
# Behaviour: a wrong key is a 400 `no_db_connection`, "No connected db.", whatever the key looks like. No key at all is
# a 500 with the bare words "Internal Server Error": while it looks for the reason it imports `prisma`, which its own
# extra `proxy` does not install. It is the same for the list of models and for chat completions.
#
# Why it surprises: OpenAI, whose interface it has, answers 401 `invalid_api_key`, and clients tell a wrong key from a
# wrong request and a broken server by the status: a 500 is asked again, a 400 sends one to look at the request.
#
# What Rowsmith does: it takes the words of the 400 for a refused key (src/generate/provider/cause/phrases.rs). After a
# bare 500 to a request without a key it asks for the list of models once, and where that fails too it says that a key is
# wanted (src/generate/provider/models.rs). tests/real_model/gateways.py holds it to both.
#
# Output seen: below, behind `seen`.

set -eu
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
work=$(mktemp -d)
proxy=
trap '[ -z "$proxy" ] || kill "$proxy" 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

cat >seen <<'END'
models with the right key: 200
    sk-wrong-0123456789: 400 no_db_connection: No connected db.
    wrong-0123456789: 400 no_db_connection: No connected db.
    no key: 500 None: Internal Server Error
chat with the right key: not asked
    sk-wrong-0123456789: 400 no_db_connection: No connected db.
    wrong-0123456789: 400 no_db_connection: No connected db.
    no key: 500 None: Internal Server Error
END

python3 -m venv env 2>log || { echo "skipped: python3 has no venv"; exit 0; }
env/bin/pip install --quiet --disable-pip-version-check --only-binary :all: 'litellm[proxy]==1.108.7' 2>log ||
    { echo "skipped: litellm could not be installed"; exit 0; }

cat >config.yaml <<'END'
model_list:
  - model_name: some-model
    litellm_params: { model: openai/some-model, api_base: "http://127.0.0.1:9/v1", api_key: sk-of-the-provider }
litellm_settings: { telemetry: false }
END
cat >port.py <<'END'
import socket

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])
END
cat >ask.py <<'END'
import json
import sys
import time
import urllib.error
import urllib.request

base = f"http://127.0.0.1:{sys.argv[1]}"
# Nothing on loopback goes through a proxy of the environment.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(path, key, body=None):
    """Returns the status and the error of an answer."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    data = json.dumps(body).encode() if body else None
    try:
        with opener.open(urllib.request.Request(base + path, data, headers), timeout=60) as answer:
            return answer.status, {}
    except urllib.error.HTTPError as refusal:
        said = refusal.read().decode()
        return refusal.code, json.loads(said)["error"] if said.startswith("{") else {"message": said}


def wait():
    end = time.monotonic() + 240
    while True:
        try:
            return ask("/health/liveliness", None)
        except OSError:
            if time.monotonic() > end:
                sys.exit("the proxy did not start")
            time.sleep(0.5)


wait()
chat = {"model": "some-model", "messages": [{"role": "user", "content": "Name a bird."}]}
for what, path, body in (("models", "/v1/models", None), ("chat", "/v1/chat/completions", chat)):
    print(what, "with the right key:", "not asked" if body else ask(path, "sk-master-0123456789")[0])
    for name, key in (("sk-wrong-0123456789", "sk-wrong-0123456789"), ("wrong-0123456789", "wrong-0123456789"), ("no key", None)):
        status, error = ask(path, key, body)
        print(f"    {name}: {status} {error.get('type')}: {str(error.get('message'))[:60]}")
END

port=$(python3 port.py)
# It reads the prices in its package, and asks nobody for newer ones.
LITELLM_MASTER_KEY=sk-master-0123456789 LITELLM_LOCAL_MODEL_COST_MAP=True \
    env/bin/litellm --config config.yaml --host 127.0.0.1 --port "$port" >log 2>&1 &
proxy=$!
python3 ask.py "$port" >output || { tail -5 log; echo "LiteLLM's proxy does not start any more."; exit 1; }
cat output
cmp -s seen output || { echo "LiteLLM no longer answers refused keys as it did."; exit 1; }
