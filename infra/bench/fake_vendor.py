"""A vendor that finishes at once and hands out a file of any size, and a receiver of webhooks; both on one port.

It speaks as much of Black Forest Labs' protocol as one picture takes: a submit names the address to ask at, that
address says `Ready` with a link, the link streams the file.
"""

import hashlib
import json
import random
import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

#: Width and height that the file's head tells.
PICTURE = (1024, 768)
#: Never mind what it says: nobody reads pixels.
FILLER = random.Random(0).randbytes(1 << 20)


class FakeVendor:
    """Listens on a port of its own until the process ends."""

    def __init__(self) -> None:
        #: Size of the files to be handed out.
        self.file_bytes = 1_000_000
        #: Files handed out whole, and webhooks received, so far.
        self.files = self.webhooks = 0
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_) -> None:
        """A function that ends in the middle of a file is told of by whoever waits for its answer."""


def file_pieces(length: int) -> Iterator[bytes]:
    """A file of this length: a real PNG head, then filler."""
    header = b"IHDR" + struct.pack(">IIBBBBB", *PICTURE, 8, 2, 0, 0, 0)
    piece = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    while length > 0:
        yield piece[:length]
        length -= len(piece)
        piece = FILLER


def file_digest(length: int) -> str:
    """The SHA-256 of such a file."""
    digest = hashlib.sha256()
    for piece in file_pieces(length):
        digest.update(piece)
    return digest.hexdigest()


def _handler(vendor: FakeVendor) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        #: Head and body leave together.
        wbufsize = 64 * 1024
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/webhook":
                with lock:
                    vendor.webhooks += 1
                return self._answer({"received": True})
            task = f"task-{random.getrandbits(64):016x}"
            self._answer({"id": task, "polling_url": f"{vendor.url}/v1/get_result?id={task}"})

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/v1/get_result":
                task = parse_qs(address.query)["id"][0]
                return self._answer({"id": task, "status": "Ready", "result": {"sample": f"{vendor.url}/file/{vendor.file_bytes}"}})
            length = int(address.path.rpartition("/")[2])
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(length))
            self.end_headers()
            for piece in file_pieces(length):
                self.wfile.write(piece)
            with lock:
                vendor.files += 1

        def _answer(self, value: dict) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            """Says nothing."""

    return Handler
