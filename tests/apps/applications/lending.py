"""A deal ready to be sent to an invented lender that really answers over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.lenders.packs import BORROWER, DOCUMENTS, World

from chedai.applications.models import LenderConnection, LenderConsent, OutboxMessage, Submission
from chedai.applications.operations.connections import connect_lender, keep_needs
from chedai.applications.operations.deliveries import deliver
from chedai.applications.operations.sheets import keep_file, record_consent, save_sheet
from chedai.applications.operations.submissions import Chosen, submit
from chedai.catalogue.models import Lender
from chedai.core.dates import add_months
from chedai.lenders.registry import SANDBOX, sandbox_lenders
from chedai.planning.queries.desk import desk_view
from chedai.planning.queries.scenes import DeskChoice, scene_for
from chedai.reception.queries.needs import latest_need

if TYPE_CHECKING:
    from chedai.deals.models import Deal
    from chedai.staff.models import User

CAR = {"vehicle_description", "vehicle_condition", "vehicle_use", "vehicle_price_fen"}


@dataclass
class Lending:
    """One deal, one lender, and the acts of the tests."""

    deal: Deal
    by: User
    connection: LenderConnection
    world: World

    def fill(self, **changes: Any) -> None:
        values = {name: value for name, value in BORROWER.items() if name not in CAR}
        save_sheet(
            deal=self.deal, values=values | changes, recorded_by=self.by, recorded_at=self.now()
        )

    def hand_in(self, *kinds: str) -> None:
        for kind in kinds or DOCUMENTS:
            content = b"%PDF-1.7 " + kind.encode()
            keep_file(
                deal=self.deal,
                kind=kind,
                content=content,
                recorded_by=self.by,
                recorded_at=self.now(),
            )

    def consent(self, kind: str = "", **changes: Any) -> None:
        for each in [kind] if kind else LenderConsent.Kind.values:
            plain = {
                "lender": self.connection.lender,
                "purpose": "办理购车贷款",
                "signed_on": self.now().date(),
                "expires_on": add_months(self.now().date(), 1),
            }
            record_consent(
                deal=self.deal,
                kind=each,
                recorded_by=self.by,
                recorded_at=self.now(),
                **(plain | changes),
            )

    def make_ready(self) -> None:
        self.fill()
        self.hand_in()
        self.consent()

    def chosen(self) -> Chosen:
        sheet = latest_need(self.deal)
        scene = scene_for(
            deal=self.deal, facts=sheet.facts, choice=DeskChoice(), on=self.now().date()
        )
        card = desk_view(scene).cards[0]
        return Chosen(plan=card.plan, scene=scene, need_number=sheet.version.number)

    def submit(self, **changes: Any) -> Submission:
        plain = {"form_key": uuid4(), "created_by": self.by, "created_at": self.now()}
        return submit(
            deal=self.deal, connection=self.connection, chosen=self.chosen(), **(plain | changes)
        )

    def message(self, submission: Submission) -> OutboxMessage:
        return OutboxMessage.objects.filter(submission=submission).latest("pk")

    def deliver(self, message: OutboxMessage) -> bool:
        return deliver(
            message_id=message.pk,
            open_adapter=lambda connection: self.world.adapter(connection.lender.code),
            clock=self.world.clock,
        )

    def now(self) -> Any:
        return self.world.clock()


def make_lending(deal: Deal, by: User, world: World, code: str = "xinghe") -> Lending:
    lender = Lender.objects.create(
        organisation=deal.organisation,
        code=code,
        name="星河汽车金融",
        kind="auto_finance_company",
        legal_name="星河汽车金融有限公司（虚构）",
        registered_at=world.clock(),
        registered_by=by,
    )
    connection = connect_lender(
        lender=lender,
        channel="standard",
        base_url=SANDBOX,
        registered_by=by,
        registered_at=world.clock(),
    )
    keep_needs(connection=connection, needs=sandbox_lenders()[code])
    return Lending(deal, by, connection, world)
