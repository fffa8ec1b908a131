"""`make test`: every test of the workspace in one cargo run, the stories against a local AWS of their own.

Cargo's words pass through; the last line sums them up. Exits with 1 if anything failed or no test ran.

    run-tests.py [--without-local] [arguments for cargo test ...]
"""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DEV = [sys.executable, str(PROJECT / "infra" / "local" / "dev.py")]
#: The run that the stories use, beside a developer's own.
STATE = PROJECT / ".local" / "test"
#: Simulated vendors work this much faster than life.
SIM_SPEED = "20"
RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored")


def main(words: list[str]) -> int:
    without_local = "--without-local" in words
    words = [word for word in words if word != "--without-local"] or ["--workspace"]
    # First everything is compiled: a fault in a test's text shows before anything is started.
    if subprocess.run(["cargo", "test", "--no-run", *words], cwd=PROJECT).returncode != 0:
        return closing(0, 1, 0)
    if without_local:
        return cargo_test(words, {})
    if subprocess.run([*DEV, "install", "tests", "clients", "sdk"], cwd=PROJECT).returncode != 0:
        return closing(0, 1, 0)
    settings = {"LOCAL_DIR": str(STATE), "PORT": str(free_port()), "SIM_SPEED": SIM_SPEED}
    try:
        if subprocess.run([*DEV, "start", "--detach"], env=os.environ | settings, stdout=subprocess.DEVNULL).returncode != 0:
            return closing(0, 1, 0)
        # The stories read everything else from this file; the stores' own tests only need the emulator.
        emulator = f"http://127.0.0.1:{int(settings['PORT']) + 1}"
        return cargo_test(words, {"DOITONG_KEYS": str(STATE / "keys.json"), "DOITONG_EMULATOR": emulator})
    finally:
        subprocess.run([*DEV, "stop"], env=os.environ | settings, stdout=subprocess.DEVNULL)


def cargo_test(words: list[str], more: dict[str, str]) -> int:
    passed = failed = ignored = 0
    command = ["cargo", "test", "--no-fail-fast", *words]
    with subprocess.Popen(command, cwd=PROJECT, env=os.environ | more, stdout=subprocess.PIPE, text=True, errors="replace") as cargo:
        for line in cargo.stdout:
            print(line, end="", flush=True)
            if result := RESULT.match(line):
                passed, failed, ignored = (sum(pair) for pair in zip((passed, failed, ignored), map(int, result.groups())))
    if cargo.returncode != 0 and failed == 0:
        failed = 1  # a test binary crashed before it could count
    return closing(passed, failed, ignored)


def closing(passed: int, failed: int, ignored: int) -> int:
    skipped = f", {ignored} skipped" if ignored else ""
    print(f"{passed} passed, {failed} failed{skipped}", flush=True)
    return 0 if passed and not failed else 1


def free_port() -> int:
    """The first of four free neighbours, away from a developer's own run."""
    for first in range(3900, 4900, 10):
        if all(is_free(port) for port in range(first, first + 4)):
            return first
    raise SystemExit("no four free ports between 3900 and 4900")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
