"""HTTP/1.1 as far as a local server and a proxy need it: heads are read whole, bodies in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

#: Most bytes of a body that are held at a time.
PIECE_BYTES = 64 * 1024


@dataclass
class Head:
    """The head of a request."""

    #: As it came, with the empty line that ends it.
    raw: bytes
    method: str
    #: Path and query.
    target: str
    #: By their names in lower case.
    headers: dict[str, str]


def read_head(stream: BinaryIO) -> Head | None:
    """The next request's head; nothing when the other side has closed the connection."""
    first = stream.readline()
    if not first.strip():
        return None
    lines = [first]
    while line := stream.readline():
        lines.append(line)
        if not line.strip():
            break
    method, target, _ = first.decode("latin-1").split(" ", 2)
    pairs = (line.decode("latin-1").partition(":") for line in lines[1:-1])
    return Head(b"".join(lines), method, target, {name.strip().lower(): value.strip() for name, _, value in pairs})


def body_pieces(stream: BinaryIO, head: Head) -> Iterator[tuple[bytes, bool]]:
    """The body that belongs to a head as it stands on the wire; with each piece, whether it is content or framing."""
    if "chunked" not in head.headers.get("transfer-encoding", "").lower():
        yield from _counted(stream, int(head.headers.get("content-length", 0)))
        return
    while True:
        size = stream.readline()
        yield size, False
        length = int(size.split(b";")[0], 16)
        if length == 0:
            break
        yield from _counted(stream, length)
        yield stream.readline(), False
    while trailer := stream.readline():
        yield trailer, False
        if not trailer.strip():
            return


def read_body(stream: BinaryIO, head: Head) -> bytes:
    """The whole content of a small body."""
    return b"".join(piece for piece, is_content in body_pieces(stream, head) if is_content)


def _counted(stream: BinaryIO, length: int) -> Iterator[tuple[bytes, bool]]:
    while length > 0:
        # read1 and not read: what has arrived is passed on, without waiting for a full piece.
        piece = stream.read1(min(length, PIECE_BYTES))
        if not piece:
            raise ConnectionError("the connection ended within a body")
        length -= len(piece)
        yield piece, True
