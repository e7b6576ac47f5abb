from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

SHOWN = Template("{% load days %}{{ value|day }}")


@pytest.mark.parametrize("value", ["2028-11-25", date(2028, 11, 25)])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "25 November 2028"), ("zh-hans", "2028年11月25日")]
)
def test_day_is_told_in_the_language_of_the_page(value, language, words):
    with translation.override(language):
        assert SHOWN.render(Context({"value": value})) == words
