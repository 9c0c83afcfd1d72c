"""Connections are reused, replaced and rolled back; none is used for the wrong organisation."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import make_store

from chedai.staff.isolation import acting_for, directory_window
from chedai.staff.models import Store


def seen():
    """Give the organisations whose stores can be seen now."""
    return set(Store.objects.values_list("organisation_id", flat=True))


@pytest.fixture
def both(organisation, other_organisation):
    make_store(organisation)
    make_store(other_organisation)
    return organisation.pk, other_organisation.pk


@pytest.mark.django_db
def test_a_connection_kept_by_the_thread_forgets_the_organisation(both):
    ours, theirs = both
    with acting_for(ours):
        assert seen() == {ours}
    assert seen() == set()
    with acting_for(theirs):
        assert seen() == {theirs}


@pytest.mark.django_db
def test_a_cursor_opened_before_follows_the_change(both):
    ours, theirs = both
    with acting_for(ours):
        cursor = connection.cursor()
    with acting_for(theirs), cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM staff_store")
        assert cursor.fetchall() == [(theirs,)]


@pytest.mark.django_db
def test_copying_out_is_isolated_too(both):
    ours, _ = both
    rows = "COPY (SELECT organisation_id FROM staff_store) TO STDOUT"
    with acting_for(ours), connection.cursor() as cursor, cursor.copy(rows) as copy:
        assert [int(row[0]) for row in copy.rows()] == [ours]


@pytest.mark.django_db
def test_an_exception_inside_the_block_leaves_nobody(both):
    ours, _ = both

    def fail():
        with acting_for(ours):
            seen()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert seen() == set()


@pytest.mark.django_db
def test_a_rollback_does_not_bring_back_who_was_acted_for_before(both):
    ours, theirs = both

    def fail():
        with transaction.atomic():
            with acting_for(theirs):
                seen()
            raise LookupError

    with acting_for(ours):
        assert seen() == {ours}
        with pytest.raises(LookupError):
            fail()
        # The rollback put the settings of the session back to what they were at the savepoint.
        assert seen() == {ours}
    assert seen() == set()


@pytest.mark.django_db
def test_a_change_that_was_rolled_back_is_made_again(both):
    ours, _ = both

    with acting_for(ours):
        with transaction.atomic():
            sid = transaction.savepoint()
            with directory_window():
                seen()
            transaction.savepoint_rollback(sid)
        assert seen() == {ours}


@pytest.mark.django_db
def test_a_failed_statement_does_not_carry_the_organisation_over(both):
    ours, theirs = both

    with acting_for(ours):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_for(theirs):
            connection.cursor().execute("SELECT 1/0")
        assert seen() == {ours}


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_the_server_turned_into_a_rollback_is_noticed(both):
    ours, theirs = both

    with acting_for(ours):
        seen()
        connection.set_autocommit(False)
        try:
            with acting_for(theirs):
                seen()
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
            connection.commit()
            assert seen() == {ours}
        finally:
            connection.rollback()
            connection.set_autocommit(True)


@pytest.mark.django_db(transaction=True)
def test_a_connection_replaced_in_the_middle_is_settled_again(both):
    ours, _ = both

    with acting_for(ours):
        assert seen() == {ours}
        connection.close()
        assert seen() == {ours}


@pytest.mark.django_db(transaction=True)
def test_a_connection_dropped_by_the_server_is_settled_again(both):
    ours, _ = both

    def drop(pid):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        finally:
            connection.close()

    with acting_for(ours):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(drop, pid).result()
        with pytest.raises(DatabaseError):
            seen()
        connection.close_if_unusable_or_obsolete()
        assert seen() == {ours}


@pytest.mark.django_db(transaction=True)
def test_threads_act_for_different_organisations_at_once(both):
    together = Barrier(2)

    def look(organisation_id):
        try:
            answers = []
            with acting_for(organisation_id):
                for _ in range(20):
                    together.wait(timeout=10)
                    answers.append(seen())
            answers.append(seen())
        finally:
            connection.close()
        return answers

    with ThreadPoolExecutor(max_workers=2) as pool:
        ours, theirs = pool.map(look, both)

    assert ours == [{both[0]}] * 20 + [set()]
    assert theirs == [{both[1]}] * 20 + [set()]


@pytest.mark.django_db(transaction=True)
def test_rows_read_in_portions_stay_with_the_organisation_they_were_asked_for(both):
    ours, theirs = both

    with acting_for(ours):
        portions = Store.objects.values_list("organisation_id", flat=True).iterator(chunk_size=1)
        with acting_for(theirs):
            assert seen() == {theirs}
        assert set(portions) == {ours}


@pytest.mark.django_db
def test_staying_with_one_organisation_costs_no_further_round_trip(both, monkeypatch):
    ours, _ = both

    with acting_for(ours):
        seen()
        sent = []
        real = connection.connection
        monkeypatch.setattr(type(real), "execute", lambda *a, **k: sent.append(a), raising=False)
        seen()

    assert sent == []
