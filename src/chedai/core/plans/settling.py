"""Plans left early: the same contract, fees and rebate as the plan was priced with."""

from collections.abc import Sequence

from chedai.core.loans.prepayment.batch import PayoffContract, PayoffTable, payoff_table
from chedai.core.plans.plan import Plan
from chedai.core.plans.pricing import cash_on_the_day, lost_discount, prepayment_terms_of


def rebate_of(plan: Plan) -> int:
    """Money a borrower has over a cash buyer on day 0, fen; negative when a discount is lost."""
    given_fen = sum(subsidy.amount_fen for subsidy in cash_on_the_day(plan.product))
    return given_fen - lost_discount(plan.product, plan.inputs.cash_discount_fen)


def payoff_contract_of(plan: Plan) -> PayoffContract:
    """Take from a plan what leaving it early is computed from."""
    return PayoffContract(
        schedule=plan.schedule,
        terms=plan.loan_terms,
        prepayment=prepayment_terms_of(plan.product.prepayment),
        fees=plan.fees,
        rebate_fen=rebate_of(plan),
    )


def payoff_table_of(plans: Sequence[Plan]) -> PayoffTable:
    """Settle every plan after every month; the columns are the plans in their order."""
    return payoff_table([payoff_contract_of(plan) for plan in plans])
