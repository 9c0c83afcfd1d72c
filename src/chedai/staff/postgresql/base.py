"""Django's PostgreSQL backend, telling the database for whom each statement is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from chedai.staff.isolation.acting import Acting, acting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETTLE = (
    "SELECT set_config('chedai.organisation_id', %s, false), "
    "set_config('chedai.directory', %s, false)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Settles the two settings before a statement whenever they differ from ``acting()``.

    Lazily, so that a change costs a round trip only when a statement follows; and
    on every path to the server (new cursor, statement on an old cursor), so that a
    connection kept from another request, or replaced in the middle of one, is never
    used under the wrong organisation.
    """

    _settled: Acting | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._settle_then)

    def get_new_connection(self, conn_params: Mapping[str, Any]) -> Any:
        self._settled = None
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self._settle()  # COPY runs on a bare cursor, past the wrappers
        return super().create_cursor(name)

    def _settle_then(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self._settle()
        return execute(sql, params, many, context)

    def _settle(self) -> None:
        wanted = acting()
        connection: Any = self.connection
        if wanted == self._settled or connection is None:
            return
        if connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing runs until the rollback, which unsettles
        organisation = "" if wanted.organisation_id is None else str(wanted.organisation_id)
        directory = "on" if wanted.is_directory_open else ""
        with self.wrap_database_errors:
            connection.execute(SETTLE, [organisation, directory])
        self._settled = wanted

    # A rollback also undoes settings made since the transaction or savepoint began.

    def _rollback(self) -> Any:
        self._settled = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> Any:
        result = super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._settled = None
        return result

    def _commit(self) -> Any:
        connection: Any = self.connection
        if connection is not None and (
            connection.info.transaction_status == TransactionStatus.INERROR
        ):
            self._settled = None  # the server answers with a rollback
        return super()._commit()  # type: ignore[misc]
