"""Slack's Web API through slack_sdk, imported only where Slack is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.errors import ConfigError

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from gateway.settings import SlackSettings

TIMEOUT_SECONDS = 10


def web_client(settings: SlackSettings, timeout: int = TIMEOUT_SECONDS) -> WebClient:
    """A client that repeats nothing by itself: a repeated chat.postMessage would be a second post. Raises
    ConfigError without slack_sdk."""
    try:
        from slack_sdk import WebClient
    except ImportError:
        raise ConfigError("[slack] needs slack_sdk: pip install 'otklik[slack]'") from None
    base = settings.base_url.rstrip("/") + "/" if settings.base_url else WebClient.BASE_URL
    return WebClient(token=settings.bot_token, base_url=base, timeout=timeout, retry_handlers=[])
