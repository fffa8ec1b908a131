"""Drives the vendor's own client, unmodified, against the simulator: its MCP server, called as its tools are. It needs
Python 3.12.

Usage: vidu_check.py http://127.0.0.1:8090/vidu
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import json
import os
import sys
import time
import types
import uuid

import checking
from checking import check, data_link, fetch_clip, run


def png(width=300, height=300):
    """A small picture as a data link."""
    return data_link(checking.png(width, height))


def is_clip(told):
    """Whether a tool tells of a finished clip that can be fetched without a key."""
    return bool(fetch_clip(json.loads(told)["video_url"]))


def order(**more):
    """A body for text2video."""
    return {"model": "viduq2", "prompt": f"a fox {uuid.uuid4()}", "duration": 2, "resolution": "540p", **more}


def refusal(server, call):
    """The error that a call has to raise."""
    return str(checking.refusal(server.ViduRequestError, call))


@check
def tools_make_clips(server):
    """every tool that makes clips of text or pictures makes one"""
    assert is_clip(server.generate_text_to_video(prompt="a fox crosses a snowy bridge", style="anime", aspect_ratio="9:16"))
    assert is_clip(server.generate_img_to_video(image=png(), prompt="it moves", movement_amplitude="small"))
    assert is_clip(server.generate_reference2video_to_video(images=[png(), png(400, 300)], prompt="both meet", aspect_ratio="1:1"))
    assert is_clip(server.generate_startend2video_to_video(images=[png(), "https://example.com/b.png"], prompt="it opens"))


@check
def failures_are_told(server):
    """a failed task, a refused order and a wrong key are told"""
    assert "generation failed" in server.generate_text_to_video(prompt="[vidu:fail]")
    assert "generation failed" in server.generate_text_to_video(prompt="[vidu:moderate-output]")
    for word, status in (("moderate", 400), ("no-credit", 400), ("busy", 429), ("500", 500)):
        told = server.generate_text_to_video(prompt=f"[vidu:{word}] {uuid.uuid4()}")
        assert f"Request failed: {status}" in told, told
    stranger = server.ViduAPIClient("wrong", server.api_host)
    assert "401" in refusal(server, lambda: stranger.get("/ent/v2/credits"))


@check
def wrong_orders_are_refused(server):
    """wrong orders are refused"""
    wrong = [
        ("text2video", order(duration="2")),
        ("text2video", order(duration=11)),
        ("text2video", order(model="viduq2-pro")),
        ("text2video", order(images=[png()])),
        ("text2video", order(prompt="")),
        ("text2video", order(resolution="4k")),
        ("text2video", order(style="anime")),
        ("img2video", order(model="viduq2-pro", images=[])),
        ("img2video", order(model="viduq2-pro", images=[png()], aspect_ratio="1:1")),
        ("img2video", order(model="viduq2-pro", images=[png().split(",")[1]])),
        ("start-end2video", order(model="viduq2-pro", images=[png(), png(600, 300)])),
        ("start-end2video", order(model="viduq2-pro", images=[png(), png()], duration=9)),
        ("reference2video", order(images=[png()] * 8)),
        ("reference2video", order(images=[png(100, 100)])),
        ("reference2video", order(videos=["https://example.com/v.mp4"])),
    ]
    for path, body in wrong:
        assert "400" in refusal(server, lambda: server.api_client.post(f"/ent/v2/{path}", json=body)), body


@check
def tasks_are_listed_and_stopped(server):
    """a task is listed, can be stopped while it waits, and costs nothing then"""
    client = server.api_client
    remaining = lambda: client.get("/ent/v2/credits?show_detail=false")["remains"][0]["credit_remain"]
    before = remaining()
    ids = [client.post("/ent/v2/text2video", json=order(payload="job", duration=1))["task_id"] for _ in range(12)]
    last = ids[-1]
    assert client.post(f"/ent/v2/tasks/{last}/cancel", json={"id": last}) == {}
    told = client.get(f"/ent/v2/tasks/{last}/creations")
    assert (told["state"], told["err_code"], told["payload"]) == ("failed", "UserCancelled", "job"), told
    listed = client.get(f"/ent/v2/tasks?task_ids={last}")["tasks"]
    assert [task["id"] for task in listed] == [last], listed
    page = client.get("/ent/v2/tasks?pager.page=1&pager.pagesz=5")["tasks"]
    assert [task["id"] for task in page] == ids[2:7][::-1], page
    assert before - remaining() == 11 * 10
    server.query_video(ids[0])
    assert "400" in refusal(server, lambda: client.post(f"/ent/v2/tasks/{ids[0]}/cancel", json={"id": ids[0]}))


def connect(base):
    """The vendor's server, which reads its settings when it is imported."""
    os.environ["VIDU_API_KEY"], os.environ["VIDU_API_HOST"] = "sim-vidu-key", base
    from vidu_mcp import server

    # It waits 20 seconds between two looks, and the simulator is quicker than the vendor.
    server.time = types.SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / 100))
    server.logger.disabled = True
    return server


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
