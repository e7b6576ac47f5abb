import threading
from datetime import date

import pytest
from django.db import connection, connections

from comments.models import NetworkKey
from comments.network_keys import hash_of, remembered_key

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 25), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def nothing_remembered():
    remembered_key.cache_clear()
    yield
    remembered_key.cache_clear()


def test_hash_is_the_same_within_a_day_and_another_the_next():
    one = hash_of("192.0.2.7", TODAY)

    assert hash_of("192.0.2.7", TODAY) == one
    assert hash_of("192.0.2.8", TODAY) != one
    assert hash_of("192.0.2.7", YESTERDAY) != one
    assert NetworkKey.objects.count() == 2
    assert len(one) == 64


def test_no_address_has_no_hash_and_makes_no_key():
    assert hash_of("", TODAY) == ""
    assert not NetworkKey.objects.exists()


def test_destroyed_key_never_comes_back():
    one = hash_of("192.0.2.7", TODAY)
    NetworkKey.objects.all().delete()

    assert hash_of("192.0.2.7", TODAY) != one


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_agree_and_ask_the_database_once(django_assert_num_queries):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    found = []

    def work():
        found.append(hash_of("192.0.2.7", TODAY))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    with django_assert_num_queries(0):
        assert hash_of("192.0.2.7", TODAY) == found[0]
