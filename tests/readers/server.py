"""A model on loopback that answers chat completions with rows out of a list, each once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, texts, rows=5):
        super().__init__(("127.0.0.1", 0), Handler)
        self.texts, self.rows_each, self.lock = iter(texts), rows, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request, client_address):
        """A client may disconnect."""

    def answer(self):
        with self.lock:
            rows = [{"text": text} for _, text in zip(range(self.rows_each), self.texts)]
        content = json.dumps({"rows": rows}, ensure_ascii=False)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200}
        kind = {"id": "r", "object": "chat.completion", "created": 0, "model": "loopback"}
        return {**kind, "choices": [choice], "usage": usage}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(self.server.answer()).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
