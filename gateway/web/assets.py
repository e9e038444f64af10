"""Style sheet, script and picture of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from gateway.web.answers import refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.web.backstage import Backstage

KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"
"""Links carry a digest of the content, so that a changed file has another address."""
A_WHILE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Assets:
    """``GET /assets/NAME``."""

    backstage: Backstage

    async def show(self, request: Request) -> Response:
        """The file, or 404."""
        name = request.path_params["name"]
        kind = KINDS.get(name.rpartition(".")[2])
        data = self.backstage.pages.asset(name) if kind is not None else None
        if data is None or kind is None:
            return refusal(self.backstage, request.url.path, 404)
        caching = FOR_GOOD if request.query_params.get("v") else A_WHILE
        return Response(data, headers={"Content-Type": kind, "Cache-Control": caching})
