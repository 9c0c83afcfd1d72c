"""The request as our views get it: somebody is signed in, and htmx may have asked."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from chedai.staff.models import User


class DeskRequest(HttpRequest):
    """A request that passed the middleware: its user is one of ours. For type checking only."""

    user: User
    htmx: HtmxDetails
