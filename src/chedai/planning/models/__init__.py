from chedai.planning.models.desk import CompetitorOffer, DeskSetup, PinnedPlan

__all__ = ["CompetitorOffer", "DeskSetup", "PinnedPlan"]
