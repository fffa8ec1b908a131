"""Fifty jobs of mixed vendors in flight at the same time: what they take of memory.

A poller serves one vendor, so no deployed process ever holds such a mix. What is measured is both: `mixed/`, a process with
the engines of all these vendors, and the poller's own binary with fifty jobs of the vendor whose jobs weigh most. The
vendors are the simulated ones, whose work takes seconds, so that all letters of an event are worked at the same time; the
files are as large as real ones.
"""

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import processes
from figures import MB, Figure, bytes_under
from places import Refusal, address
from running import Function
from scene import ACCEPT, READ, Scene

#: Seconds of a simulated vendor's usual work (5 at speed 1): long enough that all calls are under way together.
SPEED = 2
#: Bytes of a picture that callers give along.
INPUT_BYTES = 3 * MB
#: Sizes of results in MB, as real ones are: a clip of some seconds in 1080p, a picture, speech of a minute.
CLIP, PICTURE, VOICE = 12, 4, 1
#: Rounds of letters until all have ended: submits, polls, copies, and what comes again after a lost race.
MOST_ROUNDS = 20
#: All jobs of a mix together, orders and all, on a slow machine.
LONGEST_SECONDS = 300
MOST_MEGABYTES = 100


@dataclass
class Kind:
    """Some jobs of one kind."""

    vendor: str
    number: int
    type: str
    provider: str
    megabytes: int
    more: dict[str, Any] = field(default_factory=dict)
    with_picture: bool = False


#: Every way that material and results take: links, looked-up files, streams, base64 in messages, forms of several parts.
MIX = [
    Kind("vidu", 7, "VIDEO", "vidu", CLIP),
    Kind("kling", 7, "VIDEO", "kling", CLIP),
    Kind("runway", 5, "VIDEO", "runway", CLIP),
    Kind("minimax", 5, "VIDEO", "minimax", CLIP),
    Kind("bfl", 6, "IMAGE", "flux-dev", PICTURE),
    Kind("google", 3, "IMAGE", "imagen", PICTURE),
    Kind("google", 4, "IMAGE", "imagen", PICTURE, with_picture=True),
    Kind("stability", 5, "IMAGE", "stable-diffusion", PICTURE, with_picture=True),
    Kind("elevenlabs", 5, "AUDIO", "elevenlabs", VOICE),
    Kind("googletts", 3, "AUDIO", "google-tts", VOICE),
]
#: One vendor with jobs of several kinds: pictures in messages, with material in requests or without, and clips by link.
GOOGLE = [
    Kind("google", 20, "IMAGE", "imagen", PICTURE),
    Kind("google", 15, "IMAGE", "imagen", PICTURE, with_picture=True),
    Kind("google", 15, "VIDEO", "veo", CLIP),
]


@dataclass
class Held:
    """What was seen while all of it was under way."""

    peak: int
    #: The most while the submits were under way, and after all had ended.
    submitting: int
    resting: int
    seconds: float


def held(scene: Scene) -> list[Figure]:
    """Both mixes. Every job has to end well, with a file of the size that was asked for."""
    vendors = sorted({kind.vendor for kind in [*MIX, *GOOGLE]})
    scene.vendor.file_bytes = INPUT_BYTES
    port = _free_port()
    program = scene.binaries / "vendors-sim"
    simulated = processes.start("vendors-sim", [str(program), "--port", str(port), "--speed", str(SPEED)], processes.environment())
    try:
        for vendor in vendors:
            scene.stand_in.serve(vendor, f"{address(port)}/{vendor}")
        settings = {
            "OUTBOUND_ALLOW": f"127.0.0.1:{scene.vendor.port},127.0.0.1:{port}",
            "LIVE_VENDORS": ",".join(vendors),
            # Polls are planned by what the simulated vendors take.
            "LATENCY_SCALE": f"{0.025 / SPEED:.4f}",
        }
        figures = []
        for name, function, kinds, more in [
            ("50 jobs of ten kinds at nine vendors in one process", "mixed", MIX, {"VENDOR_SECRET_ID": scene.stand_in.secret("{vendor}")}),
            ("50 jobs of three kinds at Google", "poller", GOOGLE, {"VENDOR": "google", "VENDOR_SECRET_ID": scene.stand_in.secret("google")}),
        ]:
            seen = _hold(scene, function, kinds, settings | more)
            told = f", while submits are under way {seen.submitting / MB:.1f}, at rest afterwards {seen.resting / MB:.1f} ({seen.seconds:.0f} s)"
            figures.append(bytes_under(f"{name}: peak RSS", seen.peak, MOST_MEGABYTES, told))
        return figures
    finally:
        processes.end_all([simulated])


def _hold(scene: Scene, function: str, kinds: list[Kind], settings: dict[str, str]) -> Held:
    with scene.function("graphql", more=settings) as desk, scene.function(function, more=settings) as poller:
        begun = time.monotonic()
        jobs = [_order(scene, desk, kind, place) for kind in kinds for place in range(kind.number)]
        running = jobs
        submitting = 0
        for _ in range(MOST_ROUNDS):
            letters = _letters(scene, running)
            with Watched(poller) as watched:
                reply = poller.invoke({"Records": letters})
            if failures := reply.payload.get("batchItemFailures"):
                raise Refusal(f"{len(failures)} of {len(letters)} letters could not be worked: look in the function's log")
            submitting = submitting or watched.most
            answers = [scene.ask(desk, READ, id=job).answer for job, _ in jobs]
            running = [job for job, answer in zip(jobs, answers) if answer["status"] in ("QUEUED", "PROCESSING")]
            if not running:
                break
        for (_, kind), answer in zip(jobs, answers):
            _check(kind, answer)
        return Held(poller.peak_bytes(), submitting, poller.resident_bytes(), time.monotonic() - begun)


def _order(scene: Scene, desk: Function, kind: Kind, place: int) -> tuple[str, Kind]:
    material = {"text": f"a red kite, number {place} [vendor:large:{kind.megabytes}]"}
    if kind.with_picture:
        material["image"] = f"{scene.vendor.url}/file/{INPUT_BYTES}"
    order = {"type": kind.type, "provider": kind.provider, "input": material, **kind.more}
    return scene.ask(desk, ACCEPT, input=order).answer["id"], kind


def _letters(scene: Scene, jobs: list[tuple[str, Kind]]) -> list[dict[str, Any]]:
    """A letter of each of these jobs, as soon as all of them are there. What else is in the queues is thrown away."""
    letters: list[dict[str, Any]] = []
    end = time.monotonic() + LONGEST_SECONDS
    for vendor in sorted({kind.vendor for _, kind in jobs}):
        missing = {job for job, kind in jobs if kind.vendor == vendor}
        while missing:
            for letter in scene.stand_in.receive(f"poller-{vendor}", 10):
                job = json.loads(letter["body"])["job"]
                if job in missing:
                    missing.remove(job)
                    letters.append(letter)
            if time.monotonic() > end:
                raise Refusal(f"{len(missing)} letters never came to the queue of {vendor}")
    return letters


def _check(kind: Kind, answer: dict[str, Any]) -> None:
    if answer["status"] != "COMPLETED":
        raise Refusal(f"a job of {kind.vendor} is {answer['status']}: {answer['error']}")
    size = answer["outputs"][0]["bytes"]
    if size < kind.megabytes * MB:
        raise Refusal(f"a file of {kind.vendor} has {size} bytes and should have {kind.megabytes} MB")


class Watched:
    """Reads a function's resident memory every few milliseconds while its block runs."""

    def __init__(self, function: Function):
        self._function = function
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = 0

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, self._function.resident_bytes())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]
