"""What sandbox and desk both know: one secret a lender, from one root."""

from __future__ import annotations

import hashlib
import hmac


def secret_of(root: bytes, lender: str) -> bytes:
    """Give the secret shared with one lender; the desk derives the same."""
    return hmac.new(root, f"lender {lender}".encode(), hashlib.sha256).hexdigest().encode()
