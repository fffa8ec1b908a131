"""`make dev` and `make dev-stop`: the whole service on this machine, deployed as it is deployed to AWS.

    dev.py start            runs until Ctrl-C
    dev.py start --detach   returns when it is ready; `dev.py stop` ends it
    dev.py stop
    dev.py install NAME...  installs tools only (emulator, sam, build, tests, graphiql, clients, sdk)

Environment: PORT (default 3000, and the three after it), SIM_SPEED (how much faster than life the simulated
vendors work), LOCAL_DIR (state, default .local: a second run beside the first needs its own, and its own PORT).
"""

import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import aws
import deploy
import processes
import seed
import tools
from places import KEYS, LOGS, STATE, Ports, Refusal, address, ports, refuse_taken, target

#: The process id of the supervisor of this state folder.
PID = STATE / "dev.pid"
#: Ctrl-C, `make dev-stop`, a closed terminal.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(words: list[str]) -> int:
    try:
        match words:
            case ["start"]:
                return run(detached=False)
            case ["start", "--detach"]:
                return detach()
            case ["supervise"]:
                return run(detached=True)
            case ["stop"]:
                return stop()
            case ["install", *names] if names:
                tools.check_machine()
                tools.install(*names)
                return 0
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except Refusal as refusal:
        print(f"make dev: {refusal}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # a fault of ours: one line here, the rest for whoever mends it
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / "fault.log").write_text(traceback.format_exc())
        print(f"make dev: unexpected {type(error).__name__}: {error} (details: {LOGS / 'fault.log'})", file=sys.stderr, flush=True)
        return 1


def run(detached: bool) -> int:
    """Starts everything, watches over it and ends it."""
    for which in ENDINGS:
        signal.signal(which, _interrupt)
    wanted = _prepare()
    PID.write_text(str(os.getpid()))
    started: list[processes.Started] = []
    try:
        _bring_up(wanted, started)
        return _watch(started)
    except KeyboardInterrupt:
        print("stopping ...", flush=True)
        return 0 if detached or KEYS.exists() else 130
    finally:
        # A second Ctrl-C must not leave half of it running.
        for which in ENDINGS:
            signal.signal(which, signal.SIG_IGN)
        KEYS.unlink(missing_ok=True)
        processes.end_all(started)
        PID.unlink(missing_ok=True)


def _prepare() -> Ports:
    """Everything that can be refused before anything runs."""
    tools.check_machine()
    wanted = ports()
    STATE.mkdir(parents=True, exist_ok=True)
    supervisor = _supervisor()
    if supervisor:
        raise Refusal("a local run is up already: `make dev-stop` ends it")
    # What a killed run may have left behind.
    KEYS.unlink(missing_ok=True)
    processes.end_left_overs()
    refuse_taken(wanted)
    return wanted


def _bring_up(wanted: Ports, started: list[processes.Started]) -> None:
    """In this order, so that /health is answered only when all of it is there."""
    begun = time.monotonic()
    tools.install("emulator", "sam", "graphiql")
    cloud = aws.start(wanted)
    started.append(cloud)
    _say("building")
    deploy.build()
    programs = target() / "debug"
    vendors = processes.start(
        "vendors-sim",
        [str(programs / "vendors-sim"), "--port", str(wanted.vendors)],
        processes.environment(SIM_SPEED=os.environ.get("SIM_SPEED") or "1"),
    )
    started.append(vendors)
    receiver = processes.start(
        "receiver",
        [str(programs / "local"), "receiver", "--port", str(wanted.receiver), "--keys", str(KEYS)],
        processes.environment(),
        speaks=True,
    )
    started.append(receiver)
    processes.wait_until(lambda: aws.answers(f"{address(wanted.aws)}/_ministack/health"), cloud, 30)
    _say("deploying template.yaml")
    stack = deploy.deploy(wanted)
    processes.wait_until(lambda: aws.answers(f"{address(wanted.vendors)}/health"), vendors, 20)
    processes.wait_until(lambda: aws.answers(f"{address(wanted.receiver)}/health"), receiver, 20)
    _say("making accounts and keys")
    seed.vendor_keys(wanted, stack)
    seed.catalogue(wanted, stack)
    keys = seed.accounts(wanted, stack)
    api = f"{stack['ApiId']}.execute-api.localhost:{wanted.aws}"
    front = processes.start(
        "front",
        [str(programs / "local"), "front", "--port", str(wanted.front), "--to", str(wanted.aws), "--host", api],
        processes.environment(),
    )
    started.append(front)
    processes.wait_until(lambda: aws.answers(f"{address(wanted.front)}/health"), front, 30)
    _greet(keys, time.monotonic() - begun)


def _watch(started: list[processes.Started]) -> int:
    """Waits for Ctrl-C, or for one of the parts to end by itself."""
    while True:
        for one in started:
            code = one.process.poll()
            if code is not None:
                raise Refusal(f"{one.name} ended by itself (code {code}), so everything stops: look in {one.log()}")
        threading.Event().wait(0.3)


def detach() -> int:
    """Starts a supervisor of its own, passes on what it says and returns when it is ready."""
    _prepare()
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "dev.log"
    with open(log, "wb") as words:
        supervisor = subprocess.Popen(
            [sys.executable, "-u", __file__, "supervise"],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with open(log, encoding="utf-8", errors="replace") as words:
            ready = False
            while not ready:
                ended = supervisor.poll() is not None
                for line in words:
                    print(line, end="", flush=True, file=sys.stderr if line.startswith("make dev:") else sys.stdout)
                    ready = ready or line.startswith("Doitong is ready")
                if ended:
                    return supervisor.returncode or 1
                time.sleep(0.05)
            time.sleep(0.1)
            print(words.read().replace("Ctrl-C stops everything", "`make dev-stop` stops everything"), end="", flush=True)
        return 0
    except KeyboardInterrupt:
        os.kill(supervisor.pid, signal.SIGTERM)
        supervisor.wait()
        return 130


def stop() -> int:
    """Ends a run of this state folder, in whatever condition it is."""
    supervisor = _supervisor()
    if supervisor:
        os.kill(supervisor, signal.SIGTERM)
        end = time.monotonic() + 15
        while time.monotonic() < end and _supervisor():
            time.sleep(0.05)
        if _supervisor():
            os.kill(supervisor, signal.SIGKILL)
    left = processes.end_left_overs()
    KEYS.unlink(missing_ok=True)
    PID.unlink(missing_ok=True)
    print("stopped" if supervisor or left else "nothing was running")
    return 0


def _supervisor() -> int | None:
    """The process id of a supervisor that is still alive, and really is one."""
    try:
        pid = int(PID.read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    command = Path(f"/proc/{pid}/cmdline")
    if command.parent.parent.joinpath("self").exists():
        try:
            if Path(__file__).name.encode() not in command.read_bytes():
                return None
        except OSError:
            return None
    return None if pid == os.getpid() else pid


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _say(what: str) -> None:
    print(f"{what} ...", flush=True)


def _greet(keys: dict, seconds: float) -> None:
    question = (
        '{"query":"mutation($i:GenerateInput!){generate(input:$i){id status provider creditCost}}",'
        '"variables":{"i":{"type":"IMAGE","input":{"text":"a red kite over the sea"},'
        f'"webhookUrl":"{keys["webhookUrl"]}"}}}}}}'
    )
    read = '{"query":"{generation(id:\\"ID\\"){status progress url error{code message}}}"}'
    print(
        f"""
Doitong is ready after {seconds:.1f} s.

  endpoint   {keys["endpoint"]}
  live key   {keys["live"]}
  test key   {keys["test"]}
  free tier  {keys["free"]}
  webhooks   {keys["webhookUrl"]}   (verified deliveries are printed here; secret in {_short(KEYS)})
  browser    {keys["endpoint"]}   (GraphiQL)
  samples    {keys["samples"]["image"]}  {keys["samples"]["video"]}  {keys["samples"]["audio"]}

Make an image:

  curl -s {keys["endpoint"]} -H 'Authorization: Bearer {keys["live"]}' -H 'Content-Type: application/json' \\
    -d '{question}'

and look how it gets on, with the id from the answer in place of ID:

  curl -s {keys["endpoint"]} -H 'Authorization: Bearer {keys["live"]}' -H 'Content-Type: application/json' \\
    -d '{read}'

Logs are in {_short(LOGS)}. Ctrl-C stops everything.""",
        flush=True,
    )


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
