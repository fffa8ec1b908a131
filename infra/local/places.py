"""Where things are, which ports the local run uses, and how it stops with one clear line."""

import json
import os
import platform
import socket
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: Installed tools; shared by every local run of this checkout.
TOOLS = PROJECT / ".local" / "tools"
#: State of this run. A second run beside the first (tests) takes another folder and another PORT.
STATE = Path(os.environ.get("LOCAL_DIR") or PROJECT / ".local").resolve()
LOGS = STATE / "logs"
KEYS = STATE / "keys.json"
#: Where `cargo lambda` puts a function's binary (`<function>/bootstrap`), and the template expects its zip.
LAMBDA = PROJECT / "target" / "lambda"
FUNCTIONS = ["graphql", "poller", "webhook", "reconciler", "admin"]
STACK = "doitong-local"


class Refusal(Exception):
    """Something the user has to do first. Its text is the one line that is printed."""


class Ports:
    """Four neighbours: front, local AWS, simulated vendors, webhook receiver."""

    def __init__(self, front: int):
        self.front, self.aws, self.vendors, self.receiver = front, front + 1, front + 2, front + 3

    def named(self) -> dict[str, int]:
        return {
            "the API": self.front,
            "the local AWS": self.aws,
            "the simulated vendors": self.vendors,
            "the webhook receiver": self.receiver,
        }


def ports() -> Ports:
    """The ports asked for with PORT=, else from 3000."""
    asked = os.environ.get("PORT") or "3000"
    if not asked.isdigit() or not 1024 <= int(asked) <= 65532:
        raise Refusal(f"PORT={asked} is not a port; take a number from 1024 to 65532 (it and the three after it are used)")
    return Ports(int(asked))


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def refuse_taken(wanted: Ports) -> None:
    """All ports have to be free before anything is started."""
    for whose, port in wanted.named().items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise Refusal(
                    f"port {port} ({whose}) is taken: end what uses it, or move with `make dev PORT={wanted.front + 100}`"
                ) from None


def architecture() -> str:
    """This machine, as Lambda names it."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"


def target() -> Path:
    """Cargo's target folder, as cargo itself finds it: by the environment, by a configuration file, or the usual one."""
    asked = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"]
    told = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True)
    return Path(json.loads(told.stdout)["target_directory"])
