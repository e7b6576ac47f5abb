from django.db import migrations, models

# Indexes of contrib's and xtd's own columns that nothing here looks anything up by: each costs a
# page of the log with every comment. By table, the columns.
UNUSED = {
    "django_comments": ("is_removed", "content_type_id", "site_id", "object_pk"),
    "django_comments_xtd_xtdcomment": ("thread_id", "order", "nested_count"),
}
LONGEST_NAME = 245


def drop_unused_indexes(apps, schema_editor):
    connection, quote = schema_editor.connection, schema_editor.quote_name
    for table, columns in UNUSED.items():
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table)
        for name, constraint in found.items():
            if (
                constraint["index"]
                and not constraint["unique"]
                and not constraint["primary_key"]
                and constraint["columns"] in [[column] for column in columns]
            ):
                schema_editor.execute(f"DROP INDEX IF EXISTS {quote(name)}")


def make_indexes_again(apps, schema_editor):
    quote = schema_editor.quote_name
    for table, columns in UNUSED.items():
        for column in columns:
            name = quote(f"{table}_{column}_again")
            schema_editor.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON {quote(table)} ({quote(column)})"
            )


def widen_names(apps, schema_editor):
    """Let names be as long as WordPress's; SQLite keeps no length."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"ALTER TABLE django_comments ALTER COLUMN user_name TYPE varchar({LONGEST_NAME})"
        )


def fill_dates(apps, schema_editor):
    comment = apps.get_model("comments", "VisitorComment")
    contrib = apps.get_model("django_comments", "Comment")
    dates = contrib.objects.filter(pk=models.OuterRef("pk")).values("submit_date")[:1]
    comment.objects.update(posted_at=models.Subquery(dates))


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_rights_of_authors_and_readers'),
        ('django_comments', '0004_add_object_pk_is_removed_index'),
        ('django_comments_xtd', '0008_auto_20200920_2037'),
    ]

    operations = [
        migrations.AddField(
            model_name='visitorcomment',
            name='author_ref',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='visitorcomment',
            name='posted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='visitorcomment',
            name='repeat_key',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='visitorcomment',
            name='language',
            field=models.CharField(db_default='', default='', max_length=16),
        ),
        migrations.AlterField(
            model_name='visitorcomment',
            name='markup',
            field=models.CharField(db_default='html', default='html', max_length=10),
        ),
        migrations.AddIndex(
            model_name='visitorcomment',
            index=models.Index(fields=['target_id', 'status', 'posted_at', 'xtdcomment_ptr'], name='comment_by_date'),
        ),
        migrations.AddIndex(
            model_name='visitorcomment',
            index=models.Index(fields=['status', 'posted_at', 'xtdcomment_ptr'], name='comment_newest'),
        ),
        migrations.AddIndex(
            model_name='visitorcomment',
            index=models.Index(condition=models.Q(('author_ref__isnull', False)), fields=['author_ref', 'xtdcomment_ptr'], name='comment_author'),
        ),
        migrations.AddIndex(
            model_name='visitorcomment',
            index=models.Index(condition=models.Q(('imported_at__isnull', False)), fields=['author_ref'], name='comment_imported'),
        ),
        migrations.AddIndex(
            model_name='visitorcomment',
            index=models.Index(condition=models.Q(('repeat_key__isnull', False)), fields=['repeat_key'], name='comment_repeat'),
        ),
        migrations.RunPython(fill_dates, migrations.RunPython.noop),
        migrations.RunPython(drop_unused_indexes, make_indexes_again),
        migrations.RunPython(widen_names, migrations.RunPython.noop),
    ]
