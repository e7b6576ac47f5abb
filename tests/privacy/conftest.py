"""The cast: Nora, who asks for her data, and a stranger."""

import re
import shutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.services import OFFICERS, create_user
from core.extensions.personal_data import personal_data_providers
from privacy.models import DataRequest
from tests.privacy.stand_ins import Notes

NORA = "nora.lind@example.org"
STRANGER = "stranger@example.net"


@pytest.fixture
def notes() -> Iterator[Notes]:
    """Notes of Nora and of a stranger, registered for the test."""
    provider = Notes()
    provider.add(NORA, "Nora likes <blue> paint & 中文")
    provider.add(STRANGER, "nobody else's business")
    provider.add(NORA, "a second one")
    with personal_data_providers.temporarily(provider):
        yield provider


@pytest.fixture(autouse=True)
def empty_private_storage() -> Iterator[None]:
    yield
    shutil.rmtree(django_settings.PRIVATE_ROOT, ignore_errors=True)


@pytest.fixture
def commit(django_capture_on_commit_callbacks) -> Callable:
    """Run a block as if its transaction were committed: queued tasks run at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def person(client: Client, commit) -> SimpleNamespace:
    """A person in front of the site's pages, who reads their mail."""

    def ask(kind: str, email: str = NORA, **extra):
        with commit():
            return client.post(reverse("privacy:request"), {"kind": kind, "email": email}, **extra)

    def post(name: str, data: dict[str, str]):
        with commit():
            return client.post(reverse(f"privacy:{name}"), data)

    def token() -> str:
        return re.search(r"#(\S+)", mail.outbox[-1].body)[1]

    def code() -> str:
        return re.search(r"\b\w{4}-\w{4}-\w{4}\b", mail.outbox[-1].body)[0]

    def has_asked(kind: str, email: str = NORA) -> DataRequest:
        ask(kind, email)
        return DataRequest.objects.latest("pk")

    return SimpleNamespace(ask=ask, post=post, token=token, code=code, has_asked=has_asked)


@pytest.fixture
def at_once(settings) -> None:
    """Let erasures begin when they are confirmed, for tests of what comes after the waiting."""
    settings.PRIVACY_GRACE_HOURS = 0


@pytest.fixture
def officer_account(home):
    """Whoever answers data requests."""
    return create_user(
        username="officer", email="officer@example.org", password="pass", groups=[OFFICERS],
        is_staff=True,
    )  # fmt: skip
