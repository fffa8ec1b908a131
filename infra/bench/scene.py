"""What all measurements share: the local AWS, the proxy, the vendor, the binaries and one caller's key."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counting_proxy import CountingProxy
from fake_vendor import FakeVendor
from places import Refusal, address
from running import Function, Reply
from stand_in import StandIn

#: Megabytes, as in the template.
MEMORY = {"graphql": 512, "poller": 512, "mixed": 512}
USUAL_MEMORY = 256
#: What the template gives to pollers alone.
POLLERS = {"MALLOC_MMAP_THRESHOLD_": "262144"}
#: So that no limit of an account is ever what is measured.
AMPLE = {"perMinute": 1_000_000, "concurrent": 100_000, "perDay": 10_000_000}

ACCEPT = "mutation($input: GenerateInput!) { generate(input: $input) { id status provider creditCost estimatedTime } }"
READ = """query($id: ID!) { generation(id: $id) {
  id status progress url pollAfterSeconds outputs { bytes sha256 width height } error { code message }
} }"""
ACCEPT_FLAT = "mutation($input: VideoCreateInput!) { videoCreate(input: $input) { id status videoUrl } }"
CATALOGUE = "query($input: GenerateInput!) { estimate(input: $input) { provider model creditCost } }"
CLIP = {"type": "VIDEO", "input": {"text": "a red kite over the sea"}}
FLAT_CLIP = {"prompt": "a red kite over the sea"}


@dataclass
class Scene:
    """Everything that is up while measurements are taken."""

    stand_in: StandIn
    proxy: CountingProxy
    vendor: FakeVendor
    binaries: Path
    #: A caller's API key; made by `open_account`.
    key: str = ""
    #: Resident bytes of each function after its work here, by name.
    at_rest: dict[str, list[int]] = field(default_factory=dict)

    def function(self, name: str, counted: bool = False, more: dict[str, str] | None = None) -> Function:
        """Starts a function, with settings of the measurement's own; its way to AWS leads through the proxy only where
        requests are to be counted."""
        endpoint = address(self.proxy.port if counted else self.stand_in.ports.aws)
        settings = self.stand_in.settings(endpoint) | {"OUTBOUND_ALLOW": f"127.0.0.1:{self.vendor.port}"} | (more or {})
        if name in ("poller", "mixed"):
            settings |= POLLERS
        return Function(name, self.binaries / name, settings, MEMORY.get(name, USUAL_MEMORY))

    def note_rest(self, name: str, function: Function) -> None:
        """Remembers how much memory a function has resident while it waits for its next event."""
        self.at_rest.setdefault(name, []).append(function.resident_bytes())

    def open_account(self) -> None:
        """Makes an account with credits and a live key, by the real admin function."""
        with self.function("admin") as admin:

            def ask(action: str, **more: Any) -> dict[str, Any]:
                reply = admin.invoke({"action": action, **more}).payload
                if "error" in reply:
                    raise Refusal(f"admin refused {action}: {reply['error']['message']}")
                return reply

            account = ask("createAccount", name="Bench", tier="ENTERPRISE", limits=AMPLE)["account"]
            self.note_rest("admin", admin)
            ask("addCredits", account=account, credits=1_000_000_000, note="bench", idempotencyKey="bench")
            self.key = ask("issueKey", account=account, mode="live", name="bench")["key"]
            self.note_rest("admin", admin)

    def ask(self, desk: Function, query: str, idempotency: str | None = None, **variables: Any) -> "Asked":
        """One GraphQL request as the API hands it to the front desk; anything but an answer without errors is a refusal."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json", "host": "api.example.com"}
        if idempotency:
            headers["idempotency-key"] = idempotency
        reply = desk.invoke({
            "version": "2.0",
            "routeKey": "ANY /graphql",
            "rawPath": "/graphql",
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {"stage": "$default", "requestId": "bench", "http": {"method": "POST", "path": "/graphql"}},
            "body": json.dumps({"query": query, "variables": variables}),
            "isBase64Encoded": False,
        })
        body = json.loads(reply.payload["body"])
        if reply.payload["statusCode"] != 200 or "errors" in body:
            raise Refusal(f"the front desk answered {reply.payload['statusCode']}: {str(body)[:500]}")
        (answer,) = body["data"].values()
        return Asked(answer, reply)


@dataclass
class Asked:
    """The field that was asked for, and the whole reply."""

    answer: dict[str, Any]
    reply: Reply
