"""Drives the vendor's own SDK, unmodified, against the simulator. Signatures are checked by a library of others.

Usage: hedra_check.py http://127.0.0.1:8090/hedra
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import asyncio
import base64
import hashlib
import http.server
import struct
import sys
import threading
import time
import urllib.request
import uuid
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hedra import (
    AsyncHedra,
    Hedra,
    InputElevenlabsV3,
    InputHedraAvatar,
    InputHedraAvatarAudioZero_Asset,
    InputHedraAvatarStartImage_Url,
    InputHedraCharacter3,
    InputHedraCharacter3AudioOneItem_Url,
    InputHedraCharacter3AudioZero_Url,
    InputHedraCharacter3StartImage_Url,
)
from hedra.core.api_error import ApiError
from hedra.errors import (
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PaymentRequiredError,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableEntityError,
)

KEY = "sim-hedra-key:sim-hedra-secret"
#: Keeps the client from repeating a call by itself.
ONCE = {"max_retries": 0}
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
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def wav(seconds=1.5, rate=8000):
    """Silence."""
    samples = b"\0\0" * int(seconds * rate)
    head = struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt " + head + b"data" + struct.pack("<I", len(samples)) + samples


def fetch(url):
    """A finished file, fetched without a key."""
    with urllib.request.urlopen(url) as response:
        return response.headers["content-type"], response.read()


def end(client, job_id):
    """Looks at a job until it has ended; more often than the vendor likes."""
    for _ in range(300):
        if client.jobs.get_status(job_id).status in ("COMPLETED", "FAILED"):
            return client.jobs.get(job_id)
        time.sleep(0.1)
    raise AssertionError(f"job {job_id} has not ended")


def refusal(kind, call):
    """The error of a call that has to be refused."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("the call was not refused")


def picture(client):
    """A portrait that was uploaded."""
    return InputHedraCharacter3StartImage_Url(url=client.files.upload(file=("face.png", png(), "image/png")).url)


def film(client, **more):
    """What submit_hedra_character3 is called with."""
    audio = InputHedraCharacter3AudioZero_Url(url=client.files.upload(file=wav()).url)
    order = {
        "prompt": f"a fox nods {uuid.uuid4()}",
        "aspect_ratio": "16:9",
        "resolution": "540p",
        "start_image": picture(client),
        "audio": audio,
    }
    return InputHedraCharacter3(**{**order, **more})


def voice(client):
    """A voice of the list."""
    return client.models.list_voices("elevenlabs-v3").data[0].id


def speech(client, text, **more):
    """What submit_elevenlabs_v3 is called with."""
    return InputElevenlabsV3(text=text, voice_id=voice(client), **more)


@check
def films_a_recording(client):
    """files.upload, submit_hedra_character3, get_status, get and the clip"""
    uploaded = client.files.upload(file=("voice.bin", wav(2.0), "text/plain"))
    assert uploaded.content_type == "audio/wav", uploaded
    assert 3500 < uploaded.expires_at.timestamp() - time.time() < 3700, uploaded
    submitted = client.jobs.submit_hedra_character3(input=film(client))
    assert submitted.job_id.startswith("job_") and submitted.status == "IN_QUEUE", submitted
    assert submitted.result_url == f"/v3/jobs/{submitted.job_id}", submitted
    done = end(client, submitted.job_id)
    assert (done.status, done.error, done.currency) == ("COMPLETED", None, "USD") and done.cost > 0, done
    output = done.outputs[0]
    assert (output.status, output.width, output.height, output.duration_ms) == ("COMPLETED", 960, 540, 1500), output
    kind, clip = fetch(output.url)
    assert kind == "video/mp4" and clip[4:8] == b"ftyp" and b"avc1" in clip, (kind, clip[:16])


@check
def films_several_voices(client):
    """several recordings follow each other, and a length cuts them"""
    voices = [InputHedraCharacter3AudioOneItem_Url(url=client.files.upload(file=wav(seconds)).url) for seconds in (1.0, 2.0)]
    faces = [[0.25, 0.5], [0.75, 0.5]]
    submitted = client.jobs.submit_hedra_character3(input=film(client, audio=voices, bounding_box_target=faces, num_outputs=1))
    assert end(client, submitted.job_id).outputs[0].duration_ms == 3000
    submitted = client.jobs.submit_hedra_character3(input=film(client, audio=voices, duration_ms=1250))
    assert end(client, submitted.job_id).outputs[0].duration_ms == 1250


@check
def films_a_script(client):
    """submit_elevenlabs_v3 speaks a script, and submit_hedra_avatar shows who spoke it"""
    found = client.models.search_voices("elevenlabs-v3", q="warm british narrator", gender="female", language="en", limit=3)
    assert found.data[0].labels["accent"] == "british" and found.next_cursor is None, found
    order = InputElevenlabsV3(text="Hello, welcome", voice_id=found.data[0].id, stability=0.5, speed=1.1, language="en")
    spoken = end(client, client.jobs.submit_elevenlabs_v3(input=order).job_id)
    sound = spoken.outputs[0]
    kind, file = fetch(sound.url)
    assert kind == "audio/mpeg" and file[:2] in (b"ID", b"\xff\xfb", b"\xff\xf3"), (kind, file[:4])
    order = InputHedraAvatar(
        prompt="She nods",
        aspect_ratio="9:16",
        resolution="720p",
        start_image=InputHedraAvatarStartImage_Url(url=client.files.upload(file=png()).url),
        audio=InputHedraAvatarAudioZero_Asset(asset_id=sound.asset_id),
    )
    shown = end(client, client.jobs.submit_hedra_avatar(input=order).job_id)
    assert (shown.outputs[0].width, shown.outputs[0].duration_ms) == (720, sound.duration_ms), shown


@check
def replays_an_order(client):
    """an idempotency key brings the first answer again, also after a lost one"""
    key = str(uuid.uuid4())
    order = speech(client, f"{key} [hedra:lost]")
    first = client.jobs.submit_elevenlabs_v3(input=order, idempotency_key=key)
    again = client.jobs.with_raw_response.submit_elevenlabs_v3(input=order, idempotency_key=key)
    assert first.job_id == again.data.job_id and again.headers["x-idempotent-replayed"] == "true", again
    other = client.jobs.submit_elevenlabs_v3(input=order)
    assert other.job_id != first.job_id


@check
def runs_any_model(client):
    """jobs.submit runs a model by its id, with the fields as they are"""
    order = {"text": "Hello", "voice_id": voice(client)}
    submitted = client.jobs.submit("elevenlabs-v3", input=order)
    assert (submitted.model, end(client, submitted.job_id).status) == ("elevenlabs-v3", "COMPLETED")
    error = refusal(NotFoundError, lambda: client.jobs.submit("what", input=order))
    assert error.body.error.code == "NOT_FOUND", error


@check
def repeats_by_itself(client):
    """the client's own repeats end well after a busy moment and an error"""
    for word in ("busy", "500", "lost"):
        submitted = client.jobs.submit_elevenlabs_v3(input=speech(client, f"[hedra:{word}] {uuid.uuid4()}"))
        assert end(client, submitted.job_id).status == "COMPLETED"


@check
def tells_refusals(client):
    """refusals are of their kind, with their code"""
    cases = [
        ("busy", TooManyRequestsError, "RESOURCE_EXHAUSTED"),
        ("no-credit", PaymentRequiredError, "INSUFFICIENT_BALANCE"),
        ("unauthorized", UnauthorizedError, "UNAUTHORIZED"),
        ("500", InternalServerError, "INTERNAL"),
        ("moderate", UnprocessableEntityError, "MODERATION_FAILED"),
    ]
    for word, kind, code in cases:
        order = speech(client, f"[hedra:{word}] {uuid.uuid4()}")
        error = refusal(kind, lambda: client.jobs.submit_elevenlabs_v3(input=order, request_options=ONCE))
        assert error.body.error.code == code, (word, error)
    error = refusal(PaymentRequiredError, lambda: client.jobs.submit_elevenlabs_v3(input=speech(client, f"[hedra:no-credit] {uuid.uuid4()}")))
    assert (error.body.error.billing.balance, error.body.error.retryable) == (0, False), error


@check
def tells_failures(client):
    """a failed job tells why and costs nothing"""
    for word, code in (("fail", "INTERNAL"), ("moderate-output", "MODERATION_FAILED")):
        done = end(client, client.jobs.submit_elevenlabs_v3(input=speech(client, f"[hedra:{word}]")).job_id)
        assert (done.status, done.error.code, done.cost, done.outputs) == ("FAILED", code, 0, []), done


@check
def refuses_wrong_orders(client):
    """wrong orders are refused, with all that is wrong"""
    link = InputHedraCharacter3StartImage_Url(url="https://example.com/face.png")
    wrong = [
        (film(client, resolution="4k"), "input.resolution", "enum"),
        (film(client, aspect_ratio="5:4"), "input.aspect_ratio", "enum"),
        (film(client, prompt=" "), "input.prompt", "min_length"),
        (film(client, duration_ms=600_001), "input.duration_ms", "maximum"),
        (film(client, num_outputs=2), "input.num_outputs", "maximum"),
        (film(client, start_image=link), "input.start_image", "external_url"),
        (film(client, audio=InputHedraCharacter3AudioZero_Url(url=picture(client).url)), "input.audio", "content_type"),
        (film(client, audio=[]), "input.audio", "max_items"),
        (film(client, seed=7), "input.seed", "unknown_field"),
    ]
    for order, field, reason in wrong:
        error = refusal(BadRequestError, lambda: client.jobs.submit_hedra_character3(input=order)).body.error
        assert (error.code, error.param, error.details[0].reason) == ("INVALID_ARGUMENT", field, reason), error
    both = refusal(BadRequestError, lambda: client.jobs.submit_hedra_character3(input=film(client, resolution="4k", prompt="")))
    assert len(both.body.error.details) == 2 and both.body.error.details[1].allowed == ["540p", "720p", "1080p"], both
    error = refusal(BadRequestError, lambda: client.files.upload(file=b"not a file of media"))
    assert error.body.error.param == "file", error


@check
def knows_its_key(client, base):
    """a wrong key is refused, and models are open to everybody"""
    for key in ("sim-hedra-key", "sim-hedra-key:wrong"):
        stranger = Hedra(base_url=f"{base}/v3", api_key=key)
        assert refusal(UnauthorizedError, stranger.billing.get_balance).body.error.code == "UNAUTHORIZED"
    models = client.models.list()
    ids = [model.id for model in getattr(models, "data", models)]
    assert {"hedra-character-3", "hedra-avatar", "elevenlabs-v3"} <= set(ids), ids
    assert refusal(NotFoundError, lambda: client.jobs.get("job_unheard-of")).body.error.message == "Job not found."


@check
def counts_money(client):
    """an estimate is what a job costs, and the balance goes down by it"""
    order = film(client, duration_ms=2500)
    before = client.billing.get_balance().balance
    estimate = client.models.estimate("hedra-character-3", input=order.dict(exclude_none=True))
    assert client.billing.get_balance().balance == before
    done = end(client, client.jobs.submit_hedra_character3(input=order).job_id)
    assert done.cost == estimate.cost and abs(before - client.billing.get_balance().balance - done.cost) < 1e-6, done


@check
def lists_jobs(client):
    """jobs.list goes through all pages"""
    ids = [client.jobs.submit_elevenlabs_v3(input=speech(client, f"number {number}")).job_id for number in range(5)]
    newest = []
    for job in client.jobs.list(limit=2):
        newest.append(job.job_id)
        if len(newest) == 5:
            break
    assert newest == ids[::-1], (newest, ids)


@check
def signs_callbacks(client):
    """the end of a job is told, signed with the public key"""
    heard = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = client.webhooks.get_public_key()
    assert key.algorithm == "ed25519", key
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key))
    address = f"http://127.0.0.1:{server.server_port}/hook"
    job = client.jobs.submit_elevenlabs_v3(input=speech(client, "Hello"), webhook=address).job_id
    for _ in range(100):
        if heard:
            break
        time.sleep(0.1)
    server.shutdown()
    headers, body = heard[0]
    headers = {name.lower(): value for name, value in headers.items()}
    parts = [headers[f"x-hedra-webhook-{name}"] for name in ("timestamp", "id", "event", "redelivery")]
    assert parts[1:] == [job, "job.completed", "false"], headers
    text = "\n".join([*parts, hashlib.sha256(body).hexdigest()])
    public.verify(bytes.fromhex(headers["x-hedra-webhook-signature"]), text.encode())


@check
def works_without_waiting(client, base):
    """the asynchronous client works as well"""

    async def run():
        other = AsyncHedra(base_url=f"{base}/v3", api_key=KEY)
        order = speech(client, "Hello there")
        submitted = await other.jobs.submit_elevenlabs_v3(input=order)
        for _ in range(300):
            if (await other.jobs.get_status(submitted.job_id)).status == "COMPLETED":
                return await other.jobs.get(submitted.job_id)
            await asyncio.sleep(0.1)
        raise AssertionError("the job has not ended")

    assert asyncio.run(run()).outputs[0].asset_id.startswith("asset_")


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    base = sys.argv[1].rstrip("/")
    client = Hedra(base_url=f"{base}/v3", api_key=KEY)
    failed = 0
    for function in CHECKS:
        try:
            function(*(client, base)[: function.__code__.co_argcount])
            print(f"ok      {function.__doc__}")
        except Exception as error:  # any error is a failed check
            failed += 1
            said = error.body if isinstance(error, ApiError) else error
            print(f"FAILED  {function.__doc__}: {type(error).__name__}: {said}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
