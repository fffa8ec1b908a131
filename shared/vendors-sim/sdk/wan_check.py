"""Drives the vendor's own SDK, unmodified, against the simulator: its newer client and its older one.

Usage: wan_check.py http://127.0.0.1:8090/wan
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import logging
import struct
import sys
import tempfile
import time
import urllib.request
import uuid
import wave
import zlib
from pathlib import Path

import dashscope
from dashscope import VideoSynthesis
from dashscope.v2 import errors

CHECKS = []
KEY = "sim-wan-key"
FOX = "https://example.com/fox.png"
STATES = {"PENDING", "RUNNING", "SUCCEEDED"}


def check(function):
    """Adds a function to the checks; its docstring is the name that is printed."""
    CHECKS.append(function)
    return function


def png(width=300, height=300):
    """A small grey picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def files():
    """A picture and four seconds of silence, as addresses of files."""
    folder = Path(tempfile.mkdtemp())
    (folder / "fox.png").write_bytes(png())
    with wave.open(str(folder / "song.wav"), "wb") as song:
        song.setparams((1, 2, 8000, 0, "NONE", ""))
        song.writeframes(b"\0\0" * 4 * 8000)
    return f"file://{folder}/fox.png", f"file://{folder}/song.wav"


def text_order(prompt, **more):
    """What a clip from text is ordered with."""
    return {"model": "wan2.2-t2v-plus", "prompt": prompt, "size": "832*480", **more}


def is_a_clip(url):
    """Fetches a finished clip without a key."""
    with urllib.request.urlopen(url) as response:
        kind, clip = response.headers["content-type"], response.read()
    return kind == "video/mp4" and clip[4:8] == b"ftyp" and b"avc1" in clip


def wait(client, job):
    """Waits for the end of a task, with looks more often than is usual."""
    return client.videos.jobs.wait(job, poll_interval=0.1, max_interval=0.2, timeout=60)


def refusal(kind, call):
    """The error of a call that has to be refused."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("the call was not refused")


@check
def films_text(client):
    """videos.jobs.create and wait give a clip, its words and what is charged"""
    job = client.videos.jobs.create(**text_order("a fox", seed=42, prompt_extend=False, watermark=False))
    assert uuid.UUID(job.task_id) and job.status == "PENDING" and job.request_id, job
    done = wait(client, job)
    assert done.succeeded and is_a_clip(done.video_url), done
    assert done.output["orig_prompt"] == "a fox" and done.submitted_at and done.finished_at, done
    assert (done.usage.video_duration, done.usage.video_ratio) == (5, "832*480"), done.usage


@check
def films_a_picture_to_a_recording(client):
    """videos.generate uploads a picture and a recording, and takes them for an order"""
    picture, song = files()
    done = client.videos.generate(
        model="wan2.5-i2v-preview",
        prompt="it sings",
        image_url=picture,
        extra_input={"audio_url": song},
        resolution="480P",
        duration=5,
        poll_interval=0.1,
    )
    assert done.succeeded and is_a_clip(done.video_url), done
    assert done.usage.SR == 480, done.usage


@check
def films_references(client):
    """videos.generate makes a clip of characters, and tells what their clips cost"""
    done = client.videos.generate(
        model="wan2.6-r2v",
        prompt="character1 greets character2",
        extra_input={"reference_urls": [FOX, "https://example.com/walk.mp4"]},
        size="1280*720",
        duration=2,
        parameters={"shot_type": "multi"},
        poll_interval=0.1,
    )
    assert done.succeeded and is_a_clip(done.video_url), done
    assert (done.usage.output_video_duration, done.usage.duration) == (2, 7.0), done.usage


@check
def tells_progress(client):
    """videos.jobs.fetch tells every state of a task"""
    job = client.videos.jobs.create(**text_order(f"[wan:slow:2] {uuid.uuid4()}"))
    seen = {}
    for _ in range(600):
        told = client.videos.jobs.fetch(job.task_id)
        seen[told.status] = told
        if told.finished:
            break
        time.sleep(0.05)
    assert list(seen) == ["PENDING", "RUNNING", "SUCCEEDED"], list(seen)
    assert seen["RUNNING"].scheduled_at and not seen["PENDING"].scheduled_at, seen


@check
def tells_failures(client):
    """a failed task raises the SDK's error, with the vendor's code"""
    for word, code in (("moderate-output", "DataInspectionFailed"), ("fail", "InternalError.Algo")):
        job = client.videos.jobs.create(**text_order(f"[wan:{word}] {uuid.uuid4()}"))
        error = refusal(errors.DashScopeError, lambda job=job: wait(client, job))
        assert error.code == code, error
    moderated = lambda: client.videos.jobs.create(**text_order("[wan:moderate]"))
    assert refusal(errors.BadRequestError, moderated).code == "DataInspectionFailed"


@check
def cancels(client):
    """videos.jobs.cancel stops a task that waits, and no other"""
    job = client.videos.jobs.create(**text_order(f"[wan:slow:20] {uuid.uuid4()}"))
    assert client.videos.jobs.cancel(job.task_id).request_id
    assert client.videos.jobs.fetch(job.task_id).status == "CANCELED"
    error = refusal(errors.BadRequestError, lambda: client.videos.jobs.cancel(job.task_id))
    assert error.code == "UnsupportedOperation", error


@check
def lists(client):
    """videos.jobs.list tells the tasks of a model, the newest first"""
    jobs = [client.videos.jobs.create(**text_order(f"a fox {uuid.uuid4()}")) for _ in range(2)]
    page = client.videos.jobs.list(model_name="wan2.2-t2v-plus", page_size=50)
    ids = [task.task_id for task in page.tasks]
    assert page.total >= 2 and ids.index(jobs[1].task_id) < ids.index(jobs[0].task_id), page
    assert {task.status for task in page.tasks if task.task_id in (jobs[0].task_id, jobs[1].task_id)} <= STATES, page
    assert client.videos.jobs.list(model_name="wan2.1-t2v-plus", status="FAILED").total == 0
    for job in jobs:
        wait(client, job)


@check
def knows_nothing_of_others(client):
    """a task that is not there is unknown, and never waited for"""
    job = client.videos.jobs.wait(str(uuid.uuid4()), timeout=5)
    assert job.status == "UNKNOWN" and not job.succeeded, job


@check
def refuses_a_wrong_key(client):
    """a wrong key raises the error of the SDK"""
    stranger = dashscope.Client(api_key="sk-wrong", base_url=client.config.base_url)
    error = refusal(errors.AuthenticationError, lambda: stranger.videos.jobs.create(**text_order("a fox")))
    assert error.code == "InvalidApiKey", error


@check
def refuses_bad_orders(client):
    """bad orders raise errors that name the field"""
    picture = {"model": "wan2.2-i2v-plus", "prompt": "it runs", "image_url": FOX}
    for words, order in (
        ("size", text_order("a fox", size="1280*720")),
        ("duration", text_order("a fox", duration=10)),
        ("seed", text_order("a fox", seed=-1)),
        ("img_url", {"model": "wan2.2-i2v-plus", "prompt": "a fox"}),
        ("resolution", {**picture, "resolution": "720P"}),
        ("url error", {**picture, "model": "wan2.1-kf2v-plus"}),
    ):
        error = refusal(errors.BadRequestError, lambda order=order: client.videos.jobs.create(**order))
        assert error.code == "InvalidParameter" and words in str(error), error
    unknown = lambda: client.videos.jobs.create(**text_order("a fox", model="wan9-t2v"))
    assert refusal(errors.NotFoundError, unknown).code == "Model.NotExist"


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy or fails"""
    for word in ("busy", "500"):
        job = client.videos.jobs.create(**text_order(f"[wan:{word}] {uuid.uuid4()}"))
        assert wait(client, job).succeeded
    patient = dashscope.Client(api_key=KEY, base_url=client.config.base_url, max_retries=0)
    call = lambda: patient.videos.jobs.create(**text_order(f"[wan:busy] {uuid.uuid4()}"))
    assert refusal(errors.RateLimitError, call).code == "Throttling.RateQuota"


@check
def serves_the_older_client(client):
    """VideoSynthesis orders, waits, cancels and lists"""
    picture, _ = files()
    made = VideoSynthesis.call(
        model="wan2.1-kf2v-plus", api_key=KEY, prompt="it turns", first_frame_url=picture, last_frame_url=FOX
    )
    assert made.output.task_status == "SUCCEEDED" and is_a_clip(made.output.video_url), made
    assert made.usage.video_duration == 5 and made.usage.video_ratio == "standard", made.usage
    task = VideoSynthesis.async_call(**text_order(f"[wan:slow:20] {uuid.uuid4()}"), api_key=KEY)
    assert task.status_code == 200 and task.output.task_status == "PENDING", task
    assert VideoSynthesis.cancel(task, api_key=KEY).status_code == 200
    assert VideoSynthesis.fetch(task, api_key=KEY).output.task_status == "CANCELED"
    late = VideoSynthesis.cancel(task, api_key=KEY)
    assert (late.status_code, late.code) == (400, "UnsupportedOperation"), late
    listed = VideoSynthesis.list(api_key=KEY, model_name="wan2.2-t2v-plus", page_size=50)
    # This client hands the list out as it finds it.
    tasks = listed.output if isinstance(listed.output, list) else listed.output["data"]
    assert task.output.task_id in [each["task_id"] for each in tasks], listed


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    # The SDK tells the log what the refused calls below are answered with.
    logging.getLogger("dashscope").setLevel(logging.CRITICAL)
    dashscope.base_http_api_url = sys.argv[1].rstrip("/") + "/api/v1"
    client = dashscope.Client(api_key=KEY, base_url=dashscope.base_http_api_url)
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


if __name__ == "__main__":
    sys.exit(main())
