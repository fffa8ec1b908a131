"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: google_check.py http://127.0.0.1:8090/google
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import base64
import struct
import sys
import urllib.request
import uuid

from checking import check, ended, png, refusal, run
from google import genai
from google.genai import _interactions, errors, types

OMNI = "gemini-omni-1.1-flash"
PICTURES = "gemini-3.1-flash-image"


def shown(data, kind="image", mime_type="image/png"):
    """A part of an input."""
    return {"type": kind, "data": base64.b64encode(data).decode(), "mime_type": mime_type}


def order(client, parts, task=None, **form):
    """Starts an interaction in the background."""
    more = {"generation_config": {"video_config": {"task": task}}} if task else {}
    form = {"type": "video", "delivery": "uri", "duration": "3s", "resolution": "360p", **form}
    return client.interactions.create(model=OMNI, input=parts, background=True, response_format=form, **more)


def end(client, started):
    """An interaction that has ended."""
    is_over = lambda seen: seen.status not in ("queued", "in_progress")
    return ended(lambda: client.interactions.get(started.id), is_over)


def clip_of(interaction):
    """The video of an output."""
    for step in interaction.steps or []:
        for content in (step.content or []) if step.type == "model_output" else []:
            if content.type == "video":
                return content
    return None


def fetch(client, uri):
    """A finished file. The key goes to the first server alone."""
    key = client._api_client.api_key
    request = urllib.request.Request(uri, headers={"x-goog-api-key": key})

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(Stay).open(request)
    except urllib.error.HTTPError as answer:
        assert answer.code == 302, answer
        with urllib.request.urlopen(answer.headers["location"]) as response:
            return response.headers["content-type"], response.read()
    raise AssertionError("the file's server does not lead on")


@check
def films_text(client):
    """interactions.create in the background, get, and the clip behind the key"""
    started = order(client, "a fox crosses a snowy bridge")
    assert started.id.startswith("v1_") and started.status == "in_progress", started
    done = end(client, started)
    assert done.status == "completed" and done.model == OMNI, done
    kind, clip = fetch(client, clip_of(done).uri)
    assert kind == "video/mp4" and clip[4:8] == b"ftyp" and b"avc1" in clip, (kind, clip[:16])
    assert done.usage.output_tokens_by_modality[0].modality == "video", done.usage


@check
def films_pictures(client):
    """interactions.create with one picture, with two, with references and with a clip to change"""
    text = {"type": "text", "text": "it wakes up"}
    first = order(client, [shown(png()), text], task="image_to_video", aspect_ratio="9:16")
    two = order(client, [shown(png()), shown(png()), text])
    references = order(client, [shown(png())] * 3 + [text], task="reference_to_video")
    done = [end(client, started) for started in (first, two, references)]
    assert all(clip_of(ended) for ended in done), done
    _, clip = fetch(client, clip_of(done[0]).uri)
    changed = order(client, [shown(clip, "video", "video/mp4"), text], task="edit")
    assert clip_of(end(client, changed)), changed


@check
def films_in_the_answer(client):
    """interactions.create without background waits for the end and may bring the clip itself"""
    form = {"type": "video", "delivery": "inline", "duration": "3s", "resolution": "360p"}
    done = client.interactions.create(model=OMNI, input="a fox", response_format=form)
    assert base64.b64decode(clip_of(done).data)[4:8] == b"ftyp"


@check
def downloads(client):
    """files.download follows to the file"""
    done = end(client, order(client, "a fox"))
    name = clip_of(done).uri.rsplit("/", 1)[1].split(":")[0]
    assert client.files.download(file=f"files/{name}")[4:8] == b"ftyp"


@check
def tells_failures(client):
    """a forbidden prompt ends as completed without a clip, a failure as failed"""
    forbidden = end(client, order(client, "[google:moderate] something bad"))
    assert forbidden.status == "completed" and clip_of(forbidden) is None, forbidden
    failed = end(client, order(client, "[google:fail] a fox"))
    assert failed.status == "failed" and failed.errors[0].message, failed


@check
def cancels_and_deletes(client):
    """interactions.cancel stops one at work and no other, interactions.delete forgets it"""
    running = order(client, f"[google:hang] {uuid.uuid4()}")
    assert client.interactions.cancel(running.id).status == "cancelled"
    assert client.interactions.get(running.id).status == "cancelled"
    done = end(client, order(client, "a fox"))
    refusal(_interactions.BadRequestError, lambda: client.interactions.cancel(done.id))
    client.interactions.delete(done.id)
    error = refusal(_interactions.BadRequestError, lambda: client.interactions.get(done.id))
    assert "Invalid interaction name" in str(error), error


@check
def paints(client):
    """generate_content brings pictures of the shape and size that were asked for"""
    for ratio, size, expected in [(None, None, (1024, 1024)), ("16:9", "2K", (2736, 1536)), ("1:1", "512", (512, 512))]:
        answer = client.models.generate_content(
            model=PICTURES,
            contents="A brass telescope on a windowsill",
            config=types.GenerateContentConfig(
                response_modalities=["IMAGE"],
                image_config=types.ImageConfig(aspect_ratio=ratio, image_size=size) if ratio else None,
                seed=7,
            ),
        )
        picture = answer.candidates[0].content.parts[0].inline_data
        assert picture.mime_type == "image/png" and picture.data[:4] == b"\x89PNG"
        assert struct.unpack(">II", picture.data[16:24]) == expected, picture.data[16:24]


@check
def changes_pictures(client):
    """generate_content takes pictures along"""
    answer = client.models.generate_content(
        model="gemini-3-pro-image",
        contents=["Make it blue", types.Part.from_bytes(data=png(), mime_type="image/png")],
        config=types.GenerateContentConfig(response_modalities=["TEXT", "IMAGE"]),
    )
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP


@check
def tells_why_there_is_no_picture(client):
    """a blocked prompt and a blocked picture are told by their reasons"""

    def paint(words):
        return client.models.generate_content(model=PICTURES, contents=words)

    blocked = paint("[google:moderate] something bad").prompt_feedback
    assert blocked.block_reason == types.BlockedReason.PROHIBITED_CONTENT, blocked
    blocked = paint("[google:moderate-output] something bad").candidates[0]
    assert blocked.finish_reason == types.FinishReason.IMAGE_SAFETY, blocked


@check
def refuses_a_wrong_key(client):
    """a wrong key raises the errors of the SDK"""
    stranger = connect(client._api_client._http_options.base_url, "wrong")
    error = refusal(_interactions.BadRequestError, lambda: order(stranger, "a fox"))
    assert "API key not valid" in str(error), error
    error = refusal(errors.ClientError, lambda: stranger.models.generate_content(model=PICTURES, contents="a fox"))
    assert error.code == 400 and error.status == "INVALID_ARGUMENT", error


@check
def refuses_bad_orders(client):
    """bad orders raise errors"""
    for form in [{"duration": "11s"}, {"duration": "2s"}, {"duration": 5}, {"aspect_ratio": "1:1"}, {"resolution": "2k"}]:
        refusal(_interactions.BadRequestError, lambda form=form: order(client, "a fox", **form))
    refusal(_interactions.BadRequestError, lambda: order(client, [shown(b"no picture")]))
    refusal(_interactions.BadRequestError, lambda: order(client, "a fox", task="edit"))
    form = {"type": "video"}
    unheard = lambda: client.interactions.create(model="gemini-omni-9", input="a fox", response_format=form)
    refusal(_interactions.NotFoundError, unheard)
    paint = client.models.generate_content
    gone = lambda: paint(model="imagen-4.0-generate-001", contents="a fox")
    assert refusal(errors.ClientError, gone).status == "NOT_FOUND"
    for image in [{"aspect_ratio": "2:1"}, {"image_size": "4k"}]:
        config = types.GenerateContentConfig(image_config=types.ImageConfig(**image))
        error = refusal(errors.ClientError, lambda config=config: paint(model=PICTURES, contents="a", config=config))
        assert error.code == 400, error


@check
def copes_with_a_busy_vendor(client):
    """a busy vendor and one that fails raise the errors of the SDK when it may not try again"""
    for word, kind, code in [("busy", errors.ClientError, 429), ("500", errors.ServerError, 500)]:
        prompt = f"[google:{word}] {uuid.uuid4()}"
        call = lambda prompt=prompt: client.models.generate_content(model=PICTURES, contents=prompt)
        assert refusal(kind, call).code == code
        assert end(client, order(client, f"[google:{word}] {uuid.uuid4()}")).status == "completed"


def connect(base, key="sim-google-key"):
    """A client of the simulator."""
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=base, api_version="v1beta"))


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
