"""Posts to Slack from the outbox. A post whose answer was lost is looked for before it is repeated."""

from __future__ import annotations

import asyncio
import re
import time
import urllib.error
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import structlog

from intake.escalations import Post
from intake.letters.outcomes import Sent, Trouble
from intake.letters.posting import StoredPost
from intake.model import Delivery, OutboxRow

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from intake.ports import Store

BETWEEN_SECONDS = 1.0
"""Slack takes about one post a second in a channel."""
LONGEST_WAIT = 3.0
"""Longer pauses that Slack asks for are left to the outbox, so that mail has its turn."""
PAGES = 5
MAY_HAVE_POSTED = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
ASKS_TO_WAIT = frozenset({"ratelimited", "rate_limited"})
WORD = re.compile(r"[a-z0-9_]{1,100}")
"""Slack's errors are words; anything else is somebody between us and Slack."""
CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{6,20}")
log = structlog.get_logger()
Step = tuple[Delivery, str | None, Trouble | None]


class SlackRelay:
    """See `intake.letters.outcomes.Relay`."""

    def __init__(self, client: WebClient, store: Store) -> None:
        self._client = client
        self._store = store
        self._one = asyncio.Lock()
        self._free_at = 0.0
        self._retry_after = 0.0
        self._not_before = 0.0

    async def send(self, letter: OutboxRow, about_to_send: Callable[[], Awaitable[bool]]) -> Sent:
        """See `Relay.send`."""
        stored = StoredPost.read(letter.raw)
        uncertain = any(state is Delivery.UNCERTAIN for _, state, _ in letter.recipients)
        async with self._one:
            if (wait := self._not_before - time.monotonic()) > 0:
                return _sent(letter, _asked_to_wait(wait), in_flight=False)
            if uncertain:
                looked = await asyncio.to_thread(self._looked_for, letter, stored)
                if looked is not None:
                    return _sent(letter, looked, in_flight=looked[0] is Delivery.SENT)
            if not await about_to_send():
                return Sent({}, trouble=Trouble.WITHDRAWN)
            await self._spaced()
            step = await asyncio.to_thread(self._post, letter, stored)
            if step[0] is Delivery.QUEUED and 0 < (wait := self._retry_after) <= LONGEST_WAIT:
                await asyncio.sleep(wait)
                step = await asyncio.to_thread(self._post, letter, stored)
        return _sent(letter, step, in_flight=True)

    async def check(self) -> str | None:
        """See `Relay.check`."""
        from slack_sdk.errors import SlackApiError

        try:
            await asyncio.to_thread(self._client.auth_test)
        except SlackApiError as error:
            return f"Slack: {error.response.get('error', 'refused')}"
        except (OSError, ValueError, HTTPException) as error:
            return f"Slack: {type(error).__name__}"
        return None

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _spaced(self) -> None:
        """At least a second between posts."""
        now = asyncio.get_running_loop().time()
        if now < self._free_at:
            await asyncio.sleep(self._free_at - now)
        self._free_at = asyncio.get_running_loop().time() + BETWEEN_SECONDS

    def _post(self, letter: OutboxRow, stored: StoredPost) -> Step:
        from slack_sdk.errors import SlackApiError

        self._retry_after = 0.0
        arguments = dict(stored.arguments)
        thread = self._thread(stored.asked)
        if thread is not None:
            arguments |= {"channel": thread.channel, "thread_ts": thread.ts}
        try:
            made = self._client.chat_postMessage(**arguments)
        except SlackApiError as error:
            return self._refused(error)
        except urllib.error.URLError as error:
            refused = isinstance(error.reason, (ConnectionRefusedError, OSError)) and not isinstance(
                error.reason, (TimeoutError, ConnectionResetError)
            )
            if refused:
                return Delivery.QUEUED, f"no Slack: {error.reason}", Trouble.BROKEN
            return Delivery.UNCERTAIN, f"Slack did not answer: {error.reason}", None
        except (OSError, ValueError, HTTPException) as error:
            return Delivery.UNCERTAIN, f"Slack's answer was lost: {type(error).__name__}", None
        self._remember(letter, stored, made["channel"], made["ts"], thread)
        return Delivery.SENT, None, None

    def _refused(self, error: Any) -> Step:
        """What an answer other than ok means (docs.slack.dev, chat.postMessage, "Errors")."""
        code, status = _code(error)
        if (wait := retry_after(error)) is not None:
            return self._wait(wait)
        if _unclear(code, status):
            return Delivery.UNCERTAIN, f"Slack: {code or status}", None
        return Delivery.FAILED, f"Slack: {code or status}", None

    def _wait(self, seconds: float) -> Step:
        """Nothing is asked of Slack before that."""
        self._retry_after = seconds
        if seconds > LONGEST_WAIT:
            self._not_before = time.monotonic() + seconds
        return _asked_to_wait(seconds)

    def _thread(self, asked: int) -> Post | None:
        with self._store.read() as tx:
            return next(iter(tx.escalations.threads([asked])), None)

    def _remember(self, letter: OutboxRow, stored: StoredPost, channel: str, ts: str, thread: Post | None) -> None:
        post = Post(stored.asked, letter.message_id, channel, ts, thread.ts if thread is not None else ts)
        self._store.write(lambda tx: tx.escalations.posted(post))

    def _looked_for(self, letter: OutboxRow, stored: StoredPost) -> Step | None:
        """Whether an uncertain post is there after all; None: it is not, or we may not look, and it may be posted."""
        from slack_sdk.errors import SlackApiError

        try:
            with self._store.read() as tx:
                if tx.escalations.post(letter.message_id) is not None:
                    return Delivery.SENT, None, None
            thread = self._thread(stored.asked)
            channel = thread.channel if thread is not None else self._channel(stored.channel)
            if channel is None:
                return None
            ts = self._found(letter, channel, thread)
        except SlackApiError as error:
            code, status = _code(error)
            if (wait := retry_after(error)) is not None:
                return self._wait(wait)
            log.warning("a post could not be looked for", letter=letter.id, why=code or status)
            if _unclear(code, status):
                return Delivery.QUEUED, f"not looked for yet: {code or status}", Trouble.BROKEN
            return None
        except (OSError, ValueError, HTTPException) as error:
            log.warning("a post could not be looked for now", letter=letter.id, error=type(error).__name__)
            return Delivery.QUEUED, f"not looked for yet: {type(error).__name__}", Trouble.BROKEN
        if ts is None:
            return None
        self._remember(letter, stored, channel, ts, thread)
        return Delivery.SENT, None, None

    def _found(self, letter: OutboxRow, channel: str, thread: Post | None) -> str | None:
        """The ts of the post with this row's id in its metadata."""
        oldest = _ts(letter.created_at - timedelta(minutes=5))
        cursor: str | None = None
        for _ in range(PAGES):
            asked: dict[str, Any] = {
                "channel": channel,
                "oldest": oldest,
                "limit": 200,
                "include_all_metadata": True,
                "cursor": cursor,
            }
            if thread is not None:
                page = self._client.conversations_replies(ts=thread.ts, **asked)
            else:
                page = self._client.conversations_history(**asked)
            for message in page.get("messages") or ():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("id") == letter.message_id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return None

    def _channel(self, name: str) -> str | None:
        """A channel's id from its name."""
        if CHANNEL_ID.fullmatch(name):
            return name
        cursor: str | None = None
        for _ in range(PAGES * 4):
            page = self._client.conversations_list(
                limit=200, exclude_archived=True, types="public_channel,private_channel", cursor=cursor
            )
            for channel in page.get("channels") or ():
                if channel.get("name") == name.lstrip("#"):
                    return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return None


def _sent(letter: OutboxRow, step: Step, *, in_flight: bool) -> Sent:
    state, reason, trouble = step
    return Sent(dict.fromkeys(letter.open_recipients(), (state, reason)), reason, trouble, in_flight)


def _asked_to_wait(seconds: float) -> Step:
    return Delivery.QUEUED, f"Slack asks to wait {seconds:.0f} s", Trouble.BROKEN


def _code(error: Any) -> tuple[str, int]:
    """Slack's word for an error, "" without one, and the HTTP status."""
    response = error.response
    return str(response.get("error", "")) if isinstance(response.data, dict) else "", int(response.status_code)


def _unclear(code: str, status: int) -> bool:
    """Whether the call may have been carried out all the same."""
    return status >= 500 or code in MAY_HAVE_POSTED or not WORD.fullmatch(code)


def retry_after(error: Any) -> float | None:
    """How many seconds Slack asks to wait (docs.slack.dev, "Rate limits"); None where it does not."""
    code, status = _code(error)
    if status != 429 and code not in ASKS_TO_WAIT:
        return None
    headers = error.response.headers
    return _seconds(headers.get("Retry-After") or headers.get("retry-after"))


def _seconds(value: str | None) -> float:
    try:
        return max(0.0, float(value or 1))
    except ValueError:
        return 1.0


def _ts(at: datetime) -> str:
    """A time in Slack's way."""
    return f"{at.timestamp():.6f}"
