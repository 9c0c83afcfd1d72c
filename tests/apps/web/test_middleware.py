"""Around every request: one organisation, one moment, one list of who may enter."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse
from tests.factories import make_store, make_user

from chedai.staff.isolation import acting, acting_for
from chedai.staff.models import Store
from chedai.staff.roles import AREAS, Role
from chedai.web import middleware


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    request.session = {}
    return request


def stores_seen(request):
    ids = sorted(Store.objects.values_list("organisation_id", flat=True))
    return HttpResponse(",".join(map(str, ids)))


@pytest.mark.django_db
def test_requests_of_two_organisations_over_one_connection_see_their_own(
    organisation, other_organisation
):
    answer = middleware.act_for_organisation(stores_seen)
    for owner in (organisation, other_organisation, organisation):
        make_store(owner)
    ours, theirs = make_user(organisation), make_user(other_organisation)

    seen = [answer(request_of(user)).content.decode() for user in (ours, theirs, AnonymousUser())]

    assert seen == [f"{organisation.pk},{organisation.pk}", f"{other_organisation.pk}", ""]


@pytest.mark.django_db
def test_a_view_that_fails_leaves_nobody_acted_for(organisation):
    def fail(request):
        Store.objects.count()
        raise LookupError

    with pytest.raises(LookupError):
        middleware.act_for_organisation(fail)(request_of(make_user(organisation)))

    assert acting().organisation_id is None
    assert not Store.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_replaced_in_the_middle_of_a_request_sees_the_same(organisation):
    make_store(organisation)

    def replace_connection(request):
        Store.objects.count()
        connection.close()
        return stores_seen(request)

    answer = middleware.act_for_organisation(replace_connection)

    assert answer(request_of(make_user(organisation))).content.decode() == str(organisation.pk)


@pytest.mark.django_db
def test_a_response_sent_in_parts_reads_on_for_the_organisation_and_leaves_nobody(organisation):
    stores = [make_store(organisation) for _ in range(3)]

    def stream(request):
        return StreamingHttpResponse(
            f"{Store.objects.filter(pk=store.pk).count()}" for store in stores
        )

    response = middleware.act_for_organisation(stream)(request_of(make_user(organisation)))

    for part in response.streaming_content:
        assert part == b"1"
        assert acting().organisation_id is None


@pytest.mark.django_db
def test_a_request_does_not_inherit_what_was_acted_for_before(organisation):
    make_store(organisation)

    with acting_for(organisation.pk):
        answer = middleware.act_for_organisation(stores_seen)(request_of(AnonymousUser()))

    assert answer.content == b""


@pytest.mark.django_db
def test_loading_session_and_user_takes_two_queries(client_of, advisor, django_assert_num_queries):
    client = client_of(advisor)

    with django_assert_num_queries(2):
        client.get(reverse("mfa_index").replace("factor", "nowhere"))


def entered(role, namespace):
    """Say whether the role gets past the guard of an area."""

    class Match:
        namespaces = (namespace,)

    class User:
        roles = (role,)

    request = RequestFactory().get("/")
    request.user, request.resolver_match = User(), Match()
    try:
        middleware.AreaMiddleware(stores_seen).process_view(request, stores_seen, (), {})
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize("namespace", AREAS)
@pytest.mark.parametrize("role", Role)
def test_each_area_opens_to_its_roles_only(role, namespace):
    assert entered(role, namespace) == (role in AREAS[namespace])


@pytest.mark.parametrize("namespace", ["reception", "deals", "planning", "catalogue", "audit"])
def test_the_administrator_has_no_sight_of_customers(namespace):
    assert not entered(Role.ADMINISTRATOR, namespace)


@pytest.mark.parametrize("role", Role)
def test_an_area_nobody_listed_is_closed_to_all(role):
    assert not entered(role, "an-area-nobody-listed")


@pytest.mark.django_db
def test_every_area_with_pages_is_listed():
    from django.urls import get_resolver

    namespaces = set(get_resolver().namespace_dict)

    assert namespaces <= set(AREAS), "add the area to AREAS in chedai/staff/roles.py"


@pytest.mark.django_db
def test_pages_ask_to_sign_in_first(client):
    response = client.get(reverse("audit:event_list"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.django_db
def test_who_may_not_enter_reads_why_in_chinese(client_of, advisor):
    response = client_of(advisor).get(reverse("audit:event_list"))

    assert response.status_code == 403
    assert "这里只对合规开放" in response.content.decode()


def test_one_request_has_one_moment():
    request = RequestFactory().get("/")

    middleware.one_moment(lambda request: HttpResponse())(request)

    assert request.now.utcoffset().total_seconds() == 8 * 3600


@pytest.mark.parametrize("address", ["/deals/D%00/", "/deals/?q=%00", "/deals/?after=a%00b"])
def test_an_address_with_a_null_byte_is_refused_before_the_database_sees_it(client, address):
    answer = client.get(address)

    assert answer.status_code == 400
    assert "这个请求读不懂" in answer.content.decode()
