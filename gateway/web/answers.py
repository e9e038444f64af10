"""Answers every part of the web door gives: a page, a refusal as a page or as JSON, a way elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from intake.pages import NoticePage, Page

if TYPE_CHECKING:
    from gateway.web.backstage import Backstage

API = "/api/"
TROUBLE_RETRY = 30

NOTICES: Mapping[int, tuple[str, str]] = {
    400: ("Запрос не понят", "Вернитесь назад и попробуйте ещё раз."),
    403: ("Нет доступа", "Откройте страницу заново и попробуйте ещё раз."),
    404: ("Такой страницы нет", "Проверьте ссылку: возможно, она скопирована не целиком."),
    405: ("Так эту страницу не открыть", "Вернитесь назад и попробуйте ещё раз."),
    408: ("Передача заняла слишком много времени", "Попробуйте ещё раз или пришлите файлы письмом."),
    413: ("Слишком большой запрос", "Уменьшите файлы или пришлите их письмом."),
    415: ("Запрос не понят", "Отправьте обращение через форму."),
    422: ("Запрос не понят", "Вернитесь назад и попробуйте ещё раз."),
    429: ("Слишком много обращений подряд", "Подождите несколько минут и отправьте ещё раз."),
    503: ("Сейчас не получилось", "Это неполадка у нас. Попробуйте ещё раз через минуту или напишите письмо."),
}
WORDS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request can't be read."),
    401: ("unauthorized", "Send a key of this desk: Authorization: Bearer KEY."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("timeout", "The request took too long to arrive."),
    413: ("too_large", "The request is larger than this desk takes."),
    415: ("unsupported_media_type", "Send application/json."),
    429: ("too_many_requests", "Wait as long as Retry-After says."),
    503: ("unavailable", "The desk can't take it now. Try again; with the same Idempotency-Key nothing doubles."),
}


def page(backstage: Backstage, content: Page, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A page, never kept by caches."""
    return HTMLResponse(backstage.render(content), status, headers=dict(headers or {}))


def elsewhere(path: str) -> Response:
    """After a post: look there (303)."""
    return RedirectResponse(path, 303)


def fault(
    status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error of the API."""
    return as_json({"error": {"code": code, "message": message, "field": field}}, status, headers)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON in ASCII: nothing in it can steer a terminal."""
    return Response(json.dumps(value) + "\n", status, dict(headers or {}), "application/json")


def refusal(backstage: Backstage, path: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """What is said in place of an answer, in the manner of whoever asks there."""
    extra = dict(headers or {})
    if status == 503:
        extra.setdefault("Retry-After", str(TROUBLE_RETRY))
    if path.startswith(API):
        code, message = WORDS.get(status, WORDS[400])
        return fault(status, code, message, None, extra)
    title, text = NOTICES.get(status, NOTICES[400])
    try:
        return page(backstage, NoticePage(title, text), status, extra)
    except Exception:
        return Response(f"{title}. {text}\n", status, extra, "text/plain; charset=utf-8")
