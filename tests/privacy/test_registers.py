import re
from pathlib import Path

import pytest

from privacy.registers import cookie_register
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db


def test_what_scripts_keep_in_the_browser_is_registered():
    scripts = [path.read_text("utf-8") for path in Path(ROOT / "cms/static").rglob("comment*.js")]
    kept = set(re.findall(r"[\"`](candour-[a-z]+(?:-[a-z]+)*)", " ".join(scripts)))

    registered = {each["name"].removesuffix("-…") for each in cookie_register()}
    assert kept == {"candour-draft", "candour-own-comments", "candour-reactions"}
    assert kept <= registered
    assert "comment_author_key" in registered
