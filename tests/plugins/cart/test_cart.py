import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from core.generations import PRODUCTS, read_generations
from plugins.cart.models import Cart, CartLine, Product
from plugins.cart.money import format_money
from plugins.cart.services import add_to_cart, delete_expired

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup(home):
    return Product.objects.create(slug="cup", name="Cup", price_minor=2400, stock=5)


def test_visitor_without_a_cart_sees_that_it_is_empty_and_gets_no_cookie(visitor, cup):
    response = visitor.get("/cart/")

    page = response.content.decode()
    assert page.count("Your cart is empty") == 2
    assert 'href="/cart/shop/"' in page
    assert not response.cookies


def test_badge_costs_no_query_without_a_cookie(rf, cup, django_assert_num_queries):
    from core.extensions.cart import cart_provider

    with django_assert_num_queries(0):
        assert cart_provider.get().summary(rf.get("/")).count == 0


def test_product_put_into_the_cart_is_found_again_by_an_opaque_cookie(visitor, cup):
    response = visitor.post("/cart/add/cup/", {"quantity": "2"})

    cookie = response.cookies["candour_cart"]
    assert cookie["max-age"] == 30 * 86_400
    assert cookie["httponly"]
    assert not Cart.objects.filter(token_hash=cookie.value).exists()
    page = visitor.get("/cart/").content.decode()
    assert "£48.00" in page
    assert "2 pieces in your cart" in page


def test_adding_twice_adds_up_and_zero_takes_out(visitor, cup):
    visitor.post("/cart/add/cup/", {"quantity": "2"})
    visitor.post("/cart/add/cup/", {"quantity": "1"})
    assert CartLine.objects.get().quantity == 3

    visitor.post("/cart/update/cup/", {"quantity": "0"})

    assert not CartLine.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [("6", "There are 5 of these at most"), ("many", "Give a number"), ("-1", "Give a number"),
     ("١", "Give a number"), ("9999", "Give a number")],
)  # fmt: skip
def test_wrong_quantity_is_refused_in_words_and_changes_nothing(visitor, cup, quantity, sentence):
    response = visitor.post("/cart/add/cup/", {"quantity": quantity})

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not CartLine.objects.exists()


def test_unlisted_or_unknown_product_is_not_there(visitor, cup):
    Product.objects.filter(pk=cup.pk).update(is_listed=False)

    assert visitor.get("/cart/shop/cup/").status_code == 404
    assert "no longer in the shop" in visitor.post("/cart/add/cup/").content.decode()


def test_nothing_changes_on_get_or_from_another_site(visitor, cup):
    assert visitor.get("/cart/add/cup/").status_code == 405
    visitor.post("/cart/add/cup/", headers={"origin": "https://evil.example"})

    assert not Cart.objects.exists()


def test_expired_cart_is_empty_and_deleted(visitor, cup):
    visitor.post("/cart/add/cup/")

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert "Your cart is empty" in visitor.get("/cart/").content.decode()
        assert delete_expired() == 2
    assert not Cart.objects.exists()


def test_changed_product_tells_the_caches(cup):
    before = read_generations([PRODUCTS])

    cup.save()

    assert read_generations([PRODUCTS]) != before


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (2400, "GBP", "£24.00"),
        (5, "EUR", "€0.05"),
        (1200, "JPY", "¥1,200"),
        (100, "CHF", "1.00 CHF"),
    ],
)
def test_money_is_written_with_its_sign(amount, currency, shown):
    assert format_money(amount, currency) == shown


@pytest.mark.django_db(transaction=True)
def test_two_additions_at_once_both_count(cup):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    Product.objects.filter(pk=cup.pk).update(stock=50)
    token = add_to_cart("", "cup", 1)

    def add():
        try:
            for _ in range(5):
                add_to_cart(token, "cup", 1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert CartLine.objects.get().quantity == 21
