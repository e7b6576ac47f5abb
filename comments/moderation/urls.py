"""Addresses of the moderators' screens, below the admin's."""

from django.urls import path

from comments.moderation import (
    acting,
    appeals,
    blocking,
    decisions,
    desk,
    holds,
    queue,
    removals,
    reports,
    sanctions,
    single,
    watching,
    writing,
)

urlpatterns = [
    path("", queue.show, name="queue"),
    path("search/", queue.search, name="search"),
    path("act/", acting.act, name="moderate"),
    path("undo/<uuid:batch>/", acting.undo, name="undo"),
    path("decisions/", decisions.show, name="decisions"),
    path("watched/", watching.show, name="watched"),
    path("<int:key>/", single.show, name="single"),
    path("<int:key>/unmask/", single.unmask, name="unmask"),
    path("<int:key>/thread/", single.thread, name="thread"),
    path("<int:key>/edit/", writing.edit, name="edit"),
    path("<int:key>/reply/", writing.reply, name="reply"),
    path("<int:key>/block/", blocking.block, name="block"),
    path("<int:key>/remove/", removals.remove, name="remove"),
    path("<int:key>/sanction/", sanctions.make, name="sanction"),
    path("<int:key>/hold/", holds.make, name="hold"),
    path("desk/", desk.first, name="desk"),
    path("reports/", reports.show, name="reports"),
    path("reports/<int:key>/", reports.decide_on, name="report"),
    path("appeals/", appeals.show, name="appeals"),
    path("appeals/<int:key>/", appeals.decide_on, name="appeal"),
    path("sanctions/", sanctions.show, name="sanctions"),
    path("sanctions/<int:key>/lift/", sanctions.lift, name="lift"),
    path("holds/", holds.show, name="holds"),
    path("holds/<int:key>/release/", holds.release, name="release"),
]
