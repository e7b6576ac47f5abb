import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.rest.query import DEEPEST, build_query, parse_query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("a=1&a=2", {"a": "2"}),
        ("a", {"a": ""}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a%5B0%5D=x&a%5B1%5D=y", {"a": ["x", "y"]}),
        ("a[1]=x&a[]=y", {"a": ["x", "y"]}),
        ("a[5]=x&a[2]=y", {"a": ["y", "x"]}),
        ("a[terms]=3&a[in][]=1", {"a": {"terms": "3", "in": ["1"]}}),
        ("a=1&a[]=2", {"a": ["2"]}),
        ("a[=1", {"a[": "1"}),
        ("a[²]=1", {"a": {"²": "1"}}),
        ("a[" + "9" * 5000 + "]=1", {"a": {"9" * 5000: "1"}}),
        ("a[b][c][d][e][f]=1", {"a": {"b": {"c": {"d": {"e": "1"}}}}}),
        ("q=%ff", {"q": "\ufffd"}),
    ],
)
def test_query_is_read_as_php_reads_it(query, expected):
    assert parse_query(query) == expected


def test_fields_past_the_thousandth_are_left_out():
    assert len(parse_query("&".join(f"a{n}=1" for n in range(5000)))) == 1000


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"post": [11, 12]}, "post%5B0%5D=11&post%5B1%5D=12"),
        ({"categories": {"terms": [3], "include_children": True}},
         "categories%5Bterms%5D%5B0%5D=3&categories%5Binclude_children%5D=1"),
        ({"_envelope": "", "sticky": False, "_fields": "id,title"},
         "_envelope&sticky&_fields=id%2Ctitle"),
    ],
)  # fmt: skip
def test_query_is_written_as_wordpress_writes_it(params, expected):
    assert build_query(params) == expected


NAMES = st.text("abcxyz_", min_size=1, max_size=5)
VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1)
    ),
    max_leaves=4,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_was_written_is_read_back(params):
    assume(depth(params) <= DEEPEST)

    assert parse_query(build_query(params)) == params


def depth(value):
    if isinstance(value, dict):
        return 1 + max((depth(inner) for inner in value.values()), default=0)
    return 1 + max(map(depth, value)) if isinstance(value, list) else 0


@given(st.text(max_size=60))
def test_any_query_can_be_read(query):
    assert isinstance(parse_query(query), dict)
