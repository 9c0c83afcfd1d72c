"""The sandbox as its own process: killed at any moment, it forgets nothing it receipted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.lenders.packs import ROOT, make_application

from chedai.config.launch.sandbox import sandbox_command
from chedai.lenders.port import LenderUnavailableError
from chedai.lenders.sandbox.secrets import secret_of
from chedai.lenders.standard.adapter import StandardAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sandbox(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    told = {
        "CHEDAI_SANDBOX_DIR": str(folder),
        "CHEDAI_SANDBOX_SECRET": ROOT.decode(),
        "PYTHONPATH": "src",
    }
    process = subprocess.Popen(
        sandbox_command(port=port),
        env=os.environ | told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def adapter(port: int, client: httpx.Client) -> StandardAdapter:
    return StandardAdapter(
        base_url=f"http://127.0.0.1:{port}/xinghe",
        secret=secret_of(ROOT, "xinghe"),
        client=client,
        clock=lambda: datetime.fromtimestamp(time.time(), tz=UTC),
        nonce=lambda: token_hex(16),
    )


def test_what_was_receipted_survives_being_killed_and_counts_once(tmp_path: Path):
    port = free_port()
    receipts = {}
    with httpx.Client(timeout=5, trust_env=False) as client:
        desk = adapter(port, client)
        with sandbox(tmp_path, port):
            for number in range(12):
                ref = f"K{number}"
                receipts[ref] = desk.submit(make_application(ref), key=ref).lender_ref
        with pytest.raises(LenderUnavailableError):
            desk.capabilities()

        with sandbox(tmp_path, port):
            again = {ref: desk.submit(make_application(ref), key=ref) for ref in receipts}

    assert all(receipt.is_duplicate for receipt in again.values())
    assert {ref: receipt.lender_ref for ref, receipt in again.items()} == receipts
