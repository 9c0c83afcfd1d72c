"""Health, home, and the ways to say no."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from chedai.web import views

pytestmark = pytest.mark.django_db


def test_health_asks_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_home_leads_to_the_first_page_of_ones_menu(client_of, compliance):
    response = client_of(compliance).get(reverse("home"))

    assert response.status_code == 302
    assert response.url != reverse("home")


def test_somebody_without_a_role_is_told_whom_to_ask(client_of, user_with):
    response = client_of(user_with()).get(reverse("home"))

    assert "请系统管理员" in response.content.decode()


def test_a_page_that_does_not_exist_says_so_in_chinese(client_of, advisor):
    response = client_of(advisor).get("/nowhere/")

    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_an_expired_form_says_what_to_do(advisor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(advisor)

    response = client.post(reverse("account_logout"))

    assert response.status_code == 403
    assert "请刷新后再提交" in response.content.decode()


def test_the_page_for_what_broke_needs_neither_database_nor_menu(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.broken(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "没有保存" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "title"),
    [
        (views.bad_request, 400, "这个请求读不懂"),
        (views.forbidden, 403, "这一页不对您开放"),
        (views.too_many, 429, "请稍等再试"),
    ],
)
def test_every_no_has_a_page(advisor, view, status, title):
    request = RequestFactory().get("/")
    request.user = advisor

    response = view(request, Exception())

    assert response.status_code == status
    assert title in response.content.decode()
