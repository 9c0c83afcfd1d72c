"""What the pipeline pages show beside the actions themselves: the filters and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chedai.applications.queries.tables import ProcessTable
from chedai.core.process.definition import MOVE_LABELS
from chedai.deals.queries.pipeline import ActionFilter
from chedai.deals.queries.processes import definition_of, latest_definition
from chedai.staff.models import User
from chedai.staff.roles import Reach
from chedai.staff.scope import reach_of

FACETS: Final = ("stage", "move", "owner", "only")
ONLY_LABELS: Final = {"": "全部", "overdue": "已超期", "to_approve": "待复核"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What can be chosen, and what is."""

    stages: Mapping[str, str]
    owners: Mapping[str, str]
    chosen: Mapping[str, str]

    @property
    def wanted(self) -> ActionFilter:
        """The choice as a filter; an owner nobody knows finds nothing rather than all."""
        owner = self.chosen["owner"]
        return ActionFilter(
            stage_code=self.chosen["stage"],
            move=self.chosen["move"],
            owner_id=int(owner) if owner else None,
            is_overdue=self.chosen["only"] == "overdue",
            is_to_approve=self.chosen["only"] == "to_approve",
        )


def facets_of(asked: Mapping[str, str], *, user: User) -> Facets:
    """Read the filters of an address; what is not among the choices is left out."""
    stages, owners = _stages(), owners_for(user)
    owner = asked.get("owner", "")
    owner = str(user.pk) if owner == "me" else owner
    choices: Mapping[str, Mapping[str, str]] = {
        "stage": stages,
        "move": MOVE_LABELS,
        "owner": {**owners, str(user.pk): user.display_name},
        "only": ONLY_LABELS,
    }
    given = {"stage": asked.get("stage", ""), "move": asked.get("move", ""), "owner": owner,
             "only": asked.get("only", "")}  # fmt: skip
    chosen = {name: value if value in choices[name] else "" for name, value in given.items()}
    return Facets(stages=stages, owners=owners, chosen=chosen)


def owners_for(user: User) -> dict[str, str]:
    """Name the colleagues whose tasks this user may see, by the number of the row."""
    people = User.objects.filter(
        is_active=True, roles__overlap=["advisor", "back_office", "manager"]
    )
    if reach_of(user) is Reach.STORE and user.store_id is not None:
        people = people.filter(store_id=user.store_id)
    return {str(person.pk): person.display_name for person in people.order_by("display_name")}


def handing_over(user: User) -> list[User]:
    """List the advisors this manager may move work between, those who left among them."""
    people = User.objects.filter(roles__contains=["advisor"])
    if reach_of(user) is Reach.STORE and user.store_id is not None:
        people = people.filter(store_id=user.store_id)
    return list(people.select_related("store").order_by("-is_active", "display_name"))


def colleagues_of(table: ProcessTable | None) -> dict[str, list[User]]:
    """For each role with an open task: who could take it over in this deal's store."""
    if table is None:
        return {}
    roles = {line.row.owner_role for line in table.open_lines if line.row is not None}
    people = [
        person
        for person in User.objects.filter(is_active=True, roles__overlap=sorted(roles)).order_by(
            "display_name"
        )
        if person.store_id in {None, table.deal.store_id}
    ]
    return {role: [person for person in people if role in person.roles] for role in roles}


def _stages() -> dict[str, str]:
    row = latest_definition()
    if row is None:
        return {}
    return {stage.code: stage.label for stage in definition_of(row).stages}
