"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: lumaagents_check.py http://127.0.0.1:8090/lumaagents
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import base64
import struct
import sys
import time
import urllib.request
import uuid
import zlib

import luma_agents

CHECKS = []


def check(function):
    """Adds a function to the checks; its docstring is the name that is printed."""
    CHECKS.append(function)
    return function


def png(width=64, height=64):
    """A small grey picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def order(prompt, ratio="16:9", **video):
    """What generations.create is called with."""
    video = {"resolution": "360p", "duration": "5s", **video}
    return {"model": "ray-3.2", "type": "video", "prompt": prompt, "aspect_ratio": ratio, "video": video}


def end(client, generation_id):
    """Looks at a task until it has ended; more often than the vendor likes."""
    for _ in range(300):
        generation = client.generations.get(generation_id)
        if generation.state not in ("queued", "processing"):
            return generation
        time.sleep(0.1)
    raise AssertionError(f"generation {generation_id} has not ended")


def clip(client, **body):
    """The file that an order becomes, fetched without a key."""
    made = client.generations.create(**body)
    assert (made.state, made.type, made.model, made.output) == ("queued", "video", "ray-3.2", None), made
    done = end(client, made.id)
    assert done.state == "completed" and [output.type for output in done.output] == ["video"], done
    with urllib.request.urlopen(done.output[0].url) as response:
        file = response.read()
    assert response.headers["content-type"] == "video/mp4" and file[4:8] == b"ftyp"
    return done


def refusal(kind, call):
    """The error that a call has to raise."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"the call should raise {kind.__name__}")


A = {"url": "https://example.com/a.png"}
B = {"data": base64.b64encode(png()).decode(), "media_type": "image/png"}


@check
def text_becomes_a_clip(client):
    """text becomes a clip"""
    clip(client, **order("a fox crosses a snowy bridge", "21:9", duration="10s"), user_id="someone")
    clip(client, **order("the sea", loop=True))
    clip(client, **order("the sun", resolution="720p", hdr=True))


@check
def pictures_become_a_clip(client):
    """a clip begins and ends with pictures, has some on its way, or goes on with another"""
    first = clip(client, **order("a door opens", start_frame=A, end_frame=B))
    clip(client, **order("and closes", start_frame={"generation_id": first.id}))
    clip(client, **order("a walk", duration="10s", keyframes=[A, B], keyframe_indexes=[0, 240]))


@check
def refuses_as_the_vendor(client):
    """wrong orders raise the classes of the SDK"""
    patient = client.with_options(max_retries=0)
    create = lambda body: lambda: patient.generations.create(**body)
    bad = [
        order("a fox", duration=5),
        order("a fox", duration="9s"),
        order("a fox", "2:1"),
        order("a fox", resolution="4k"),
        order(""),
        order("a fox", start_frame={**A, **B}),
        order("a fox", start_frame={"data": "AAAA"}),
        order("a fox", keyframes=[A], keyframe_indexes=[121]),
        order("a fox", keyframes=[A, A], keyframe_indexes=[1, 1]),
    ]
    for body in bad:
        refusal(luma_agents.BadRequestError, create(body))
    combined = [
        order("a fox", duration="10s", start_frame=A),
        order("a fox", duration="10s", loop=True),
        order("a fox", hdr=True),
        order("a fox", exr_export=True),
        order("a fox", keyframes=[A], keyframe_indexes=[0], loop=True),
        order("a fox", keyframes=[A], keyframe_indexes=[]),
        order("a fox", edit={"strength": "flex_1"}),
    ]
    for body in combined:
        refusal(luma_agents.UnprocessableEntityError, create(body))
    word = lambda word: create(order(f"[lumaagents:{word}] {uuid.uuid4()}"))
    assert refusal(luma_agents.APIStatusError, word("no-credit")).status_code == 402
    limited = refusal(luma_agents.RateLimitError, word("busy"))
    assert limited.response.headers["retry-after"]
    refusal(luma_agents.InternalServerError, word("500"))
    stranger = client.with_options(auth_token="wrong")
    refusal(luma_agents.AuthenticationError, lambda: stranger.generations.get("x"))
    refusal(luma_agents.NotFoundError, lambda: client.generations.get(str(uuid.uuid4())))


@check
def failures_are_told(client):
    """a failed task says why"""
    cases = (("fail", "generation_failed"), ("moderate", "content_moderated"), ("moderate-output", "content_moderated"))
    for word, code in cases:
        done = end(client, client.generations.create(**order(f"[lumaagents:{word}]")).id)
        assert (done.state, done.failure_code, done.output) == ("failed", code, None), done


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy or fails"""
    for word in ("busy", "500"):
        made = client.generations.create(**order(f"[lumaagents:{word}] {uuid.uuid4()}"))
        assert end(client, made.id).state == "completed"


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    client = luma_agents.Luma(auth_token="sim-lumaagents-key", base_url=sys.argv[1].rstrip("/") + "/v1")
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
