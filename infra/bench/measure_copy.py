"""A large file from a vendor to the bucket, and the rest of a job's life: webhook, reconciler."""

import time
from dataclasses import dataclass
from typing import Any

from fake_vendor import PICTURE, file_digest
from figures import MB, Figure, bytes_under
from places import Refusal
from running import Function, cpu_seconds
from scene import ACCEPT, READ, Scene

#: A poller's share of the deliveries of a queue at one time, as in the template.
BATCH = 10
#: Size of each file of a batch.
BATCH_FILE_MB = 50
#: The vendor is done at once, so this is mostly the pause before the first poll.
LONGEST_JOB_SECONDS = 120


#: The large file is copied this often, each time by a new process: how much is in memory at once is a matter of luck.
COPIES = 3


@dataclass
class Copied:
    """What came of the large file."""

    figures: list[Figure]
    #: A job that has it.
    generation: str
    #: What took how long, for the closing words.
    limited_by: str


@dataclass
class OneCopy:
    """One copy of it. Bytes, seconds; processor time of the function, of the local AWS and of the bench itself."""

    generation: str
    peak: int
    resting: int
    seconds: float
    processors: tuple[float, ...]
    requests: str
    found: str


def large_file(scene: Scene, megabytes: int) -> Copied:
    """Copies a large file; counts, memory and speed are the poller's, the bytes are checked in the bucket."""
    scene.vendor.file_bytes = megabytes * MB
    expected = file_digest(scene.vendor.file_bytes)
    copies = [_copy_once(scene, expected) for _ in range(COPIES)]
    peaks, resting = [copy.peak for copy in copies], [copy.resting for copy in copies]
    slowest = max(copies, key=lambda copy: copy.seconds)
    fastest = min(copies, key=lambda copy: copy.seconds)
    ours, theirs, benchs = slowest.processors
    name = f"copy of {megabytes} MB"

    def most_and_least(seen: list[int]) -> str:
        return f" (the most of {COPIES}, the least {min(seen) / MB:.1f})"

    return Copied(
        [
            bytes_under(f"{name}: peak RSS of the poller", max(peaks), 100, most_and_least(peaks)),
            bytes_under(f"{name}: RSS of the poller afterwards, at rest", max(resting), 60, most_and_least(resting)),
            Figure(f"{name}: bytes and SHA-256 in the bucket", slowest.found, "as sent", True),
            Figure(f"{name}: speed", f"{megabytes / slowest.seconds:.0f} to {megabytes / fastest.seconds:.0f} MB/s"),
            Figure(f"{name}: processor time of the poller", f"{ours:.2f} s"),
            Figure(f"{name}: requests to S3", slowest.requests),
        ],
        slowest.generation,
        f"In the {slowest.seconds:.1f} s of the slowest copy the processors worked {ours:.1f} s for the poller, {theirs:.1f} s for "
        f"the local AWS, {benchs:.1f} s for vendor and proxy.",
    )


def _copy_once(scene: Scene, expected: str) -> OneCopy:
    with scene.function("graphql") as desk, scene.function("poller", counted=True) as poller:
        job = _order(scene, desk)
        _work(poller, _letters(scene, 1))
        scene.note_rest("poller", poller)
        letters = _letters(scene, 1)
        scene.proxy.take()
        emulator = scene.stand_in.started.process.pid
        before = (poller.cpu_seconds(), cpu_seconds(emulator), time.process_time())
        seconds = _work(poller, letters)
        after = (poller.cpu_seconds(), cpu_seconds(emulator), time.process_time())
        requests = scene.proxy.take()
        peak, resting = poller.peak_bytes(), poller.resident_bytes()
        found = _check(scene, scene.ask(desk, READ, id=job).answer, expected)
    uploads = (f"{number} {operation}" for (service, operation), number in requests.items() if service == "S3")
    processors = tuple(late - early for late, early in zip(after, before))
    return OneCopy(job, peak, resting, seconds, processors, ", ".join(uploads), found)


def batch(scene: Scene) -> Figure:
    """A whole batch of letters whose files are all ready: copied by one instance, at the same time."""
    scene.vendor.file_bytes = BATCH_FILE_MB * MB
    expected = file_digest(scene.vendor.file_bytes)
    with scene.function("graphql") as desk, scene.function("poller") as poller:
        jobs = [_order(scene, desk) for _ in range(BATCH)]
        _work(poller, _letters(scene, BATCH))
        _work(poller, _letters(scene, BATCH))
        peak = poller.peak_bytes()
        for job in jobs:
            _check(scene, scene.ask(desk, READ, id=job).answer, expected)
    return bytes_under(f"{BATCH} copies of {BATCH_FILE_MB} MB in one batch: peak RSS of the poller", peak, None)


def rest_of_life(scene: Scene) -> None:
    """Delivers the news of what was copied and sweeps once, so that these functions have done their work when weighed."""
    with scene.function("webhook") as webhook:
        before = scene.vendor.webhooks
        _work(webhook, _letters(scene, COPIES, "webhook"))
        if scene.vendor.webhooks != before + COPIES:
            raise Refusal("not every webhook was delivered: look in the log of webhook")
        scene.note_rest("webhook", webhook)
    with scene.function("reconciler") as reconciler:
        reconciler.invoke({})
        scene.note_rest("reconciler", reconciler)


def _order(scene: Scene, desk: Function) -> str:
    picture = {"type": "IMAGE", "provider": "flux-dev", "input": {"text": "a red kite"}, "webhookUrl": f"{scene.vendor.url}/webhook"}
    return scene.ask(desk, ACCEPT, input=picture).answer["id"]


def _letters(scene: Scene, number: int, queue: str = "poller-bfl") -> list[dict[str, Any]]:
    """This many letters, as soon as their delays are over."""
    letters: list[dict[str, Any]] = []
    end = time.monotonic() + LONGEST_JOB_SECONDS
    while len(letters) < number:
        letters += scene.stand_in.receive(queue, number - len(letters))
        if time.monotonic() > end:
            raise Refusal(f"only {len(letters)} of {number} letters came to the queue {queue}")
    return letters


def _work(function: Function, letters: list[dict[str, Any]]) -> float:
    """Has a batch of letters worked; the seconds it took."""
    reply = function.invoke({"Records": letters})
    if failures := reply.payload.get("batchItemFailures"):
        raise Refusal(f"{len(failures)} of {len(letters)} letters could not be worked: look in the function's log")
    return reply.seconds


def _check(scene: Scene, answer: dict[str, Any], expected: str) -> str:
    """Holds the file in the bucket, and what the API says of it, against what the vendor sent."""
    if answer["status"] != "COMPLETED":
        raise Refusal(f"the job with the file is {answer['status']}: {answer['error']}")
    (output,) = answer["outputs"]
    key = answer["url"].partition("?")[0].split("/", 4)[4]
    length, digest = scene.stand_in.digest(key)
    told = (output["bytes"], output["sha256"], (output["width"], output["height"]))
    sent = (scene.vendor.file_bytes, expected, PICTURE)
    if told != sent or (length, digest) != sent[:2]:
        raise Refusal(f"the vendor sent {sent}, the API tells {told}, in the bucket is {(length, digest)}")
    return f"{length} bytes, {digest[:12]}..."
