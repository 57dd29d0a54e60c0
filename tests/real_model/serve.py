"""Serves a model through the llama.cpp server on loopback, until its standard input closes.

Run by the Python that has the packages. The parent holds the other end of the pipe, so the
server ends with it, however the parent ends. The key comes through the environment: a
command line can be read by everybody on the machine.

    serve.py WEIGHTS PORT
"""

import os
import sys

import xllamacpp

CONTEXT_TOKENS = 4096
PARALLEL = 4
# More threads than idle cores wait for each other.
THREADS = 1
# A reply of two rows. A weak model goes on to the end of its context where nobody stops it.
MOST_TOKENS = 120


def main():
    weights, port = sys.argv[1], int(sys.argv[2])
    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, PARALLEL
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.n_predict = MOST_TOKENS
    params.api_keys = [os.environ["SERVER_KEY"]]
    server = xllamacpp.Server(params)
    print("listening", server.listening_address, flush=True)
    sys.stdin.buffer.read()
    # The server's threads are not waited for: nothing that they hold outlives the process.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
