"""psycopg 3 for peewee, whether or not peewee found it when it was loaded itself."""

from __future__ import annotations

from typing import Any

import psycopg
from peewee import PostgresqlDatabase, Psycopg3Adapter
from psycopg.pq import TransactionStatus


class Adapter(Psycopg3Adapter):
    """What peewee asks of a driver."""

    txn_idle = TransactionStatus.IDLE
    txn_inerror = TransactionStatus.INERROR
    txn_unknown = TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        """It is imported above."""

    def get_binary_type(self) -> Any:
        """What octets are wrapped in."""
        return psycopg.Binary

    def connect(self, db: Any, **params: Any) -> psycopg.Connection[Any]:  # noqa: ARG002 -- peewee's signature
        """A connection by psycopg's own parameters."""
        return psycopg.connect(**params)


class PostgresqlByPsycopg(PostgresqlDatabase):
    """A database of psycopg's."""

    psycopg2_adapter = psycopg3_adapter = Adapter
