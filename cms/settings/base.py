"""The one set of settings; production is this file and an environment.

Without SECRET_KEY the site runs in trial mode: it makes its own secrets in the data folder,
answers on this machine only and takes anonymous comments over REST. With SECRET_KEY it runs in
production mode, where ALLOWED_HOSTS and SITE_URL are required.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cms.env import Environment
from core.plugins import discovered_plugins

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("CMS_DATA_DIR", str(BASE_DIR / "var"))).resolve()
TRIAL = not (env.text("SECRET_KEY") or env.text("SECRET_KEY_FILE"))


def trial_secret(name: str) -> str:
    path = DATA_DIR / "secrets" / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50), encoding="ascii")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {DATA_DIR} cannot be written ({error.strerror}). "
            "Make it writable, or name another one in CMS_DATA_DIR."
        ) from error


DEBUG = False
PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
HOST = env.text("HOST", "127.0.0.1")
# Whether an empty site is filled with the demo when it is first started.
DEMO = env.switch("DEMO", True)
WEB_WORKERS = env.integer("WEB_WORKERS", 2, minimum=1)
READ_CACHE = env.switch("READ_CACHE", True)

if TRIAL:
    SECRET_KEY = trial_secret("secret_key")
    PRIVACY_KEY = env.secret("PRIVACY_KEY") or trial_secret("privacy_key")
    ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]", HOST))
    if HOST in {"0.0.0.0", "::"}:  # noqa: S104  what a person asked for
        ALLOWED_HOSTS = ["*"]
    SITE_URL = env.origin("SITE_URL", f"http://127.0.0.1:{PORT}")
else:
    SECRET_KEY = env.secret("SECRET_KEY")
    PRIVACY_KEY = env.secret("PRIVACY_KEY")
    ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
    SITE_URL = env.origin("SITE_URL")
    for name, value, shape in (
        ("PRIVACY_KEY", PRIVACY_KEY, "a random text of 50 characters that differs from SECRET_KEY"),
        ("ALLOWED_HOSTS", ALLOWED_HOSTS, "the site's host names, separated by commas"),
        ("SITE_URL", SITE_URL, "the site's public address, such as https://example.org"),
    ):
        if not value:
            raise ImproperlyConfigured(
                f"{name} is missing. It should be {shape}; SECRET_KEY is set, so this is a "
                "production site, for which nothing is made up."
            )

FRONTEND_URL = env.url("FRONTEND_URL", schemes=("http", "https"))
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
FRONTEND_SECRETS = env.named_keys("FRONTEND_SECRETS")
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS")
# Types, taxonomies and custom fields beyond WordPress's own (core.extensions.content_kinds).
CONTENT_KINDS = env.json_file("CONTENT_KINDS")

INSTALLED_APPS = [
    "cms.apps.CMSConfig",
    "core.apps.CoreConfig",
    "accounts.apps.AccountsConfig",
    "pages.apps.PagesConfig",
    "comments.apps.CommentsConfig",
    "media.apps.MediaConfig",
    "privacy.apps.PrivacyConfig",
    "wordpress.apps.WordPressConfig",
    "plugins.cart.apps.CartConfig",
    "plugins.webhooks.apps.WebhooksConfig",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.api.v3",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.MaskedUsersConfig",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.documents",
    # modelsearch stays out: beside wagtail.search it makes every index task fail silently.
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "comments.xtd.TablesOnlyConfig",
    "django_comments",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *discovered_plugins(),
]

MIDDLEWARE = [
    "cms.middleware.ClientAddressMiddleware",
    "cms.middleware.GenerationsMiddleware",
    "cms.middleware.SiteTimeZoneMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.ContentSecurityPolicyMiddleware",
    "cms.middleware.ApiDiscoveryMiddleware",
    "cms.api_v3.for_tokens_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.middleware.LanguageByPathMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pages.middleware.lead_from_old_addresses",
    "wordpress.middleware.lead_on",
    "pages.middleware.PublishingFailureMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context_processors.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR}/candour.sqlite3")}
# Erasures are written down apart, so that no restore of the site takes them back.
LEDGER_DATABASE = env.database("LEDGER_DATABASE_URL", f"sqlite:///{DATA_DIR}/ledger.sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.url("CACHE_URL", schemes=("redis", "rediss"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
    }
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Tasks of this queue take minutes; a worker runs them beside all others.
LONG_TASKS_QUEUE = "long"
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", LONG_TASKS_QUEUE],
    }
}
# What the worker runs by itself: the dotted name of a django-tasks task, and seconds between runs.
PERIODIC_TASKS: dict[str, int] = {
    "accounts.tasks.forget_unmaskings": 86_400,
    "accounts.tasks.keep_ages": 86_400,
    "cms.tasks.forget_mails": 3600,
    "pages.tasks.publish_scheduled": 30,
    "wordpress.tasks.publish_due_items": 30,
    "pages.tasks.send_notices": 300,
    "pages.tasks.seal_acceptances": 60,
    "pages.tasks.forget_publishers": 86400,
    "pages.tasks.remove_expired_acceptances": 3600,
    "pages.tasks.forget_unconfirmed_subscriptions": 3600,
    "privacy.tasks.sweep_expired": 600,
    "privacy.tasks.keep_registers": 600,
    "comments.tasks.recheck_held": 20,
    "comments.tasks.ask_for_usage": 86_400,
    "comments.tasks.keep_to_retention": 21_600,
    "comments.tasks.render_fragments_again": 300,
    "comments.moderation.tasks.mail_moderators": 30,
    "comments.moderation.tasks.mail_post_authors": 60,
    "plugins.cart.tasks.delete_expired_carts": 3600,
    "plugins.webhooks.tasks.deliver_due": 30,
    "plugins.webhooks.tasks.forget_old": 86_400,
    "wordpress.tasks.forget_files": 86_400,
}
TASK_MAX_ATTEMPTS = 5

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}
ACCOUNT_USER_DISPLAY = "accounts.people.shown_name"
# With prevention on, allauth answers a known and an unknown address alike.
ACCOUNT_PREVENT_ENUMERATION = True
# How long it is on record who was shown personal data in clear.
ACCOUNTS_UNMASKING_DAYS = 365
# How long a guardian's link works who is asked to agree; their address goes with it.
ACCOUNTS_GUARDIAN_DAYS = 7
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
WAGTAILADMIN_LOGIN_URL = "admin-sign-in"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cms.formats"]
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/uploads/"
MEDIA_ROOT = DATA_DIR / "uploads"
PRIVATE_ROOT = DATA_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "cms.static_files.StaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024

WAGTAIL_SITE_NAME = "Candour"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = [
    "jpg", "jpeg", "jpe", "png", "apng", "webp", "gif", "avif", "avifs", "heic", "heif", "hif",
    "tif", "tiff", "svg",
]  # fmt: skip
WAGTAILIMAGES_MAX_UPLOAD_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
# How many pixels a picture may have is known to stripping, which every way in passes.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = None
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"tiff": "jpeg"}
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
# Whether stored pictures keep what describes camera, lens and exposure. A place they never keep.
MEDIA_KEEP_CAMERA = env.switch("MEDIA_KEEP_CAMERA", False)
# Formats that pictures are offered in besides their own, the best first.
MEDIA_PICTURE_FORMATS = ("avif", "webp")
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {
            "features": [
                "h2", "h3", "h4", "bold", "italic", "code", "link", "ol", "ul", "hr", "blockquote",
            ]
        },
    }
}  # fmt: skip

SITE_ID = 1
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "comments.models.VisitorComment"
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_MAX_THREAD_LEVEL = 9
COMMENTS_FLOOD_SECONDS = env.integer("COMMENTS_FLOOD_SECONDS", 15)
# How long what comes with a comment is kept, in days: browser and page it came from; spam; the
# trash; the network address in clear, and then as a hash whose key is destroyed.
COMMENTS_REQUEST_DAYS = 15
COMMENTS_SPAM_DAYS = 15
COMMENTS_TRASH_DAYS = 30
# Of members under 14: their comments, and where and with what they were sent.
COMMENTS_CHILD_DAYS = 365
COMMENTS_CHILD_NETWORK_DAYS = 7
COMMENTS_IP_DAYS = 30
COMMENTS_IP_HASH_DAYS = 60
# How long an author may appeal against a removal; six months as in the DSA, article 20(1).
COMMENTS_APPEAL_DAYS = 183
# How long followers who have left, or never answered, are kept; then moderation's own records.
COMMENTS_FOLLOWER_DAYS = 30
COMMENTS_RECORD_DAYS = 365
# Reports of illegal content from one network address, and receipts to one mail address, an hour.
COMMENTS_REPORTS_PER_HOUR = 10
COMMENTS_REPORT_MAILS_PER_HOUR = 5
# The first site settings row takes this; an editor may change it there afterwards.
COMMENTS_ANONYMOUS_REST = TRIAL
# Webhooks may otherwise be turned against what only this machine can reach.
WEBHOOKS_ALLOW_PRIVATE = env.switch("WEBHOOKS_ALLOW_PRIVATE", False)
AKISMET_API_KEY = env.secret("AKISMET_API_KEY")
AKISMET_BLOG_URL = env.url("AKISMET_BLOG_URL", SITE_URL, schemes=("http", "https"))
AKISMET_API_URL = env.url("AKISMET_API_URL", schemes=("http", "https"))

# How long before it takes effect a material change of a policy is announced.
POLICIES_NOTICE_DAYS = 7
# How long the record of what a person agreed to is kept after their account ends.
POLICIES_PROOF_DAYS = 1095
# With this key a mail system signs the bounces that it reports; without it, it cannot.
BOUNCE_SECRET = env.secret("BOUNCE_SECRET")

# Days within which a data request is answered, and for how long an export can be downloaded.
PRIVACY_REPLY_DAYS = 15
PRIVACY_EXPORT_DAYS = 3
PRIVACY_CONFIRM_HOURS = 48
# How long a confirmed erasure waits, and can be cancelled, before anything is erased.
PRIVACY_GRACE_HOURS = env.integer("PRIVACY_GRACE_HOURS", 24, maximum=240)
# By how much the time for an answer may be extended, once and with notice to the person: two
# months are the most that GDPR, article 12(3), allows.
PRIVACY_EXTENSION_DAYS = 30
# When officers are told that a request is open still, in per cent of that time.
PRIVACY_ESCALATE_PERCENT = (50, 80, 100)
# How long the record of an answered request is kept, without the address.
PRIVACY_RECORD_DAYS = 730
# How long it is on record what an authority was given, and a breach after it was closed.
PRIVACY_DISCLOSURE_DAYS = 1095
PRIVACY_BREACH_DAYS = 1825
# Mails that data requests may cause in an hour, for one address and from one network address.
PRIVACY_MAILS_PER_HOUR = 3
PRIVACY_MAILS_PER_HOUR_AND_SOURCE = 20

if mail_server := env.mail_server("EMAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = mail_server.host, mail_server.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail_server.user, mail_server.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = mail_server.is_tls, mail_server.starts_tls
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
# How long mails stay in that folder.
MAIL_FOLDER_DAYS = 7
DEFAULT_FROM_EMAIL = env.mail_address("DEFAULT_FROM_EMAIL", f"site@{urlsplit(SITE_URL).hostname}")

SECURE = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SECURE
# Who asks whether the site is well stands before the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "candour_session"
CSRF_COOKIE_NAME = "candour_csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "SAMEORIGIN"
# Wagtail previews pages in a frame of its own admin; other sites are kept out all the same.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cms.logs.PlaceFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django_tasks": {"level": "WARNING"},
        # Answers of 404 and the like are no fault of the site.
        "django.request": {"level": "ERROR"},
        # The worker says at WARNING that it was asked to stop, which is no fault.
        "django_tasks_db": {"level": "ERROR"},
        # httpx logs whole addresses, and an Akismet address may hold the key.
        "httpx": {"level": "WARNING"},
    },
}
