"""Every policy rule, one file each; a new rule is a new file and one line here."""

from collections.abc import Mapping
from typing import Final

from chedai.policy.rule import Rule
from chedai.policy.rules import (
    annual_rate_shown,
    card_cash_instalment,
    card_instalment_terms,
    comprehensive_cost,
    consumer_finance_lender,
    consumer_loan_amount,
    cost_disclosure,
    extras_financing,
    fee_on_disclosure_form,
    fee_payee,
    financial_service_fee,
    interest_in_advance,
    lease_wording,
    leaseback_background,
    loan_only_discount,
    loan_to_value,
    local_pact_cost,
    ltv_base_price,
    principal_within_price,
    private_lending_cost,
    success_fee_prepaid,
    term_limit,
)

RULES: Final[Mapping[str, Rule]] = {
    "annual_rate_shown": annual_rate_shown.RULE,
    "card_cash_instalment": card_cash_instalment.RULE,
    "card_instalment_terms": card_instalment_terms.RULE,
    "comprehensive_cost": comprehensive_cost.RULE,
    "consumer_finance_lender": consumer_finance_lender.RULE,
    "consumer_loan_amount": consumer_loan_amount.RULE,
    "cost_disclosure": cost_disclosure.RULE,
    "extras_financing": extras_financing.RULE,
    "fee_on_disclosure_form": fee_on_disclosure_form.RULE,
    "fee_payee": fee_payee.RULE,
    "financial_service_fee": financial_service_fee.RULE,
    "interest_in_advance": interest_in_advance.RULE,
    "lease_wording": lease_wording.RULE,
    "leaseback_background": leaseback_background.RULE,
    "loan_only_discount": loan_only_discount.RULE,
    "loan_to_value": loan_to_value.RULE,
    "local_pact_cost": local_pact_cost.RULE,
    "ltv_base_price": ltv_base_price.RULE,
    "principal_within_price": principal_within_price.RULE,
    "private_lending_cost": private_lending_cost.RULE,
    "success_fee_prepaid": success_fee_prepaid.RULE,
    "term_limit": term_limit.RULE,
}
