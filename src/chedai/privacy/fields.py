"""A model field whose column only ever holds ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from chedai.privacy.masks import MASKS
from chedai.privacy.sealed import Sealed, seal
from chedai.staff.isolation import acting_organisation_id

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Base = models.Field[str | Sealed, Any]
else:
    _Base = models.BinaryField


class EncryptedTextField(_Base):
    """Assign plain text; after saving and on loading it is a ``Sealed`` that shows its mask.

    It needs an organisation (``acting_for``), whose key it uses. It cannot be
    searched: keep a ``digest_for_lookup`` beside it.

    Parameters
    ----------
    mask
        A key of ``chedai.privacy.masks.MASKS``: what rendering the value shows.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, mask: str = "all", **kwargs: Any) -> None:
        if mask not in MASKS:
            msg = f"unknown mask {mask!r}: one of {', '.join(MASKS)}"
            raise ValueError(msg)
        self.mask = mask
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if self.mask != "all":
            kwargs["mask"] = self.mask
        return name or "", path, args, kwargs

    @property
    def place(self) -> str:
        """The column this field fills, authenticated with every value."""
        return f"{self.model._meta.db_table}.{self.column}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self._sealed(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        sealed = self._sealed(value)
        blob = sealed.blob if isinstance(sealed, Sealed) else sealed
        return super().get_db_prep_value(blob, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        if value is None:
            return None
        return Sealed(bytes(value), self.place, acting_organisation_id(), self.mask)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            msg = f"{self.place} is encrypted: look it up by its digest_for_lookup column"
            raise FieldError(msg)
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def _sealed(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return seal(
            value,
            place=self.place,
            organisation_id=acting_organisation_id(),
            mask=self.mask,
        )
