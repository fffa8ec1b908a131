"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: luma_check.py http://127.0.0.1:8090/luma
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import sys
import uuid

import lumaai
from checking import check, ended, fetch, fetch_clip, refusal, run
from lumaai import LumaAI


def order(prompt, **more):
    """What generations.video.create is called with."""
    return {"model": "ray-flash-2", "prompt": prompt, "resolution": "540p", "duration": "5s", **more}


def end(client, generation_id):
    """A task that has ended."""
    is_over = lambda generation: generation.state not in ("queued", "dreaming")
    return ended(lambda: client.generations.get(generation_id), is_over)


def image(name):
    """A picture by its address."""
    return {"type": "image", "url": f"https://example.com/{name}.png"}


@check
def text_becomes_a_clip(client):
    """text becomes a clip, told in the vendor's types"""
    prompt = f"a fox crosses a snowy bridge {uuid.uuid4()}"
    made = client.generations.video.create(**order(prompt, aspect_ratio="9:16", loop=True, concepts=[{"key": "dolly_zoom"}]))
    assert made.state == "queued" and made.assets is None, made
    done = end(client, made.id)
    assert (done.state, done.generation_type, done.model) == ("completed", "video", "ray-flash-2"), done
    request = done.request
    assert (request.prompt, request.duration, request.aspect_ratio, request.loop) == (prompt, "5s", "9:16", True), request
    fetch_clip(done.assets.video)
    assert fetch(done.assets.image)[0] == "image/jpeg"


@check
def pictures_become_a_clip(client):
    """a clip begins and ends with pictures, and another goes on with it"""
    frames = {"frame0": image("a"), "frame1": image("b")}
    made = client.generations.video.create(**order("a door opens", model="ray-2", duration="9s", keyframes=frames))
    done = end(client, made.id)
    assert done.request.keyframes.frame1.url == "https://example.com/b.png", done.request
    more = {"frame0": {"type": "generation", "id": done.id}}
    longer = client.generations.create(**order("and closes", keyframes=more))
    assert end(client, longer.id).state == "completed"


@check
def a_picture_is_made(client):
    """text becomes a picture of the wished format"""
    made = client.generations.image.create(model="photon-1", prompt="a red door", format="png", aspect_ratio="1:1")
    done = end(client, made.id)
    assert done.generation_type == "image" and fetch(done.assets.image)[0] == "image/png", done


@check
def tasks_are_listed_and_deleted(client):
    """tasks are listed, the newest first, and deleted ones are gone"""
    ids = [client.generations.video.create(**order(f"one of two {uuid.uuid4()}")).id for _ in range(2)]
    page = client.generations.list(limit=1)
    assert page.generations[0].id == ids[1] and (page.count, page.limit, page.has_more) == (1, 1, True), page
    assert client.generations.list(limit=1, offset=1).generations[0].id == ids[0]
    client.generations.delete(ids[0])
    refusal(lumaai.NotFoundError, lambda: client.generations.get(ids[0]))


@check
def the_account_is_told(client):
    """the balance, the concepts and a sign of life are told"""
    before = client.credits.get().credit_balance
    client.generations.video.create(**order("a fox", model="ray-2", resolution="720p"))
    assert round(before - client.credits.get().credit_balance) == 71
    assert "dolly_zoom" in client.generations.concepts.list()
    assert client.ping.check().message


@check
def refuses_as_the_vendor(client):
    """wrong orders raise the classes of the SDK"""
    patient = client.with_options(max_retries=0)
    wrong = [
        ("duration", order("a fox", duration=5)),
        ("duration", order("a fox", duration="7s")),
        ("model", order("a fox", model="ray-1")),
        ("aspect_ratio", order("a fox", aspect_ratio="2:1")),
        ("prompt", order(None)),
        ("url", order("a fox", keyframes={"frame0": {"type": "image", "url": "AAAA"}})),
    ]
    for field, body in wrong:
        error = refusal(lumaai.UnprocessableEntityError, lambda: patient.generations.video.create(**body))
        assert field in error.body["detail"][0]["loc"], (field, error.body)
    call = lambda word: lambda: patient.generations.video.create(**order(f"[luma:{word}] {uuid.uuid4()}"))
    assert "moderation" in refusal(lumaai.BadRequestError, call("moderate")).body["detail"]
    assert "credits" in refusal(lumaai.BadRequestError, call("no-credit")).body["detail"]
    refusal(lumaai.RateLimitError, call("busy"))
    refusal(lumaai.InternalServerError, call("500"))
    stranger = client.with_options(auth_token="wrong")
    refusal(lumaai.AuthenticationError, lambda: stranger.generations.list())


@check
def failures_are_told(client):
    """a failed task says why"""
    for word, told in (("fail", "error"), ("moderate-output", "moderation")):
        made = client.generations.video.create(**order(f"[luma:{word}]"))
        done = end(client, made.id)
        assert done.state == "failed" and told in done.failure_reason and done.assets is None, done


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy or fails"""
    for word in ("busy", "500"):
        made = client.generations.video.create(**order(f"[luma:{word}] {uuid.uuid4()}"))
        assert end(client, made.id).state == "completed"


def connect(base):
    """A client of the simulator."""
    return LumaAI(auth_token="sim-luma-key", base_url=f"{base}/dream-machine/v1")


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
