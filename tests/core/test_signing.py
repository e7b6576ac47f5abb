"""Signed tokens are Django's own: one made before, or by another process, is still good."""

import pytest
from django.core import signing

from core.tokens import sign, unsign

SALT = "candour.letter"


def test_tokens_are_those_that_django_makes():
    assert unsign("letter", signing.dumps({"a": 7}, salt=SALT), max_age_seconds=60) == {"a": 7}
    assert signing.loads(sign("letter", [1, "ü"]), salt=SALT, max_age=60) == [1, "ü"]


def test_token_of_another_purpose_or_changed_is_refused():
    token = sign("letter", 7)
    for purpose, shown in (("other", token), ("letter", token[:-1]), ("letter", f"X{token}")):
        with pytest.raises(signing.BadSignature):
            unsign(purpose, shown, max_age_seconds=60)
    with pytest.raises(signing.SignatureExpired):
        unsign("letter", token, max_age_seconds=-1)


def test_key_that_was_replaced_still_opens_and_does_not_sign(settings):
    before = sign("letter", 7)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    assert unsign("letter", before, max_age_seconds=60) == 7
    assert sign("letter", 7).rsplit(":", 1)[1] != before.rsplit(":", 1)[1]
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        unsign("letter", before, max_age_seconds=60)
