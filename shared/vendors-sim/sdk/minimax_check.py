"""Drives the vendor's own MCP server, unmodified, against the simulator (the first dialect, which is all it speaks).

Usage: minimax_check.py http://127.0.0.1:8090/minimax
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import os
import re
import sys
import tempfile
import uuid

from checking import check, ended, fetch_clip, png, run

KEY = "sim-minimax-key"
ADDRESS = "https://example.com/first.png"


def ordered(server, **order):
    """The id of a task that was ordered without waiting for it."""
    said = server.generate_video(async_mode=True, **order).text
    found = re.search(r"Task ID: (\d+)\.", said)
    assert found, said
    return found[1]


def end(server, task):
    """What the tool says of a task that has ended."""
    is_over = lambda said: "still processing" not in said
    return ended(lambda: server.query_video_generation(task).text, is_over)


def clip(said):
    """The file behind the address in a tool's answer."""
    address = said.removeprefix("Success. Video URL: ")
    assert address != said, said
    file = fetch_clip(address)
    assert len(file) > 10_000
    return file


@check
def makes_a_clip(server):
    """generate_video and query_video_generation make a clip from text"""
    task = ordered(server, prompt="a red kite rises over a salt flat", duration=10, resolution="768P")
    clip(end(server, task))


@check
def waits_for_a_clip(server):
    """generate_video waits for the clip by itself"""
    said = server.generate_video(prompt="a kite, at once [vendor:slow:0]", model="MiniMax-Hailuo-02").text
    clip(said)


@check
def takes_pictures(server):
    """a clip starts from a picture: by its address, and from a file of this machine"""
    fast = "MiniMax-Hailuo-2.3-Fast"
    clip(end(server, ordered(server, prompt="she smiles", model=fast, first_frame_image=ADDRESS)))
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png(480, 640))
        file.flush()
        clip(end(server, ordered(server, prompt="it moves", model="I2V-01", first_frame_image=file.name)))


@check
def keeps_the_clip(server):
    """a clip is saved as a file"""
    usual = server.resource_mode
    server.resource_mode = server.RESOURCE_MODE_LOCAL
    try:
        with tempfile.TemporaryDirectory() as folder:
            said = server.generate_video(prompt="a kept kite [vendor:slow:0]", output_directory=folder).text
            path = said.removeprefix("Success. Video saved as: ")
            with open(path, "rb") as file:
                assert file.read()[4:8] == b"ftyp"
    finally:
        server.resource_mode = usual


@check
def refuses_bad_orders(server):
    """bad orders are refused with the vendor's codes"""
    generate = server.generate_video
    cases = [
        ("2013", {"prompt": "a fox", "resolution": "1080P", "duration": 10}),
        ("2013", {"prompt": "a fox", "duration": "6"}),
        ("2013", {"prompt": "a fox", "model": "MiniMax-Hailuo-9"}),
        ("2013", {"prompt": "a" * 2001}),
        ("2013", {"prompt": "a fox", "model": "MiniMax-Hailuo-2.3-Fast"}),
        ("1026", {"prompt": "a bad fox [vendor:moderate]"}),
        ("1002", {"prompt": f"{uuid.uuid4()} [vendor:busy]"}),
        ("1008", {"prompt": f"{uuid.uuid4()} [vendor:no-credit]"}),
    ]
    for code, order in cases:
        said = generate(async_mode=True, **order).text
        assert said.startswith(f"Failed to generate video: API Error: {code}-"), said
        assert re.search("Trace-Id: [0-9a-f]{32}", said), said


@check
def tells_of_failures(server):
    """a task that fails is told as failed, one that broke the rules by its code"""
    for word, told in [("fail", "Video generation FAILED"), ("moderate-output", "API Error: 1027-")]:
        said = end(server, ordered(server, prompt=f"a fox [vendor:{word}]"))
        assert told in said, said
    said = server.query_video_generation("1").text
    assert "API Error: 2013-" in said, said


@check
def refuses_a_wrong_key(server):
    """a wrong key raises the client's error for keys"""
    from minimax_mcp.client import MinimaxAPIClient
    from minimax_mcp.exceptions import MinimaxAuthError

    stranger = MinimaxAPIClient("wrong", server.api_host)
    try:
        stranger.post("/v1/video_generation", json={"model": "MiniMax-Hailuo-02", "prompt": "a fox"})
    except MinimaxAuthError as error:
        assert "Trace-Id: " in str(error)
    else:
        raise AssertionError("a wrong key was taken")


def connect(base):
    """The vendor's server, which reads its settings when it is imported."""
    os.environ["MINIMAX_API_KEY"], os.environ["MINIMAX_API_HOST"] = KEY, base
    from minimax_mcp import server

    return server


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
