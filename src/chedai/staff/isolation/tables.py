"""Migration operations that put a table behind row-level security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.db.migrations.operations.base import Operation
from django.db.models import ForeignKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Model

IDENTIFIER_LENGTH_MAX = 63


class EnableIsolation(Operation):
    """Only rows of the organisation acted for can be seen or written.

    Every foreign key from the model to another isolated model also gets a second,
    composite one with the organisation, so that a row cannot point across. Run it
    again in a later migration after adding a foreign key; it adds what is missing.

    Parameters
    ----------
    model_name
        A model of the migration's application with an ``organisation`` (or plain
        ``organisation_id``) field.
    column
        The column that holds the organisation; ``id`` for organisations themselves.
    is_in_directory
        Rows may also be *read* inside ``directory_window``.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model_name: str,
        *,
        column: str = "organisation_id",
        is_in_directory: bool = False,
    ) -> None:
        self.model_name = model_name
        self.column = column
        self.is_in_directory = is_in_directory

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models look the same with and without policies."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        is_own = f"{self.column} = chedai_organisation()"
        for statement in policy_statements(
            table, condition=is_own, is_in_directory=self.is_in_directory
        ):
            schema_editor.execute(statement)
        for statement in _composite_keys(model):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        for field, _ in isolated_targets(model):
            name = _key_name(table, field.column)
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
        schema_editor.execute(f'DROP POLICY IF EXISTS isolation ON "{table}"')
        schema_editor.execute(f'DROP POLICY IF EXISTS directory ON "{table}"')
        schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        return f"Isolate the rows of {self.model_name} by organisation"

    @property
    def migration_name_fragment(self) -> str:
        return f"isolate_{self.model_name.lower()}"


def policy_statements(table: str, *, condition: str, is_in_directory: bool) -> Iterator[str]:
    """SQL that enables, forces and defines row-level security of one table."""
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS isolation ON "{table}"'
    yield f'CREATE POLICY isolation ON "{table}" USING ({condition}) WITH CHECK ({condition})'
    yield f'DROP POLICY IF EXISTS directory ON "{table}"'
    if is_in_directory:
        yield f'CREATE POLICY directory ON "{table}" FOR SELECT USING (chedai_directory())'


def isolated_targets(model: type[Model]) -> Iterator[tuple[ForeignKey[Any, Any], type[Model]]]:
    """Foreign keys of a model that lead to another isolated model."""
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            target = field.related_model
            if isinstance(target, type) and _has_organisation(target):
                yield field, target


def _has_organisation(model: type[Model]) -> bool:
    return any(field.column == "organisation_id" for field in model._meta.concrete_fields)


def _composite_keys(model: type[Model]) -> Iterator[str]:
    table = model._meta.db_table
    for field, target in isolated_targets(model):
        to_table = target._meta.db_table
        to_column = field.target_field.column
        # Deleting the target is judged by the plain foreign key; both wait for the commit.
        yield _add_constraint(
            to_table,
            f"UNIQUE ({to_column}, organisation_id)",
            name=_key_name(to_table, to_column),
        )
        yield _add_constraint(
            table,
            f'FOREIGN KEY ({field.column}, organisation_id) REFERENCES "{to_table}" '
            f"({to_column}, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            name=_key_name(table, field.column),
        )


def _key_name(table: str, column: str | None) -> str:
    name = f"{table}_{column}_within"
    if len(name) > IDENTIFIER_LENGTH_MAX:
        name = f"{name[:46]}_{crc32(name.encode()):08x}_within"
    return name


def _add_constraint(table: str, definition: str, *, name: str) -> str:
    return f"""
        DO $$ BEGIN
            IF NOT EXISTS (
                SELECT FROM pg_constraint
                WHERE conname = '{name}' AND conrelid = '"{table}"'::regclass
            ) THEN
                ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition};
            END IF;
        END $$
    """
