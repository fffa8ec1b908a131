"""Accounts, keys and vendor secrets of a fresh local run, made through the real admin function."""

import json
import os

import aws
from places import KEYS, PROJECT, STATE, Ports, Refusal, address

#: The key file of the service account that the simulated cloud of Google knows.
ACCOUNT = PROJECT / "shared/vendors-sim/sdk/vertex_account.json"

#: The operator's changes of the catalogue, in the state folder as in the operator's bucket.
CATALOGUE = "catalogue.toml"

#: The keys of vendors that take more than a `sim-VENDOR-key`. Kling's pair makes the poller sign a token for each call, as
#: most operators' keys do; Hedra's keys are pairs, and what it signs callbacks with has a public half.
PAIRS = {
    "hedra": {
        "apiKey": "sim-hedra-key",
        "secretKey": "sim-hedra-secret",
        "webhookSecret": "8YpyV6NZoIU98vQP+C/oDrJSsprfqGORYrq3QjdouvU=",
    },
    "kling": {"apiKey": "sim-kling-ak", "secretKey": "sim-kling-sk"},
    "sync": {"apiKey": "sim-sync-key", "webhookSecret": "whsec_sim-sync"},  # every callback of it is signed
}


def vendor_keys(ports: Ports, stack: dict[str, str]) -> None:
    """Each vendor's secret leads to its simulation."""
    for vendor in stack["Vendors"].split(","):
        base = f"{address(ports.vendors)}/{vendor}"
        aws.put_secret(ports, stack["VendorSecretPrefix"] + vendor, {**credential(vendor, base), "baseUrl": base})


def credential(vendor: str, base: str) -> dict[str, str]:
    """What an operator would have from the vendor."""
    if vendor == "vertex":
        # The file as it is, save for where tokens come from.
        return {**json.loads(ACCOUNT.read_text()), "token_uri": f"{base}/token"}
    return PAIRS.get(vendor, {"apiKey": f"sim-{vendor}-key"})


def catalogue(ports: Ports, stack: dict[str, str]) -> None:
    """What this run's operator changes of the catalogue, if `catalogue.toml` is in its state folder."""
    file = STATE / CATALOGUE
    if file.is_file():
        aws.put_file(ports, stack["OperatorBucket"], CATALOGUE, file.read_bytes())


def accounts(ports: Ports, stack: dict[str, str]) -> dict:
    """An ENTERPRISE account without limits that matter and a FREE one; all that a script needs goes to keys.json."""
    admin = stack["AdminFunction"]

    def ask(action: str, *expected: str, **more) -> dict:
        reply = aws.invoke(ports, admin, {"action": action, **more})
        missing = [field for field in expected if field not in reply]
        if missing:
            raise Refusal(f"{admin} answered {action} without {' and '.join(missing)}: {reply}")
        return reply

    ample = {"perMinute": 100_000, "concurrent": 1_000, "perDay": 10_000_000}
    enterprise = ask("createAccount", "account", "webhookSecret", name="Local enterprise", tier="ENTERPRISE", limits=ample)
    free = ask("createAccount", "account", "webhookSecret", name="Local free", tier="FREE")
    for number, (account, credits) in enumerate([(enterprise, 1_000_000), (free, 1_000)], start=1):
        ask("addCredits", account=account["account"], credits=credits, note="seed", idempotencyKey=f"seed-{number}")

    def key(account: dict, mode: str) -> str:
        return ask("issueKey", "key", account=account["account"], mode=mode, name="seed")["key"]

    receiver = address(ports.receiver)
    keys = {
        "endpoint": f"{address(ports.front)}/graphql",
        "live": key(enterprise, "live"),
        "test": key(enterprise, "test"),
        "free": key(free, "live"),
        "webhookSecret": enterprise["webhookSecret"],
        "freeWebhookSecret": free["webhookSecret"],
        "webhookUrl": f"{receiver}/webhook",
        "samples": {
            "image": f"{receiver}/samples/portrait.jpg",
            "video": f"{receiver}/samples/clip.mp4",
            "audio": f"{receiver}/samples/speech.mp3",
        },
        "aws": {"endpoint": address(ports.aws), "region": aws.REGION, "stack": stack},
    }
    _write(keys)
    return keys


def _write(keys: dict) -> None:
    """Whole or not at all, readable by its owner alone."""
    draft = KEYS.with_suffix(".draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(keys, file, indent=2)
        file.write("\n")
    draft.replace(KEYS)
