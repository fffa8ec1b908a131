"""Starting processes so that all of them, and whatever they start, can be ended again."""

import os
import signal
import subprocess
import time
from pathlib import Path

from places import LOGS, STATE, Refusal

#: In the environment of everything that is started, and so in that of its children: tells which processes are this run's.
MARK = "DOITONG_LOCAL_RUN"


class Started:
    """One long-running process with its own process group."""

    def __init__(self, name: str, process: subprocess.Popen):
        self.name, self.process = name, process

    def log(self) -> Path:
        return LOGS / f"{self.name}.log"


def environment(**more: str) -> dict[str, str]:
    """A small environment: nothing of the user's AWS settings, keys or proxies reaches the run or its functions."""
    kept = ["PATH", "HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_LOG", "RUST_BACKTRACE"]
    scratch = STATE / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    return {name: os.environ[name] for name in kept if name in os.environ} | {MARK: str(STATE), "TMPDIR": str(scratch)} | more


def start(name: str, command: list[str], env: dict[str, str], speaks: bool = False) -> Started:
    """Starts in the background. What `speaks` writes to our own output, everything else to its log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=None if speaks else log,
            stderr=log,
            cwd=STATE,
            # A Ctrl-C in the terminal reaches only us; we end the rest in order.
            start_new_session=True,
        )
    return Started(name, process)


def wait_until(ready, what: Started, seconds: float) -> None:
    """Calls `ready` until it is true, or refuses when the process has ended or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        if what.process.poll() is not None:
            raise Refusal(f"{what.name} ended at once: the reason is in {what.log()}")
        time.sleep(0.05)
    raise Refusal(f"{what.name} was not ready after {seconds:.0f} s: look in {what.log()}")


def end_all(started: list[Started]) -> None:
    """Ends every process of this run, functions included: politely, then for certain."""
    for one in reversed(started):
        _signal_group(one.process.pid, signal.SIGTERM)
    end = time.monotonic() + 3
    while time.monotonic() < end and any(one.process.poll() is None for one in started):
        time.sleep(0.02)
    for one in started:
        _signal_group(one.process.pid, signal.SIGKILL)
        one.process.wait()
    end_left_overs()


def end_left_overs() -> int:
    """Ends whatever still carries this run's mark: functions of a killed local AWS have groups of their own."""
    ended = 0
    for _ in range(100):
        left = marked()
        if not left:
            break
        for pid in left:
            ended += 1
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
    return ended


def marked() -> list[int]:
    """Processes with this run's mark (Linux; elsewhere the groups have to do)."""
    mark = f"{MARK}={STATE}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                # A dead process that nobody has waited for yet is not running.
                if (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                    found.append(int(entry.name))
        except (OSError, IndexError):
            continue
    return found


def _signal_group(pid: int, which: signal.Signals) -> None:
    try:
        os.killpg(pid, which)
    except (ProcessLookupError, PermissionError):
        pass
