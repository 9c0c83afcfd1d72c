"""One visit after another, every request timed."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from chedai.catalogue.queries import products as catalogue
from chedai.core.plans.matrix import MatrixInputs, around, price_matrix
from chedai.deals.models import Deal
from chedai.demo.world import GROUP_CODE, organisation_of, person
from chedai.planning.models import DeskSetup, Proposal
from chedai.planning.queries.scenes import choice_from, scene_for
from chedai.reception.queries.needs import latest_need
from chedai.reception.queries.shortlists import refused_of, verdicts_of
from chedai.staff.isolation import acting_for, directory_window
from chedai.web import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

ADVISOR = "lin.yue"
HTMX = {"HX-Request": "true"}
OK, FOUND, CREATED = 200, 302, 201
MATRIX_SCENES = 12
MATRIX_CALLS = 8


@dataclass(frozen=True)
class Visit:
    """A customer: what is said, what is answered, which car is chosen, the loan in yuan."""

    sentence: str
    answers: tuple[tuple[str, str], ...]
    car: str
    price_yuan: int
    loan_yuan: int


VISITS = (
    Visit(
        "首付6万左右，月供别超过3500，想买个15万的SUV",
        (("price_kind", "car"), ("vehicle_condition", "new"), ("credit_history", "clean")),
        "chengyuan-q5-2026-20t-vip",
        152_900,
        90_000,
    ),
    Visit(
        "两口子都是老师，征信没问题，二十二万的增程，首付8万，想五年，月供2500以内",
        (("price_kind", "car"), ("prepayment", "24")),
        "xinglan-l7-2026-er-pro",
        219_800,
        139_000,
    ),
    Visit(
        "十万左右的代步车，首付三成，三年还完，不接受融资租赁",
        (("price_kind", "car"), ("credit_history", "clean")),
        "yunyu-a1-2026-505",
        105_800,
        74_000,
    ),
    Visit(
        "车价16万8，首付一半，月供2000封顶，一年后可能提前还",
        (("credit_history", "clean"),),
        "xinglan-s5-2026-lr",
        167_800,
        83_000,
    ),
)


@dataclass
class Times:
    """Milliseconds by name of page: of the clock and of this process."""

    wall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def take(self, name: str, run: Callable[[], Any]) -> Any:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        answer = run()
        self.wall[name].append((time.perf_counter() - begun) * 1000)
        self.cpu[name].append((time.process_time() - begun_cpu) * 1000)
        return answer


@dataclass(frozen=True)
class Result:
    """Times with everything kept in memory, and with the catalogue parsed anew each time."""

    warm: Times
    cold: Times
    counts: dict[str, int]


def measure(*, rounds: int, cold_rounds: int) -> Result:
    with directory_window():
        organisation = organisation_of(GROUP_CODE)
    with acting_for(organisation.pk):
        advisor = person(ADVISOR)
        counts = {
            "deals": Deal.objects.count(),
            "proposals": Proposal.objects.count(),
            "products": len(catalogue.product_versions_on(clock.today())),
        }
        client = Client(headers={"host": "localhost"})
        client.force_login(advisor)
    for visit in VISITS:  # compiled templates, policy book, fonts, numba
        _walk(client, visit, Times(), organisation.pk, is_cold=False)
    warm, cold = Times(), Times()
    for number in range(rounds):
        _walk(client, VISITS[number % len(VISITS)], warm, organisation.pk, is_cold=False)
    for number in range(cold_rounds):
        _walk(client, VISITS[number % len(VISITS)], cold, organisation.pk, is_cold=True)
    with acting_for(organisation.pk):
        _matrices(warm)
    return Result(warm, cold, counts)


@dataclass(frozen=True)
class Walk:
    """One visit on its way through the pages."""

    client: Client
    times: Times
    is_cold: bool

    def ask(self, name: str, run: Callable[[], HttpResponse], status: int) -> HttpResponse:
        if self.is_cold:
            catalogue._kept._kept.clear()
        answer: HttpResponse = self.times.take(name, run)
        if answer.status_code != status:
            said = re.findall(r'role="alert"[^>]*>(.*?)</', answer.content.decode(), re.S)
            message = f"{name}: {answer.status_code}, {said}"
            raise RuntimeError(message)
        return answer

    def get(self, name: str, address: str) -> HttpResponse:
        return self.ask(name, lambda: self.client.get(address), OK)

    def post(
        self, name: str, address: str, values: dict[str, Any], status: int = OK
    ) -> HttpResponse:
        headers = {} if status == FOUND else HTMX
        return self.ask(name, lambda: self.client.post(address, values, headers=headers), status)


def _walk(
    client: Client, visit: Visit, times: Times, organisation_id: int, *, is_cold: bool
) -> None:
    walk = Walk(client, times, is_cold)
    of, version = _reception(walk, visit)
    _desk(walk, visit, of, organisation_id)
    _proposal(walk, of, version)


def _reception(walk: Walk, visit: Visit) -> tuple[dict[str, str], int]:
    walk.get("today", reverse("reception:today"))
    values = {"call_name": "测速客户", "sentence": visit.sentence, "form_key": str(uuid4())}
    opened = walk.post("open a visit", reverse("reception:visits"), values, FOUND)
    of = {"deal_number": opened["Location"].split("/")[2]}
    walk.get("need", opened["Location"])
    version = 1
    for question, answer in visit.answers:
        values = {"base_number": str(version), "question": question, "answer": answer}
        walk.post("answer a question", reverse("reception:need_answers", kwargs=of), values)
        version += 1
    address = reverse("reception:need_confirmation", kwargs=of)
    walk.post("confirm the need", address, {"base_number": version}, FOUND)
    return of, version


def _desk(walk: Walk, visit: Visit, of: dict[str, str], organisation_id: int) -> None:
    walk.get("desk", reverse("planning:desk", kwargs=of))
    down_yuan = visit.price_yuan - visit.loan_yuan
    for revision, step in enumerate((0, 0, 10_000)):  # choose the car, round the loan, try another
        values = _desk_values(visit, revision=revision, down_yuan=down_yuan + step)
        walk.post("change the desk", reverse("planning:desk_setup", kwargs=of), values)
    walk.get("three plans", reverse("planning:plans", kwargs=of))
    with acting_for(organisation_id):
        version_id = _product_of_everybody()
    plan = {
        "version_id": version_id,
        "term_months": 36,
        "down_payment_fen": (down_yuan + 10_000) * 100,
    }
    walk.get("derivation", reverse("planning:derivation", kwargs=of | plan))
    walk.get("lesson", reverse("planning:lesson", kwargs=of))


def _desk_values(visit: Visit, *, revision: int, down_yuan: int) -> dict[str, Any]:
    return {
        "revision": revision,
        "vehicle": visit.car,
        "vehicle_price": visit.price_yuan,
        "down_payment": down_yuan,
        "down_payment_step": 15_000,
        "terms": "36-48-60",
        "condition": "new",
        "power": "new_energy" if visit.car.startswith(("xing", "yun")) else "combustion",
        "use": "private",
        "prepayment_month": 24,
    }


def _proposal(walk: Walk, of: dict[str, str], version: int) -> None:
    form = {"form_key": str(uuid4()), "need_version": version}
    made = walk.post("make a proposal", reverse("planning:proposals", kwargs=of), form, FOUND)
    proposal = {"number": made["Location"].rstrip("/").split("/")[-1]}
    walk.get("proposal", made["Location"])
    walk.get("PDF", reverse("planning:proposal_pdf", kwargs=proposal))
    address = reverse("planning:proposal_links", kwargs=proposal)
    sent = walk.post("send a link", address, {}, CREATED)
    found = re.search(r"/p/[\w-]{43}/", sent.content.decode())
    assert found, "the page shows the link once"
    stranger = Client(headers={"host": "localhost"})
    walk.ask("customer's page", lambda: stranger.get(found[0]), OK)


def _product_of_everybody() -> int:
    """Give a product that every visit of ours can have for three years."""
    return next(
        int(product.version_id)
        for product in catalogue.product_versions_on(clock.today())
        if product.terms.code == "xinghe-standard"
    )


def _matrices(times: Times) -> None:
    """Time the nine cells alone, for desks of the demo."""
    on = clock.today()
    setups = DeskSetup.objects.select_related("deal__store", "vehicle").order_by("pk")
    for setup in setups[:MATRIX_SCENES]:
        scene = scene_for(
            deal=setup.deal,
            facts=latest_need(setup.deal).facts,
            choice=choice_from(setup, on=on),
            on=on,
        )
        inputs = MatrixInputs(
            products=scene.products,
            car=scene.car,
            first_due_on=scene.first_due_on,
            payment_max_fen=scene.payment_max_fen,
            refused=refused_of(scene, verdicts_of(scene)),
            purchase_costs=scene.costs,
        )
        downs = around(base_fen=scene.down_payment_fen, increment_fen=scene.down_payment_step_fen)
        for _ in range(MATRIX_CALLS):
            times.take(
                "matrix alone",
                lambda inputs=inputs, scene=scene, downs=downs: price_matrix(
                    inputs, terms_months=scene.terms_months, down_payments_fen=downs
                ),
            )
