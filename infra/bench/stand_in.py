"""The local AWS of a bench: fresh, with the template's tables, the queues, the bucket and one vendor's secret."""

import hashlib
import http.client
import json
import subprocess
from typing import Any

import aws
import processes
import tools
from places import PROJECT, Ports, Refusal, address

#: The first part of every name, as a stack's name is.
STACK = "doitong-bench"
#: Every vendor that orders may go to has a queue.
VENDORS = ["kling", "bfl", "elevenlabs", "simulator"]
BUCKET = f"{STACK}-outputs"
#: Longer than a bench; what is received is deleted by hand.
VISIBILITY_SECONDS = 900


class StandIn:
    """A running local AWS and the few calls that a bench makes itself."""

    def __init__(self, port: int):
        # The local run counts its ports from its front, which a bench does not have.
        self.ports = Ports(port - 1)
        self._queues: dict[str, str] = {}
        self._secrets: set[str] = set()
        tools.install("emulator")
        self.started = aws.start(self.ports)

    def prepare(self, vendor_base_url: str) -> None:
        """Waits until it answers and makes what the functions need. BFL's secret leads to `vendor_base_url`."""
        health = f"{address(self.ports.aws)}/_ministack/health"
        processes.wait_until(lambda: aws.answers(health), self.started, 60)
        for name, shape in _tables().items():
            self.call("dynamodb", "DynamoDB_20120810.CreateTable", {"TableName": self.table(name), **shape})
        for queue in [*(f"poller-{vendor}" for vendor in VENDORS), "webhook"]:
            self._make_queue(queue)
        self._ask("PUT", f"/{BUCKET}", b"", self._signed("s3")).read()
        self._keep_secret("bfl", {"apiKey": "bench", "baseUrl": vendor_base_url})

    def serve(self, vendor: str, base_url: str) -> None:
        """Has orders of a vendor taken, which is simulated there."""
        if f"poller-{vendor}" not in self._queues:
            self._make_queue(f"poller-{vendor}")
        pair = {"apiKey": "sim-kling-ak", "secretKey": "sim-kling-sk"}
        keys = pair if vendor == "kling" else {"apiKey": f"sim-{vendor}-key"}
        self._keep_secret(vendor, {**keys, "baseUrl": base_url})

    def _make_queue(self, queue: str) -> None:
        wish = {"QueueName": f"{STACK}-{queue}", "Attributes": {"VisibilityTimeout": str(VISIBILITY_SECONDS)}}
        self._queues[queue] = self.call("sqs", "AmazonSQS.CreateQueue", wish)["QueueUrl"]

    def _keep_secret(self, vendor: str, value: dict[str, str]) -> None:
        operation, key = ("PutSecretValue", "SecretId") if vendor in self._secrets else ("CreateSecret", "Name")
        self._secrets.add(vendor)
        self.call("secretsmanager", f"secretsmanager.{operation}", {key: self.secret(vendor), "SecretString": json.dumps(value)})

    def settings(self, endpoint: str) -> dict[str, str]:
        """The environment that the template gives to functions, with `endpoint` as their way to AWS."""
        queue = self._queues["webhook"].rpartition("/")[0]
        return aws.CREDENTIALS | {
            "AWS_ENDPOINT_URL": endpoint,
            "JOBS_TABLE": self.table("Jobs"),
            "ACCOUNTS_TABLE": self.table("Accounts"),
            "VENDORS_TABLE": self.table("Vendors"),
            "OUTPUTS_BUCKET": BUCKET,
            "WEBHOOK_QUEUE_URL": self._queues["webhook"],
            "VENDOR_QUEUE_URL": f"{queue}/{STACK}-poller-{{vendor}}",
            "LIVE_VENDORS": ",".join(VENDORS),
            "PUBLIC_BASE_URL": "https://api.example.com",
            "VENDOR": "bfl",
            "VENDOR_SECRET_ID": self.secret("bfl"),
        }

    def table(self, name: str) -> str:
        """A table's name by its name in the template."""
        return f"{STACK}-{name}"

    def secret(self, vendor: str) -> str:
        """The name of a vendor's secret."""
        return f"{STACK}/vendors/{vendor}"

    def receive(self, queue: str, most: int = 1) -> list[dict[str, Any]]:
        """Up to `most` messages that are ready within two seconds, as records of a Lambda event. They are gone from the queue."""
        wish = {"QueueUrl": self._queues[queue], "MaxNumberOfMessages": most, "WaitTimeSeconds": 2}
        records = []
        for message in self.call("sqs", "AmazonSQS.ReceiveMessage", wish).get("Messages", []):
            receipt = {"QueueUrl": self._queues[queue], "ReceiptHandle": message["ReceiptHandle"]}
            self.call("sqs", "AmazonSQS.DeleteMessage", receipt)
            records.append({
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{aws.REGION}:000000000000:{STACK}-{queue}",
                "awsRegion": aws.REGION,
            })
        return records

    def digest(self, key: str) -> tuple[int, str]:
        """Length and SHA-256 of a file in the bucket, read from the bucket."""
        reply = self._ask("GET", f"/{BUCKET}/{key}", b"", self._signed("s3"))
        length, digest = 0, hashlib.sha256()
        while piece := reply.read(1 << 20):
            length += len(piece)
            digest.update(piece)
        return length, digest.hexdigest()

    def call(self, service: str, target: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call of a service that speaks JSON."""
        version = "1.1" if service == "secretsmanager" else "1.0"
        headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target} | self._signed(service)
        return json.loads(self._ask("POST", "/", json.dumps(body).encode(), headers).read() or b"{}")

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        # A connection for each call: the local AWS closes those that rest for some seconds.
        connection = http.client.HTTPConnection("127.0.0.1", self.ports.aws, timeout=120)
        try:
            connection.request(method, path, body, headers | {"Connection": "close"})
            reply = connection.getresponse()
        except (OSError, http.client.HTTPException) as failed:
            raise Refusal(f"the local AWS did not answer {method} {path}: {failed}") from None
        if reply.status >= 300:
            words = reply.read(300).decode(errors="replace")
            raise Refusal(f"the local AWS refused {headers.get('X-Amz-Target', f'{method} {path}')}: {reply.status} {words}")
        return reply

    def _signed(self, service: str) -> dict[str, str]:
        """The local AWS reads of a signature only which service is meant."""
        scope = f"Credential=local/20260101/{aws.REGION}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}


def _tables() -> dict[str, dict[str, Any]]:
    program = str(PROJECT / "infra" / "bench" / "template_tables.py")
    command = [tools.program("emulator", "python"), program, str(PROJECT / "template.yaml")]
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode != 0:
        raise Refusal(f"could not read the tables of template.yaml: {told.stderr.strip().splitlines()[-1]}")
    return json.loads(told.stdout)
