import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.extensions.personal_data import normalise_address
from core.tokens import normalise_code, show_code
from privacy.identity import subject_hash


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Nora@Example.ORG", "nora@example.org"),
        ("  nora@example.org\n", "nora@example.org"),
        ("ｎｏｒａ@example.org", "nora@example.org"),
        ("nora@bücher.example", "nora@xn--bcher-kva.example"),
        ("nora@BÜCHER.example", "nora@xn--bcher-kva.example"),
        ("nora@xn--bcher-kva.example", "nora@xn--bcher-kva.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ],
)
def test_address_is_found_however_it_is_written(written, same):
    assert normalise_address(written) == same


@pytest.mark.parametrize("other", ["no.ra@example.org", "nora+x@example.org", "nora@example.com"])
def test_dots_and_plus_parts_are_other_people(other):
    assert normalise_address(other) != normalise_address("nora@example.org")


@pytest.mark.parametrize(
    "text", ["", "@", "nora", "nora@", "@example.org", "no ra@example.org", "nora@exa mple.org",
             "nora@-.example", f"{'n' * 300}@example.org"]
)  # fmt: skip
def test_what_is_no_address_raises_without_quoting_it(text):
    with pytest.raises(ValueError, match="not a mail address") as raised:
        normalise_address(text)

    assert raised.value.__cause__ is None


@given(st.text())
def test_normalising_is_stable(text):
    try:
        once = normalise_address(text)
    except ValueError:
        return
    assert normalise_address(once) == once


def test_pseudonym_depends_on_the_key(settings):
    first = subject_hash("nora@example.org")
    settings.PRIVACY_KEY = "another key"

    assert subject_hash("nora@example.org") != first


def test_code_is_read_as_people_type_it():
    assert normalise_code(" 0o1l-iabc defg ") == "00111ABCDEFG"
    assert normalise_code(show_code("ABCD12345678")) == "ABCD12345678"
