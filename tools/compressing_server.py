"""Serve a folder as a host of static pages does: text compressed, kept by the browser, one connection for many files.

    python tools/compressing_server.py [FOLDER]

`python -m http.server` compresses nothing, and what is measured from it is three times as heavy as what readers load.
"""

import contextlib
import functools
import gzip
import http.server
import sys
import threading
from pathlib import Path

COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".txt"}
LEVEL = 6  # what hosts use for what they compress as it is asked for


@functools.lru_cache(maxsize=512)
def compressed(path, changed):
    """The compressed bytes of a file as it was at a time."""
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, compressed for those that can read it."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        """Nothing."""

    def handle(self):
        """Answer; one who has gone away meanwhile needs no answer."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self):
        """Send a file."""
        self.answer(body=True)

    def do_HEAD(self):
        """Send what would come before the file."""
        self.answer(body=False)

    def answer(self, body):
        """Send a file, or that there is none."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        asked = {word.partition(";")[0].strip() for word in self.headers.get("Accept-Encoding", "").split(",")}
        text = path.suffix in COMPRESSED
        packed = text and "gzip" in asked
        data = compressed(path, path.stat().st_mtime_ns) if packed else path.read_bytes()
        self.send_response(200)
        kind = self.guess_type(str(path))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        if text:
            self.send_header("Vary", "Accept-Encoding")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if body:
            self.wfile.write(data)


@contextlib.contextmanager
def serving(folder):
    """The address of a server of a folder, on a port that is free, as long as the context lasts."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


if __name__ == "__main__":
    with serving(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "_build/html") as address:
        print(address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
