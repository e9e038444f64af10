"""Licensees on a database. See `intake.registries.Licensees`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from intake.domains import comparable_address, comparable_domain
from intake.registries import Contact, Licensee
from storage.rows import Rows

_COLUMNS = "inn, name, kind, licence_no, licensed_since"


class StoredLicensees:
    """See `intake.registries.Licensees`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def all(self) -> list[Licensee]:
        """See `Licensees.all`."""
        return sorted(self._read("1 = 1", ()), key=lambda licensee: (licensee.name.casefold(), licensee.inn))

    def get(self, inn: str) -> Licensee | None:
        """See `Licensees.get`."""
        return next(iter(self._read("inn = ?", (inn,))), None)

    def named(self, name: str) -> list[Licensee]:
        """See `Licensees.named`."""
        return self._read("folded = ?", (_folded(name),))

    def put(self, licensees: Iterable[Licensee]) -> None:
        """See `Licensees.put`."""
        for one in licensees:
            values = {
                "name": one.name,
                "folded": _folded(one.name),
                "kind": one.kind,
                "licence_no": one.licence_no,
                "licensed_since": one.licensed_since.isoformat() if one.licensed_since else None,
            }
            self._rows.put("licensees", {"inn": one.inn}, values)
            for table, where in (("domains", ""), ("products", ""), ("contacts", " AND learned = 0")):
                self._rows.run(f"DELETE FROM {table} WHERE inn = ?{where}", (one.inn,))
            for domain in dict.fromkeys(map(comparable_domain, one.domains)):
                self._rows.insert("domains", {"inn": one.inn, "domain": domain}, returning=None)
            for product in dict.fromkeys(one.products):
                self._rows.insert("products", {"inn": one.inn, "name": product}, returning=None)
            for contact in one.contacts:
                self._add_contact(one.inn, contact)

    def of_address(self, address: str) -> Licensee | None:
        """See `Licensees.of_address`."""
        found = self._rows.all(
            "SELECT inn, learned FROM contacts WHERE address_key = ?", (comparable_address(address),)
        )
        learned = {inn for inn, by_agent in found if by_agent}
        return self._only(learned or {inn for inn, _ in found})

    def of_domain(self, domain: str) -> Licensee | None:
        """See `Licensees.of_domain`."""
        found = self._rows.all("SELECT inn FROM domains WHERE domain = ?", (comparable_domain(domain),))
        return self._only({inn for (inn,) in found})

    def learn_contact(self, inn: str | None, contact: Contact) -> None:
        """See `Licensees.learn_contact`."""
        key = comparable_address(contact.address)
        self._rows.run("DELETE FROM contacts WHERE address_key = ? AND learned = 1", (key,))
        if inn is None:
            return
        known = "SELECT count(*) FROM contacts WHERE address_key = ?"
        own, every = self._rows.count(f"{known} AND inn = ?", (key, inn)), self._rows.count(known, (key,))
        if not own or every > own:
            self._add_contact(inn, Contact(contact.name, contact.address, contact.post, contact.phone, learned=True))

    def _add_contact(self, inn: str, contact: Contact) -> None:
        values = {
            "inn": inn,
            "address_key": comparable_address(contact.address),
            "address": contact.address,
            "name": contact.name,
            "post": contact.post,
            "phone": contact.phone,
            "learned": int(contact.learned),
        }
        self._rows.insert("contacts", values, returning=None)

    def _only(self, inns: set[Any]) -> Licensee | None:
        return self.get(inns.pop()) if len(inns) == 1 else None

    def _read(self, where: str, params: tuple[Any, ...]) -> list[Licensee]:
        found = self._rows.all(f"SELECT {_COLUMNS} FROM licensees WHERE {where} ORDER BY inn", params)
        below = f"inn IN (SELECT inn FROM licensees WHERE {where}) ORDER BY"
        domains = _by_inn(self._rows.all(f"SELECT inn, domain FROM domains WHERE {below} id", params))
        products = _by_inn(self._rows.all(f"SELECT inn, name FROM products WHERE {below} id", params))
        contacts = _by_inn(
            self._rows.all(
                f"SELECT inn, name, address, post, phone, learned FROM contacts WHERE {below} learned, id", params
            )
        )
        return [
            Licensee(
                inn=inn,
                name=name,
                kind=kind,
                domains=tuple(domain for (domain,) in domains.get(inn, ())),
                licence_no=licence_no,
                licensed_since=date.fromisoformat(since) if since else None,
                products=tuple(product for (product,) in products.get(inn, ())),
                contacts=tuple(map(_contact, contacts.get(inn, ()))),
            )
            for inn, name, kind, licence_no, since in found
        ]


def _contact(row: tuple[Any, ...]) -> Contact:
    name, address, post, phone, learned = row
    return Contact(name, address, post, phone, bool(learned))


def _by_inn(rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for inn, *rest in rows:
        found.setdefault(inn, []).append(tuple(rest))
    return found


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
