"""The column only ever holds ciphertext."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from tests.factories import make_deal, make_party

from chedai.deals.models import Party
from chedai.privacy.fields import EncryptedTextField
from chedai.privacy.sealed import Sealed, UnreadableError
from chedai.staff.isolation import NotActingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(acting, advisor):
    return make_party(make_deal(advisor), phone="18612341402")


def stored(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM deals_party")
        return bytes(cursor.fetchone()[0])


def test_the_database_never_sees_the_text(party):
    assert b"18612341402" not in stored("phone")
    assert "王小明".encode() not in stored("name")


def test_what_was_assigned_is_sealed_after_saving(party):
    assert isinstance(party.phone, Sealed)
    assert isinstance(Party.objects.get().phone, Sealed)
    assert "1234" not in str(Party.objects.values_list("phone", flat=True)[0])


def test_saving_again_without_touching_it_keeps_the_ciphertext(party):
    before = stored("phone")

    Party.objects.get().save()

    assert stored("phone") == before


def test_an_update_seals_too(party):
    Party.objects.update(phone="13912345678")

    assert b"13912345678" not in stored("phone")
    assert Party.objects.get().phone.masked_as("phone") == "139****5678"


def test_many_at_once_are_sealed_too(party):
    another = Party.objects.get()
    another.pk, another.kind, another.phone = None, "guarantor", "13912345678"

    Party.objects.bulk_create([another])

    assert Party.objects.get(kind="guarantor").phone.masked_as("phone") == "139****5678"


def test_looking_for_the_text_is_refused_with_the_way_to_do_it(party):
    with pytest.raises(FieldError, match="digest_for_lookup"):
        Party.objects.filter(phone="18612341402").exists()


def test_a_value_copied_to_another_column_does_not_open(party):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deals_party SET name = phone")

    with pytest.raises(UnreadableError):
        str(Party.objects.get().name)


def test_sealing_for_nobody_is_refused():
    field = Party._meta.get_field("phone")

    with pytest.raises(NotActingError):
        field.get_db_prep_value("18612341402", connection)


def test_an_unknown_mask_is_refused_at_once():
    with pytest.raises(ValueError, match="unknown mask"):
        EncryptedTextField(mask="half")


def test_a_migration_keeps_the_mask():
    assert EncryptedTextField(mask="phone").deconstruct()[3]["mask"] == "phone"
    assert "mask" not in EncryptedTextField().deconstruct()[3]
