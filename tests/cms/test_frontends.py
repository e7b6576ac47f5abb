import base64
import json
import time
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.env import Environment
from cms.frontends import WINDOW_SECONDS, Visitor, read_visitor, sign_visitor

KEY = "k" * 40
SECRETS = {"shop": KEY}
NOW = 1_800_000_000


def header(ip="198.51.100.7", agent="Firefox", name="shop", at=None, key=KEY, **more):
    """Write the header as the guide for front ends says."""
    packed = base64.urlsafe_b64encode(json.dumps({"ip": ip, "agent": agent, **more}).encode())
    packed = packed.decode().rstrip("=")
    stamp = str(int(at if at is not None else time.time()))
    return f"{name}.{stamp}.{packed}.{sign_visitor(name, stamp, packed, key)}"


at_now = partial(header, at=NOW)


def test_signed_word_names_the_visitor():
    assert read_visitor(at_now(), SECRETS, NOW) == Visitor("198.51.100.7", "Firefox")


@pytest.mark.parametrize(
    "wrong",
    [
        "", "a.b", "...", at_now(key="x" * 40), at_now(name="other"), at_now(ip="nobody"),
        at_now(agent=["list"]), at_now()[:-1], at_now() + "0", at_now().replace("shop", "Shop"),
        header(at=NOW - WINDOW_SECONDS - 1), header(at=NOW + WINDOW_SECONDS + 1),
        "shop.١٢٣.e30." + "0" * 64, "shop.1.e30.é", "x" * 3000,
    ],
)  # fmt: skip
def test_unsigned_old_or_wrong_word_is_as_good_as_none(wrong):
    assert read_visitor(wrong, SECRETS, NOW) is None


def test_agent_holds_nothing_that_breaks_a_log_line():
    visitor = read_visitor(at_now(agent="Fire\nfox\x00" + "x" * 1000), SECRETS, NOW)

    assert visitor.agent.startswith("Firefox")
    assert len(visitor.agent) == 500


@pytest.mark.parametrize("value", ["shop", "shop:short", f"a b:{KEY}", f":{KEY}"])
def test_pairs_that_cannot_be_used_stop_the_start(value):
    with pytest.raises(ImproperlyConfigured, match="name:key pairs"):
        Environment({"FRONTEND_SECRETS": value}).named_keys("FRONTEND_SECRETS")


def test_several_front_ends_have_keys_of_their_own():
    pairs = f"shop:{KEY}, blog:{KEY[::-1]}x:y"

    assert Environment({"FRONTEND_SECRETS": pairs}).named_keys("FRONTEND_SECRETS") == {
        "shop": KEY, "blog": f"{KEY[::-1]}x:y",
    }  # fmt: skip


@pytest.mark.django_db
def test_comment_over_a_front_end_is_the_visitors_own(visitor, post, settings):
    from comments.models import DiscussionSettings, VisitorComment

    settings.FRONTEND_SECRETS = SECRETS
    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()

    def send(text, **headers):
        answer = visitor.post(
            "/wp-json/wp/v2/comments",
            {"post": post.pk, "author_name": "N", "author_email": "n@example.org", "content": text},
            content_type="application/json",
            headers={"user-agent": "front end", **headers},
        )
        assert answer.status_code == 201
        return VisitorComment.objects.get(pk=answer.json()["id"])

    signed = send("Signed.", **{"X-Candour-Visitor": header(ip="2001:db8::1")})
    forged = send("Forged.", **{"X-Candour-Visitor": header(ip="2001:db8::1", key="x" * 40)})
    bare = send("Bare.")

    assert (signed.ip_address, signed.user_agent) == ("2001:db8::1", "Firefox")
    for comment in (forged, bare):
        assert (comment.ip_address, comment.user_agent) == ("127.0.0.1", "front end")
