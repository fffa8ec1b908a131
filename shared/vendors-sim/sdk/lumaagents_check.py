"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: lumaagents_check.py http://127.0.0.1:8090/lumaagents
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import base64
import sys
import uuid

import luma_agents
from checking import check, ended, fetch_clip, png, refusal, run


def order(prompt, ratio="16:9", **video):
    """What generations.create is called with."""
    video = {"resolution": "360p", "duration": "5s", **video}
    return {"model": "ray-3.2", "type": "video", "prompt": prompt, "aspect_ratio": ratio, "video": video}


def end(client, generation_id):
    """A task that has ended."""
    is_over = lambda generation: generation.state not in ("queued", "processing")
    return ended(lambda: client.generations.get(generation_id), is_over)


def clip(client, **body):
    """The finished task that an order becomes, with its clip."""
    made = client.generations.create(**body)
    assert (made.state, made.type, made.model, made.output) == ("queued", "video", "ray-3.2", None), made
    done = end(client, made.id)
    assert done.state == "completed" and [output.type for output in done.output] == ["video"], done
    fetch_clip(done.output[0].url)
    return done


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


def connect(base):
    """A client of the simulator."""
    return luma_agents.Luma(auth_token="sim-lumaagents-key", base_url=f"{base}/v1")


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
