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


def test_number_above_its_maximum_is_refused():
    with pytest.raises(ImproperlyConfigured, match="PORT is '70000'.*from 1 to 65535"):
        Environment({"PORT": "70000"}).integer("PORT", 8000, minimum=1, maximum=65535)


@pytest.mark.parametrize(
    "value", ["postgres://u:secret@host:abc/name", "postgres://u:secret@[host/name"]
)
def test_address_of_a_database_with_an_odd_port_is_refused_without_its_password(value):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refused:
        Environment({"DATABASE_URL": value}).database("DATABASE_URL", "")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("reader", "value", "shape"),
    [
        ("origin", "https://shop.example/blog", "scheme and host alone"),
        ("origin", "https://[shop.example", "begins with http:// or https://"),
        ("origin", "https://user@shop.example", "scheme and host alone"),
        ("origins", "https://shop.example,app.example", "scheme and host"),
        ("origins", "https://shop.example/cart", "scheme and host"),
        ("hosts", "https://shop.example", "without scheme"),
        ("hosts", "shop.example:8000", "without scheme"),
        ("networks", "10.0.0.7,proxy", "networks"),
        ("networks", "10.0.0.0/40", "networks"),
    ],
)
def test_value_of_another_shape_names_the_variable_and_the_shape(reader, value, shape):
    with pytest.raises(ImproperlyConfigured, match=rf"NAME .*It should be.*{shape}"):
        getattr(Environment({"NAME": value}), reader)("NAME")


def test_values_of_the_right_shape_are_read():
    environment = Environment(
        {
            "SITE_URL": "https://shop.example:8443/",
            "ORIGINS": "https://a.example/, http://localhost:3000",
            "HOSTS": ".example.org,[::1],xn--bcher-kva.example,*",
            "PROXIES": "10.0.0.7,2001:db8::/32",
            "SENDER": "Shop <site@shop.example>",
        }
    )

    assert environment.origin("SITE_URL") == "https://shop.example:8443"
    assert environment.origins("ORIGINS") == ["https://a.example", "http://localhost:3000"]
    assert environment.hosts("HOSTS") == [".example.org", "[::1]", "xn--bcher-kva.example", "*"]
    assert environment.networks("PROXIES") == ["10.0.0.7", "2001:db8::/32"]
    assert environment.mail_address("SENDER", "x@y") == "Shop <site@shop.example>"


def test_sender_that_is_no_address_is_refused():
    with pytest.raises(ImproperlyConfigured, match="FROM is 'Shop'. It should be a mail address"):
        Environment({"FROM": "Shop"}).mail_address("FROM", "x@y")


@pytest.mark.parametrize(
    ("value", "port", "is_tls", "starts_tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp+tls://mail.example", 587, False, True),
        ("smtp+tls://mail.example:2525", 2525, False, True),
    ],
)
def test_mail_server_has_the_port_of_its_scheme(value, port, is_tls, starts_tls):
    server = Environment({"EMAIL_URL": value}).mail_server("EMAIL_URL")

    assert (server.host, server.port) == ("mail.example", port)
    assert (server.is_tls, server.starts_tls) == (is_tls, starts_tls)


def test_mail_server_takes_signs_in_names_and_passwords():
    server = Environment({"EMAIL_URL": "smtp://me%40shop.example:p%3Aw@mail.example"}).mail_server(
        "EMAIL_URL"
    )

    assert (server.user, server.password) == ("me@shop.example", "p:w")


@pytest.mark.parametrize("value", ["mail.example", "imap://mail.example", "smtp://h:port"])
def test_mail_server_that_is_none_is_refused_with_an_example(value):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not.*mail.example.org:587"):
        Environment({"EMAIL_URL": value}).mail_server("EMAIL_URL")
