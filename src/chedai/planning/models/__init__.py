from chedai.planning.models.desk import CompetitorOffer, DeskSetup, PinnedPlan
from chedai.planning.models.proposals import (
    Proposal,
    ProposalCounter,
    ProposalLink,
    ProposalLinkOpening,
    ProposalLinkRevocation,
    ProposalPrint,
    ProposalSeal,
)

__all__ = [
    "CompetitorOffer",
    "DeskSetup",
    "PinnedPlan",
    "Proposal",
    "ProposalCounter",
    "ProposalLink",
    "ProposalLinkOpening",
    "ProposalLinkRevocation",
    "ProposalPrint",
    "ProposalSeal",
]
