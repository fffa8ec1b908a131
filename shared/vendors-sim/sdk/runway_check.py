"""Drives the vendor's own SDK, unmodified, against the simulator.

Usage: runway_check.py http://127.0.0.1:8090/runway
Prints each check and 'N passed, N failed'; the exit status is 1 if any failed.
"""

import sys
import time
import urllib.error
import uuid

import runwayml
from checking import check, data_link, ended, fetch, fetch_clip, png, refusal, run
from runwayml import RunwayML, TaskFailedError


def text_order(prompt, **more):
    """What text_to_video is called with."""
    return {"model": "gen4.5", "prompt_text": prompt, "ratio": "1280:720", "duration": 2, **more}


def end(client, task_id):
    """A task that has ended."""
    is_over = lambda task: task.status not in ("PENDING", "THROTTLED", "RUNNING")
    return ended(lambda: client.tasks.retrieve(task_id), is_over)


@check
def films_text(client):
    """text_to_video.create, wait_for_task_output and the clip"""
    task = client.text_to_video.create(**text_order("a fox crosses a snowy bridge", seed=42))
    assert uuid.UUID(task.id) and task.estimated_cost.credits == 24, task
    done = task.wait_for_task_output()
    assert done.status == "SUCCEEDED" and done.cost.credits == 24, done
    assert time.time() - done.created_at.timestamp() < 600, done.created_at
    fetch_clip(done.output[0])


@check
def films_a_picture(client):
    """image_to_video.create with a picture in the request, alone and in a list"""
    uri = data_link(png())
    for picture in (uri, [{"uri": uri, "position": "first"}]):
        task = client.image_to_video.create(
            model="gen4_turbo", prompt_image=picture, ratio="960:960", duration=2, prompt_text="it wakes up"
        )
        assert end(client, task.id).status == "SUCCEEDED"


@check
def films_an_upload(client):
    """uploads.create_ephemeral gives a handle that image_to_video takes"""
    uploaded = client.uploads.create_ephemeral(file=("face.png", png()))
    assert uploaded.uri.startswith("runway://"), uploaded
    task = client.image_to_video.create(model="gen4_turbo", prompt_image=uploaded.uri, ratio="1280:720")
    assert end(client, task.id).status == "SUCCEEDED"
    task = client.image_to_video.create(model="gen4_turbo", prompt_image="runway://unheard-of", ratio="1280:720")
    assert end(client, task.id).failure_code == "ASSET.INVALID"


@check
def tells_progress(client):
    """tasks.retrieve tells every state of a task"""
    task = client.text_to_video.create(**text_order(f"[runway:slow:2] {uuid.uuid4()}"))
    seen = {}
    for _ in range(300):
        told = client.tasks.retrieve(task.id)
        seen[told.status] = told
        if told.status == "SUCCEEDED":
            break
        time.sleep(0.05)
    # Others may be at work at the same vendor, so that it is held back first.
    states = [state for state in seen if state != "THROTTLED"]
    assert states == ["PENDING", "RUNNING", "SUCCEEDED"], states
    assert 0 <= seen["RUNNING"].progress <= 1 and seen["PENDING"].estimated_cost.credits == 24


@check
def tells_failures(client):
    """a failed task raises the SDK's error, with the vendor's code"""
    task = client.text_to_video.create(**text_order("[runway:moderate] something bad"))
    error = refusal(TaskFailedError, task.wait_for_task_output)
    assert error.task_details.failure_code == "SAFETY.INPUT.TEXT", error.task_details


@check
def deletes(client):
    """tasks.delete stops a task, and takes a finished one's output away"""
    running = client.text_to_video.create(**text_order(f"[runway:hang] {uuid.uuid4()}"))
    done = end(client, client.text_to_video.create(**text_order("a letter")).id)
    for task in (running, done):
        assert client.tasks.delete(task.id) is None
        refusal(runwayml.NotFoundError, lambda task=task: client.tasks.retrieve(task.id))
    assert refusal(urllib.error.HTTPError, lambda: fetch(done.output[0])).code == 404


@check
def tells_the_organization(client):
    """organization.retrieve tells balance, limits and usage"""
    before = client.organization.retrieve()
    client.text_to_video.create(**text_order("a fox"))
    after = client.organization.retrieve()
    assert before.credit_balance - after.credit_balance >= 24, (before, after)
    assert after.tier.models["gen4.5"].max_concurrent_generations > 0
    assert after.usage.models["gen4.5"].daily_generations > 0


@check
def refuses_a_wrong_key(client):
    """a wrong key and a wrong version raise the errors of the SDK"""
    stranger = RunwayML(api_key="wrong", base_url=client.base_url)
    refusal(runwayml.AuthenticationError, lambda: stranger.text_to_video.create(**text_order("a fox")))
    refusal(runwayml.AuthenticationError, stranger.organization.retrieve)
    old = client.copy(runway_version="2020-01-01")
    refusal(runwayml.BadRequestError, old.organization.retrieve)


@check
def refuses_bad_orders(client):
    """bad orders raise errors that name the field"""
    create = client.text_to_video.create
    cases = [
        ("duration", lambda: create(**text_order("a fox", duration=11))),
        ("ratio", lambda: create(**text_order("a fox", ratio="960:960"))),
        ("promptText", lambda: create(**text_order(""))),
        ("promptText", lambda: create(**text_order("a" * 1001))),
        ("model", lambda: create(**text_order("a fox", model="gen4_turbo"))),
        ("seed", lambda: create(**text_order("a fox", seed=-1))),
        (
            "promptImage",
            lambda: client.image_to_video.create(
                model="gen4_turbo", prompt_image="http://example.com/a.png", ratio="1280:720"
            ),
        ),
    ]
    for field, call in cases:
        error = refusal(runwayml.BadRequestError, call)
        assert error.body["issues"][0]["path"] == [field], error.body


@check
def copes_with_a_busy_vendor(client):
    """the SDK waits and tries again when the vendor is busy or fails"""
    for word in ("busy", "500"):
        task = client.text_to_video.create(**text_order(f"[runway:{word}] {uuid.uuid4()}"))
        assert end(client, task.id).status == "SUCCEEDED"
    patient = client.with_options(max_retries=0)
    call = lambda: patient.text_to_video.create(**text_order(f"[runway:busy] {uuid.uuid4()}"))
    refusal(runwayml.RateLimitError, call)


def connect(base):
    """A client of the simulator."""
    return RunwayML(api_key="sim-runway-key", base_url=base)


if __name__ == "__main__":
    sys.exit(run(__doc__, connect))
