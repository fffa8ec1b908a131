"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: fal_check.py http://127.0.0.1:8090/fal
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import base64
import hashlib
import http.server
import json
import queue
import struct
import sys
import threading
import time
import uuid

import checking
import fal_client
import fal_client.client
import httpx
from checking import check, run
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fal_client import Completed, FalClientHTTPError, InProgress, Queued, SyncClient

PROMPT = "a red door in a white wall"


def size_of_png(url):
    """Width and height of a PNG file behind a link, fetched without the key."""
    file = httpx.get(url).raise_for_status().content
    assert file[1:4] == b"PNG", file[:16]
    return struct.unpack(">II", file[16:24])


def refusal(call):
    """The error of a call that has to be refused."""
    return checking.refusal(FalClientHTTPError, call)


class Listener(http.server.BaseHTTPRequestHandler):
    """Takes callbacks, as their headers and bodies."""

    calls = queue.Queue()

    def do_POST(self):
        self.calls.put((self.headers, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def is_the_vendors(base_url, headers, body):
    """Whether a callback is signed as the vendor's page says, by another implementation than the simulator's."""
    names = ("Request-Id", "User-Id", "Timestamp")
    parts = [headers[f"X-Fal-Webhook-{name}"] for name in names]
    if abs(time.time() - int(parts[2])) > 300:
        return False
    message = "\n".join([*parts, hashlib.sha256(body).hexdigest()]).encode()
    for key in httpx.get(f"{base_url}/.well-known/jwks.json").raise_for_status().json()["keys"]:
        public = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(headers["X-Fal-Webhook-Signature"]), message)
            return True
        except InvalidSignature:
            continue
    return False


@check
def makes_pictures(client):
    """subscribe gives pictures of the size that was asked for"""
    seen = []
    result = client.subscribe(
        "fal-ai/flux/schnell",
        {"prompt": PROMPT, "image_size": {"width": 1280, "height": 736}, "num_images": 2, "seed": 42, "output_format": "png"},
        with_logs=True,
        on_queue_update=seen.append,
    )
    assert [size_of_png(image["url"]) for image in result["images"]] == [(1280, 736)] * 2
    assert result["seed"] == 42 and result["has_nsfw_concepts"] == [False, False], result
    assert isinstance(seen[-1], Completed) and "inference_time" in seen[-1].metrics, seen
    assert {type(status) for status in seen} <= {Queued, InProgress, Completed}, seen


@check
def changes_a_picture(client):
    """a picture is changed that was given as a data link"""
    small = httpx.get(client.run("fal-ai/flux/dev", {"prompt": PROMPT, "image_size": "square"})["images"][0]["url"]).content
    result = client.subscribe("fal-ai/flux-pro/kontext", {"prompt": PROMPT, "image_url": fal_client.encode(small, "image/jpeg")})
    assert result["images"][0]["content_type"] == "image/jpeg", result


@check
def makes_a_clip(client):
    """a clip, by the handle of its request"""
    handle = client.submit("fal-ai/veo3.1", {"prompt": PROMPT, "duration": "4s"}, priority="low", start_timeout=60)
    assert isinstance(client.get_handle("fal-ai/veo3.1", handle.request_id).status(), (Queued, InProgress))
    clip = httpx.get(handle.get()["video"]["url"]).raise_for_status()
    assert clip.headers["content-type"] == "video/mp4" and clip.content[4:8] == b"ftyp", clip.headers


@check
def speaks(client):
    """speech"""
    audio = client.subscribe("fal-ai/elevenlabs/tts/turbo-v2.5", {"text": "Hello", "voice": "Rachel"})["audio"]
    assert audio["content_type"] == "audio/mpeg" and httpx.get(audio["url"]).is_success, audio


@check
def finds_requests_by_id(client):
    """status and result are found by the request's id"""
    model = "fal-ai/flux-pro/v1.1-ultra"
    request = client.submit(model, {"prompt": PROMPT, "aspect_ratio": "21:9"}).request_id
    image = client.result(model, request)["images"][0]
    assert image["width"] > 2 * image["height"], image
    assert isinstance(client.status(model, request, with_logs=True), Completed)


@check
def refuses_bad_input(client):
    """bad input raises the SDK's error, with the field that is to blame"""
    for model, arguments, field in [
        ("fal-ai/flux/dev", {}, "prompt"),
        ("fal-ai/flux/dev", {"prompt": PROMPT, "num_images": 9}, "num_images"),
        ("fal-ai/veo3.1", {"prompt": PROMPT, "duration": 8}, "duration"),
        ("fal-ai/flux-pro/kontext", {"prompt": PROMPT, "image_url": "nowhere"}, "image_url"),
    ]:
        for call in (client.subscribe, client.run):
            error = refusal(lambda: call(model, arguments))
            assert error.status_code == 422 and error.message[0]["loc"] == ["body", field], error


@check
def refuses_strangers(client):
    """a wrong key and an unknown model raise the SDK's error"""
    assert refusal(lambda: SyncClient(key="wrong").submit("fal-ai/flux/dev", {"prompt": PROMPT})).status_code == 401
    assert refusal(lambda: client.submit("fal-ai/nothing", {"prompt": PROMPT})).status_code == 404


@check
def tells_moderation(client):
    """what breaks the rules is refused, or blacked out"""
    error = refusal(lambda: client.subscribe("fal-ai/flux/dev", {"prompt": f"{PROMPT} [fal:moderate]"}))
    assert error.message[0]["type"] == "content_policy_violation", error
    result = client.subscribe("fal-ai/flux/dev", {"prompt": f"{PROMPT} [fal:moderate-output]"})
    assert result["has_nsfw_concepts"] == [True], result


@check
def copes_with_a_busy_vendor(client):
    """the SDK tries again when the vendor is busy"""
    assert client.submit("fal-ai/flux/dev", {"prompt": f"[fal:busy:2] {uuid.uuid4()}"}).get()["images"]


@check
def cancels(client):
    """a request at work hears the wish to stop, one that is over does not"""
    handle = client.submit("fal-ai/flux/dev", {"prompt": f"{PROMPT} [fal:hang]"})
    handle.cancel()
    handle = client.submit("fal-ai/flux/dev", {"prompt": PROMPT})
    handle.get()
    assert refusal(handle.cancel).response.json() == {"status": "ALREADY_COMPLETED"}


@check
def calls_back(client):
    """a signed callback tells of the end, of a good one and of a bad one"""
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    webhook = f"http://127.0.0.1:{server.server_port}/hooks?job=1&token=a/b"
    try:
        for arguments, status in [({"prompt": PROMPT}, "OK"), ({"prompt": PROMPT, "num_images": 9}, "ERROR")]:
            handle = client.submit("fal-ai/flux/dev", arguments, webhook_url=webhook)
            headers, body = Listener.calls.get(timeout=20)
            base_url = fal_client.client.QUEUE_URL_FORMAT.rstrip("/")
            assert is_the_vendors(base_url, headers, body), headers
            assert not is_the_vendors(base_url, headers, body + b" "), "another body was taken for signed"
            told = json.loads(body)
            assert (told["request_id"], told["status"]) == (handle.request_id, status), told
            assert headers["X-Fal-Webhook-Request-Id"] == handle.request_id, headers
            if status == "OK":
                assert told["payload"] == handle.get(), told
            else:
                assert told["payload"]["detail"] == refusal(handle.get).message, told
    finally:
        server.shutdown()


def connect(base):
    """A client of the simulator. The SDK can be told another host, but no path and no plain HTTP: so the addresses that
    it made of it are replaced."""
    fal_client.client.QUEUE_URL_FORMAT = f"{base}/"
    fal_client.client.RUN_URL_FORMAT = f"{base}/run/"
    return SyncClient(key="sim-fal-key")


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
