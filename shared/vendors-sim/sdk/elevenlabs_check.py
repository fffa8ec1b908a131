"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: elevenlabs_check.py http://127.0.0.1:8090/elevenlabs
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import io
import sys
import time
import uuid
import wave

import checking
from checking import check, run
from elevenlabs import ElevenLabs, VoiceSettings
from elevenlabs.core.api_error import ApiError

RACHEL = "21m00Tcm4TlvDq8ikWAM"
SARAH = "EXAVITQu4vr4xnSDxMaL"


def is_mp3(audio):
    """Whether the bytes begin with a frame of MP3 or a tag in front of one."""
    return audio[:3] == b"ID3" or (audio[0] == 0xFF and audio[1] & 0xE0 == 0xE0)


def refusal(call):
    """The error of a call that has to be refused."""

    def whole():
        result = call()
        if not hasattr(result, "dict"):
            b"".join(result)

    return checking.refusal(ApiError, whole)


@check
def speaks_mp3(client):
    """text_to_speech.convert gives an MP3 file"""
    audio = b"".join(
        client.text_to_speech.convert(
            RACHEL,
            text="[excited] Welcome to the future",
            model_id="eleven_v3",
            output_format="mp3_44100_128",
            voice_settings=VoiceSettings(stability=0.5),
            seed=42,
        )
    )
    assert len(audio) > 1000 and is_mp3(audio), audio[:16]


@check
def tells_headers(client):
    """with_raw_response shows the request id and the cost"""
    text = "Nine words"
    with client.text_to_speech.with_raw_response.convert(SARAH, text=text) as response:
        audio = b"".join(response.data)
        headers = response.headers
    assert is_mp3(audio)
    assert headers["character-cost"] == str(len(text)), headers
    assert headers["request-id"] and headers["history-item-id"], headers


@check
def speaks_wav(client):
    """a WAV file has the rate that was asked for"""
    audio = b"".join(client.text_to_speech.convert(SARAH, text="One, two, three", output_format="wav_16000"))
    with wave.open(io.BytesIO(audio)) as sound:
        assert sound.getframerate() == 16000 and sound.getnframes() > 8000, sound.getparams()


@check
def streams(client):
    """text_to_speech.stream gives the audio in pieces"""
    audio = b"".join(client.text_to_speech.stream(SARAH, text="A stream", model_id="eleven_flash_v2_5"))
    assert is_mp3(audio)


@check
def tells_timestamps(client):
    """convert_with_timestamps gives a time for each character"""
    answer = client.text_to_speech.convert_with_timestamps(SARAH, text="Time flies")
    assert "".join(answer.alignment.characters) == "Time flies"
    ends = answer.alignment.character_end_times_seconds
    assert ends == sorted(ends) and ends[-1] > 0.3, ends
    assert len(answer.audio_base_64) > 1000


@check
def searches_voices(client):
    """voices.search finds a voice by its name and goes through pages"""
    found = client.voices.search(search="roger")
    assert [voice.name for voice in found.voices] == ["Roger - Laid-Back, Casual"], found
    seen, token = [], None
    while True:
        page = client.voices.search(page_size=9, next_page_token=token, include_total_count=True)
        seen += [voice.voice_id for voice in page.voices]
        token = page.next_page_token
        if not page.has_more:
            break
    assert len(seen) == len(set(seen)) == page.total_count > 9, seen


@check
def lists_voices(client):
    """voices.get_all hides legacy voices unless asked, voices.get finds them"""
    plain = {voice.voice_id for voice in client.voices.get_all().voices}
    legacy = {voice.voice_id for voice in client.voices.get_all(show_legacy=True).voices}
    assert SARAH in plain and RACHEL not in plain and RACHEL in legacy
    assert client.voices.get(RACHEL).name == "Rachel"


@check
def lists_models(client):
    """models.list tells the limits of each model"""
    models = {model.model_id: model for model in client.models.list()}
    assert models["eleven_v3"].maximum_text_length_per_request == 5000
    assert models["eleven_flash_v2_5"].model_rates.character_cost_multiplier == 0.5
    assert all(model.can_do_text_to_speech for model in models.values())


@check
def keeps_history(client):
    """history.list finds what was spoken, and history.get_audio gives it again"""
    text, start = f"Remember {uuid.uuid4()}", int(time.time()) - 1
    audio = b"".join(client.text_to_speech.convert(SARAH, text=text))
    listed = client.history.list(
        source="TTS", voice_id=SARAH, model_id="eleven_multilingual_v2", date_after_unix=start, page_size=100
    )
    items = [item for item in listed.history if item.text == text]
    assert len(items) == 1, items
    assert client.history.get(items[0].history_item_id).text == text
    again = b"".join(client.history.get_audio(items[0].history_item_id))
    assert again == audio


@check
def tells_user(client):
    """user.get and user.subscription.get tell the balance"""
    assert client.user.get().subscription.character_limit > 0
    assert client.user.subscription.get().character_count > 0


@check
def refuses_a_wrong_key(client):
    """a wrong key raises the error of the SDK"""
    stranger = ElevenLabs(api_key="wrong", base_url=client.simulator)
    for call in (lambda: stranger.models.list(), lambda: stranger.text_to_speech.convert(SARAH, text="Hello")):
        error = refusal(call)
        assert error.status_code == 401 and error.body["detail"]["code"] == "invalid_api_key", error


@check
def refuses_bad_orders(client):
    """bad orders raise errors with the vendor's codes"""
    convert = client.text_to_speech.convert
    cases = [
        (404, "voice_not_found", lambda: convert("00000000000000000000", text="Hello")),
        (404, "model_not_found", lambda: convert(SARAH, text="Hello", model_id="eleven_v99")),
        (400, "empty_text", lambda: convert(SARAH, text="")),
        (400, "text_too_long", lambda: convert(SARAH, text="a" * 5001, model_id="eleven_v3")),
        (
            400,
            "invalid_ttd_stability",
            lambda: convert(
                SARAH, text="Hello", model_id="eleven_v3", voice_settings=VoiceSettings(stability=0.4)
            ),
        ),
        (
            400,
            "invalid_voice_settings",
            lambda: convert(SARAH, text="Hello", voice_settings=VoiceSettings(speed=1.3)),
        ),
        (400, "invalid_output_format", lambda: convert(SARAH, text="Hello", output_format="mp3_1_1")),
    ]
    for status, code, call in cases:
        error = refusal(call)
        assert (error.status_code, error.body["detail"]["code"]) == (status, code), error
    error = refusal(lambda: convert(SARAH, text="Hello", seed=-1))
    assert error.status_code == 422 and error.body["detail"][0]["loc"] == ["body", "seed"], error


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy, and tells it where it does not try again"""
    text = f"[elevenlabs:busy] {uuid.uuid4()}"
    assert client.text_to_speech.convert_with_timestamps(SARAH, text=text).audio_base_64
    error = refusal(lambda: client.text_to_speech.convert(SARAH, text=text + "!"))
    assert error.status_code == 429 and error.body["detail"]["code"] == "concurrent_limit_exceeded", error


def connect(base):
    """A client of the simulator."""
    client = ElevenLabs(api_key="sim-elevenlabs-key", base_url=base)
    client.simulator = base
    return client


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
