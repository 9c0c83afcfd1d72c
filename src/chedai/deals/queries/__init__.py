"""Questions about deals and their processes."""

from chedai.deals.queries.deals import deals_in_scope

__all__ = ["deals_in_scope"]
