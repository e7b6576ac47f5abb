"""Kept items and terms can be listed: columns that are read from their fields."""

from urllib.parse import unquote

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from wordpress.authors import clean_login, key_of
from wordpress.kept_columns import columns


def number(apps, schema_editor):
    record_model = apps.get_model("wordpress", "KeptRecord")
    taken = {False: set(), True: set()}
    rows = record_model.objects.order_by("pk").values_list("pk", "is_term", "wordpress_id")
    for key, is_term, own in list(rows):
        numbers = taken[is_term]
        free = own if own > 0 and own not in numbers else max(numbers, default=0) + 1
        numbers.add(free)
        record_model.objects.filter(pk=key).update(number=free)


def fill(apps, schema_editor):
    record_model = apps.get_model("wordpress", "KeptRecord")
    filing_model = apps.get_model("wordpress", "KeptFiling")
    imported, users = apps.get_model("wordpress", "ImportedRecord"), apps.get_model("accounts", "User")
    accounts = set(users.objects.values_list("pk", flat=True))
    authors = {
        (source, key): account
        for source, key, account in imported.objects.filter(kind="author").values_list(
            "source_id", "key", "target_id"
        )
        if account in accounts
    }
    for key in list(record_model.objects.order_by("pk").values_list("pk", flat=True)):
        record = record_model.objects.get(pk=key)
        login = clean_login(str(record.fields.get("creator") or ""))
        record_model.objects.filter(pk=key).update(
            author_id=authors.get((record.source_id, key_of(login))) if login else None,
            **columns(record.fields, record.kept_at),
        )
        filings = {
            (each["taxonomy"], unquote(each["slug"])) for each in record.fields.get("filings", ())
        }
        filing_model.objects.bulk_create(
            filing_model(record=record, taxonomy=taxonomy[:64], slug=slug[:255])
            for taxonomy, slug in sorted(filings)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("wordpress", "0001_records_of_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("keptrecord", "number", models.BigIntegerField(default=0),
                            preserve_default=False),
        migrations.AddField("keptrecord", "title", models.TextField(blank=True)),
        migrations.AddField("keptrecord", "slug", models.CharField(blank=True, max_length=255)),
        migrations.AddField("keptrecord", "status", models.CharField(blank=True, max_length=20)),
        migrations.AddField("keptrecord", "published_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                            preserve_default=False),
        migrations.AddField("keptrecord", "modified_at",
                            models.DateTimeField(default=django.utils.timezone.now),
                            preserve_default=False),
        migrations.AddField(
            "keptrecord", "author",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL,
                              related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField("keptrecord", "parent", models.BigIntegerField(default=0)),
        migrations.AddField("keptrecord", "menu_order", models.BigIntegerField(default=0)),
        migrations.AddField("keptrecord", "is_protected", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="KeptFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("taxonomy", models.CharField(max_length=64)),
                ("slug", models.CharField(max_length=255)),
                ("record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE,
                                             related_name="filings",
                                             to="wordpress.keptrecord")),
            ],
            options={
                "indexes": [models.Index(fields=["taxonomy", "slug"], name="kept_filing")],
            },
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AddIndex(
            "keptrecord",
            models.Index(fields=["type", "status", "published_at"], name="kept_list"),
        ),
        migrations.AddConstraint(
            "keptrecord",
            models.UniqueConstraint("is_term", "number", name="kept_number"),
        ),
        # Last: PostgreSQL alters no table whose foreign keys were written in the same transaction.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]  # fmt: skip
