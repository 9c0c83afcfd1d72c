"""Every screen of the product, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NOBODY: Final = ""
ADVISOR: Final = "lin.yue"
MANAGER: Final = "shen.mo"
COMPLIANCE: Final = "fang.zheng"
ADMINISTRATOR: Final = "gao.xu"


@dataclass(frozen=True)
class Printed:
    """A deal that went all the way: what its addresses are made of."""

    deal: str
    proposal: str
    link: str
    code: str
    trace: str

    def path(self, pattern: str) -> str:
        return pattern.format(
            deal=f"/deals/{self.deal}",
            proposal=f"/proposals/{self.proposal}",
            link=self.link,
            code=self.code,
            trace=self.trace,
        )


# Where plans are shown: the trust invariants are read off these.
PLAN_SCREENS: Final = (
    (ADVISOR, "{deal}/desk/"),
    (ADVISOR, "{deal}/plans/"),
    (ADVISOR, "{deal}/plans/?customer=1"),
    (ADVISOR, "{deal}/plans/partial-prepayment/?letter=A&month=12&amount=30000"),
    (ADVISOR, "{deal}/passing/"),
    (ADVISOR, "{deal}/working-back/?payment=3500&on=2031-12-31"),
    (ADVISOR, "{deal}/lesson/"),
    (ADVISOR, "{trace}"),
    (ADVISOR, "{proposal}/"),
    (NOBODY, "{link}"),
    (NOBODY, "{link}?size=large"),
)
SCREENS: Final = (
    *PLAN_SCREENS,
    (NOBODY, "/accounts/login/"),
    (NOBODY, "/verify/"),
    (NOBODY, "/verify/{code}/"),
    (NOBODY, "/verify/0123456789abcdef/"),
    (NOBODY, "/p/no-such-link/"),
    (ADVISOR, "/today/"),
    (ADVISOR, "/day/"),
    (ADVISOR, "/day/?all=1"),
    (MANAGER, "/day/"),
    (MANAGER, "/floor/"),
    (MANAGER, "/team/"),
    (ADVISOR, "/visits/new/"),
    (ADVISOR, "/deals/"),
    (ADVISOR, "/deals/?q=nobody"),
    (ADVISOR, "{deal}/"),
    (ADVISOR, "{deal}/need/"),
    (ADVISOR, "{deal}/need/versions/"),
    (ADVISOR, "{deal}/need/voices/"),
    (ADVISOR, "{deal}/lenders/"),
    (ADVISOR, "/lenders/outbox/"),
    (MANAGER, "/lenders/connections/"),
    (ADVISOR, "{deal}/competitor/"),
    (ADVISOR, "{deal}/process/"),
    (ADVISOR, "{deal}/process/?view=timeline"),
    (ADVISOR, "/pipeline/"),
    (ADVISOR, "/pipeline/board/"),
    (MANAGER, "/pipeline/escalations/"),
    (MANAGER, "/bottlenecks/"),
    (MANAGER, "/process/hand-over/"),
    (MANAGER, "/process/calendar/"),
    (MANAGER, "/process/definitions/"),
    (ADVISOR, "/queue/"),
    (ADVISOR, "/queue/links/"),
    (ADVISOR, "/appointments/"),
    (ADVISOR, "/reminders/"),
    (ADVISOR, "/shifts/"),
    (MANAGER, "/shifts/"),
    (MANAGER, "/store-hours/"),
    (NOBODY, "/q/no-such-link/"),
    (ADVISOR, "/policy/"),
    (ADVISOR, "/catalogue/products/"),
    (ADVISOR, "/catalogue/products/hepu-subsidised/"),
    (ADVISOR, "/catalogue/vehicles/"),
    (ADVISOR, "/audit/"),
    (ADVISOR, "/no/such/page/"),
    (MANAGER, "/catalogue/products/new/"),
    (MANAGER, "/catalogue/packs/"),
    (COMPLIANCE, "/audit/"),
    (ADMINISTRATOR, "/staff/users/"),
    (ADMINISTRATOR, "/staff/users/new/"),
)
