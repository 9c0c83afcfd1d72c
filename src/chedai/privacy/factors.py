"""Second factors: their secrets are sealed like any other personal value."""

from __future__ import annotations

from base64 import b64decode, b64encode

from allauth.mfa.adapter import DefaultMFAAdapter

from chedai.privacy.sealed import Sealed, seal, unseal
from chedai.staff.isolation import acting_organisation_id

PLACE = "mfa_authenticator.data"


class SealedFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's adapter, with secrets sealed under the organisation's key."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        sealed = seal(text, place=PLACE, organisation_id=acting_organisation_id())
        return b64encode(sealed.blob).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret to compare a code with it."""
        blob = b64decode(encrypted_text)
        return unseal(Sealed(blob, PLACE, acting_organisation_id()))
