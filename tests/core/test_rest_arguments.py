from datetime import UTC, datetime

import pytest

from core.rest.arguments import ArgumentError, check_arguments, schema_of
from core.rest.declare import Arg
from core.rest.errors import RestError

LARGEST = 2**63 - 1
IDS = {"type": "array", "items": {"type": "integer"}}
TERMS = Arg(
    name="n",
    type=("object", "array"),
    one_of=(
        {"title": "List", **IDS},
        {"title": "Query", "type": "object", "properties": {"terms": IDS}},
    ),
)
PARIS = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.mark.parametrize(
    ("arg", "given", "expected"),
    [
        (Arg(name="n", type="integer"), "7", 7),
        (Arg(name="n", type="integer"), " 7", 7),
        (Arg(name="n", type="integer"), "+7", 7),
        (Arg(name="n", type="integer"), "-7", -7),
        (Arg(name="n", type="integer"), "7.0", 7),
        (Arg(name="n", type="integer"), "1e3", 1000),
        (Arg(name="n", type="integer"), 7.0, 7),
        (Arg(name="n", type="integer"), "9" * 30, LARGEST),
        (Arg(name="n", type="integer"), "-1" + "0" * 30, -LARGEST),
        (Arg(name="n", type="number"), ".5", 0.5),
        (Arg(name="n", type="boolean"), "true", True),
        (Arg(name="n", type="boolean"), "TRUE", True),
        (Arg(name="n", type="boolean"), "1", True),
        (Arg(name="n", type="boolean"), 1, True),
        (Arg(name="n", type="boolean"), True, True),
        (Arg(name="n", type="boolean"), "0", False),
        (Arg(name="n", type="boolean"), "False", False),
        (Arg(name="n", type="boolean"), False, False),
        (Arg(name="n"), "a\0b", "ab"),
        (Arg(name="n", type="array", items={"type": "integer"}), "1, 2 3", [1, 2, 3]),
        (Arg(name="n", type="array", items={"type": "integer"}), ["1", 2], [1, 2]),
        (Arg(name="n", type="array", items={"type": "integer"}), 5, [5]),
        (Arg(name="n", type="array", items={"type": "integer"}), "", []),
        (Arg(name="n", type="object", properties={"a": {"type": "integer"}}), {"a": "1", "b": "x"},
         {"a": 1, "b": "x"}),
        (Arg(name="n", type="object"), "", {}),
        (Arg(name="n", type="object"), [], {}),
        (Arg(name="n", type=("object", "array")), "3,4", ["3", "4"]),
        (Arg(name="n", type=("object", "array")), {"terms": "3"}, {"terms": "3"}),
        (TERMS, "3,4", [3, 4]),
        (TERMS, ["3"], [3]),
        (TERMS, {"terms": "3", "other": "kept"}, {"terms": [3], "other": "kept"}),
        (Arg(name="n", type=""), {"any": ["thing"]}, {"any": ["thing"]}),
        (Arg(name="n", enum=("asc", "desc")), "asc", "asc"),
        (Arg(name="n", format="date-time"), "2026-07-01T10:30:00Z", PARIS),
        (Arg(name="n", format="date-time"), "2026-07-01 12:30:00+02:00", PARIS),
        # Without a zone it is the site's own time, here that of Paris.
        (Arg(name="n", format="date-time"), "2026-07-01T12:30:00", PARIS),
        (Arg(name="n", format="email"), "a@example.org", "a@example.org"),
        (Arg(name="n", format="ip"), "::1", "::1"),
        (Arg(name="n", format="uri"), "https://example.org/a?b", "https://example.org/a?b"),
        (Arg(name="n", format="uri"), "", ""),
        (Arg(name="n", sanitise=str.upper), "a", "A"),
        (Arg(name="n", default=3), None, 3),
        (Arg(name="n", type="boolean", default=False, has_default=True), None, False),
    ],
)  # fmt: skip
def test_value_is_made_what_wordpress_makes_of_it(arg, given, expected):
    checked = check_arguments([arg], {"n": given})

    assert checked == {"n": expected}
    assert type(checked["n"]) is type(expected)


BOUNDS = "n must be between 1 (inclusive) and 9 (inclusive)"
TYPE = "rest_invalid_type"
DATE = ("rest_invalid_date", "Invalid date.")


@pytest.mark.parametrize(
    ("arg", "given", "code", "message"),
    [
        (Arg(name="n", type="integer"), "x", TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), "", TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), "1.5", TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), "1e999", TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), "٣", TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), True, TYPE, "n is not of type integer."),
        (Arg(name="n", type="integer"), ["1"], TYPE, "n is not of type integer."),
        (Arg(name="n", type="number"), "nan", TYPE, "n is not of type number."),
        (Arg(name="n", type="number"), "inf", TYPE, "n is not of type number."),
        (Arg(name="n", type="boolean"), "yes", TYPE, "n is not of type boolean."),
        (Arg(name="n", type="boolean"), "", TYPE, "n is not of type boolean."),
        (Arg(name="n", type="boolean"), 2, TYPE, "n is not of type boolean."),
        (Arg(name="n"), ["a"], TYPE, "n is not of type string."),
        (Arg(name="n"), 5, TYPE, "n is not of type string."),
        (Arg(name="n", type="array"), {"a": "b"}, TYPE, "n is not of type array."),
        (Arg(name="n", type="object"), "x", TYPE, "n is not of type object."),
        (Arg(name="n", type=("object", "integer")), "x", TYPE, "n is not of type object,integer."),
        (Arg(name="n", type="array", items={"type": "integer"}), "1,x", TYPE,
         "n[1] is not of type integer."),
        (Arg(name="n", type="object", properties={"a": {"type": "integer"}}), {"a": "x"}, TYPE,
         "n[a] is not of type integer."),
        (TERMS, "a", "rest_no_matching_schema",
         "n is not a valid List. Reason: n[0] is not of type integer."),
        (TERMS, {"terms": "a"}, "rest_no_matching_schema",
         "n is not a valid Query. Reason: n[terms][0] is not of type integer."),
        (TERMS, True, "rest_no_matching_schema", "n is not a valid List and Query."),
        (TERMS, "", "rest_one_of_multiple_matches",
         "n matches List and Query, but should match only one."),
        (Arg(name="n", type="integer", minimum=1, maximum=9), "0", "rest_out_of_bounds", BOUNDS),
        (Arg(name="n", type="integer", minimum=1, maximum=9), "10", "rest_out_of_bounds", BOUNDS),
        (Arg(name="n", type="integer", minimum=1), "0", "rest_out_of_bounds",
         "n must be greater than or equal to 1"),
        (Arg(name="n", type="integer", maximum=9), "10", "rest_out_of_bounds",
         "n must be less than or equal to 9"),
        (Arg(name="n", enum=("a",)), "x", "rest_not_in_enum", "n is not a."),
        (Arg(name="n", enum=("a", "b")), "x", "rest_not_in_enum", "n is not one of a and b."),
        (Arg(name="n", enum=("a", "b", "c")), "x", "rest_not_in_enum",
         "n is not one of a, b, and c."),
        (Arg(name="n", type="array", items={"type": "string", "enum": ["a", "b"]}), "a,x",
         "rest_not_in_enum", "n[1] is not one of a and b."),
        (Arg(name="n", min_length=1), "", "rest_too_short",
         "n must be at least 1 character long."),
        (Arg(name="n", min_length=2), "a", "rest_too_short",
         "n must be at least 2 characters long."),
        (Arg(name="n", pattern="^a"), "b", "rest_invalid_pattern", "n does not match pattern ^a."),
        (Arg(name="n", format="date-time"), "yesterday", *DATE),
        (Arg(name="n", format="date-time"), "2026-07-01", *DATE),
        (Arg(name="n", format="date-time"), "2026-02-30T10:00:00", *DATE),
        (Arg(name="n", format="date-time"), "0001-01-01T00:00:00+14:00", *DATE),
        (Arg(name="n", format="email"), "a@", "rest_invalid_email", "Invalid email address."),
        (Arg(name="n", format="ip"), "1.2.3", "rest_invalid_ip", "n is not a valid IP address."),
        (Arg(name="n", format="uri"), "javascript:alert(1)", "rest_invalid_uri",
         "n is not a valid web address."),
        (Arg(name="n", format="uri"), "http://[", "rest_invalid_uri",
         "n is not a valid web address."),
    ],
)  # fmt: skip
def test_wrong_value_is_refused_in_wordpress_words(arg, given, code, message):
    with pytest.raises(RestError) as caught:
        check_arguments([arg], {"n": given})

    error = caught.value
    assert (error.code, error.status) == ("rest_invalid_param", 400)
    assert error.message == "Invalid parameter(s): n"
    assert error.data["params"] == {"n": message}
    detail = error.data["details"]["n"]
    assert (detail["code"], detail["message"]) == (code, message)
    if code == TYPE:
        assert detail["data"] == {"param": message.split(" ")[0]}


def test_those_checked_first_hide_the_mistakes_of_the_others():
    args = [
        Arg(name="order", enum=("asc", "desc")),
        Arg(name="page", type="integer", checked_first=True),
        Arg(name="context", enum=("view", "embed"), checked_first=True),
    ]

    with pytest.raises(RestError) as caught:
        check_arguments(args, {"order": "x", "page": "x", "context": "x"})
    assert list(caught.value.data["params"]) == ["page", "context"]

    with pytest.raises(RestError) as caught:
        check_arguments(args, {"order": "x", "page": "1"})
    assert list(caught.value.data["params"]) == ["order"]


def test_sanitiser_may_refuse_with_data_of_its_own():
    def refuse(value):
        raise ArgumentError("rest_forbidden_status", "Status is forbidden.", {"status": 401})

    with pytest.raises(RestError) as caught:
        check_arguments([Arg(name="status", sanitise=refuse)], {"status": "draft"})

    assert caught.value.data["details"]["status"] == {
        "code": "rest_forbidden_status",
        "message": "Status is forbidden.",
        "data": {"status": 401},
    }


def test_judge_decides_by_who_asks_instead_of_the_schema():
    def judge(value, asked):
        if asked != "somebody":
            raise ArgumentError("rest_forbidden_status", "Status is forbidden.", {"status": 401})
        return [value]

    arg = Arg(name="status", enum=("publish",), judge=judge)

    assert check_arguments([arg], {"status": "draft"}, "somebody") == {"status": ["draft"]}
    with pytest.raises(RestError) as caught:
        check_arguments([arg], {"status": "publish"}, "a stranger")
    assert caught.value.data["params"] == {"status": "Status is forbidden."}


def test_object_may_be_closed_to_other_properties():
    form = {"title": "Query", "type": "object", "properties": {"terms": {"type": "integer"}},
            "additionalProperties": False}  # fmt: skip
    arg = Arg(name="n", type=("object", "array"), one_of=(form,))

    assert check_arguments([arg], {"n": {"terms": "7"}}) == {"n": {"terms": 7}}
    with pytest.raises(RestError) as caught:
        check_arguments([arg], {"n": {"others": "7"}})
    assert caught.value.data["params"] == {
        "n": "n is not a valid Query. Reason: others is not a valid property of n."
    }


def test_absent_and_null_are_left_out_and_unknown_ones_pass():
    checked = check_arguments([Arg(name="a"), Arg(name="b")], {"a": None, "z": ["kept"]})

    assert checked == {"z": ["kept"]}


def test_schema_shows_what_was_declared_and_nothing_else():
    assert schema_of(Arg(name="n")) == {"type": "string", "required": False}
    assert schema_of(
        Arg(name="n", type="integer", description="D", default=0, has_default=True, minimum=0,
            maximum=9, required=True)
    ) == {
        "description": "D", "type": "integer", "default": 0, "minimum": 0, "maximum": 9,
        "required": True,
    }  # fmt: skip
