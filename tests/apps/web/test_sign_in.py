"""Signing in: by name or e-mail, shut after failures, with a second factor, all recorded."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.urls import reverse
from tests.factories import PASSWORD

from chedai.audit.models import AuditEvent
from chedai.staff.isolation import acting, acting_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def recorded(user):
    with acting_for(user.organisation_id):
        return list(
            AuditEvent.objects.filter(subject_id=user.username)
            .order_by("id")
            .values_list("action", flat=True)
        )


def code_for(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_factor(user):
    secret = generate_totp_secret()
    with acting_for(user.organisation_id):
        TOTP.activate(user, secret)
    return secret


def test_the_sign_in_page_is_in_chinese_and_loads_nothing_from_elsewhere(client):
    response = client.get(reverse("account_login"))

    assert response.status_code == 200
    page = response.content.decode()
    assert "<h1>登录</h1>" in page
    assert '<label class="form-label" for="id_login">用户名或邮箱</label>' in page
    assert "演示环境" not in page
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_the_demo_world_says_that_it_asks_for_no_second_factor(client, settings):
    settings.CHEDAI_DEMO = True

    assert "不要求</strong>动态验证码" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("login", ["Gu.Qing", "GU@linjiang.example"])
def test_one_signs_in_by_name_or_by_email(client, user_with, login):
    user = user_with("advisor", username="gu.qing", email="gu@linjiang.example")

    response = sign_in(client, login)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert recorded(user) == ["user.sign_in"]


def test_signing_in_leaves_nobody_acted_for(client, advisor):
    sign_in(client, advisor.username)

    assert acting().organisation_id is None


def test_a_wrong_password_is_refused_and_recorded(client, advisor):
    response = sign_in(client, advisor.username, "wrong")

    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert recorded(advisor) == ["user.sign_in_refused"]


def test_an_unknown_name_is_refused_in_the_same_words(client, advisor):
    unknown = sign_in(client, "nobody-here", "wrong").content.decode()
    known = sign_in(client, advisor.username, "wrong").content.decode()

    assert unknown.replace("nobody-here", advisor.username).count("用户名") == known.count("用户名")


def test_after_five_failures_the_right_password_is_refused_too(client, advisor):
    for _ in range(5):
        sign_in(client, advisor.username, "wrong")

    response = sign_in(client, advisor.username)

    assert response.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code in {302, 404}


def test_somebody_who_left_does_not_get_in(client, user_with):
    user = user_with("advisor", is_active=False)

    sign_in(client, user.username)

    assert "_auth_user_id" not in client.session


def test_somebody_who_leaves_is_out_at_once(client_of, advisor):
    client = client_of(advisor)
    with acting_for(advisor.organisation_id):
        type(advisor).objects.update(is_active=False)

    assert client.get(reverse("home")).status_code == 302


def test_signing_out_is_recorded(client, advisor):
    sign_in(client, advisor.username)

    client.post(reverse("account_logout"))

    assert recorded(advisor) == ["user.sign_in", "user.sign_out"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", ["manager", "compliance", "administrator"])
def test_who_must_have_a_second_factor_is_sent_to_set_it_up(client, user_with, role):
    user = user_with(role)
    sign_in(client, user.username)

    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response.url == reverse("mfa_activate_totp")


def test_changing_a_factor_later_asks_for_it_again(client, compliance):
    secret = add_factor(compliance)
    sign_in(client, compliance.username)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 301
    session.save()

    response = client.get(reverse("mfa_deactivate_totp"))

    assert response.url.startswith(reverse("account_reauthenticate"))


def test_setting_up_the_factor_opens_the_door(client, compliance):
    sign_in(client, compliance.username)
    page = client.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml" in page.content.decode()
    secret = client.session["mfa.totp.secret"]

    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})

    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get(reverse("audit:event_list")).status_code == 200
    assert recorded(compliance)[:2] == ["user.sign_in", "user.factor_add"]


def test_the_secret_of_a_factor_is_stored_sealed(compliance):
    secret = add_factor(compliance)

    with acting_for(compliance.organisation_id):
        stored = Authenticator.objects.get(user=compliance).data["secret"]
        assert stored != secret
        assert TOTP(Authenticator.objects.get(user=compliance)).validate_code(code_for(secret))


def test_a_password_alone_does_not_sign_in_who_has_a_factor(client, compliance):
    secret = add_factor(compliance)

    response = sign_in(client, compliance.username)

    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "动态验证码" in client.get(reverse("mfa_authenticate")).content.decode()
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert client.session["_auth_user_id"] == str(compliance.pk)
    assert recorded(compliance)[-2:] == ["user.code_refused", "user.sign_in"]


def test_taking_the_factor_away_closes_the_door_in_every_session(client, compliance):
    add_factor(compliance)
    client.force_login(compliance)
    assert client.get(reverse("audit:event_list")).status_code == 200

    with acting_for(compliance.organisation_id):
        Authenticator.objects.get(user=compliance).delete()

    assert client.get(reverse("audit:event_list")).url == reverse("mfa_activate_totp")
    assert recorded(compliance)[-1] == "user.factor_remove"


def test_an_advisor_needs_no_second_factor(client, advisor):
    sign_in(client, advisor.username)

    assert client.get(reverse("home")).headers.get("Location") != reverse("mfa_activate_totp")


def test_changing_the_password_is_recorded(client, advisor):
    sign_in(client, advisor.username)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another-horse-in-linjiang",
            "password2": "another-horse-in-linjiang",
        },
    )

    assert "user.change_password" in recorded(advisor)
    client.logout()
    assert sign_in(client, advisor.username, "another-horse-in-linjiang").status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_change_password",
        "mfa_index",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "account_reauthenticate",
        "mfa_reauthenticate",
    ],
)
def test_every_page_of_the_account_is_ours(client, advisor, name):
    secret = add_factor(advisor)
    if name != "account_login":
        sign_in(client, advisor.username)
        client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert 'class="page-signin"' in response.content.decode()
