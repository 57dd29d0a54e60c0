"""A model on loopback that answers chat completions with rows out of a list, each once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Answers with `rows` rows; of a hundred different requests it refuses some, and tells some to wait once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, texts, rows=5, refused=0, busy=0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.texts, self.rows_each, self.lock = iter(texts), rows, threading.Lock()
        self.refused, self.busy = refused, busy
        self.seen, self.given, self.refusals, self.waits = {}, [], 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request, client_address):
        """A client may disconnect."""

    def answer(self, body):
        """Returns status and body of a reply."""
        with self.lock:
            is_new = body not in self.seen
            place = self.seen.setdefault(body, len(self.seen)) % 100
            if place < self.refused:
                self.refusals += 1
                return 400, {"error": {"message": "This request is refused.", "type": "invalid_request_error"}}
            if is_new and place < self.refused + self.busy:
                self.waits += 1
                return 503, {"error": {"message": "Wait a moment.", "type": "server_error"}}
            texts = [text for _, text in zip(range(self.rows_each), self.texts)]
            self.given += texts
        content = json.dumps({"rows": [{"text": text} for text in texts]}, ensure_ascii=False)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200}
        kind = {"id": "r", "object": "chat.completion", "created": 0, "model": "loopback"}
        return 200, {**kind, "choices": [choice], "usage": usage}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, answer = self.server.answer(asked)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
