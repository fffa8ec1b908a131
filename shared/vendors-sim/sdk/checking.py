"""What the checks of Python SDKs have in common: how a check is named, what it needs, and how a run of all of them ends."""

import base64
import struct
import sys
import time
import urllib.request
import zlib

CHECKS = []


def check(function):
    """Adds a function to the checks; its docstring is the name that is printed."""
    CHECKS.append(function)
    return function


def run(usage, connect):
    """Runs the checks, in their order, with what `connect` makes of the address that the program was called with. Prints
    each check and 'N passed, N failed'; the exit status is 1 if any failed."""
    if len(sys.argv) != 2:
        print(usage)
        return 2
    client = connect(sys.argv[1].rstrip("/"))
    failed = 0
    for function in CHECKS:
        try:
            function(client)
            print(f"ok      {function.__doc__}")
        except Exception as error:  # any error is a failed check
            failed += 1
            print(f"FAILED  {function.__doc__}: {type(error).__name__}: {error}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


def ended(look, is_over):
    """What is seen at last of something that is looked at until it is over; more often than vendors like."""
    for _ in range(600):
        seen = look()
        if is_over(seen):
            return seen
        time.sleep(0.1)
    raise AssertionError(f"it has not ended: {seen}")


def refusal(kind, call):
    """The error that a call has to raise."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"the call should raise {kind.__name__}")


def fetch(url):
    """The media type and the bytes of a file, fetched without a key."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.headers["content-type"], answer.read()


def fetch_clip(url):
    """The bytes of a finished clip, fetched without a key."""
    kind, clip = fetch(url)
    assert kind == "video/mp4" and clip[4:8] == b"ftyp" and b"avc1" in clip, (kind, clip[:16])
    return clip


def png(width=64, height=64):
    """A small grey picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def data_link(picture):
    """A picture as a link that holds it."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()
