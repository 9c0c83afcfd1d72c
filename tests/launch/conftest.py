"""A folder the server's account can pass through, and clusters that are stopped afterwards."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chedai.config.launch.cluster import Cluster, RolePasswords

PASSWORDS = RolePasswords(owner="owner-password", application="application-password")


@contextlib.contextmanager
def folder_to_pass_through() -> Iterator[Path]:
    """pytest's own folders are closed to the account that root's server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="chedai-launch-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with folder_to_pass_through() as folder:
        yield folder


@pytest.fixture(scope="session")
def running_cluster() -> Iterator[Cluster]:
    """For tests that only look."""
    with folder_to_pass_through() as folder:
        cluster = Cluster(folder)
        cluster.start(PASSWORDS)
        yield cluster
        cluster.stop()


@pytest.fixture
def start_cluster(open_folder: Path) -> Iterator[Callable[[], Cluster]]:
    started: list[Cluster] = []

    def start() -> Cluster:
        cluster = Cluster(open_folder)
        cluster.start(PASSWORDS)
        started.append(cluster)
        return cluster

    yield start
    for cluster in started:
        cluster.stop()
