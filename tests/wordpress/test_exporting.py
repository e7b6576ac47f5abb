from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def exported(path):
    call_command("export_wxr", "--output", str(path), "--json", stdout=StringIO())
    return path.read_text(encoding="utf-8")
