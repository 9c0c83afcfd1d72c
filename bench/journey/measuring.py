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


def _walk(
    client: Client, visit: Visit, times: Times, organisation_id: int, *, is_cold: bool
) -> None:
    def ask(name: str, run: Callable[[], HttpResponse], status: int) -> HttpResponse:
        if is_cold:
            catalogue._kept._kept.clear()
        answer: HttpResponse = times.take(name, run)
        if answer.status_code != status:
            said = re.findall(r'role="alert"[^>]*>(.*?)</', answer.content.decode(), re.S)
            message = f"{name}: {answer.status_code}, {said}"
            raise RuntimeError(message)
        return answer

    def get(name: str, address: str, **headers: str) -> HttpResponse:
        return ask(name, lambda: client.get(address, headers=headers), OK)

    def post(name: str, address: str, values: dict[str, Any], status: int = OK) -> HttpResponse:
        headers = {} if status == FOUND else HTMX
        return ask(name, lambda: client.post(address, values, headers=headers), status)

    get("today", reverse("reception:today"))
    opened = post(
        "open a visit",
        reverse("reception:visits"),
        {"call_name": "测速客户", "sentence": visit.sentence, "form_key": str(uuid4())},
        FOUND,
    )
    number = opened["Location"].split("/")[2]
    of = {"deal_number": number}
    get("need", opened["Location"])
    version = 1
    for question, answer in visit.answers:
        values = {"base_number": version, "question": question, "answer": answer}
        post("answer a question", reverse("reception:need_answers", kwargs=of), values)
        version += 1
    confirmed = {"base_number": version}
    post("confirm the need", reverse("reception:need_confirmation", kwargs=of), confirmed, FOUND)
    get("desk", reverse("planning:desk", kwargs=of))
    down_yuan = visit.price_yuan - visit.loan_yuan
    for revision, step in enumerate((0, 0, 10_000)):  # choose the car, round the loan, try another
        values = {
            "revision": revision,
            "vehicle": visit.car,
            "vehicle_price": visit.price_yuan,
            "down_payment": down_yuan + step,
            "down_payment_step": 15_000,
            "terms": "36-48-60",
            "condition": "new",
            "power": "new_energy" if visit.car.startswith(("xing", "yun")) else "combustion",
            "use": "private",
            "prepayment_month": 24,
        }
        post("change the desk", reverse("planning:desk_setup", kwargs=of), values)
    get("three plans", reverse("planning:plans", kwargs=of))
    with acting_for(organisation_id):
        version_id = _some_version(number)
    plan = {
        "version_id": version_id,
        "term_months": 36,
        "down_payment_fen": (down_yuan + 10_000) * 100,
    }
    get("derivation", reverse("planning:derivation", kwargs=of | plan))
    get("lesson", reverse("planning:lesson", kwargs=of))
    form = {"form_key": str(uuid4()), "need_version": version}
    made = post("make a proposal", reverse("planning:proposals", kwargs=of), form, FOUND)
    proposal = {"number": made["Location"].rstrip("/").split("/")[-1]}
    get("proposal", made["Location"])
    get("PDF", reverse("planning:proposal_pdf", kwargs=proposal))
    sent = post("send a link", reverse("planning:proposal_links", kwargs=proposal), {}, CREATED)
    found = re.search(r"/p/[\w-]{43}/", sent.content.decode())
    assert found, "the page shows the link once"
    stranger = Client(headers={"host": "localhost"})
    ask("customer's page", lambda: stranger.get(found[0]), OK)


def _some_version(number: str) -> int:
    """Give a product that every visit of ours can have for three years."""
    on = clock.today()
    deal = Deal.objects.get(number=number)
    wanted = "xinghe-standard"
    assert deal is not None
    return next(
        int(product.version_id)
        for product in catalogue.product_versions_on(on)
        if product.terms.code == wanted
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
