import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import VisitorComment
from pages.models import PostPage
from tests.wordpress import made
from wordpress.importing.report import Fate
from wordpress.importing.running import Options, import_files
from wordpress.models import ImportedRecord

WITHOUT_FILES = Options(with_media=False)


class Killed(BaseException):
    """The process ends here."""


def content():
    """Return everything that an import writes, as far as it is the same each time."""
    posts = PostPage.objects.order_by("slug").values_list("slug", "raw_content", "rendered_body")
    comments = VisitorComment.objects.order_by("pk").values_list("path", "comment", "nested_count")
    records = ImportedRecord.objects.order_by("kind", "key").values_list("kind", "key", "digest")
    return [list(posts), list(comments), list(records)]


@pytest.mark.django_db(transaction=True)
def test_import_that_was_killed_goes_on_to_the_same_end(home, journal, tmp_path):
    path = made.write_site(tmp_path / "site.xml", 60, 300)
    ends_at = [("authors", 0), ("terms", 0), ("items", 26), ("items", 51)]

    def dies(stage, done, total):
        if ends_at and (stage, done) == ends_at[0]:
            ends_at.pop(0)
            raise Killed

    seen = []
    while ends_at:
        with pytest.raises(Killed):
            import_files([path], WITHOUT_FILES, dies)
        seen.append(PostPage.objects.count())
    outcome = import_files([path], WITHOUT_FILES, dies)

    assert seen == [0, 0, 25, 50]
    assert outcome.report.counts["posts"] == {Fate.UNCHANGED: 50, Fate.CREATED: 10}
    first = content()
    PostPage.objects.all().delete()
    VisitorComment.objects.all().delete()
    ImportedRecord.objects.all().delete()
    import_files([path], WITHOUT_FILES)
    assert content()[1:] == first[1:]
    assert [row[0] for row in content()[0]] == [row[0] for row in first[0]]


@pytest.mark.django_db
def test_number_of_statements_grows_with_batches_not_with_comments(home, journal, tmp_path):
    counts = []
    for name, posts, comments in (("few", 20, 100), ("many", 20, 300)):
        path = made.write_site(tmp_path / f"{name}.xml", posts, comments)
        text = path.read_text().replace("old.example", f"{name}.example")
        path.write_text(text)
        with CaptureQueriesContext(
            connection,
        ) as context:
            import_files([path], WITHOUT_FILES)
        counts.append(len(context))

    assert counts[1] - counts[0] < 60


@pytest.mark.django_db
def test_second_import_asks_a_few_statements_a_batch(home, journal, tmp_path):
    path = made.write_site(tmp_path / "site.xml", 500, 5000)
    import_files([path], WITHOUT_FILES)

    with CaptureQueriesContext(connection) as context:
        outcome = import_files([path], WITHOUT_FILES)

    assert outcome.report.counts["posts"] == {Fate.UNCHANGED: 500}
    assert outcome.report.counts["comments"] == {Fate.UNCHANGED: 5000}
    assert len(context) < 500


@pytest.mark.scale
@pytest.mark.django_db
def test_site_of_4000_posts_and_60000_comments(home, journal, tmp_path):
    path = made.write_site(tmp_path / "site.xml", 4000, 60_000)

    outcome = import_files([path], WITHOUT_FILES)

    assert outcome.report.counts["posts"] == {Fate.CREATED: 4000}
    assert VisitorComment.objects.count() == 60_000
