"""Checks a delivery with the reference library: verify_webhook.py SECRET HEADERS-AS-JSON < BODY."""

import hashlib
import hmac
import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

secret, headers = sys.argv[1], {name.lower(): value for name, value in json.loads(sys.argv[2]).items()}
body = sys.stdin.buffer.read()
Webhook(secret).verify(body.decode(), headers)

# A check that can't fail is none: one changed character must be refused.
try:
    Webhook(secret).verify(body.decode().replace("generation", "Generation", 1), headers)
    sys.exit("a forged body was accepted")
except WebhookVerificationError:
    pass

# For receivers that know only "HMAC signature": the key is the secret's text.
simple = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
if headers["x-signature"] != simple:
    sys.exit(f"X-Signature is {headers['x-signature']}, not {simple}")
if len(body) >= 20_000:
    sys.exit(f"the event has {len(body)} bytes")
