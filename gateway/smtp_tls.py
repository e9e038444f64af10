"""The certificate of the SMTP door, read again when its files change."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field


@dataclass(slots=True)
class Certificate:
    """A certificate chain and its key (None: in the same file), in PEM."""

    cert: str
    key: str | None = None
    _mark: tuple[float, ...] = ()
    _context: ssl.SSLContext | None = field(default=None, repr=False)

    def context(self) -> ssl.SSLContext:
        """A server context with the files as they are now.

        Raises OSError (SSLError is one) while nothing could ever be read; later the last good one stays in use.
        """
        try:
            mark = tuple(os.stat(path).st_mtime_ns for path in (self.cert, self.key) if path)
            if self._context is None or mark != self._mark:
                self._context, self._mark = _context(self.cert, self.key), mark
        except OSError:
            if self._context is None:
                raise
        return self._context


def _context(cert: str, key: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    return context
