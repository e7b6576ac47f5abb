import pytest
from wagtail.models import APIToken
from wagtail.signals import page_published

from pages.models import PolicyVersion
from tests.pages.test_publishing import numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(client, editor):
    token = APIToken.generate_token()
    APIToken.objects.create(
        user=editor, name="Program", key_hash=APIToken.hash_token(token), prefix=token[:16]
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def draft(page, words):
    page.refresh_from_db()
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "One", "level": "2", "text": f"<p>{words}</p>"})]
    )
    page.change_summary = "Other words."
    page.save_revision()


def test_nobody_without_a_token_gets_in(client, publish):
    page, _ = publish("Words.")

    for path in ("pages/", f"pages/{page.pk}/", "docs/", "openapi.json", "whoami/"):
        answer = client.get(f"/api/v3/{path}")
        assert answer.status_code == 401, path
        assert answer["Content-Type"] == "application/problem+json"


def test_publishing_makes_exactly_one_version(program, publish):
    page, _ = publish("Words.", kind="terms")
    draft(page, "Other words.")

    for _ in range(2):
        answer = program.post(
            f"/api/v3/pages/{page.pk}/actions/publish/", {}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.text

    assert numbers() == [1, 2]


def test_mistake_is_explained_and_the_former_version_stays(program, publish):
    page, _ = publish("Words.", kind="terms")
    draft(page, "Write to [company name].")

    answer = program.post(
        f"/api/v3/pages/{page.pk}/actions/publish/", {}, content_type="application/json"
    )

    assert answer.status_code == 422, answer.text
    assert "[company name]" in answer.text
    assert numbers() == [1]
    assert PolicyVersion.objects.get().document.in_force().number == 1


def test_receiver_that_fails_leaves_the_former_version(program, publish):
    page, _ = publish("Words.", kind="terms")
    draft(page, "Other words.")
    program.raise_request_exception = False

    def fails(sender, **kwargs):
        raise RuntimeError("a receiver of somebody else")

    page_published.connect(fails)
    try:
        answer = program.post(
            f"/api/v3/pages/{page.pk}/actions/publish/", {}, content_type="application/json"
        )
    finally:
        page_published.disconnect(fails)

    assert answer.status_code == 500
    assert numbers() == [1]
    page.refresh_from_db()
    assert "Words." in str(page.body)


def test_live_fields_of_a_policy_are_not_shown(program, publish):
    page, _ = publish("Frozen words.")
    draft(page, "Draft words.")

    answer = program.get(f"/api/v3/pages/{page.pk}/")

    assert answer.status_code == 200
    assert "words" not in answer.text
