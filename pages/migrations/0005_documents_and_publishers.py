"""Freeze the documents that versions belong to, and let who published a version be forgotten."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pages.models.publishers
from pages.freezing import FreezeRows


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0004_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyPublisher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("pseudonym", models.CharField(default=pages.models.publishers.make_pseudonym,
                                               max_length=64, unique=True)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE,
                                           related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),  # fmt: skip
        FreezeRows(),
    ]
