"""The Jinja2 environment of our own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from chedai.core.plans.product.terms import CONTRACT_NATURE_LABELS
from chedai.core.process.definition import MOVE_LABELS
from chedai.privacy import masks
from chedai.web import formats

if TYPE_CHECKING:
    from collections.abc import Mapping


def environment(**options: Any) -> Environment:
    """Build the environment: strict about unknown names, so that a typo fails a test."""
    options["undefined"] = StrictUndefined  # Django has put its own there
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701 - Django's backend sets autoescape=True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    env.globals.update(
        static=static,
        url=url,
        get_messages=get_messages,
        nature_labels=CONTRACT_NATURE_LABELS,
        move_labels=MOVE_LABELS,
    )
    env.filters.update({**formats.FILTERS, **masks.FILTERS})
    # As globals, because a block rendered alone does not run its template's imports.
    components = env.get_template("web/components.html").module
    env.globals.update({k: v for k, v in vars(components).items() if not k.startswith("_")})
    return env


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Reverse a named address; query parameters go into ``query`` as a mapping."""
    query: Mapping[str, str] | None = kwargs.pop("query", None)
    return reverse(name, args=args, kwargs=kwargs, query=query)
