"""Drives a published client of HeyGen, unmodified, against the simulator.

The client is not the vendor's: that one's own Python packages speak older interfaces or nothing at all. It is the one on
PyPI that speaks the third version. `heygen_check.mjs` drives a package of the vendor's own.

Usage: heygen_check.py http://127.0.0.1:8090/heygen
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import os
import pathlib
import struct
import sys
import tempfile
import time
import uuid
import zlib

from easy_ai_clients import account, audio, media, video

HEYGEN = "heygen"
CHECKS = []


def check(function):
    """Adds a function to the checks; its docstring is the name that is printed."""
    CHECKS.append(function)
    return function


def png(width=300, height=400):
    """A small grey picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def wav(seconds=2):
    """Silence."""
    samples = bytes(2 * 8000 * seconds)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(samples)) + head + b"data" + struct.pack("<I", len(samples)) + samples


def told(answer):
    """What a call that only asks has brought."""
    assert "error" not in answer, answer
    return answer["data"]


def everything(ask, **more):
    """All that a list tells, page by page."""
    found, token = [], None
    while True:
        raw = ask(api=HEYGEN, token=token, **more)
        assert "error" not in raw, raw
        found += raw["data"]
        token = raw["raw_response"]["next_token"]
        if token is None:
            return found


def named(things, name):
    """The one thing with a name."""
    (thing,) = [thing for thing in things if thing["name"] == name]
    return thing


def looks():
    """The looks of a person who is called by a first name alone."""
    kate = named(everything(video.list_avatars, ownership="public", limit=50), "Kate")
    found = everything(video.list_avatar_looks, group_id=kate["id"])
    return named(found, "Kate Modern Office"), named(found, "Kate Portrait")


def voice():
    """A voice on the second page."""
    return named(everything(audio.list_voices, limit=100), "Jenny")["voice_id"]


def finished(result, folder):
    """Checks a video that was waited for and saved."""
    assert "error" not in result and result["status"] == "completed", result
    clip = pathlib.Path(result["output_path"]).read_bytes()
    assert clip[4:8] == b"ftyp" and b"avc1" in clip, clip[:16]
    assert pathlib.Path(result["output_path"]).parent == folder
    return result["raw_response"]["result"]["data"]


def order(folder, **more):
    """An order that is waited for."""
    file = folder / f"{uuid.uuid4()}.mp4"
    return {"api": HEYGEN, "output_path": str(file), "poll_interval_seconds": 1, "timeout_seconds": 60, **more}


def refusal(result, *words):
    """Checks that a call was refused in these words."""
    message = result["error"]["message"]
    assert all(word in message for word in words), message


@check
def speaks_a_script(folder):
    """an avatar found by its name speaks a script in its own voice"""
    filmed, _ = looks()
    done = finished(video.avatar_video(filmed["id"], text="Hello, I'm your AI assistant", **order(folder)), folder)
    assert done["duration"] == 2.0 and done["created_at"] <= done["completed_at"], done


@check
def takes_every_wish(folder):
    """an avatar made of a photo takes voice, motion, background, shape and format"""
    _, portrait = looks()
    wishes = {
        "voice_id": voice(),
        "voice_settings": {"speed": 1.2, "pitch": -3, "locale": "en-US"},
        "engine": {"type": "avatar_iv"},
        "resolution": "720p",
        "aspect_ratio": "4:5",
        "background": {"type": "color", "value": "#F2F4F7"},
        "remove_background": True,
        "motion_prompt": "friendly gestures",
        "expressiveness": "medium",
        "output_format": "mp4",
        "title": str(uuid.uuid4()),
        "callback_id": "job_1",
    }
    done = finished(video.avatar_video(portrait["id"], text="Good morning", **wishes, **order(folder)), folder)
    assert done["title"] == wishes["title"], done


@check
def pictures_speak(folder):
    """the person in a picture speaks: a picture in the request, by its address, and uploaded"""
    file = folder / "face.png"
    file.write_bytes(png())
    asset = told(media.upload_asset(str(file), api=HEYGEN))
    assert asset["mime_type"] == "image/png" and asset["size_bytes"] == len(png()), asset
    speaker = voice()
    for image in ({"image": str(file)}, {"image": "https://example.com/face.jpg"}, {"image_asset_id": asset["asset_id"]}):
        more = {"voice_id": speaker, "aspect_ratio": "auto", "resolution": "720p"}
        finished(video.image_lipsync(text="Good morning", **image, **more, **order(folder)), folder)


@check
def speaks_a_recording(folder):
    """an avatar and the person in a picture speak a recording that the client uploads first"""
    file, face = folder / "speech.wav", folder / "face.png"
    file.write_bytes(wav())
    face.write_bytes(png())
    filmed, _ = looks()
    done = finished(video.avatar_video(filmed["id"], audio=str(file), **order(folder)), folder)
    assert done["duration"] == 2.0, done
    finished(video.image_lipsync(image=str(face), audio=str(file), resolution="720p", **order(folder)), folder)


@check
def searches_voices(_):
    """voices are found by a description, and told alone"""
    found = told(audio.design_voice("a professional female", api=HEYGEN, gender="female"))["voices"]
    assert len(found) == 3 and all(one["gender"] == "female" for one in found), found
    one = told(audio.get_voice(found[0]["voice_id"], api=HEYGEN))
    assert one == found[0], one


@check
def tells_states(_):
    """a video waits, is at work, and has ended"""
    filmed, _ = looks()
    text = f"[heygen:slow:2] {uuid.uuid4()}"
    video_id = video.avatar_video(filmed["id"], text=text, sync=False, api=HEYGEN)["request_id"]
    seen = []
    for _ in range(300):
        status = told(video.get_status("avatar_video", video_id, api=HEYGEN))["status"]
        if status not in seen:
            seen.append(status)
        if status == "completed":
            break
        time.sleep(0.05)
    assert seen == ["pending", "processing", "completed"], seen


@check
def tells_failures(folder):
    """a failed video is told with the vendor's reason"""
    filmed, _ = looks()
    for word, code in (("moderate", "blocked_words_detected"), ("fail", "internal_error")):
        result = video.avatar_video(filmed["id"], text=f"[heygen:{word}] {uuid.uuid4()}", **order(folder))
        refusal(result, "failed", code)


@check
def refuses(_):
    """wrong orders are refused with code, words and field"""
    filmed, _ = looks()
    hello = {"text": "Hello", "sync": False, "api": HEYGEN}
    cases = [
        (("404", "avatar_not_found", "avatar_id"), {"avatar": "kate"}),
        (("404", "voice_not_found", "voice_id"), {"voice_id": "professional_female"}),
        (("400", "invalid_parameter", "engine"), {"engine": {"type": "avatar_v"}}),
        (("400", "invalid_parameter", "motion_prompt"), {"motion_prompt": "nods"}),
        (("400", "invalid_parameter", "background"), {"background": {"type": "color", "value": "white"}}),
        (("400", "invalid_parameter", "aspect_ratio"), {"aspect_ratio": "2:1"}),
        (("400", "validation_error", "title"), {"title": 5}),
        (("400", "exclude each other"), {"audio_url": "https://example.com/speech.mp3"}),
        (("402", "insufficient_credit"), {"text": f"[heygen:no-credit] {uuid.uuid4()}"}),
        (("429", "rate_limit_exceeded"), {"text": f"[heygen:busy] {uuid.uuid4()}"}),
    ]
    for words, more in cases:
        refusal(video.avatar_video(**{"avatar": filmed["id"], **hello, **more}), *words, "request_id=")


@check
def lists_and_deletes(folder):
    """videos are listed by their title, and removed"""
    filmed, _ = looks()
    title = str(uuid.uuid4())
    done = finished(video.avatar_video(filmed["id"], text="Hello", title=title, **order(folder)), folder)
    listed = everything(video.list_videos, title=title)
    assert [one["id"] for one in listed] == [done["id"]], listed
    told(video.delete_video(done["id"], api=HEYGEN, confirm=True))
    refusal(video.get_video(done["id"], api=HEYGEN), "404", "video_not_found")


@check
def tells_the_account(folder):
    """the wallet holds less after a video"""
    left = lambda: told(account.get_current_user(api=HEYGEN))["wallet"]["remaining_balance"]
    before = left()
    filmed, _ = looks()
    finished(video.avatar_video(filmed["id"], text="Hello", **order(folder)), folder)
    assert left() < before


@check
def wants_the_key(_):
    """a wrong key is refused"""
    os.environ["HEYGEN_KEY"] = "wrong"
    try:
        refusal(account.get_current_user(api=HEYGEN), "401", "unauthorized")
    finally:
        os.environ["HEYGEN_KEY"] = "sim-heygen-key"


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    os.environ.update(HEYGEN_KEY="sim-heygen-key", HEYGEN_API_BASE=sys.argv[1].rstrip("/"))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for function in CHECKS:
            try:
                function(pathlib.Path(folder).resolve())
                print(f"ok      {function.__doc__}")
            except Exception as error:  # any error is a failed check
                failed += 1
                print(f"FAILED  {function.__doc__}: {type(error).__name__}: {error}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
