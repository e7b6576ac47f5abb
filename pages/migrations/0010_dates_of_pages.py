"""Pages have a date and an author of their own; the first are those that Wagtail had kept."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def take_over_pages(apps, schema_editor):
    """Give pages the date and the author that Wagtail had kept for them."""
    StandardPage = apps.get_model("pages", "StandardPage")
    Page = apps.get_model("wagtailcore", "Page")
    facts = Page.objects.filter(pk=OuterRef("pk"))
    StandardPage.objects.update(author_id=Subquery(facts.values("owner_id")[:1]))
    StandardPage.objects.filter(first_published_at__isnull=False).update(
        published_at=Subquery(facts.values("first_published_at")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("pages", "0009_entries")]

    operations = [migrations.RunPython(take_over_pages, migrations.RunPython.noop)]
