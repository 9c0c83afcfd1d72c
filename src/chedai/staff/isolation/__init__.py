"""Organisations never see one another's rows; the database itself says so."""

from chedai.staff.isolation.acting import (
    NotActingError,
    act_from_here,
    acting,
    acting_for,
    acting_organisation_id,
    directory_window,
    request_boundary,
)
from chedai.staff.isolation.jobs import runs_for_organisation
from chedai.staff.isolation.tables import EnableIsolation

__all__ = [
    "EnableIsolation",
    "NotActingError",
    "act_from_here",
    "acting",
    "acting_for",
    "acting_organisation_id",
    "directory_window",
    "request_boundary",
    "runs_for_organisation",
]
