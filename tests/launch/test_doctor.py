from collections.abc import Mapping

import psycopg
import pytest

from chedai.config.launch.cluster import APPLICATION, OWNER, SUPERUSER, Cluster
from chedai.config.launch.doctor import CHECKS, refuse_unfit
from chedai.config.launch.refusal import LaunchRefusedError

from tests.launch.conftest import PASSWORDS  # isort: skip

MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # 32 bytes, counted up
HEALTHY = {
    "CHEDAI_SECRET_KEY": "k" * 40,
    "CHEDAI_MASTER_KEYS": f"1:{MASTER_KEY},2:{MASTER_KEY}",
    "CHEDAI_ALLOWED_HOSTS": "desk.example.cn",
}


@pytest.fixture(scope="session")
def healthy(running_cluster: Cluster) -> Mapping[str, str]:
    owner_url = running_cluster.url(OWNER, PASSWORDS.owner)
    with psycopg.connect(owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (id int)")
        connection.execute(f"GRANT SELECT ON django_migrations TO {APPLICATION}")
    app_url = running_cluster.url(APPLICATION, PASSWORDS.application)
    return {**HEALTHY, "DATABASE_URL": owner_url, "CHEDAI_APP_DATABASE_URL": app_url}


def test_nothing_is_wrong_with_a_healthy_installation(healthy: Mapping[str, str]) -> None:
    assert [label for label, check in CHECKS.items() if check(healthy) is not None] == []


@pytest.mark.parametrize(
    ("label", "variables"),
    [
        ("演示模式关闭", {"CHEDAI_DEMO": "1"}),
        ("调试模式关闭", {"CHEDAI_DEBUG": "true"}),
        ("时钟在走", {"CHEDAI_CLOCK_FIXED_AT": "2026-11-20T09:00:00+08:00"}),
        ("会话密钥", {"CHEDAI_SECRET_KEY": "k" * 39}),
        ("会话密钥", {"CHEDAI_SECRET_KEY": ""}),
        ("资料主密钥", {"CHEDAI_MASTER_KEYS": ""}),
        ("资料主密钥", {"CHEDAI_MASTER_KEYS": MASTER_KEY}),  # no version
        ("资料主密钥", {"CHEDAI_MASTER_KEYS": f"1:{MASTER_KEY},2:c2hvcnQ="}),  # second too short
        ("对外域名", {"CHEDAI_ALLOWED_HOSTS": ""}),
        ("对外域名", {"CHEDAI_ALLOWED_HOSTS": "desk.example.cn,*"}),
        ("数据库可达", {"CHEDAI_APP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}),
    ],
)
def test_each_check_finds_its_own_illness_and_no_other(
    healthy: Mapping[str, str], label: str, variables: dict[str, str]
) -> None:
    sick = {**healthy, **variables}

    complaints = {name: check(sick) for name, check in CHECKS.items()}

    assert [name for name, complaint in complaints.items() if complaint] == [label]
    complaint = complaints[label]
    assert complaint is not None
    assert complaint.what
    assert complaint.remedy


def test_an_application_that_owns_the_database_is_found(healthy: Mapping[str, str]) -> None:
    sick = {**healthy, "CHEDAI_APP_DATABASE_URL": healthy["DATABASE_URL"]}

    complaint = CHECKS["应用角色受行级隔离"](sick)

    assert complaint is not None
    assert f"{OWNER} 拥有表或数据库" in complaint.what


def test_an_application_that_is_superuser_is_found(
    healthy: Mapping[str, str], running_cluster: Cluster
) -> None:
    by_socket = (
        f"postgresql://{SUPERUSER}@/postgres?host={running_cluster.socket_folder}"
        f"&port={running_cluster.port}"
    )

    complaint = CHECKS["应用角色受行级隔离"]({**healthy, "CHEDAI_APP_DATABASE_URL": by_socket})

    assert complaint is not None
    assert "超级用户、带有 BYPASSRLS" in complaint.what


def test_a_database_without_tables_is_found(
    healthy: Mapping[str, str], running_cluster: Cluster
) -> None:
    empty = running_cluster.url(APPLICATION, PASSWORDS.application).removesuffix("chedai")

    assert CHECKS["数据表"]({**healthy, "CHEDAI_APP_DATABASE_URL": f"{empty}template1"}) is not None


def test_an_unfit_installation_is_refused_with_every_complaint(
    healthy: Mapping[str, str],
) -> None:
    sick = {**healthy, "CHEDAI_DEMO": "1", "CHEDAI_SECRET_KEY": ""}

    with pytest.raises(LaunchRefusedError, match=r"有 2 项") as refusal:
        refuse_unfit(sick)

    assert "去掉 CHEDAI_DEMO" in refusal.value.sentence
    assert "CHEDAI_SECRET_KEY 缺失" in refusal.value.sentence
