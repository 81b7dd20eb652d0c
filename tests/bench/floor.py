"""The floor: what Django, PostgreSQL and Jinja2 cannot do for less, on the same rows (performance.md §1).

Settings, addresses and views of a second, bare site: Django's usual middleware, a persistent connection for each
thread, and neither permissions nor filters. It reads the product's tables and knows its sessions.
"""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, TEMPLATES

ROOT_URLCONF = "tests.bench.floor_views"
LOGIN_URL = "/nowhere"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the app of our users insists; it costs next to nothing
]
_database = DATABASES["default"]
DATABASES = {
    "default": {
        **{name: value for name, value in _database.items() if name in ("ENGINE", "HOST", "NAME", "USER")},
        "CONN_MAX_AGE": None,
    }
}
TEMPLATES = [{"BACKEND": TEMPLATES[0]["BACKEND"], "DIRS": [BASE_DIR / "tests" / "bench" / "templates"]}]  # noqa: F405
