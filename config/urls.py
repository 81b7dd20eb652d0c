from django.urls import include, path

from config import health, help, home, metrics, reports, security_txt
from teams.views import mailbox

urlpatterns = [
    path("", home.today, name="today"),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("health/metrics", metrics.metrics),
    path("csp-report", reports.csp_report),
    path(".well-known/security.txt", security_txt.security_txt),
    path("help/", help.index, name="help"),
    path("help/<slug:name>/", help.page, name="help_page"),
    path("mail/", mailbox.mailbox, name="mailbox"),
    path("mail/<int:number>/", mailbox.letter, name="letter"),
    path("", include("teams.account_urls")),
    path("", include("teams.urls")),
    path("", include("backlog.urls")),
    path("", include("sprints.urls")),
    path("", include("research.urls")),
    path("", include("research.playback_urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler429 = "config.errors.too_many"
