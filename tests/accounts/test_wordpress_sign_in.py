"""Signing in at WordPress's addresses, as programs do that know nothing else."""

import pytest

pytestmark = pytest.mark.django_db
LOGIN, NONCE = "/wp-login.php", "/wp-admin/admin-ajax.php?action=rest-nonce"
ME = "/wp-json/wp/v2/users/me"


@pytest.fixture
def form(stranger):
    stranger.set_password("a long enough one")
    stranger.save()
    return {"log": stranger.username, "pwd": "a long enough one"}


def test_session_and_nonce_read_as_their_account(visitor, form, stranger):
    answer = visitor.post(LOGIN, {**form, "redirect_to": "/journal/"})
    nonce = visitor.get(NONCE)

    assert (answer.status_code, answer["Location"]) == (302, "/journal/")
    assert "no-store" in nonce["Cache-Control"]
    me = visitor.get(ME, headers={"x-wp-nonce": nonce.text})
    assert me.json()["id"] == stranger.pk
    assert visitor.get(ME).status_code == 401


def test_wrong_password_shows_the_form_and_is_counted(visitor, form):
    for _ in range(5):
        assert "sessionid" not in visitor.post(LOGIN, {**form, "pwd": "wrong"}).cookies

    refused = visitor.post(LOGIN, form)

    assert refused.status_code in (200, 429)
    assert visitor.get(NONCE).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_page_of_another_site_signs_nobody_in(visitor, form, headers):
    answer = visitor.post(LOGIN, form, headers=headers)

    assert answer.status_code == 403
    assert visitor.get(NONCE).status_code == 400


def test_nobody_is_led_to_another_site(visitor, form):
    answer = visitor.post(LOGIN, {**form, "redirect_to": "https://evil.example/"})

    assert (answer.status_code, answer["Location"]) == (302, "/account/")


def test_other_things_asked_of_the_address_have_pages_here(visitor):
    assert visitor.get(LOGIN)["Location"].startswith("/account/login/?next=")
    assert visitor.get(f"{LOGIN}?action=lostpassword")["Location"] == "/account/password/reset/"
    assert visitor.get("/wp-admin/")["Location"] == "/admin/"
    assert (visitor.get(NONCE).status_code, visitor.get(NONCE).text) == (400, "0")
