"""Finding the same phone or identity number again without being able to read it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.conf import settings

from chedai.privacy import keys
from chedai.privacy.algorithms import keyed_digest

_SEPARATORS: Final = re.compile(r"[\s\-()·.]")


def digest_for_lookup(text: str, *, organisation_id: int) -> bytes:
    """Keyed digest of a phone or number, the same however it was typed; 32 bytes.

    The key belongs to the organisation, so that two organisations cannot find out
    that they share a customer; it derives from the *earliest* master key, because a
    digest cannot be computed anew when keys change.
    """
    key = keys.derived_key(
        version=min(keys.master_keys()),
        purpose="lookup",
        organisation_id=organisation_id,
        key_bytes=32,
    )
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    name = getattr(settings, "CHEDAI_LOOKUP_DIGEST", "sha256")
    return keyed_digest(name, key=key, content=plain.encode())
