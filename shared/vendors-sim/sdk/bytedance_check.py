"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: bytedance_check.py http://127.0.0.1:8090/bytedance
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import base64
import sys
import time
import uuid

import checking
from byteplussdkarkruntime import Ark
from byteplussdkarkruntime._exceptions import (
    ArkAPIStatusError,
    ArkAuthenticationError,
    ArkBadRequestError,
    ArkNotFoundError,
    ArkPermissionDeniedError,
    ArkRateLimitError,
)
from byteplussdkarkruntime.types.images import SequentialImageGenerationOptions
from checking import check, fetch_clip, run

LITE_REF = "seedance-1-0-lite-i2v-250428"
PRO = "seedance-1-0-pro-250528"
PRO_15 = "seedance-1-5-pro-251215"
SECOND = "dreamina-seedance-2-0-260128"
PICTURES = "seedream-4-5-251128"


def text(words):
    return {"type": "text", "text": words}


def image(role, name="a"):
    return {"type": "image_url", "image_url": {"url": f"https://example.com/{name}.png"}, "role": role}


def refusal(call):
    """The error of a call that has to be refused."""
    return checking.refusal(ArkAPIStatusError, call)


def fetch(address, kind):
    """The file of this type behind a link, which needs no key."""
    told, file = checking.fetch(address)
    assert told == kind, told
    return file


def ended(client, task):
    """A task that has ended."""
    is_over = lambda told: told.status not in ("queued", "running")
    return checking.ended(lambda: client.content_generation.tasks.get(task_id=task), is_over)


def made(client, **order):
    """A finished task and its clip."""
    task = client.content_generation.tasks.create(**order).id
    told = ended(client, task)
    assert told.status == "succeeded", told
    assert len(fetch_clip(told.content.video_url)) > 10_000
    return told


@check
def makes_a_clip(client):
    """content_generation.tasks makes a clip from text"""
    told = made(client, model=PRO, content=[text("a kitten yawns")], resolution="720p", ratio="16:9", duration=5, seed=11, watermark=False)
    assert (told.duration, told.resolution, told.ratio, told.seed) == (5, "720p", "16:9", 11), told
    assert told.framespersecond == 24
    assert told.usage.completion_tokens == 1248 * 704 * 121 // 1024, told.usage


@check
def takes_frames(client):
    """a clip starts from a picture, and goes from a first to a last"""
    made(client, model=PRO, content=[text("it wakes"), image("first_frame")], duration=2, resolution="480p")
    frames = [text("it turns"), image("first_frame"), image("last_frame", "b")]
    told = made(client, model=PRO_15, content=frames, duration=4, resolution="480p", generate_audio=True, return_last_frame=True)
    assert told.generate_audio is True
    assert fetch(told.content.last_frame_url, "image/png")[1:4] == b"PNG"


@check
def takes_references(client):
    """a clip is made after pictures, clips and recordings"""
    pictures = [image("reference_image", name) for name in "abcd"]
    made(client, model=LITE_REF, content=[text("they dance"), *pictures], duration=2, resolution="480p")
    more = [
        {"type": "video_url", "video_url": {"url": "https://example.com/v.mp4"}, "role": "reference_video"},
        {"type": "audio_url", "audio_url": {"url": "https://example.com/s.mp3"}, "role": "reference_audio"},
    ]
    made(client, model=SECOND, content=[text("they dance"), *pictures, *more], duration=4, resolution="480p")


@check
def finds_tasks(client):
    """content_generation.tasks.list finds a task by its filters, with the identifier that it was ordered with"""
    tasks = client.content_generation.tasks
    mark = f"job_{uuid.uuid4().hex}"
    task = tasks.create(model=PRO, content=[text("a lost clip")], safety_identifier=mark).id
    assert tasks.get(task_id=task).safety_identifier == mark
    listed = tasks.list(page_num=1, page_size=500, model=PRO)
    assert [item.id for item in listed.items if item.safety_identifier == mark] == [task], listed
    assert listed.total >= 1
    assert [item.id for item in tasks.list(task_ids=[task, "cgt-0"]).items] == [task]
    assert tasks.list(task_ids=task, status="failed").items == []


@check
def cancels_tasks(client):
    """content_generation.tasks.delete cancels what waits, not what is at work, and deletes what has ended"""
    tasks = client.content_generation.tasks

    def order(words):
        return tasks.create(model=PRO, content=[text(words)], duration=2, resolution="480p").id

    waiting = order("[vendor:slow:900]")
    tasks.delete(task_id=waiting)
    assert tasks.get(task_id=waiting).status == "cancelled"
    working = order("[vendor:hang]")
    while tasks.get(task_id=working).status == "queued":
        time.sleep(0.1)
    refusal(lambda: tasks.delete(task_id=working))
    finished = order("a short clip")
    ended(client, finished)
    tasks.delete(task_id=finished)
    error = refusal(lambda: tasks.get(task_id=finished))
    assert isinstance(error, ArkNotFoundError) and error.code.startswith("NotFound"), error


@check
def tells_of_failures(client):
    """a failed task tells its reason"""
    for word, code in [("fail", "InternalServiceError"), ("moderate-output", "OutputVideoSensitiveContentDetected")]:
        task = client.content_generation.tasks.create(model=PRO, content=[text(f"a fox [vendor:{word}]")]).id
        told = ended(client, task)
        assert (told.status, told.error.code) == ("failed", code), told


@check
def makes_pictures(client):
    """images.generate makes a picture by its level, by its size, and of others"""
    generate = client.images.generate
    answer = generate(model=PICTURES, prompt="a paper crane", size="2848x1600", watermark=False)
    assert answer.data[0].size == "2848x1600" and answer.usage.generated_images == 1, answer
    assert fetch(answer.data[0].url, "image/jpeg")[:2] == b"\xff\xd8"
    inputs = ["https://example.com/a.png", "https://example.com/b.png"]
    answer = generate(model=PICTURES, prompt="both in one", image=inputs, size="2K", response_format="b64_json")
    assert base64.b64decode(answer.data[0].b64_json)[:2] == b"\xff\xd8"
    answer = generate(model="seedream-3-0-t2i-250415", prompt="a crane", size="1024x1024", seed=5, guidance_scale=2.5)
    assert answer.data[0].size == "1024x1024"


@check
def makes_sets(client):
    """images.generate makes a set of pictures"""
    answer = client.images.generate(
        model="seedream-4-0-250828",
        prompt="a crane in two steps",
        size="1K",
        sequential_image_generation="auto",
        sequential_image_generation_options=SequentialImageGenerationOptions(max_images=2),
    )
    assert len(answer.data) == answer.usage.generated_images == 2, answer


@check
def refuses_a_wrong_key(client):
    """a wrong key raises the SDK's error for keys"""
    stranger = Ark(api_key="wrong", base_url=client.simulator, max_retries=0)
    for call in (
        lambda: stranger.content_generation.tasks.create(model=PRO, content=[text("a fox")]),
        lambda: stranger.content_generation.tasks.list(),
        lambda: stranger.images.generate(model=PICTURES, prompt="a fox"),
    ):
        error = refusal(call)
        assert isinstance(error, ArkAuthenticationError) and error.code == "AuthenticationError", error


@check
def refuses_bad_orders(client):
    """bad orders raise the SDK's errors with the vendor's codes"""
    create, generate = client.content_generation.tasks.create, client.images.generate
    fox = [text("a fox")]
    once = f"{uuid.uuid4()} "
    cases = [
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=PRO, content=fox, duration=20)),
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=PRO, content=fox, duration="5")),
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=PRO, content=fox, resolution="4k")),
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=PRO, content=fox, generate_audio=True)),
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=LITE_REF, content=fox)),
        (ArkBadRequestError, "InvalidParameter", lambda: create(model=PRO, content=[*fox, image("reference_image")])),
        (ArkBadRequestError, "MissingParameter.content", lambda: create(model=PRO, content=[])),
        (ArkNotFoundError, "InvalidEndpointOrModel.NotFound", lambda: create(model="seedance-9", content=fox)),
        (ArkBadRequestError, "InvalidParameter", lambda: generate(model=PICTURES, prompt="a fox", size="1K")),
        (ArkBadRequestError, "InvalidParameter", lambda: generate(model=PICTURES, prompt="a fox", size="1024x1024")),
        (ArkBadRequestError, "InvalidParameter", lambda: generate(model=PICTURES, prompt="a fox", seed=5)),
        (ArkBadRequestError, "OutputImageSensitiveContentDetected", lambda: generate(model=PICTURES, prompt="[vendor:moderate-output]")),
        (ArkBadRequestError, "InputTextSensitiveContentDetected", lambda: create(model=PRO, content=[text("[vendor:moderate]")])),
        (ArkRateLimitError, "ServerOverloaded", lambda: create(model=PRO, content=[text(once + "[vendor:busy]")])),
        (ArkPermissionDeniedError, "AccountOverdueError", lambda: create(model=PRO, content=[text(once + "[vendor:no-credit]")])),
    ]
    for kind, code, call in cases:
        error = refusal(call)
        assert isinstance(error, kind) and error.code == code, (code, error)
        assert error.request_id, error


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy"""
    patient = Ark(api_key="sim-bytedance-key", base_url=client.simulator, max_retries=2)
    words = f"{uuid.uuid4()} [vendor:busy]"
    assert patient.images.generate(model=PICTURES, prompt=words, size="2K").data[0].url


def connect(base):
    """A client of the simulator."""
    base_url = f"{base}/api/v3"
    client = Ark(api_key="sim-bytedance-key", base_url=base_url, max_retries=0)
    client.simulator = base_url
    return client


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
