"""What departments write in Slack: over Socket Mode at once, and by looking at the threads now and then, because
Socket Mode does not repeat what came while nobody listened."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from gateway.slack_relay import retry_after
from gateway.slack_words import said_text
from intake.desk.listening import DELETED, SlackReply
from intake.letters.posting import READY, TAKE, escaped

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.socket_mode.builtin import SocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from gateway.bootstrap import Parts

LOOK_EVERY = 180.0
PING_EVERY = 3.0
"""Four pings without an answer, or five that can't be sent, make the SDK open another socket."""
AFTER_ANSWER = timedelta(days=7)
"""How long a thread is looked at once it was answered."""
PRESSED = {TAKE: "Взято в работу", READY: "Ответ готов"}
Answer = tuple[str, str, str]
"""Channel, thread, text."""
CONNECT_PAUSES = (2.0, 5.0, 15.0, 60.0)
PAGES = 10
TRIES = 3
"""At a thread that Slack asks to wait with."""
LONGEST_WAIT = 120.0
log = structlog.get_logger()


class SlackEars:
    """Listens until `stop`, on threads of its own."""

    def __init__(
        self,
        parts: Parts,
        client: WebClient,
        app_token: str | None,
        look_every: float = LOOK_EVERY,
        ping_every: float = PING_EVERY,
    ) -> None:
        self._parts = parts
        self._client = client
        self._app_token = app_token
        self._look_every = look_every
        self._ping_every = ping_every
        self._stopped = threading.Event()
        self._look_now = threading.Event()
        self._known_people: dict[str, tuple[str, str]] = {}
        self._socket: SocketModeClient | None = None
        self._threads = [threading.Thread(target=self._look, name="otklik-slack-look", daemon=True)]
        if app_token:
            self._threads.append(threading.Thread(target=self._connect, name="otklik-slack", daemon=True))

    def start(self) -> None:
        """Begin to listen."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """End, waiting no longer than that."""
        self._stopped.set()
        self._look_now.set()
        closing = [threading.Thread(target=self._socket.close, daemon=True)] if self._socket is not None else []
        for thread in closing:
            thread.start()
        until = time.monotonic() + seconds
        for thread in [*closing, *self._threads]:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))

    def catch_up(self) -> int:
        """Look at every thread that is waited for; how many messages were new. One that can't be read keeps no other
        from being read."""
        heard = 0
        for channel, thread_ts in self._open_threads():
            if self._stopped.is_set():
                break
            try:
                heard += self._patiently(channel, thread_ts)
            except Exception as error:
                log.warning("a thread in Slack not read now", error=type(error).__name__, why=str(error)[:200])
        return heard

    def _look(self) -> None:
        while not self._stopped.is_set():
            self._look_now.clear()
            try:
                self.catch_up()
            except Exception as error:
                log.warning("Slack's threads not read now", error=type(error).__name__, why=str(error)[:200])
            self._look_now.wait(self._look_every)

    def _open_threads(self) -> list[tuple[str, str]]:
        with self._parts.store.read() as tx:
            watched = [*tx.escalations.waiting(), *tx.escalations.heard(self._parts.clock() - AFTER_ANSWER)]
            asked = list(dict.fromkeys(part.id for escalation in watched for part in escalation.asked))
            return [(post.channel, post.ts) for post in tx.escalations.threads(asked)]

    def _patiently(self, channel: str, thread_ts: str) -> int:
        """Read a thread; where Slack asks to wait, wait, as long as nobody wants us to stop."""
        from slack_sdk.errors import SlackApiError

        for _ in range(TRIES):
            try:
                return self._read_thread(channel, thread_ts)
            except SlackApiError as error:
                if (wait := retry_after(error)) is None:
                    raise
                if self._stopped.wait(min(wait, LONGEST_WAIT)):
                    break
        return 0

    def _read_thread(self, channel: str, thread_ts: str) -> int:
        """What is new in a thread. Replies we knew before and that are not in it any more were deleted."""
        heard, cursor = 0, None
        known = self._known(channel, thread_ts)
        for _ in range(PAGES):
            page = self._client.conversations_replies(channel=channel, ts=thread_ts, limit=200, cursor=cursor)
            for message in page.get("messages") or ():
                known.discard(str(message.get("ts")))
                heard += self._hear(channel, message)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                at = self._parts.clock()
                gone = (SlackReply(channel, thread_ts, ts, "", "", at, DELETED) for ts in known)
                return heard + sum(self._parts.desk.slack_said(reply) for reply in gone)
        return heard

    def _known(self, channel: str, thread_ts: str) -> set[str]:
        """The replies we have from a thread; none where a part has several threads, for replies don't say which."""
        with self._parts.store.read() as tx:
            thread = tx.escalations.thread(channel, thread_ts)
            if thread is None or len(tx.escalations.threads([thread.asked])) != 1:
                return set()
            return set(tx.escalations.replies(thread.asked, channel))

    def _connect(self) -> None:
        """Open the socket, however often it takes; once open the SDK reconnects by itself."""
        from slack_sdk.socket_mode.builtin import SocketModeClient

        quiet = logging.getLogger("otklik.slack")
        quiet.setLevel(logging.CRITICAL)
        attempt = 0
        while not self._stopped.is_set():
            socket = SocketModeClient(
                app_token=self._app_token or "", web_client=self._client, logger=quiet, ping_interval=self._ping_every
            )
            socket.socket_mode_request_listeners.append(self._request)  # type: ignore[arg-type]
            socket.message_listeners.append(self._greeted)  # type: ignore[arg-type]
            self._socket = socket
            try:
                socket.connect()
            except Exception as error:
                log.warning("no socket to Slack now", error=type(error).__name__)
                socket.close()
            else:
                return
            self._stopped.wait(CONNECT_PAUSES[min(attempt, len(CONNECT_PAUSES) - 1)])
            attempt += 1

    def _greeted(self, _socket: SocketModeClient, message: Mapping[str, Any], _raw: str | None = None) -> None:
        """A new socket: what was said while there was none is looked for at once."""
        if message.get("type") == "hello":
            self._look_now.set()

    def _request(self, socket: SocketModeClient, request: SocketModeRequest) -> None:
        """Kept first, acknowledged then: what is not acknowledged Slack sends again."""
        from slack_sdk.socket_mode.response import SocketModeResponse

        answers: list[Answer] = []
        try:
            if request.type == "events_api":
                self._event(request.payload.get("event") or {})
            elif request.type == "interactive":
                answers = self._pressed(request.payload)
        except Exception as error:
            log.warning("a word from Slack not kept now", error=type(error).__name__)
            return
        socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        for answer in answers:
            self._say(*answer)

    def _event(self, event: Mapping[str, Any]) -> None:
        if event.get("type") != "message":
            return
        channel, subtype = str(event.get("channel") or ""), event.get("subtype")
        if subtype == "message_changed":
            self._hear(channel, event.get("message") or {})
        elif subtype == "message_deleted":
            self._hear(channel, event.get("previous_message") or {}, deleted=True)
        else:
            self._hear(channel, event)

    def _hear(self, channel: str, message: Mapping[str, Any], *, deleted: bool = False) -> bool:
        """A person's reply in a thread of ours; everything else is passed over."""
        ts, thread_ts = str(message.get("ts") or ""), str(message.get("thread_ts") or "")
        user = message.get("user")
        if not ts or not thread_ts or ts == thread_ts or message.get("bot_id") or not isinstance(user, str):
            return False
        with self._parts.store.read() as tx:
            if tx.escalations.thread(channel, thread_ts) is None:
                return False
        edited = DELETED if deleted else str((message.get("edited") or {}).get("ts") or "")
        at = datetime.fromtimestamp(float(ts), UTC)
        name, address = self._author(user)
        text = said_text(message, lambda mentioned: self._person(mentioned)[0])
        said = SlackReply(channel, thread_ts, ts, name, text, at, edited, address)
        return self._parts.desk.slack_said(said)

    def _pressed(self, payload: Mapping[str, Any]) -> list[Answer]:
        """What to say in the thread, so that colleagues see who has it."""
        if payload.get("type") != "block_actions":
            return []
        container, user = payload.get("container") or {}, payload.get("user") or {}
        channel, ts = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
        name, _ = self._person(str(user.get("id") or ""))
        answers: list[Answer] = []
        for action in payload.get("actions") or ():
            words = PRESSED.get(str(action.get("action_id")))
            ready = action.get("action_id") == READY
            if words is not None and self._parts.desk.slack_pressed(channel, ts, name, ready=ready):
                answers.append((channel, ts, f"{words}: {name}"))
        return answers

    def _say(self, channel: str, thread_ts: str, text: str) -> None:
        """A courtesy: said once or not at all."""
        try:
            self._client.chat_postMessage(channel=channel, thread_ts=thread_ts, text=escaped(text), parse="none")
        except Exception as error:
            log.info("nothing said in a thread", error=type(error).__name__)

    def _person(self, user: str) -> tuple[str, str]:
        """`_author`, or the bare id for now."""
        try:
            return self._author(user)
        except Exception:
            return user, ""

    def _author(self, user: str) -> tuple[str, str]:
        """Name and address; the address is "" where Slack may not tell it (scope users:read.email), the name the bare
        id where it knows none. Raises SlackApiError where Slack asks to wait: a name is kept for good."""
        from slack_sdk.errors import SlackApiError

        if user not in self._known_people:
            try:
                found = self._client.users_info(user=user).get("user") or {}
            except SlackApiError as error:
                if retry_after(error) is not None:
                    raise
                return user, ""
            except Exception:
                return user, ""
            profile = found.get("profile") or {}
            name = profile.get("real_name") or found.get("real_name") or found.get("name") or user
            self._known_people[user] = str(name), str(profile.get("email") or "")
        return self._known_people[user]
