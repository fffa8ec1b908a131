#!/usr/bin/env python3
"""`make bench`: measured figures of the real binaries, and whether they keep their limits.

Builds the five functions with the release profile for this machine and runs each of them as Lambda does: a process
that asks a Runtime API for events. The events are those of API Gateway and SQS. DynamoDB, SQS, S3 and Secrets Manager
are the emulator of the local run, with the tables of template.yaml; a counting proxy before it tells which requests a
function makes. A vendor of our own hands out the large file.

At last a day of a million generations is played by the real decisions on a virtual clock (simulation/).

Exits with 1 when a limit of requests, size or memory or of the simulated day is missed, or something could not be
measured. Times of requests are told and not judged: the emulator, the proxy and the vendor share this machine with the
functions.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "local"))
# State of its own, so that a developer's local run is left alone. Read when `places` is imported.
os.environ["LOCAL_DIR"] = os.environ.get("LOCAL_DIR") or str(HERE.parents[1] / ".local" / "bench")

import measure_choosing
import measure_copy
import measure_desk
import measure_mapping
import measure_mixed
import measure_programs
import measure_simulation
import processes
import tools
from counting_proxy import CountingProxy
from fake_vendor import FakeVendor
from figures import Figure, print_table
from places import FUNCTIONS, LOGS, PROJECT, STATE, Refusal, target
from scene import Scene
from stand_in import StandIn


#: What is built and measured.
PROGRAMS = [*FUNCTIONS, "mixed", "simulation", "vendors-sim"]


def main() -> int:
    wishes = read_wishes()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        tools.check_machine()
        STATE.mkdir(parents=True, exist_ok=True)
        with open(STATE / "lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal(f"another bench runs in {STATE}: wait for it, or give this one a LOCAL_DIR of its own") from None
            figures: list[Figure] = []
            try:
                binaries = build(wishes)
                copy = measure(wishes, binaries, figures)
                if not (wishes.counts or wishes.mixed):
                    say(f"playing days of up to {wishes.orders:,} generations")
                    figures += measure_simulation.day(binaries / "simulation", wishes.orders)
            except Refusal:
                # What was found out until then is not lost.
                print_table(figures)
                raise
            return report(figures, copy, wishes)
    except Refusal as refusal:
        print(f"make bench: {refusal}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def read_wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--profile", choices=["release", "dev"], default="release", help="dev: for work on the bench itself; sizes are not judged then"
    )
    parser.add_argument("--counts", action="store_true", help="only count the front desk's requests: seconds, and nothing is timed")
    parser.add_argument("--mixed", action="store_true", help="only hold jobs of mixed vendors: a minute or two")
    parser.add_argument("--no-build", action="store_true", help="take the binaries that are there")
    parser.add_argument("--requests", type=_positive, default=300, metavar="N", help="timed requests of each kind (default 300)")
    parser.add_argument("--starts", type=_positive, default=10, metavar="N", help="timed starts of each function (default 10)")
    parser.add_argument("--orders", type=_positive, default=1_000_000, metavar="N", help="generations of the simulated day (default 1000000)")
    parser.add_argument("--megabytes", type=_positive, default=500, metavar="N", help="size of the large file (default 500)")
    return parser.parse_args()


def build(wishes: argparse.Namespace) -> Path:
    """The folder with the binaries."""
    tools.install("graphiql")  # belongs to what is packed
    folder = target() / ("release" if wishes.profile == "release" else "debug")
    if not wishes.no_build:
        begun = time.monotonic()
        say(f"building the five functions and the programs that measure them with the profile {wishes.profile} (release: minutes, when anything has changed)")
        packages = [word for name in PROGRAMS for word in ("--package", name)]
        if subprocess.run(["cargo", "build", "--profile", wishes.profile, *packages], cwd=PROJECT).returncode != 0:
            raise Refusal("the build failed, see above")
        measure_choosing.build(wishes.profile)
        measure_mapping.build(wishes.profile)
        say(f"built in {time.monotonic() - begun:.0f} s")
    needed = FUNCTIONS if wishes.counts else [name for name in PROGRAMS if name != "simulation" or not wishes.mixed]
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise Refusal(f"there is no {' and no '.join(missing)} in {folder}: leave --no-build out")
    return folder


def measure(wishes: argparse.Namespace, binaries: Path, figures: list[Figure]) -> str:
    """Adds all figures to `figures`; what the closing words tell of the copy."""
    # What a killed bench may have left behind; the lock says that none is running.
    processes.end_left_overs()
    stand_in = StandIn(free_port())
    try:
        vendor = FakeVendor()
        stand_in.prepare(vendor.url)
        scene = Scene(stand_in, CountingProxy(stand_in.ports.aws), vendor, binaries)
        scene.open_account()
        if wishes.mixed:
            say("holding fifty jobs of mixed vendors")
            figures += measure_mixed.held(scene)
            return ""
        say("counting requests")
        figures += measure_desk.counts(scene)
        if wishes.counts:
            return ""
        say(f"copying {wishes.megabytes} MB")
        copied = measure_copy.large_file(scene, wishes.megabytes)
        figures.append(measure_desk.finished_read(scene, copied.generation))
        measure_copy.rest_of_life(scene)
        say("timing requests and starts")
        timed = measure_desk.times(scene, wishes.requests) + measure_programs.starts(scene, wishes.starts)
        figures += measure_programs.sizes(scene, judged=wishes.profile == "release")
        figures += measure_programs.rest(scene) + copied.figures
        figures += measure_choosing.times(binaries) + measure_mapping.times(binaries, judged=wishes.profile == "release")
        say("holding fifty jobs of mixed vendors")
        figures += measure_mixed.held(scene)
        say("copying a whole batch")
        figures += [measure_copy.batch(scene), *timed]
        return copied.limited_by
    finally:
        processes.end_all([stand_in.started])


def report(figures: list[Figure], copy: str, wishes: argparse.Namespace) -> int:
    """Prints everything; the exit code."""
    print()
    print_table(figures)
    missed = [figure.name for figure in figures if figure.kept is False]
    judged = sum(figure.kept is not None for figure in figures)
    words = [
        f"{os.cpu_count()} processors, {os.uname().machine}, profile {wishes.profile}, load {os.getloadavg()[0]:.1f} at the end. "
        "MB are 10^6 bytes.",
        "What limited the run: the local AWS (an emulator in Python), the Runtime API, the vendor and the proxy share this machine with "
        "the functions, so wall times say more about them than about AWS. Counted requests and the large copy went through the proxy, "
        f"timed requests and the batch did not. {copy}",
        "A warm instance looks at the caller's key and account again once a minute (2 GetItem); no counted request fell on that.",
        f"Logs are in {LOGS}.",
    ]
    if wishes.counts or wishes.mixed:
        words = words[2:]  # the others are about times and sizes
    print("\n" + "\n".join(textwrap.fill(line, 120) for line in words) + "\n")
    print(f"{judged - len(missed)} of {judged} limits kept" + (f"; missed: {', '.join(missed)}" if missed else ""), flush=True)
    return 1 if missed else 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def say(what: str) -> None:
    print(f"{what} ...", flush=True)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
