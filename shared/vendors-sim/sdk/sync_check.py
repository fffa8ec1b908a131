"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: sync_check.py http://127.0.0.1:8090/sync
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import asyncio
import hashlib
import hmac
import http.server
import json
import queue
import sys
import threading
import time
import uuid

from checking import check, ended, fetch_clip, refusal, run
from sync import AsyncSync, Sync
from sync.common import Audio, ElevenLabs, GenerationOptions, GenerationSegment, SegmentAudioInput, Tts, Video
from sync.common.errors import BadRequestError, InternalServerError, NotFoundError, UnauthorizedError
from sync.core.api_error import ApiError
from sync.core.unchecked_base_model import construct_type
from sync.webhooks import GenerationNotification

VOICE = "EXAVITQu4vr4xnSDxMaL"
SECRET = "whsec_sim-sync"
CLIP = Video(url="https://example.com/fox.mp4")
RECORDING = Audio(url="https://example.com/fox.wav")


def say(script, **more):
    """A script that a voice speaks."""
    return Tts(provider=ElevenLabs(voice_id=VOICE, script=script, **more))


def order(*heard, **more):
    """What generations.create is called with."""
    return {"model": "lipsync-2", "input": [CLIP, *heard], **more}


def end(client, generation_id):
    """A generation that has ended."""
    is_over = lambda generation: generation.status not in ("PENDING", "PROCESSING")
    return ended(lambda: client.generations.get(generation_id), is_over)


def film(client, **body):
    """A finished generation and its clip."""
    made = client.generations.create(**body)
    assert uuid.UUID(made.id) and (made.status, made.output_url) == ("PENDING", None), made
    done = end(client, made.id)
    assert done.status == "COMPLETED" and done.output_duration > 0 and done.error is None, done
    return done, fetch_clip(done.output_url)


@check
def clips_speak_recordings(client):
    """every model fits a clip to a recording, in every mode"""
    for model in ("lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "sync-3"):
        done, _ = film(client, **order(RECORDING, model=model, options=GenerationOptions(sync_mode="cut_off")))
        assert (done.model, done.options.sync_mode) == (model, "cut_off"), done
        assert [item.type for item in done.input] == ["video", "audio"], done.input
    for mode in ("bounce", "loop", "silence", "remap"):
        film(client, **order(RECORDING, options=GenerationOptions(sync_mode=mode, temperature=0.3)))
    options = GenerationOptions(model_mode="head", prompt="happy", occlusion_detection_enabled=True)
    film(client, **order(RECORDING, model="react-1", options=options))


@check
def clips_speak_scripts(client):
    """a clip speaks a script, as long as it takes to speak"""
    done, _ = film(client, **order(say("a fox crosses a snowy bridge. " * 4, stability=0.4, similarity_boost=0.8)))
    assert done.input[1].provider.voice_id == VOICE and 7.5 < done.output_duration < 8.5, done


@check
def pictures_speak(client):
    """a picture speaks, with the one model that takes it; the SDK has no type for it yet"""
    picture = {"type": "image", "url": "https://example.com/fox.png"}
    film(client, model="sync-3", input=[picture, say("I am a fox")])
    call = lambda: client.generations.create(model="lipsync-2", input=[picture, say("I am a fox")])
    assert "sync-3" in refusal(BadRequestError, call).body.message


@check
def parts_have_voices(client):
    """parts of a clip have voices of their own"""
    voices = [Audio(url="https://example.com/a.wav", ref_id="a"), Tts(provider=say("b").provider, ref_id="b")]
    part = lambda name, start, **more: GenerationSegment(
        start_time=start, end_time=start + 1, audio_input=SegmentAudioInput(ref_id=name, **more)
    )
    done, _ = film(client, **order(*voices, segments=[part("a", 0, start_time=1, end_time=2), part("b", 1.5)]))
    assert [segment.audio_input.ref_id for segment in done.segments] == ["a", "b"], done.segments
    refusal(BadRequestError, lambda: client.generations.create(**order(*voices, segments=[part("c", 0)])))


@check
def files_are_taken(client):
    """a clip and a recording come as files, in a form"""
    _, clip = film(client, **order(say("one two three")))
    made = client.generations.create_with_files(
        model="lipsync-2", video=("fox.mp4", clip, "video/mp4"), audio=("fox.mp4", clip, "video/mp4")
    )
    assert end(client, made.id).status == "COMPLETED"


@check
def every_state_is_told(client):
    """generations.get tells every state; list finds them by id and by state"""
    made = client.generations.create(**order(say(f"[sync:slow:2] {uuid.uuid4()}"), output_file_name="gen_1"))
    told = [made.status]
    while told[-1] not in ("COMPLETED", "FAILED"):
        status = client.generations.get(made.id).status
        told += [status] if status != told[-1] else []
        time.sleep(0.05)
    assert told == ["PENDING", "PROCESSING", "COMPLETED"], told
    ids = lambda **filters: [generation.id for generation in client.generations.list(**filters)]
    assert ids(ids=[made.id]) == [made.id]
    assert ids(ids=[made.id], status=["COMPLETED", "FAILED"]) == [made.id] and ids(ids=[made.id], status=["PENDING"]) == []


@check
def failures_are_told(client):
    """a failed generation says why, in a code that this SDK does not have a field for"""
    for word, status, code in (
        ("fail", "FAILED", "generation_pipeline_failed"),
        ("moderate", "REJECTED", None),
        ("moderate-output", "FAILED", "generation_pipeline_failed"),
    ):
        done = end(client, client.generations.create(**order(say(f"[sync:{word}]"))).id)
        assert (done.status, done.errorCode, done.output_url) == (status, code, None) and done.error, done


@check
def orders_with_a_key_are_one(client):
    """an order that is sent again with its key is the same generation"""
    key = {"additional_headers": {"Idempotency-Key": f"gen_{uuid.uuid4()}"}}
    body = order(say("a fox, once"))
    first = client.generations.create(**body, request_options=key)
    assert client.generations.create(**body, request_options=key).id == first.id
    assert client.generations.create(**body).id != first.id
    error = refusal(ApiError, lambda: client.generations.create(**order(say("another")), request_options=key))
    assert error.status_code == 409 and error.body["errorCode"].startswith("IDEMPOTENCY_"), error
    bad = {"additional_headers": {"Idempotency-Key": "a b"}}
    refusal(BadRequestError, lambda: client.generations.create(**body, request_options=bad))


@check
def callbacks_are_signed(client):
    """the end of a generation is told to its webhook, signed as the vendor's guide shows"""
    calls = queue.Queue()

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            calls.put((self.headers["sync-signature"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        for script, status in (("a fox", "COMPLETED"), ("[sync:fail]", "FAILED")):
            made = client.generations.create(**order(say(script), webhook_url=url))
            signature, body = calls.get(timeout=30)
            moment, signature = signature.removeprefix("t=").split(",v1=")
            expected = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256)
            assert hmac.compare_digest(signature, expected.hexdigest()) and abs(time.time() - int(moment)) < 60
            # The vendor's example signs the body written anew; it must come out as it was.
            assert json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode() == body
            told = construct_type(type_=GenerationNotification, object_=json.loads(body))
            assert (told.id, told.status, bool(told.error_code)) == (made.id, status, status == "FAILED"), told
            assert bool(told.output_url) == (status == "COMPLETED"), told
        server.shutdown()


@check
def costs_and_models_are_told(client):
    """the cost is told before, and which models there are"""
    (cost,) = client.generations.estimate_cost(**order(say("a" * 150), model="lipsync-2-pro"))
    assert cost.estimated_frame_count == 250 and round(cost.estimated_generation_cost, 2) == 0.83, cost
    models = client.models.list()
    assert {model.name: model.type for model in models}["react-1"] == "react" and len(models) == 5, models


@check
def refuses_as_the_vendor(client):
    """wrong orders raise the classes of the SDK"""
    create = lambda body: lambda: client.generations.create(**body)
    bad = [
        order(),
        order(RECORDING, model="lipsync-9"),
        order(RECORDING, CLIP),
        order(RECORDING, say("a fox")),
        order(Audio(url="fox.wav")),
        order(RECORDING, options=GenerationOptions(sync_mode="stretch")),
        order(RECORDING, options=GenerationOptions(temperature=2)),
        order(RECORDING, webhook_url="http://example.com"),
        order(RECORDING, output_file_name="a b"),
        order(say("a" * 5001)),
        order(say(" ")),
        order(say("a fox", stability=2)),
    ]
    for body in bad:
        error = refusal(BadRequestError, create(body))
        assert error.body.status_code == 400 and error.body.message, error.body
    word = lambda word: create(order(say(f"[sync:{word}] {uuid.uuid4()}")))
    for name, status, code in (("no-credit", 402, "account_payment_required"), ("busy", 429, "concurrency_limit_reached")):
        error = refusal(ApiError, word(name))
        assert (error.status_code, error.body["errorCode"]) == (status, code), error
    refusal(InternalServerError, word("500"))
    refusal(NotFoundError, lambda: client.generations.get(str(uuid.uuid4())))
    stranger = Sync(api_key="wrong", base_url=client._client_wrapper.get_base_url())
    refusal(UnauthorizedError, lambda: stranger.generations.create(**order(RECORDING)))
    refusal(UnauthorizedError, lambda: stranger.generations.list())


@check
def copes_with_a_busy_vendor(client):
    """the SDK, told to, waits and tries again when the vendor is busy or fails"""
    # It begins to count at 2.
    twice = {"max_retries": 4}
    for word in ("busy", "500"):
        film(client, **order(say(f"[sync:{word}] {uuid.uuid4()}"), request_options=twice))


@check
def works_side_by_side(client):
    """the SDK's other client has several made at a time"""

    async def make(other, script):
        made = await other.generations.create(**order(say(script)))
        while (done := await other.generations.get(made.id)).status in ("PENDING", "PROCESSING"):
            await asyncio.sleep(0.1)
        return done.status

    async def all_of_them():
        other = AsyncSync(api_key="sim-sync-key", base_url=client._client_wrapper.get_base_url())
        return await asyncio.gather(*(make(other, script) for script in ("one", "two", "[sync:fail]")))

    assert asyncio.run(all_of_them()) == ["COMPLETED", "COMPLETED", "FAILED"]


def connect(base):
    """A client of the simulator."""
    return Sync(api_key="sim-sync-key", base_url=base)


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
