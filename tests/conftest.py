"""The cast, the site they meet on, and the real input."""

import logging
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.services import EDITORS, MODERATORS, create_user
from comments.network_keys import remembered_key
from comments.screening.recent import window
from comments.screening.words import current_model
from core.extensions.acceptance import acceptance_gate
from core.extensions.site import site_provider
from core.generations import Kept
from media.services import store_image
from pages.freezing import thaw
from pages.links import language_of
from pages.models import PostIndexPage, PostPage
from pages.services.content import make_home, make_page
from tests import openapi_watch
from tests.founding import found_site
from tests.log_watch import AddressWatch
from tests.pages.made import publish_at

ROOT = Path(__file__).resolve().parents[1]
# How fast a busy machine makes examples says nothing about them.
hypothesis_settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy")
flush = TransactionTestCase._fixture_teardown


def thaw_and_flush(self):
    """Frozen rows refuse the flush after a transactional test; post_migrate freezes them again."""
    thaw(connection)
    flush(self)


TransactionTestCase._fixture_teardown = thaw_and_flush


def pytest_xdist_setupnodes(config, specs):
    """Let each process that runs a share of the tests make a data folder of its own."""
    os.environ.pop("CMS_DATA_DIR", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep a browser's journeys together; leave out what takes minutes unless it is asked for."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    if "scale" in (config.getoption("markexpr") or ""):
        return
    for item in items:
        if item.get_closest_marker("scale"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run it with -m scale"))


@pytest.fixture(autouse=True)
def empty_memory():
    """Forget what the process remembers of rows that the test before has rolled back."""
    translation.activate("en")
    cache.clear()
    Kept.forget_all()
    site_provider.get().forget()
    acceptance_gate.get().forget()
    language_of.cache_clear()
    window.forget()
    current_model.forget()
    remembered_key.cache_clear()
    Path(settings.LEDGER_DATABASE["NAME"]).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def no_address_in_logs():
    """Fail a test that lets a mail address into a log."""
    watch = AddressWatch()
    logging.getLogger().addHandler(watch)
    yield
    logging.getLogger().removeHandler(watch)
    assert watch.found == [], "logs carry numbers of rows, and no address"


@pytest.fixture(autouse=True)
def answers_are_described():
    """Fail a test in which the REST API answers what its document does not describe."""
    openapi_watch.found.clear()
    yield
    assert openapi_watch.found == []


@pytest.fixture(scope="session")
def samples():
    """The folder of real input; absent it skips aloud, named and absent it fails."""
    named = os.environ.get("CANDOUR_SAMPLES")
    folder = Path(named) if named else ROOT.parent / "shared"
    if not folder.is_dir():
        if named:
            pytest.fail(f"CANDOUR_SAMPLES names {folder}, which is no folder.")
        pytest.skip(f"no real input: {folder} is absent; name it in CANDOUR_SAMPLES")
    return folder


@pytest.fixture
def home(db):
    return found_site()


@pytest.fixture
def chinese_home(home):
    return make_home("zh-hans", title="首页", site_name="测试站")


@pytest.fixture
def editor(home):
    return create_user(
        username="editor", email="editor@example.org", password="pass", display_name="Edith",
        groups=[EDITORS],
    )  # fmt: skip


@pytest.fixture
def moderator(home):
    return create_user(
        username="moderator", email="moderator@example.org", password="pass",
        display_name="Moira", groups=[MODERATORS],
    )  # fmt: skip


@pytest.fixture
def stranger(home):
    return create_user(
        username="stranger", email="stranger@example.org", password="pass", display_name="Stan"
    )


@pytest.fixture
def journal(home):
    return make_page(home, PostIndexPage(title="Journal", slug="journal"))


@pytest.fixture
def make_post(journal, editor):
    def make(title="A post", **fields):
        defaults = {
            "published_at": datetime(2026, 3, 1, 10, tzinfo=UTC),
            "author": editor,
            "excerpt": "",
            "body": [("paragraph", "<p>Some words.</p>")],
        }
        terms = fields.pop("terms", None)
        page = PostPage(title=title, **{**defaults, **fields})
        return make_page(journal, page, user=editor, terms=terms)

    return make


@pytest.fixture
def post(make_post):
    return make_post()


@pytest.fixture
def jpeg():
    """A small JPEG as a camera would write it, location included."""
    from tests.media.pictures import camera_jpeg

    return camera_jpeg()


@pytest.fixture
def image(home, jpeg, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return store_image(jpeg, name="view.jpg", title="View", description="A view")


@pytest.fixture
def visitor():
    return Client()


@pytest.fixture
def signed_in():
    def sign_in(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def administrator(home):
    return create_user(
        username="administrator", email="administrator@example.org", password="pass",
        is_superuser=True, is_staff=True,
    )  # fmt: skip


@pytest.fixture
def publish(home):
    """Publishing a policy of one clause; it returns the page and the version."""
    return partial(publish_at, home)


@pytest.fixture
def shared(tmp_path):
    """A database that other processes can write, as the test has filled it, and how to read it."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test",
                   "CMS_DATA_DIR": str(settings.DATA_DIR)}  # fmt: skip
    if connection.vendor == "postgresql":
        own = connection.settings_dict
        user = own["USER"] + (f":{own['PASSWORD']}" if own["PASSWORD"] else "")
        address = f"postgres://{user}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"
        environment["DATABASE_URL"] = address

        def read(statement):
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()

        yield environment, read
        connections.close_all()
        return
    path = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    environment["DATABASE_URL"] = f"sqlite:///{path}"

    def read(statement):
        with closing(sqlite3.connect(path)) as database:
            return database.execute(statement).fetchall()

    yield environment, read
