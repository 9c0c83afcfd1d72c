"""Applications of invented people, and lenders of a world whose clock is turned by hand."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx

from chedai.lenders.port import Application
from chedai.lenders.sandbox.app import SandboxApplication
from chedai.lenders.sandbox.lender import SandboxLender
from chedai.lenders.sandbox.personalities import PERSONALITIES
from chedai.lenders.sandbox.secrets import secret_of
from chedai.lenders.sandbox.store import Store
from chedai.lenders.standard.adapter import StandardAdapter

ROOT = b"a secret of the tests"
MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BORROWER: dict[str, str | int] = {
    "name": "样本甲",
    "id_number": "990000199001010018",
    "phone": "19900000001",
    "address": "临江市样本路 1 号",
    "age_years": 36,
    "marital_status": "married",
    "residence_city": "临江",
    "residence_months": 60,
    "employment": "salaried",
    "employer": "样本公司（虚构）",
    "employed_months": 48,
    "monthly_income_fen": 15_000_00,
    "monthly_debt_fen": 0,
    "credit_history": "clean",
    "hard_inquiries_6m": 1,
    "repayment_account": "6200000000000000",
    "vehicle_description": "星澜 L7（虚构）",
    "vehicle_condition": "new",
    "vehicle_use": "private",
    "vehicle_price_fen": 150_000_00,
    "plate_city": "临江",
}
DOCUMENTS = (
    "id_card",
    "driving_licence",
    "credit_authorisation",
    "bank_statement",
    "income_proof",
    "purchase_contract",
)


def make_application(ref: str = "P1", **changes: Any) -> Application:
    borrower = BORROWER | changes.pop("borrower", {})
    plain: dict[str, Any] = {
        "application_ref": ref,
        "product_code": "standard",
        "store": "临江东城店",
        "principal_fen": 100_000_00,
        "down_payment_fen": 50_000_00,
        "term_months": 36,
        "nominal_rate_annual": "0.0388",
        "monthly_payment_fen": 2_947_06,
        "borrower": borrower,
        "documents": [
            {"type": name, "sha256": hashlib.sha256(name.encode()).hexdigest()}
            for name in DOCUMENTS
        ],
        "authorisation": {
            "reference": f"A-{ref}",
            "purpose": "办理购车贷款",
            "signed_at": MOMENT.isoformat(),
            "expires_on": "2026-12-24",
        },
    }
    return Application.model_validate(plain | changes)


@dataclass
class HandClock:
    """A clock turned by hand."""

    at: datetime = MOMENT

    def __call__(self) -> datetime:
        return self.at

    def pass_minutes(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@dataclass
class World:
    """The sandbox of one test: its clock, its memory, its address."""

    clock: HandClock
    sandbox: SandboxApplication
    url: str = ""
    nonces: Iterator[int] = field(default_factory=count)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=5, trust_env=False))

    def lender(self, code: str = "xinghe") -> SandboxLender:
        return self.sandbox.lenders[code]

    def adapter(self, code: str = "xinghe", **changes: Any) -> StandardAdapter:
        plain = {
            "base_url": f"{self.url}/{code}",
            "secret": secret_of(ROOT, code),
            "client": self.client,
            "clock": self.clock,
            "nonce": lambda: f"nonce-of-the-tests-{next(self.nonces):08d}",
        }
        return StandardAdapter(**(plain | changes))

    def order(self, code: str = "xinghe", **faults: int) -> None:
        self.client.put(f"{self.url}/_sandbox/faults/{code}", json=faults)


def make_world(folder: Path, *, seed: int = 1) -> World:
    clock = HandClock()
    store = Store(folder / "lenders.sqlite3")
    lenders = {
        code: SandboxLender(
            code=code, personality=mind, store=store, seed=seed, speed=1.0, clock=clock
        )
        for code, mind in PERSONALITIES.items()
    }
    sandbox = SandboxApplication(
        lenders=lenders,
        store=store,
        secret_of=lambda code: secret_of(ROOT, code),
        clock=clock,
        sleep=lambda seconds: None,
    )
    return World(clock=clock, sandbox=sandbox)


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(world: World) -> Iterator[World]:
    """Serve the world's lenders over real HTTP."""
    server = make_server("127.0.0.1", 0, world.sandbox, _Threaded, _Quiet)
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        world.client.close()
        server.shutdown()
        thread.join()
        server.server_close()
        world.sandbox.store.close()
