"""A model on loopback that answers chat completions with rows out of a list, each once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROWS_PER_REQUEST = 5


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, texts):
        super().__init__(("127.0.0.1", 0), Handler)
        self.texts, self.lock = iter(texts), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request, client_address):
        """A client may disconnect."""

    def rows(self):
        with self.lock:
            return [{"text": text} for _, text in zip(range(ROWS_PER_REQUEST), self.texts)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        content = json.dumps({"rows": self.server.rows()}, ensure_ascii=False)
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200}
        answer = {"id": "r", "object": "chat.completion", "created": 0, "model": "loopback", "choices": [choice]}
        body = json.dumps({**answer, "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
