"""Statements written by hand: the same rows, errors and transactions as by Django's cursors."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.models import Generation
from core.statements import fetch_all

pytestmark = pytest.mark.django_db

INSERT = "INSERT INTO core_generation (name, value) VALUES (%s, %s)"


def test_rows_come_as_they_are():
    assert fetch_all(INSERT, ["one", 1]) == []
    assert fetch_all(f"{INSERT} RETURNING value", ["two", 2]) == [(2,)]
    assert fetch_all("SELECT name FROM core_generation WHERE value = %s", [2]) == [("two",)]
    assert fetch_all("SELECT name FROM core_generation WHERE value = %s", [3]) == []
    assert fetch_all("SELECT 7 %% 4 WHERE 1 = %s", [1]) == [(3,)]


def test_errors_are_those_of_django():
    fetch_all(INSERT, ["one", 1])
    with pytest.raises(DatabaseError), transaction.atomic():
        fetch_all(INSERT, ["one", 1])
    with pytest.raises(DatabaseError), transaction.atomic():
        fetch_all("SELECT nothing FROM nowhere")


def test_statement_is_a_part_of_the_transaction():
    with transaction.atomic():
        fetch_all(INSERT, ["one", 1])
        transaction.set_rollback(True)
    assert not Generation.objects.filter(name="one").exists()


def test_nothing_runs_in_a_transaction_that_is_broken():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            fetch_all("SELECT 1")
        transaction.set_rollback(False)


def test_who_listens_hears_the_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        fetch_all("SELECT 1")
    heard = []
    with connection.execute_wrapper(lambda run, *said: heard.append(said[0]) or run(*said)):
        fetch_all("SELECT %s", [1])
    assert heard == ["SELECT %s"]
