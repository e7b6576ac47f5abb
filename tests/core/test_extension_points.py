import logging
import re

import pytest

from core.extensions.acceptance import acceptance_gate
from core.extensions.cart import cart_provider
from core.extensions.commentables import comment_targets
from core.extensions.people import authenticators, avatars, capabilities, public_authors
from core.extensions.personal_data import personal_data_providers
from core.extensions.pictures import pictures
from core.extensions.policies import policy_facts, policy_promises, policy_texts
from core.extensions.registry import RegistrationError, Registry, Slot
from core.extensions.screening import spam_screeners
from core.extensions.site import site_provider
from core.rest.declare import post_types, rest_routes


class Thing:
    def __init__(self, identifier):
        self.identifier = identifier


def test_registry_keeps_the_order_of_identifiers_whatever_the_order_of_registration():
    registry = Registry("thing")
    for name in ("b.two", "a.one", "c.three"):
        registry.register(Thing(name))

    assert [thing.identifier for thing in registry] == ["a.one", "b.two", "c.three"]


def test_registry_refuses_an_identifier_twice():
    registry = Registry("thing")
    registry.register(Thing("a"))

    with pytest.raises(RegistrationError, match="'a' is already registered"):
        registry.register(Thing("a"))


def test_registry_forgets_what_was_temporary():
    registry = Registry("thing")
    registry.register(Thing("a"))

    with registry.temporarily(Thing("b"), only=True):
        assert [thing.identifier for thing in registry] == ["b"]

    assert [thing.identifier for thing in registry] == ["a"]


def test_failing_extension_is_logged_by_identifier_and_left_out(caplog):
    registry = Registry("thing")
    registry.register(Thing("bad"))
    registry.register(Thing("good"))

    def ask(thing):
        if thing.identifier == "bad":
            raise ValueError("nora@example.org")
        return "answer"

    with caplog.at_level(logging.ERROR):
        answers = [(thing.identifier, answer) for thing, answer in registry.call_each(ask)]

    assert answers == [("good", "answer")]
    assert "thing bad failed: ValueError" in caplog.text
    assert "nora@example.org" not in caplog.text


def test_slot_takes_one_provider_and_says_when_it_has_none():
    slot = Slot("the thing")
    with pytest.raises(RegistrationError, match="No provider of the thing"):
        slot.get()
    slot.provide("one")

    with pytest.raises(RegistrationError):
        slot.provide("two")
    with slot.temporarily("other"):
        assert slot.get() == "other"
    assert slot.get() == "one"


@pytest.mark.parametrize(
    ("registry", "identifier"),
    [
        (personal_data_providers, "comments.comments"),
        (personal_data_providers, "pages.acceptances"),
        (spam_screeners, "comments.20.keys"),
        (policy_texts, "cart.cookie"),
        (policy_facts, "comments.cookie_days"),
        (authenticators, "accounts.application-password"),
        (rest_routes, "/wp/v2/posts"),
        (post_types, "attachment"),
    ],
)
def test_rooms_register_through_the_same_points_as_strangers(registry, identifier):
    assert registry.get(identifier) is not None


@pytest.mark.parametrize(
    "slot",
    [acceptance_gate, cart_provider, comment_targets, avatars, capabilities, public_authors,
     pictures, policy_promises, site_provider],
)  # fmt: skip
def test_every_slot_is_filled(slot):
    assert slot.is_filled()


def test_suggested_texts_are_there_in_both_languages():
    for text in policy_texts:
        assert set(text.heading) == set(text.text) == {"en", "zh-hans"}, text.identifier


def test_suggested_texts_name_facts_where_they_state_a_number():
    for text in policy_texts:
        for words in text.text.values():
            # A law's article is no number that the software keeps.
            without = re.sub(
                r"\{\{ [\w.]+ \}\}|\([^)]*article[^)]*\)|（[^）]*条[^）]*）", "", words
            )
            assert not re.search(r"\d|[一二三四五六七八九十]+[天日年]", without), text.identifier
            named = re.findall(r"\{\{ ([\w.]+) \}\}", words)
            assert all(policy_facts.get(name) for name in named), text.identifier


def test_every_room_that_keeps_something_of_people_suggests_its_words():
    rooms = {text.identifier.partition(".")[0] for text in policy_texts}

    assert rooms >= {"accounts", "cart", "comments", "media", "pages", "privacy"}


def test_facts_read_the_running_configuration(settings):
    settings.SESSION_COOKIE_AGE = 3 * 86_400

    assert policy_facts.get("accounts.session_days").value() == 3
    assert policy_facts.get("comments.cookie_days").value() == 365
    assert policy_facts.get("cart.cookie_days").value() == 30
