"""A function as Lambda runs it: the real binary as a process, the Runtime API at its side, its figures from /proc."""

import json
import os
import queue
import socket
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import processes
from places import Refusal
from wire import read_body, read_head

#: Readings of /proc/PID/stat are in these, per second.
TICKS = os.sysconf("SC_CLK_TCK")
#: Longer than any function's own time-out.
LONGEST_ANSWER_SECONDS = 240
#: What every function of the template has, whatever it does.
VERSION_PREFIX = "/2018-06-01/runtime"


@dataclass
class Reply:
    """What a function answered, and how long that took: from the event on the wire to the answer read."""

    payload: Any
    seconds: float


class Function:
    """A running function. Used with `with`: it ends with its block."""

    def __init__(self, name: str, binary: Path, settings: dict[str, str], memory: int):
        self._name = name
        self._events: queue.Queue[bytes | None] = queue.Queue()
        self._replies: queue.Queue[tuple[bool, bytes, float]] = queue.Queue()
        self._asked = threading.Event()
        self._first_asked = self._sent = 0.0
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._welcome, daemon=True).start()
        env = processes.environment(
            **settings,
            AWS_LAMBDA_RUNTIME_API=f"127.0.0.1:{self._door.getsockname()[1]}",
            AWS_LAMBDA_FUNCTION_NAME=name,
            AWS_LAMBDA_FUNCTION_VERSION="$LATEST",
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE=str(memory),
            AWS_LAMBDA_LOG_GROUP_NAME=f"/aws/lambda/{name}",
            AWS_LAMBDA_LOG_STREAM_NAME="bench",
            AWS_LAMBDA_LOG_FORMAT="JSON",
            AWS_LAMBDA_LOG_LEVEL="INFO",
        )
        begun = time.perf_counter()
        self._started = processes.start(name, [str(binary)], env)
        while not self._asked.wait(0.2):
            self._refuse_the_dead()
            if time.perf_counter() - begun > 30:
                self.end()
                raise Refusal(f"{name} never asked for an event: look in {self._started.log()}")
        #: From just before the process was made to its first request for an event, in seconds.
        self.start_seconds = self._first_asked - begun

    def __enter__(self) -> "Function":
        return self

    def __exit__(self, *_) -> None:
        self.end()

    def invoke(self, payload: Any) -> Reply:
        """Hands out one event and waits for the answer; an answer of the error kind is a refusal."""
        self._events.put(json.dumps(payload).encode())
        end = time.monotonic() + LONGEST_ANSWER_SECONDS
        while True:
            try:
                good, body, seconds = self._replies.get(timeout=0.2)
                break
            except queue.Empty:
                self._refuse_the_dead()
                if time.monotonic() > end:
                    raise Refusal(f"{self._name} did not answer within {LONGEST_ANSWER_SECONDS} s: look in {self._started.log()}") from None
        if not good:
            raise Refusal(f"{self._name} failed: {body[:300].decode(errors='replace')} (more in {self._started.log()})")
        return Reply(json.loads(body), seconds)

    def cpu_seconds(self) -> float:
        """Processor time used so far, exact to a tick of 10 ms."""
        return cpu_seconds(self._started.process.pid)

    def resident_bytes(self) -> int:
        """Memory that is resident now, the program's own pages included."""
        return self._status("VmRSS")

    def peak_bytes(self) -> int:
        """The most that was ever resident."""
        return self._status("VmHWM")

    def end(self) -> None:
        """Ends the process at once, as Lambda does."""
        self._door.close()
        self._events.put(None)
        self._started.process.kill()
        self._started.process.wait()

    def _status(self, field: str) -> int:
        for line in Path(f"/proc/{self._started.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
        raise Refusal(f"this system does not tell {field} of a process: Linux is needed")

    def _refuse_the_dead(self) -> None:
        if self._started.process.poll() is not None:
            raise Refusal(f"{self._name} ended by itself (code {self._started.process.returncode}): look in {self._started.log()}")

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = client.makefile("rb")
        with client:
            try:
                while head := read_head(stream):
                    if head.target == f"{VERSION_PREFIX}/invocation/next":
                        if not self._hand_out(client):
                            return
                    else:
                        body = read_body(stream, head)
                        seconds = time.perf_counter() - self._sent
                        client.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                        self._replies.put((head.target.endswith("/response"), body, seconds))
            except OSError:
                return

    def _hand_out(self, client: socket.socket) -> bool:
        """Answers a request for an event as soon as there is one."""
        if not self._asked.is_set():
            self._first_asked = time.perf_counter()
            self._asked.set()
        event = self._events.get()
        if event is None:
            return False
        head = (
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: application/json\r\n"
            f"Lambda-Runtime-Aws-Request-Id: {uuid.uuid4()}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {int((time.time() + LONGEST_ANSWER_SECONDS) * 1000)}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:{self._name}\r\n"
            "Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000;Sampled=0\r\n"
            f"Content-Length: {len(event)}\r\n\r\n"
        )
        self._sent = time.perf_counter()
        client.sendall(head.encode() + event)
        return True


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, its own threads included, ended ones too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
