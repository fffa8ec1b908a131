"""Drives the vendor's own SDK, unmodified, against the simulator: google-genai in the mode of Google's cloud, with a service
account of google-auth.

Usage: vertex_check.py http://127.0.0.1:8090/vertex
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import json
import struct
import sys
import time
import urllib.request
import uuid
import zlib
from pathlib import Path
from urllib.parse import quote

import google.auth.exceptions
from google import genai
from google.genai import errors, types
from google.oauth2 import service_account

CHECKS = []
VEO = "veo-3.1-generate-001"
FAST = "veo-3.1-fast-generate-001"
ACCOUNT = Path(__file__).parent / "vertex_account.json"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def check(function):
    """Adds a function to the checks; its docstring is the name that is printed."""
    CHECKS.append(function)
    return function


def png(width=64, height=64):
    """A small grey picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def picture():
    """The same, as the SDK wants it."""
    return types.Image(image_bytes=png(), mime_type="image/png")


def reference():
    """The same, to be like."""
    return types.VideoGenerationReferenceImage(image=picture(), reference_type="asset")


def start(client, prompt=None, model=VEO, image=None, **config):
    """Starts an operation; short and small unless told otherwise."""
    config = types.GenerateVideosConfig(**{"duration_seconds": 4, **config})
    source = types.GenerateVideosSource(prompt=prompt, image=image)
    return client.models.generate_videos(model=model, source=source, config=config)


def end(client, operation):
    """Looks at an operation until it has ended."""
    for _ in range(600):
        if operation.done:
            return operation
        time.sleep(0.1)
        operation = client.operations.get(operation)
    raise AssertionError(f"{operation.name} has not ended")


def is_clip(data):
    """Whether bytes are an MP4 file with a picture track."""
    return data[4:8] == b"ftyp" and b"avc1" in data


def refusal(kind, call):
    """The error of a call that has to be refused."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("the call was not refused")


@check
def films_words(client, base):
    """generate_videos, operations.get and the clip in the answer"""
    operation = start(client, "a fox crosses a snowy bridge", seed=7, negative_prompt="rain", generate_audio=True)
    assert operation.name.startswith("projects/sim-project/locations/us-central1/publishers/google/models/" + VEO)
    assert not operation.done, operation
    done = end(client, operation)
    assert done.error is None and done.result.rai_media_filtered_count == 0, done
    [made] = done.result.generated_videos
    assert made.video.mime_type == "video/mp4" and is_clip(made.video.video_bytes), made.video.video_bytes[:16]


@check
def films_pictures(client, base):
    """generate_videos with one picture, with a first and a last, with three references, and two clips at once"""
    first = start(client, "it wakes up", image=picture(), aspect_ratio="9:16")
    both = start(client, "it wakes up", model=FAST, image=picture(), last_frame=picture(), number_of_videos=2)
    alone = start(client, image=picture())
    like = start(client, "they meet", reference_images=[reference()] * 3, duration_seconds=8)
    done = [end(client, operation).result.generated_videos for operation in (first, both, alone, like)]
    assert [len(made) for made in done] == [1, 2, 1, 1], done
    assert all(is_clip(made.video.video_bytes) for many in done for made in many)


@check
def films_into_a_bucket(client, base):
    """a clip that is to lie in a bucket is told by its place, and lies there behind the token"""
    done = end(client, start(client, "a fox", output_gcs_uri="gs://bucket/clips"))
    [made] = done.result.generated_videos
    assert made.video.uri.startswith("gs://bucket/clips/") and made.video.video_bytes is None, made
    bucket, name = made.video.uri.removeprefix("gs://").split("/", 1)
    url = f"{base}/storage/v1/b/{bucket}/o/{quote(name, safe='')}?alt=media"
    token = client._api_client._credentials.token
    with urllib.request.urlopen(urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})) as file:
        assert is_clip(file.read())
    error = refusal(urllib.error.HTTPError, lambda: urllib.request.urlopen(url))
    assert error.code == 401, error


@check
def tells_failures(client, base):
    """forbidden words and failures are errors of the operation, a forbidden clip is counted"""
    forbidden = end(client, start(client, "[vertex:moderate] something bad"))
    assert forbidden.error["code"] == 3 and "usage guidelines" in forbidden.error["message"], forbidden
    failed = end(client, start(client, "[vertex:fail] a fox"))
    assert failed.error["code"] == 13, failed
    held = end(client, start(client, "[vertex:moderate-output] something bad"))
    assert held.result.rai_media_filtered_count == 1 and held.result.rai_media_filtered_reasons, held
    assert not held.result.generated_videos, held


@check
def refuses_another_account(client, base):
    """a key that the account does not have, and an account that is not there, get no token"""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    for change, words in [
        ({"private_key": key.private_bytes(*form).decode()}, "Invalid JWT Signature"),
        ({"client_email": "else@sim-project.iam.gserviceaccount.com"}, "account not found"),
    ]:
        stranger = connect(base, **change)
        error = refusal(google.auth.exceptions.RefreshError, lambda: start(stranger, "a fox"))
        assert words in str(error), error


@check
def refuses_another_project(client, base):
    """a project of others is out of reach"""
    error = refusal(errors.ClientError, lambda: start(connect(base, project="other-project"), "a fox"))
    assert error.code == 403 and error.status == "PERMISSION_DENIED", error


@check
def refuses_bad_orders(client, base):
    """bad orders raise errors"""
    for config in [
        {"duration_seconds": 5},
        {"aspect_ratio": "1:1"},
        {"resolution": "480p"},
        {"resolution": "1080p", "duration_seconds": 4},
        {"number_of_videos": 5},
        {"seed": 2**32},
        {"last_frame": picture()},
        {"reference_images": [reference()] * 4, "duration_seconds": 8},
        {"reference_images": [reference()], "duration_seconds": 4},
        {"output_gcs_uri": "https://example.com"},
    ]:
        error = refusal(errors.ClientError, lambda config=config: start(client, "a fox", **config))
        assert error.code == 400 and error.status == "INVALID_ARGUMENT", error
    words = types.Image(image_bytes=b"no picture", mime_type="image/png")
    assert refusal(errors.ClientError, lambda: start(client, "a fox", image=words)).code == 400
    gone = refusal(errors.ClientError, lambda: start(client, "a fox", model="veo-9.0-generate-001"))
    assert gone.code == 404 and gone.status == "NOT_FOUND", gone


@check
def copes_with_a_busy_vendor(client, base):
    """a busy vendor and one that fails raise the errors of the SDK, and take the order later"""
    for word, kind, code in [("busy", errors.ClientError, 429), ("500", errors.ServerError, 500)]:
        prompt = f"[vertex:{word}] {uuid.uuid4()}"
        assert refusal(kind, lambda prompt=prompt: start(client, prompt)).code == code
        assert end(client, start(client, prompt)).result.generated_videos


def connect(base, project="sim-project", **change):
    """A client of the simulator, with the account's key file but for what is changed."""
    account = {**json.loads(ACCOUNT.read_text()), "token_uri": f"{base}/token", **change}
    credentials = service_account.Credentials.from_service_account_info(account, scopes=[SCOPE])
    return genai.Client(
        vertexai=True,
        project=project,
        location="us-central1",
        credentials=credentials,
        http_options=types.HttpOptions(base_url=base, api_version="v1"),
    )


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    base = sys.argv[1].rstrip("/")
    client = connect(base)
    failed = 0
    for function in CHECKS:
        try:
            function(client, base)
            print(f"ok      {function.__doc__}")
        except Exception as error:  # any error is a failed check
            failed += 1
            print(f"FAILED  {function.__doc__}: {type(error).__name__}: {error}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
