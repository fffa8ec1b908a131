"""The front desk: what an accepted order, its replay and a status read cost."""

import time
from collections import Counter

from figures import Figure, milliseconds
from places import Refusal
from running import Function, cpu_seconds
from scene import ACCEPT, ACCEPT_FLAT, CATALOGUE, CLIP, FLAT_CLIP, READ, Scene

#: Requests that are counted one by one; every single one has to keep the limit.
COUNTED = 10
#: What a function might still send after its answer would show within this time.
SETTLE_SECONDS = 0.02
#: Requests before the timed ones.
WARM_UP = 30

#: A look at how the vendors are: one an instance every so many seconds, whatever is asked of it meanwhile.
LOOK = ("DynamoDB", "Query")
SECONDS_BETWEEN_LOOKS = 5
#: Now and then a look is also one at how long the models took lately.
QUERIES_OF_A_LOOK = 2

Requests = Counter[tuple[str, str]]
ONE_TRANSACTION_AND_ONE_LETTER: Requests = Counter({("DynamoDB", "TransactWriteItems"): 1, ("SQS", "SendMessage"): 1})
ONE_TRANSACTION: Requests = Counter({("DynamoDB", "TransactWriteItems"): 1})
NOTHING: Requests = Counter()
ONE_READ: Requests = Counter({("DynamoDB", "GetItem"): 1})


def counts(scene: Scene) -> list[Figure]:
    """Requests to AWS per request of a caller, on one instance from its start."""
    scene.proxy.take()
    with scene.function("graphql", counted=True) as desk:
        started = _taken(scene)
        first = scene.ask(desk, ACCEPT, input=CLIP).answer["id"]
        cold = _taken(scene)
        scene.note_rest("graphql", desk)
        begun = time.monotonic()
        accepts = [_count(scene, desk, ACCEPT, input=CLIP) for _ in range(COUNTED)]
        flat = [_count(scene, desk, ACCEPT_FLAT, input=FLAT_CLIP) for _ in range(COUNTED)]
        reads = [_count(scene, desk, READ, id=first) for _ in range(COUNTED)]
        # Counted in the caller's bucket of reads as every query is, and otherwise in need of nothing that is stored.
        estimates = [_count(scene, desk, CATALOGUE, input=CLIP) for _ in range(COUNTED)]
        original = scene.ask(desk, ACCEPT, idempotency="bench-replay", input=CLIP).answer["id"]
        _taken(scene)
        replays = []
        for _ in range(COUNTED):
            asked = scene.ask(desk, ACCEPT, idempotency="bench-replay", input=CLIP)
            if asked.answer["id"] != original or asked.reply.payload["headers"].get("Idempotent-Replayed") != "true":
                raise Refusal("a repeated order was not answered with the first one's generation")
            replays.append(_taken(scene))
        seconds = time.monotonic() - begun
        scene.note_rest("graphql", desk)
    looks = sum(requests.pop(LOOK, 0) for requests in [*accepts, *flat, *reads, *estimates, *replays])
    return [
        Figure("requests at the start of an instance", _words(started)),
        Figure("requests per accept, first of an instance", _words(cold)),
        _judged("requests per accept, warm", accepts, ONE_TRANSACTION_AND_ONE_LETTER),
        _judged("requests per accept by a flat input, warm", flat, ONE_TRANSACTION_AND_ONE_LETTER),
        _judged("requests per status read", reads, ONE_READ),
        _judged("requests per read of the catalogue", estimates, NOTHING),
        _judged("requests per idempotent replay", replays, ONE_TRANSACTION),
        Figure(
            "looks at the vendors, beside all these",
            f"{looks} Query in {seconds:.1f} s",
            f"one in {SECONDS_BETWEEN_LOOKS} s",
            looks <= seconds // SECONDS_BETWEEN_LOOKS + QUERIES_OF_A_LOOK,
        ),
    ]


def finished_read(scene: Scene, generation: str) -> Figure:
    """Requests per status read where the answer holds a signed link to the file."""
    with scene.function("graphql", counted=True) as desk:
        scene.ask(desk, READ, id=generation)
        _taken(scene)
        reads = [_count(scene, desk, READ, id=generation) for _ in range(COUNTED)]
    return _judged("requests per status read, finished, with link", reads, ONE_READ)


def times(scene: Scene, requests: int) -> list[Figure]:
    """Wall time and processor time per request, on one warm instance, without the proxy in between."""
    figures = []
    with scene.function("graphql") as desk:
        accepted = scene.ask(desk, ACCEPT, input=CLIP).answer["id"]
        for what, query, variables in [("accept", ACCEPT, {"input": CLIP}), ("status read", READ, {"id": accepted})]:
            for _ in range(WARM_UP):
                scene.ask(desk, query, **variables)
            emulator = scene.stand_in.started.process.pid
            ours, theirs = desk.cpu_seconds(), cpu_seconds(emulator)
            seconds = [scene.ask(desk, query, **variables).reply.seconds for _ in range(requests)]
            ours, theirs = desk.cpu_seconds() - ours, cpu_seconds(emulator) - theirs
            cpu = f"{ours / requests * 1000:.2f} ms (the local AWS: {theirs / requests * 1000:.2f} ms)"
            figures += [
                Figure(f"{what}, warm: wall time", milliseconds(seconds)),
                Figure(f"{what}, warm: processor time of the function", cpu),
            ]
        scene.note_rest("graphql", desk)
    return figures


def _count(scene: Scene, desk: Function, query: str, **variables) -> Requests:
    scene.ask(desk, query, **variables)
    return _taken(scene)


def _taken(scene: Scene) -> Requests:
    time.sleep(SETTLE_SECONDS)
    return scene.proxy.take()


def _judged(name: str, counted: list[Requests], limit: Requests) -> Figure:
    """All of them must be exactly what the limit says; the first that is not is what is told."""
    wrong = next((requests for requests in counted if requests != limit), None)
    told = f"{_words(limit)}, each of {len(counted)}" if wrong is None else f"{_words(wrong)}, at least once of {len(counted)}"
    services: Counter[str] = Counter()
    for (service, _), times_asked in limit.items():
        services[service] += times_asked
    promised = " + ".join(f"{number} {service}" for service, number in services.items()) or "none"
    return Figure(name, told, f"exactly {promised}", wrong is None)


def _words(requests: Requests) -> str:
    return " + ".join(f"{number} {operation}" for (_, operation), number in requests.items()) or "none"
