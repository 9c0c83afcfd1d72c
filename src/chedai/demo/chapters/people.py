"""Everybody who signs in: every role, in several stores, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from chedai.audit.operations import record
from chedai.demo.world import BROKER_CODE, GROUP_CODE, PASSWORD, World, organisation_of
from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Organisation, Store, User
from chedai.staff.roles import Role


@dataclass(frozen=True)
class PersonOnPaper:
    """A person as they are to be; no store = all of them. ``task``: what to try as this person."""

    username: str
    display_name: str
    roles: tuple[Role, ...]
    store: str = ""
    task: str = ""


PEOPLE: Final[dict[str, tuple[PersonOnPaper, ...]]] = {
    GROUP_CODE: (
        PersonOnPaper("lin.yue", "林悦", (Role.ADVISOR,), "linjiang-east", "接待客户,出三个方案"),
        PersonOnPaper("zhou.heng", "周珩", (Role.ADVISOR,), "linjiang-east"),
        PersonOnPaper("gu.qing", "顾清", (Role.ADVISOR,), "linjiang-west"),
        PersonOnPaper("he.mu", "何沐", (Role.ADVISOR,), "heyang"),
        PersonOnPaper("tang.ke", "唐可", (Role.ADVISOR,), "jinxi"),
        PersonOnPaper("luo.an", "罗安", (Role.ADVISOR,), "jinxi-south"),
        PersonOnPaper("duan.xi", "段溪", (Role.ADVISOR,), "dianyun"),
        PersonOnPaper("ning.shuo", "宁朔", (Role.ADVISOR,), "linjiang-west"),
        PersonOnPaper("cen.yi", "岑意", (Role.ADVISOR,), "heyang"),
        PersonOnPaper("yan.lu", "颜鹿", (Role.ADVISOR,), "jinxi"),
        PersonOnPaper("xu.man", "许曼", (Role.FRONT_DESK,), "linjiang-east", "登记新到店的客户"),
        PersonOnPaper("ye.zhi", "叶知", (Role.FRONT_DESK,), "jinxi"),
        PersonOnPaper("shen.mo", "沈默言", (Role.MANAGER,), "", "改一个产品,提交审核"),
        PersonOnPaper("jiang.lan", "江岚", (Role.MANAGER,), "linjiang-east", "审核别人提交的产品"),
        PersonOnPaper("ren.shu", "任舒", (Role.MANAGER,), "linjiang-west"),
        PersonOnPaper("meng.yuan", "孟远", (Role.MANAGER,), "heyang"),
        PersonOnPaper("bai.chuan", "白川", (Role.MANAGER,), "jinxi"),
        PersonOnPaper("yin.he", "尹禾", (Role.MANAGER, Role.ADVISOR), "dianyun"),
        PersonOnPaper("fang.zheng", "方正言", (Role.COMPLIANCE,), "", "审核产品,查审计链"),
        PersonOnPaper("qiu.shi", "裘实", (Role.COMPLIANCE,)),
        PersonOnPaper("lu.cheng", "陆澄", (Role.REVIEWER,), "", "看资质与准入结论"),
        PersonOnPaper("song.ji", "宋霁", (Role.REVIEWER,)),
        PersonOnPaper("pei.ran", "裴然", (Role.BACK_OFFICE,), "linjiang-east", "跟进资料与流程"),
        PersonOnPaper("kang.ning", "康宁", (Role.BACK_OFFICE,), "jinxi"),
        PersonOnPaper("gao.xu", "高煦", (Role.ADMINISTRATOR,), "", "管理人员与角色"),
    ),
    BROKER_CODE: (
        PersonOnPaper("du.yi", "杜一", (Role.ADVISOR,), "duxing", "另一家机构:看不到上面的单子"),
        PersonOnPaper("xia.yan", "夏言", (Role.ADVISOR,), "duxing"),
        PersonOnPaper("qi.ran", "戚然", (Role.ADVISOR,), "duxing"),
        PersonOnPaper("zhong.ming", "钟鸣", (Role.MANAGER,), "duxing"),
        PersonOnPaper("wen.jing", "闻静", (Role.COMPLIANCE, Role.REVIEWER), "duxing"),
        PersonOnPaper("lei.hao", "雷皓", (Role.ADMINISTRATOR,), "duxing"),
    ),
}  # fmt: skip


def tell(world: World) -> None:
    # One hash for all: the password is the same, and hashing is slow on purpose.
    hashed = make_password(PASSWORD)
    for code, people in PEOPLE.items():
        with directory_window():
            organisation = organisation_of(code)
        with acting_for(organisation.pk), transaction.atomic():
            held = set(User.objects.values_list("username", flat=True))
            stores = {store.code: store for store in Store.objects.all()}
            for paper in people:
                if paper.username not in held:
                    _join(paper, organisation, stores.get(paper.store), hashed, world)


def _join(
    paper: PersonOnPaper,
    organisation: Organisation,
    store: Store | None,
    hashed: str,
    world: World,
) -> None:
    user = User.objects.create(
        organisation=organisation,
        store=store,
        username=paper.username,
        display_name=paper.display_name,
        roles=[role.value for role in paper.roles],
        password=hashed,
        joined_at=world.now,
    )
    record(
        organisation_id=organisation.pk,
        actor=None,
        action="user.join",
        subject_type="user",
        subject_id=user.pk,
        detail={"username": user.username, "roles": list(user.roles)},
        at=world.now,
    )
