"""What a WSGI server imports: ``chedai.lenders.sandbox.wsgi:sandbox``."""

from __future__ import annotations

from chedai.lenders.sandbox.server import application, start_telling, wishes_from_environment

_wishes = wishes_from_environment()
sandbox = application(_wishes)
start_telling(sandbox, _wishes)
