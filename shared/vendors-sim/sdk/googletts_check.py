"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: googletts_check.py http://127.0.0.1:8090/googletts
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import sys
import uuid

from checking import check, refusal, run
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.cloud import texttospeech as tts


def connect(base, key="sim-googletts-key"):
    """A client of the simulator."""
    options = ClientOptions(api_key=key, api_endpoint=base)
    client = tts.TextToSpeechClient(client_options=options, transport="rest")
    client.simulator = base
    return client


def speak(client, text, voice="en-US-Wavenet-D", encoding=tts.AudioEncoding.MP3, ssml=False, **audio):
    """The bytes of a recording. The SDK would try a failing call again; here it is told not to."""
    return client.synthesize_speech(
        input=tts.SynthesisInput(ssml=text) if ssml else tts.SynthesisInput(text=text),
        voice=tts.VoiceSelectionParams(language_code="-".join(voice.split("-")[:2]), name=voice),
        audio_config=tts.AudioConfig(audio_encoding=encoding, **audio),
        retry=None,
    ).audio_content


@check
def speaks(client):
    """synthesize_speech brings MP3, WAV, Opus and bare samples"""
    for encoding, start in [
        (tts.AudioEncoding.MP3, (b"\xff\xfb", b"\xff\xf3", b"ID3")),
        (tts.AudioEncoding.LINEAR16, b"RIFF"),
        (tts.AudioEncoding.OGG_OPUS, b"OggS"),
    ]:
        audio = speak(client, "Welcome to the future", encoding=encoding, speaking_rate=1.1)
        assert audio.startswith(start), (encoding, audio[:16])
    samples = speak(client, "Welcome", encoding=tts.AudioEncoding.PCM, sample_rate_hertz=16000)
    assert len(samples) > 8000 and not samples.startswith(b"RIFF")


@check
def speaks_with_every_family(client):
    """voices of all families speak, with pitch where they have it"""
    for voice in ["ru-RU-Standard-A", "ru-RU-Wavenet-B", "en-US-Neural2-A", "es-ES-Polyglot-1"]:
        assert speak(client, "Привет", voice=voice, pitch=-4, volume_gain_db=3)
    for voice in ["en-US-Studio-O", "cmn-CN-Chirp3-HD-Kore"]:
        assert speak(client, "Hello", voice=voice)
        refusal(exceptions.BadRequest, lambda voice=voice: speak(client, "Hello", voice=voice, pitch=-4))


@check
def speaks_ssml(client):
    """SSML is spoken if it is well-formed"""
    assert speak(client, '<speak>Hello <break time="300ms"/> world</speak>', ssml=True)
    refusal(exceptions.BadRequest, lambda: speak(client, "<speak>Hello", ssml=True))


@check
def lists_voices(client):
    """list_voices tells all voices, and those of a language"""
    everybody = client.list_voices().voices
    americans = client.list_voices(language_code="en-US").voices
    assert 380 <= len(everybody) and 0 < len(americans) < len(everybody), (len(everybody), len(americans))
    kore = next(voice for voice in americans if voice.name == "en-US-Chirp3-HD-Kore")
    assert kore.ssml_gender == tts.SsmlVoiceGender.FEMALE and kore.natural_sample_rate_hertz == 24000, kore
    assert not client.list_voices(language_code="kk-KZ").voices


@check
def counts_bytes(client):
    """the limit of a text counts bytes"""
    assert speak(client, "ж" * 2500, voice="ru-RU-Wavenet-A")
    refusal(exceptions.BadRequest, lambda: speak(client, "ж" * 2501, voice="ru-RU-Wavenet-A"))


@check
def refuses_bad_orders(client):
    """bad orders raise BadRequest"""
    for more in [
        {"voice": "en-US-Wavenet-Z"},
        {"speaking_rate": 2.5},
        {"pitch": 21},
        {"sample_rate_hertz": 1},
        {"encoding": tts.AudioEncoding.AUDIO_ENCODING_UNSPECIFIED},
    ]:
        refusal(exceptions.BadRequest, lambda more=more: speak(client, "Hello", **more))
    refusal(exceptions.BadRequest, lambda: speak(client, ""))


@check
def refuses_a_wrong_key(client):
    """a wrong key raises BadRequest with its reason"""
    stranger = connect(client.simulator, "wrong")
    error = refusal(exceptions.BadRequest, lambda: speak(stranger, "Hello"))
    assert error.reason == "API_KEY_INVALID", error
    refusal(exceptions.BadRequest, stranger.list_voices)


@check
def tells_bad_days(client):
    """a busy vendor, one that fails, and one that is not paid raise the errors of the SDK"""
    for word, kind in [
        ("busy", exceptions.TooManyRequests),
        ("500", exceptions.InternalServerError),
        ("no-credit", exceptions.Forbidden),
        ("moderate", exceptions.BadRequest),
    ]:
        refusal(kind, lambda word=word: speak(client, f"[googletts:{word}] {uuid.uuid4()}"))


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
