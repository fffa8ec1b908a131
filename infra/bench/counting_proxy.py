"""Stands between a function and the local AWS and counts its requests by service and operation.

Bytes pass through untouched and in small pieces, whatever a body's size. One connection of the function is one
connection to the local AWS, so the order of answers needs no thought.
"""

import re
import socket
import threading
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from wire import PIECE_BYTES, Head, body_pieces, read_head

#: Services by the first part of their X-Amz-Target header.
TARGETS = {"DynamoDB_20120810": "DynamoDB", "AmazonSQS": "SQS", "secretsmanager": "SecretsManager"}
#: The service in a signature's scope: Credential=KEY/DATE/REGION/SERVICE/aws4_request.
SCOPE = re.compile(r"Credential=[^/]*/[^/]*/[^/]*/([^/]*)/")


class CountingProxy:
    """Listens on a port of its own until the process ends."""

    def __init__(self, upstream_port: int):
        self._upstream_port = upstream_port
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._welcome, daemon=True).start()

    def take(self) -> Counter[tuple[str, str]]:
        """Requests by (service, operation) since the last look."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts

    def _welcome(self) -> None:
        while True:
            client, _ = self._door.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            upstream = socket.create_connection(("127.0.0.1", self._upstream_port))
        except OSError:
            client.close()
            return
        for end in (client, upstream):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_pour, args=(upstream, client), daemon=True).start()
        try:
            stream = client.makefile("rb", buffering=PIECE_BYTES)
            while head := read_head(stream):
                with self._lock:
                    self._counts[operation_of(head)] += 1
                upstream.sendall(head.raw)
                for piece, _ in body_pieces(stream, head):
                    upstream.sendall(piece)
        except (OSError, ValueError):
            pass  # one of the two is gone: the other is told by closing
        finally:
            _close(upstream)


def operation_of(head: Head) -> tuple[str, str]:
    """Which service is asked for what."""
    if target := head.headers.get("x-amz-target"):
        service, _, operation = target.partition(".")
        return TARGETS.get(service, service), operation
    scope = SCOPE.search(head.headers.get("authorization", ""))
    service = scope[1].upper() if scope else "unsigned"
    return service, _s3_operation(head) if service == "S3" else f"{head.method} {urlsplit(head.target).path}"


def _s3_operation(head: Head) -> str:
    query = parse_qs(urlsplit(head.target).query, keep_blank_values=True)
    match head.method:
        case "POST" if "uploads" in query:
            return "CreateMultipartUpload"
        case "POST" if "uploadId" in query:
            return "CompleteMultipartUpload"
        case "PUT" if "partNumber" in query:
            return "UploadPart"
        case "DELETE" if "uploadId" in query:
            return "AbortMultipartUpload"
        case "PUT" | "GET" | "HEAD" | "DELETE":
            return f"{head.method.capitalize()}Object"
    return head.method


def _pour(source: socket.socket, sink: socket.socket) -> None:
    """The way back: bytes, unread."""
    try:
        while piece := source.recv(PIECE_BYTES):
            sink.sendall(piece)
    except OSError:
        pass
    finally:
        _close(sink)


def _close(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
