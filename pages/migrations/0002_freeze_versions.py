"""Freeze published policy texts in the database itself."""

from django.db import migrations

from pages.freezing import FreezeRows


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]
    operations = [FreezeRows()]
