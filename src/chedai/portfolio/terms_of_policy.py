"""The terms of a close as the policy book has them on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chedai.portfolio.terms import PPM, ClassificationScheme, CloseTerms, TermsRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from chedai.policy.book import PolicyBook
    from chedai.policy.day import PolicyDay
    from chedai.portfolio.terms import LossMethod

SCHEMES: Final[Mapping[str, str]] = {
    "bank_loan": "classification_bank_loan",
    "card": "classification_card",
    "sixty_days": "classification_sixty_days",
}
"""The classification schemes lenders go by, and the parameters that hold their days."""

LOSS_RATES: Final[Mapping[LossMethod, str]] = {
    "bucket": "expected_loss_rate_by_bucket",
    "pd_lgd": "probability_of_default_by_bucket",
}

BUCKETS: Final = tuple(f"M{number}" for number in range(8))


def terms_on(
    as_of: date,
    *,
    book: PolicyBook,
    policy_on: date | None = None,
    loss_method: LossMethod = "bucket",
    **changed: Any,
) -> CloseTerms:
    """Return the terms of the close of a day.

    Parameters
    ----------
    policy_on
        By the policy of which day; by default that of the close. A number without a value on that
        day is refused by the book.
    changed
        Fields of ``CloseTerms`` that are told, such as ``compared_on``.
    """
    policy = book.on(policy_on or as_of)
    return CloseTerms(
        as_of=as_of,
        schemes=tuple(_scheme(key, policy) for key in SCHEMES),
        observation_months=policy.value("upgrade_observation_months").whole,
        observation_instalments=policy.value("upgrade_observation_instalments").whole,
        restructured_observation_months=policy.value("restructured_observation_months").whole,
        loss_rates_ppm=_rates_ppm(policy.value(LOSS_RATES[loss_method]).by_word.ratios()),
        loss_method=loss_method,
        book_version=book.version,
        **changed,
    )


def _scheme(key: str, policy: PolicyDay) -> ClassificationScheme:
    days = policy.value(SCHEMES[key]).by_word.days()
    return ClassificationScheme(
        id=key,
        special_mention_over_days=days["special_mention"],
        substandard_over_days=days["substandard"],
        doubtful_over_days=days["doubtful"],
        loss_over_days=days["loss"],
    )


def _rates_ppm(ratios: Mapping[str, Decimal]) -> tuple[int, ...]:
    if tuple(ratios) != BUCKETS:
        raise TermsRefusedError("账龄段参数须依次写明 M0 到 M7")
    scaled = [ratio * PPM for ratio in ratios.values()]
    if any(rate != int(rate) for rate in scaled):
        raise TermsRefusedError("账龄段比率最多六位小数")
    return tuple(int(rate) for rate in scaled)
