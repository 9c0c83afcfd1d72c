from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import F, Func, IntegerField

from chedai.privacy.fields import EncryptedTextField


def sealed_columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Every column of every model that holds sealed values."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def sealed_before(
    model: type[models.Model], field: EncryptedTextField, *, version: int
) -> models.QuerySet[models.Model]:
    """Rows (of the organisation acted for) whose value was sealed under an older key."""
    return model._base_manager.annotate(key_version=_byte(field, 2) * 256 + _byte(field, 3)).filter(
        key_version__lt=version
    )


def _byte(field: EncryptedTextField, place: int) -> Func:
    return Func(
        F(field.attname),
        function="get_byte",
        template=f"%(function)s(%(expressions)s, {place})",
        output_field=IntegerField(),
    )
