import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordpress.wxr.php_values import decoded, read_value


def serialised(value):
    """Write a value as PHP does."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    inner = "".join(serialised(key) + serialised(one) for key, one in value.items())
    return f"a:{len(value)}:{{{inner}}}"


KEYS = st.integers(-(10**9), 10**9) | st.text(max_size=20)
PLAIN = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=50) | (
    st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
VALUES = st.recursive(PLAIN, lambda inner: st.dictionaries(KEYS, inner, max_size=5), max_leaves=20)


@given(VALUES)
def test_what_php_wrote_is_read(value):
    assert read_value(serialised(value)) == value


@given(st.text(max_size=200))
def test_any_text_is_read_or_stays_as_it_is(text):
    decoded(text)


@pytest.mark.parametrize(
    "text",
    [
        'O:8:"stdClass":0:{}', 'a:1:{i:0;O:3:"Foo":0:{}}', 'C:3:"Foo":0:{}', "a:1:{i:0;R:1;}",
        's:99:"short";', 's:1:"é";', "a:1000000000:{}", "a:1:{i:0;" * 200, "a:1:{b:1;i:2;}",
        "i:1;i:2;", "i:12x;", "just words", "",
    ],
)  # fmt: skip
def test_objects_references_and_damage_stay_text(text):
    assert decoded(text) == text
