from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from chedai.staff.isolation import acting_for
from chedai.staff.roles import ROLE_LABELS, SECOND_FACTOR_ROLES, Role


class Organisation(models.Model):
    """A company whose rows nobody else ever sees."""

    code = models.SlugField("机构代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=80)
    province = models.CharField("省份", max_length=16)
    opened_at = models.DateTimeField("开通时间")

    def __str__(self) -> str:
        return self.code


class Store(models.Model):
    """A place where customers are received."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="stores")
    code = models.SlugField("门店代码", max_length=32)
    name = models.CharField("名称", max_length=80)
    province = models.CharField("省份", max_length=16)
    city = models.CharField("城市", max_length=16)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="store_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.code}"


class UserManager(BaseUserManager["User"]):
    """Finds people by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """A person of one organisation, signing in with a name of their own."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    # None: works for every store of the organisation.
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="users", null=True, blank=True
    )
    # Unique across organisations: one signs in before the organisation is known.
    username = models.CharField(
        "用户名", max_length=64, unique=True, validators=[UnicodeUsernameValidator()]
    )
    email = models.EmailField("邮箱", blank=True)
    display_name = models.CharField("姓名", max_length=40)
    roles = ArrayField(
        models.CharField(
            max_length=16, choices=[(str(role), label) for role, label in ROLE_LABELS.items()]
        ),
        verbose_name="角色",
        default=list,
        blank=True,
    )
    is_active = models.BooleanField("在职", default=True)
    joined_at = models.DateTimeField("加入时间")

    # Every sign-in is an audit event; a column that only knows the latest adds nothing.
    last_login = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username=Lower("username")), name="user_username_in_lower_case"
            ),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]),
                name="user_roles_known",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def needs_second_factor(self) -> bool:
        return not SECOND_FACTOR_ROLES.isdisjoint(self.roles)

    @property
    def has_factor(self) -> bool:
        """Whether a second factor is set up; the sign-in backend fetches it with the user."""
        return bool(getattr(self, "is_factor_set", False))

    @property
    def role_label(self) -> str:
        return "、".join(label for role, label in ROLE_LABELS.items() if role in self.roles)

    @property
    def place_label(self) -> str:
        """Store and roles in one line; the sign-in backend has fetched both."""
        place = self.store.name if self.store else self.organisation.name
        return f"{place} · {self.role_label}" if self.roles else place

    def has_any_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)

    def get_full_name(self) -> str:
        return self.display_name

    def check_password(self, raw_password: str | None) -> bool:
        # A password hashed the old way is hashed anew on the user's own row.
        with acting_for(self.organisation_id):
            return super().check_password(raw_password)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username, self.email = self.username.lower(), self.email.lower()
        super().save(*args, **kwargs)
