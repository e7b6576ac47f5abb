"""Freeze the documents that policy versions belong to, whose names are part of their chain."""

from django.db import migrations

from pages.freezing import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_notices")]
    operations = [FreezeRows()]
