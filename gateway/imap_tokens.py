"""Access tokens of a mailbox, from a command of the administrator's."""

from __future__ import annotations

import shlex
import subprocess

from gateway.imap_errors import ImapTrouble

SECONDS = 30.0
LONGEST = 16_384


class TokenCommand:
    """A command that prints an OAuth 2.0 access token. No shell reads it; its output is never shown."""

    def __init__(self, command: str | tuple[str, ...], seconds: float = SECONDS) -> None:
        self._arguments = shlex.split(command) if isinstance(command, str) else list(command)
        self._seconds = seconds
        self._token: str | None = None

    @property
    def cached(self) -> bool:
        """Whether `token` would answer without running the command."""
        return self._token is not None

    def token(self) -> str:
        """The token, the same until `forget`. Raises ImapTrouble."""
        if self._token is None:
            self._token = self._printed()
        return self._token

    def forget(self) -> None:
        """The server did not take it: print another next time."""
        self._token = None

    def _printed(self) -> str:
        name = self._arguments[0] if self._arguments else ""
        try:
            done = subprocess.run(
                self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ImapTrouble(f"oauth2_token_command {name} took longer than {self._seconds:g} s") from None
        except (OSError, IndexError, ValueError) as error:
            raise ImapTrouble(f"oauth2_token_command {name} does not run: {type(error).__name__}") from None
        if done.returncode:
            raise ImapTrouble(f"oauth2_token_command {name} ended with exit code {done.returncode}")
        token = done.stdout[: LONGEST + 2].decode("ascii", "replace").strip()
        if not token or len(token) > LONGEST or not token.isascii() or not token.isprintable() or " " in token:
            raise ImapTrouble(f"oauth2_token_command {name} printed no token")
        return token
