"""Signed requests to the bot's own address.

Follows docs.slack.dev/authentication/verifying-requests-from-slack for the signature,
docs.slack.dev/apis/events-api/using-http-request-urls for events and their retries, and
docs.slack.dev/interactivity for the forms that commands and interactions come in.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.slack_server.deliveries import Attempt, Delivery, NotAcked
from tests.slack_server.model import Payload
from tests.slack_server.rules import Rules

__all__ = ["Answer", "Webhooks", "signed"]

_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a request."""

    status: int
    body: str
    headers: Mapping[str, str]


def signed(secret: str, body: bytes, at: str | None = None) -> dict[str, str]:
    """The headers that prove a body to be Slack's.

    Args:
        at: the time that it claims, in seconds since 1970; now by default.
    """
    stamp = at if at is not None else str(int(time.time()))
    base = b":".join((b"v0", stamp.encode(), body))
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


class Webhooks:
    """Carries what the bot is told to its address."""

    def __init__(self, url: str, secret: str, rules: Rules) -> None:
        self.url = url
        self._secret = secret
        self._rules = rules
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Ends the connections to the bot."""
        if self._session:
            await self._session.close()

    async def carry(self, delivery: Delivery, attempt: Attempt) -> Any:
        """Posts, and returns the body of an answer of 200.

        Raises:
            NotAcked: the answer came late, was another, or never came.
        """
        kind, body = _body(delivery)
        headers = {**signed(self._secret, body), "Content-Type": kind}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": f"http_{attempt.why}"}
        try:
            answer = await self.send(body, headers)
        except TimeoutError:
            raise NotAcked("timeout") from None
        except aiohttp.ClientError:
            raise NotAcked("connection_failed") from None
        if answer.status != 200:
            raise NotAcked("error", final=answer.headers.get("X-Slack-No-Retry") == "1")
        return _content(answer)

    async def verify(self) -> Answer:
        """Asks the bot whether the address is its own (docs.slack.dev/reference/events/url_verification)."""
        body = json.dumps({"type": "url_verification", "token": "t", "challenge": "a challenge"}).encode()
        return await self.send(body, {**signed(self._secret, body), "Content-Type": "application/json"})

    async def send(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Posts what a test likes, signed or not.

        Raises:
            TimeoutError: no answer within the time to acknowledge.
        """
        session = self._session = self._session or aiohttp.ClientSession(headers={"User-Agent": _AGENT})
        limit = aiohttp.ClientTimeout(total=self._rules.ack)
        async with session.post(self.url, data=body, headers=headers, timeout=limit) as response:
            return Answer(response.status, await response.text(), dict(response.headers))


def _body(delivery: Delivery) -> tuple[str, bytes]:
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload).encode()
    form: Payload = delivery.payload
    if delivery.kind == "interactive":
        form = {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def _content(answer: Answer) -> Any:
    if "application/json" in answer.headers.get("Content-Type", "") and answer.body:
        return json.loads(answer.body)
    return answer.body or None
