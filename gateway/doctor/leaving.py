"""Checks of the ways out: the relay and Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from gateway.doctor.findings import Finding, Patient, fail, ok, warn
from gateway.settings import RelaySettings, SlackSettings

SECONDS = 15
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def relay(patient: Patient) -> Iterator[Finding]:
    """Connection, certificate and login; no letter is sent."""
    settings = patient.settings.relay
    if settings is None:
        outbox = patient.settings.storage.outbox
        yield warn("relay", f"none: letters are written to {outbox}/*.eml and do not leave", "set [relay]")
        return
    place = f"{settings.host}:{settings.port}"
    why = asyncio.run(_refusal(settings))
    if why is not None:
        yield fail("relay", f"{place}: {why}", "correct [relay], or ask who runs it")
        return
    login = f", login as {settings.username}" if settings.username else ", no login"
    yield ok("relay", f"{place} answers ({settings.security}{login})")
    if settings.security == "none" and settings.host not in LOOPBACK:
        yield warn("relay", f"letters go to {place} in the clear", 'set security = "starttls" or "tls"')


async def _refusal(settings: RelaySettings) -> str | None:
    from gateway.relay import SmtpRelay

    line = SmtpRelay(settings)
    try:
        async with asyncio.timeout(SECONDS):
            return await line.check()
    except TimeoutError:
        return f"no answer in {SECONDS} seconds"
    finally:
        await line.close()


def slack(patient: Patient) -> Iterator[Finding]:
    """Whether the tokens are taken; nothing is posted."""
    settings = patient.settings.slack
    if settings is None:
        return
    try:
        from slack_sdk import WebClient
    except ImportError:
        yield warn("slack", "[slack] is set, the extra is not installed: departments are asked by mail", "make extras")
        return
    yield _tried("bot token", settings.bot_token, settings, WebClient, "auth.test")
    if settings.app_token:
        yield _tried("app token", settings.app_token, settings, WebClient, "apps.connections.open")
    else:
        yield warn("slack", "no app token: answers in Slack are not seen", "set app_token_file")


def _tried(what: str, token: str | None, settings: SlackSettings, client: type, method: str) -> Finding:
    from slack_sdk.errors import SlackApiError

    base = {"base_url": f"{settings.base_url}/"} if settings.base_url else {}
    try:
        answer = client(token=token, timeout=SECONDS, **base).api_call(method)
    except SlackApiError as error:
        return fail("slack", f"the {what} is refused: {error.response.get('error', 'no reason given')}", "renew it")
    except Exception as error:
        return fail("slack", f"no answer: {type(error).__name__}", "is this machine allowed to reach Slack?")
    return ok("slack", f"the {what} is taken" + (f", team {answer['team']}" if answer.get("team") else ""))
