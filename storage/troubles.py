"""What a database's errors mean to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intake.errors import OtklikError, StoreUnavailable

_TOO_MUCH = "54"
_LOST_RACES = frozenset({"40001", "40P01"})


def database_errors() -> tuple[type[Exception], ...]:
    """What every error that comes from the database is."""
    from peewee import DatabaseError, InterfaceError

    return (DatabaseError, InterfaceError)


def is_own_trouble(error: BaseException) -> bool:
    """The database's trouble (busy, full, gone), not that of the work: another time it may go well."""
    from peewee import InterfaceError, InternalError, OperationalError

    if isinstance(error, OperationalError | InternalError | InterfaceError):
        return not sqlstate(error).startswith(_TOO_MUCH)
    return isinstance(error, OSError)


def is_lost_race(error: BaseException) -> bool:
    """Two transactions stood in each other's way (deadlock, serialization) and this one was chosen to try again."""
    return sqlstate(error) in _LOST_RACES


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error (its manual, appendix A); "" where there is none, as when the server is gone."""
    by_driver = getattr(error, "orig", error)
    return getattr(by_driver, "sqlstate", None) or ""


def first_line(error: BaseException) -> str:
    """What went wrong, without the driver's further lines."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def unavailable(error: BaseException) -> BaseException:
    """An error as the writer's callers get to see it: the desk's own ones as they are, all else StoreUnavailable."""
    if isinstance(error, OtklikError) or not isinstance(error, Exception):
        return error
    wrapped = StoreUnavailable(f"the database did not take it: {type(error).__name__}")
    wrapped.__cause__ = error
    return wrapped


@contextmanager
def named() -> Iterator[None]:
    """Own trouble inside the block is StoreUnavailable."""
    try:
        yield
    except database_errors() as error:
        if not is_own_trouble(error):
            raise
        raise StoreUnavailable(f"the database does not answer: {first_line(error)}") from error
