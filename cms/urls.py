"""Root URLs: what is the same in every language first, then the site in its languages."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from accounts.admin_account import AccountView
from cms import views
from cms.api_v3 import api
from core.plugins import installed_plugins
from core.rest.dispatch import rest_view
from core.rest.docs import api_docs

urlpatterns = [
    path("", views.front),
    path("index.php", views.index_php),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    re_path(r"^wp-json(?P<route>/(?s:.*))?\Z", rest_view, name="rest"),
    path("api/docs/", api_docs, name="api_docs"),
    path("api/v3/", api.urls),
    # Before Wagtail's own page at the same address.
    path("admin/account/", require_admin_access(AccountView.as_view())),
    # Wagtail's own page for signing in counts no wrong passwords.
    path("admin/login/", RedirectView.as_view(pattern_name="wagtailadmin_home")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    re_path(r"^uploads/(?P<path>.*)$", views.upload),
    path("", include("comments.urls")),
    path("", include("accounts.public_urls")),
]

urlpatterns += i18n_patterns(
    path("account/cancel/", include("privacy.account_urls")),
    path("account/", include("accounts.urls")),
    path("privacy/", include("privacy.urls")),
    path("comments/", include("comments.rights_urls")),
    *(
        path(config.plugin.url_prefix, include(f"{config.name}.urls"))
        for config in installed_plugins()
        if config.plugin.url_prefix
    ),
    path("", include("pages.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
