"""``GET /metrics``: Prometheus text from a registry of our own. What a scrape costs does not grow with the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from intake.live import Live, live

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Scope

    from gateway.web.backstage import Backstage

BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST"})


class DeskCollector(Collector):
    """Reads the desk's figures when they are scraped."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._arrived: dict[str, int] = {}
        self._seen: int | None = None
        self._lock = Lock()

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        now = self._backstage.clock()
        with self._lock, self._backstage.store.read() as tx:
            if self._seen is None:
                self._seen = tx.gauges.last_arrival()
            self._seen, fresh = tx.gauges.arrived(self._seen)
            for door, count in fresh.items():
                self._arrived[door] = self._arrived.get(door, 0) + count
            arrived = dict(self._arrived)
            dispositions, letters = tx.gauges.dispositions(), tx.outbox.counts()
            held = tx.gauges.held(now)
            tickets, oldest = tx.tickets.counts(now, None), tx.gauges.oldest_arrival()
            present = live(tx, self._backstage.regulations.at(now), now)
        doors = CounterMetricFamily("otklik_arrivals", "Arrivals kept since start, by door.", labels=["door"])
        for door, count in sorted(arrived.items()):
            doors.add_metric([door], count)
        yield doors
        yield _gauge("otklik_journal_rows", "Journal rows by what became of them.", "disposition", dispositions)
        yield _gauge("otklik_outbox_letters", "Letters by state.", "state", letters)
        yield GaugeMetricFamily("otklik_outbox_held", "Automatic letters held by the desk's ceiling.", held.letters)
        named = {"open": tickets["all"], **{name: tickets[name] for name in ("free", "client", "overdue")}}
        yield _gauge("otklik_tickets", "Open tickets: all, free, waiting for the client, overdue.", "kind", named)
        age = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
        yield GaugeMetricFamily("otklik_journal_oldest_seconds", "Age of the oldest unprocessed arrival.", value=age)
        yield from live_metrics(present)


def live_metrics(present: Live) -> Iterator[Metric]:
    """The desk now. Quantiles have no sample before the day's first reaction."""
    yield GaugeMetricFamily("otklik_queue_length", "Open tickets.", value=present.queue)
    yield GaugeMetricFamily("otklik_queue_overdue", "Open tickets past their nearest deadline.", value=present.overdue)
    yield GaugeMetricFamily(
        "otklik_reactions_today", "Tickets first reacted to by an agent since the desk's midnight.", present.reactions
    )
    waited = {"0.5": present.p50, "0.95": present.p95}
    minutes = {name: round(value / timedelta(minutes=1), 3) for name, value in waited.items() if value is not None}
    yield _gauge(
        "otklik_reaction_minutes_today", "Working minutes to these reactions, by quantile.", "quantile", minutes
    )
    cover = present.cover
    people = {"present": cover.people, "needed": cover.people_needed}
    yield _gauge("otklik_shift_people", "On shift now, and needed now (0 while the desk is closed).", "kind", people)
    technical = {"present": cover.technical, "needed": cover.technical_needed}
    yield _gauge("otklik_shift_technical", "Technical specialists among them, as above.", "kind", technical)


class Metrics:
    """Counts requests and shows everything."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "otklik_http_requests", "Answered requests.", ["page", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "otklik_http_seconds", "Time to answer.", ["page"], buckets=BUCKETS, registry=self._registry
        )
        self._registry.register(DeskCollector(backstage))

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """See `gateway.web.frame.Observer`. Pages are counted by name: what strangers ask for makes no labels."""
        page = scope.get("page", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._requests.labels(page, method, str(status)).inc()
        self._seconds.labels(page).observe(seconds)

    async def show(self, _request: Request) -> Response:
        """The text."""
        text = await self._backstage.off_loop(generate_latest, self._registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _gauge(name: str, words: str, label: str, values: object) -> GaugeMetricFamily:
    assert isinstance(values, dict)
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
