import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.env import Environment


def test_integer_below_minimum_names_variable_and_shape():
    with pytest.raises(ImproperlyConfigured, match=r"PORT is '0'.*at least 1"):
        Environment({"PORT": "0"}).integer("PORT", 8000, minimum=1)


@pytest.mark.parametrize("value", ["eight", "8.5", "0x10", "-1"])
def test_integer_with_nonsense_is_refused(value):
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        Environment({"PORT": value}).integer("PORT", 8000)


@pytest.mark.parametrize(("value", "expected"), [("on", True), ("0", False), ("Yes", True)])
def test_switch_reads_the_usual_words(value, expected):
    assert Environment({"READ_CACHE": value}).switch("READ_CACHE", not expected) is expected


def test_switch_with_nonsense_says_on_or_off():
    with pytest.raises(ImproperlyConfigured, match="READ_CACHE is 'maybe'. It should be on or off"):
        Environment({"READ_CACHE": "maybe"}).switch("READ_CACHE", True)


def test_empty_variable_counts_as_absent():
    assert Environment({"PORT": " "}).integer("PORT", 8000) == 8000


def test_secret_comes_from_the_named_file(tmp_path):
    path = tmp_path / "key"
    path.write_text("from-file\n", encoding="utf-8")

    environment = Environment({"SECRET_KEY_FILE": str(path), "SECRET_KEY": "from-variable"})

    assert environment.secret("SECRET_KEY") == "from-file"


def test_secret_file_that_is_missing_is_named():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE names /nowhere/key"):
        Environment({"SECRET_KEY_FILE": "/nowhere/key"}).secret("SECRET_KEY")


def test_url_with_another_scheme_is_refused():
    with pytest.raises(ImproperlyConfigured, match="SITE_URL.*https://"):
        Environment({"SITE_URL": "ftp://example.org"}).url("SITE_URL", schemes=("http", "https"))


def test_database_address_of_postgres_is_read_whole():
    database = Environment(
        {"DATABASE_URL": "postgres://anna:p%40ss@db.example:5433/site?sslmode=require"}
    ).database("DATABASE_URL", "")

    assert database["NAME"] == "site"
    assert database["USER"] == "anna"
    assert database["PASSWORD"] == "p@ss"
    assert database["HOST"] == "db.example"
    assert database["PORT"] == "5433"
    assert database["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("value", "path"), [("sqlite:////srv/a.sqlite3", "/srv/a.sqlite3"), ("sqlite:///a.db", "a.db")]
)
def test_database_address_of_sqlite_is_absolute_or_relative(value, path):
    assert Environment({"DATABASE_URL": value}).database("DATABASE_URL", "")["NAME"] == path


@pytest.mark.parametrize("value", ["mysql://x/y", "sqlite://", "postgres://host", "nonsense"])
def test_database_address_that_is_none_is_refused_with_examples(value):
    with pytest.raises(ImproperlyConfigured, match="postgres://user:password@host"):
        Environment({"DATABASE_URL": value}).database("DATABASE_URL", "")
