"""Tables of the flow: lenders' connections, consents, what was sent, what came back."""

from chedai.applications.models.consents import LenderConsent, LenderConsentWithdrawal
from chedai.applications.models.lending import (
    ApplicantSheet,
    CallbackNonce,
    DealFile,
    LenderConnection,
    OutboxMessage,
    Submission,
    SubmissionEvent,
)

__all__ = [
    "ApplicantSheet",
    "CallbackNonce",
    "DealFile",
    "LenderConnection",
    "LenderConsent",
    "LenderConsentWithdrawal",
    "OutboxMessage",
    "Submission",
    "SubmissionEvent",
]
