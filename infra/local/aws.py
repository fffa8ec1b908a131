"""The local AWS: starting it, and the few calls that a local run makes itself.

Fresh at each start, nothing is kept on disk: a start takes seconds, and no broken state can survive.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as xml
from pathlib import Path

import processes
import tools
from places import Ports, Refusal, address

REGION = "us-east-1"
#: Only what the template uses.
SERVICES = "apigateway,cloudformation,cloudwatch,dynamodb,events,iam,lambda,logs,s3,secretsmanager,sqs,sts"
#: Any pair will do: the local AWS checks neither permissions nor (but for presigned links) signatures.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}


def start(ports: Ports) -> processes.Started:
    """Starts the emulator. Its environment is inherited by every function, AWS_ENDPOINT_URL leads them back to it."""
    env = processes.environment(
        **CREDENTIALS,
        AWS_ENDPOINT_URL=address(ports.aws),
        # What the template's LoggingConfig does on AWS; the emulator does not pass it on.
        AWS_LAMBDA_LOG_FORMAT="JSON",
        AWS_LAMBDA_LOG_LEVEL="INFO",
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(ports.aws),
        LAMBDA_EXECUTOR="local",
        IOT_MTLS_ENABLED="0",
        SERVICES=SERVICES,
    )
    program = str(Path(__file__).with_name("emulator.py"))
    return processes.start("local-aws", [tools.program("emulator", "python"), program], env)


def answers(url: str) -> bool:
    """Whether a GET of this URL is answered with 2xx."""
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:
            return 200 <= reply.status < 300
    except OSError:
        return False


def outputs(ports: Ports, stack: str) -> dict[str, str]:
    """Outputs of a deployed stack."""
    query = urllib.parse.urlencode({"Action": "DescribeStacks", "StackName": stack, "Version": "2010-05-15"})
    reply = _call(ports, "cloudformation", "POST", "/", query.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    space = "{http://cloudformation.amazonaws.com/doc/2010-05-15/}"
    found = {}
    for member in xml.fromstring(reply).iter(f"{space}Outputs"):
        for output in member:
            found[output.findtext(f"{space}OutputKey")] = output.findtext(f"{space}OutputValue")
    return found


def invoke(ports: Ports, function: str, payload: dict) -> dict:
    """Calls a function and waits for its answer; a failed function or an answered error is a refusal."""
    path = f"/2015-03-31/functions/{urllib.parse.quote(function)}/invocations"
    reply = json.loads(_call(ports, "lambda", "POST", path, json.dumps(payload).encode(), {}) or b"null")
    if not isinstance(reply, dict):
        raise Refusal(f"{function} answered {payload.get('action')} with {reply!r}: look in the log of local-aws")
    if "errorMessage" in reply:
        raise Refusal(f"{function} failed at {payload.get('action')}: {reply['errorMessage']} (more in the log of local-aws)")
    if "error" in reply:
        raise Refusal(f"{function} refused {payload.get('action')}: {reply['error'].get('message')}")
    return reply


def put_secret(ports: Ports, name: str, value: dict) -> None:
    """Stores a new value of an existing secret."""
    body = {"SecretId": name, "SecretString": json.dumps(value)}
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.PutSecretValue"}
    _call(ports, "secretsmanager", "POST", "/", json.dumps(body).encode(), headers)


def put_file(ports: Ports, bucket: str, key: str, content: bytes) -> None:
    """Puts a small file into a bucket."""
    _call(ports, "s3", "PUT", f"/{bucket}/{key}", content, {})


def _call(ports: Ports, service: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One call. The local AWS reads of the signature only which service is meant."""
    scope = f"Credential=local/20260101/{REGION}/{service}/aws4_request"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
    request = urllib.request.Request(address(ports.aws) + path, data=body, headers=headers | signed, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read()
    except urllib.error.HTTPError as refused:
        raise Refusal(f"the local AWS refused a call to {service}: {refused.code} {refused.read(300).decode(errors='replace')}") from None
    except OSError as failed:
        raise Refusal(f"the local AWS did not answer a call to {service}: {failed}") from None
