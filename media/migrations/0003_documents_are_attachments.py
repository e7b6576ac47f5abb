from django.db import migrations, models
from django.db.models import Max
from django.utils.text import slugify

import media.numbers


def number_documents(apps, schema_editor):
    """Number the documents behind all pictures, and give them slugs."""
    Image, Document = (apps.get_model("media", name) for name in ("SiteImage", "SiteDocument"))
    highest = Image.objects.aggregate(highest=Max("pk"))["highest"] or 0
    for document in Document.objects.order_by("pk").iterator():
        highest += 1
        slug = f"{slugify(document.title)[:100] or 'file'}-{highest}"
        Document.objects.filter(pk=document.pk).update(number=highest, slug=slug)
    media.numbers.begin_behind(apps.get_model("media", "LibraryNumber"), highest)


class Migration(migrations.Migration):

    dependencies = [
        ("media", "0002_files_of_every_kind"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="LibraryNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.AlterField(
            model_name="siteimage",
            name="id",
            field=media.numbers.NumberedKey(primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="siteimage",
            name="description",
            field=models.TextField(blank=True, default="", verbose_name="alternative text"),
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="number",
            field=media.numbers.NumberField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="slug",
            field=models.SlugField(editable=False, max_length=120, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="description",
            field=models.TextField(blank=True, default="", verbose_name="alternative text"),
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="caption",
            field=models.TextField(blank=True, default="", verbose_name="caption"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="details",
            field=models.TextField(blank=True, default="", verbose_name="longer description"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="attached_to",
            field=models.ForeignKey(editable=False, null=True, on_delete=models.SET_NULL, related_name="+", to="wagtailcore.page"),
        ),
        migrations.AddField(
            model_name="sitedocument",
            name="modified_at",
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.RunPython(number_documents, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="sitedocument",
            name="number",
            field=media.numbers.NumberField(editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="sitedocument",
            name="slug",
            field=models.SlugField(editable=False, max_length=120, unique=True),
        ),
    ]
