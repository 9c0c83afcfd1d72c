"""Jobs act for one organisation, named in their arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from chedai.staff.isolation.acting import acting_for, request_boundary

P = ParamSpec("P")


def runs_for_organisation(job: Callable[P, Any]) -> Callable[P, Any]:
    """Run the job inside ``acting_for(organisation_id)``, its keyword argument."""

    @wraps(job)
    def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        organisation_id: Any = kwargs["organisation_id"]
        with request_boundary(), acting_for(organisation_id):
            return job(*args, **kwargs)

    return run
