"""All settings, read from the environment. What differs between laptop and production follows from SITE_URL.
On https every cookie, redirect and header is strict; on http only loopback is accepted."""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
TESTING = "pytest" in sys.modules

# --- Where we are

SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_NAME = env("SITE_NAME", default="Throughline")
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # where a hole is reported: https://… or mailto:…
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # what /health/metrics wants to be shown; without it there is none
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECURE = SITE_URL.startswith("https://")
LOOPBACK = {"localhost", "127.0.0.1", "::1", "testserver"}

_host = urlsplit(SITE_URL).hostname
if not SECURE and _host not in LOOPBACK:
    raise ImproperlyConfigured("SITE_URL must start with https:// unless it is a loopback address")
if DEMO and _host not in LOOPBACK:
    raise ImproperlyConfigured("Demo mode signs people in without a password, so it only serves a loopback address")

ALLOWED_HOSTS = [_host] if SECURE else ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY = env("SECRET_KEY", default="" if SECURE else "only-for-a-loopback-address-" + "x" * 32)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- The house

INSTALLED_APPS = [
    "config",
    "research",
    "sprints",
    "backlog",
    "teams",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.private_pages",
    "config.middleware.read_again",
    "config.middleware.refuse_bad_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.end_idle_sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "teams.second_factor.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.send_htmx_to_sign_in",
    "config.middleware.explain_wrong_method",
    "allauth.account.middleware.AccountMiddleware",
    "config.kept_words.keep_words",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": ["config.jinja.everywhere"],
        },
    },
    {  # what packages bring; every page that a person can reach is overridden above
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "config.forms.GovukRenderer"

# --- PostgreSQL is the truth; sessions and cache live there, so that the broker may vanish

_database = env.db("DATABASE_URL", default="postgres://localhost/throughline")
_patience = 20 if TESTING else 1  # a machine that stands still for a quarter of a minute is no failed test
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "config.postgresql",
        "HOST": unquote(_database["HOST"]),  # a socket folder arrives percent-encoded
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "CONN_HEALTH_CHECKS": False,  # config.postgresql looks itself, and is quicker after a restart
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "server_side_binding": True,  # otherwise PostgreSQL logs people's words with a failing statement
            "prepare_threshold": 5,  # planned once for many requests; wants our own pool, not one that shares sessions
            "connect_timeout": 3 * _patience,
            "application_name": env("APPLICATION_NAME", default="throughline"),
            "options": f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=10_000 * _patience)}"
            f" -c lock_timeout={3000 * _patience}"
            f" -c idle_in_transaction_session_timeout={15_000 * _patience}",
        },
    }
}
if env.bool("DATABASE_POOL", default=True) and not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": 8,
        "timeout": 5,  # its third try for a server that starts comes after three
    }
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # the usual 300 would let a flood push out what counts its tries
    }
}

# --- People

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["teams.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 3600
_validation = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _validation + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _validation + "CommonPasswordValidator"},
    {
        "NAME": _validation + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "teams.passwords.LongerForAdministrators"},
    {"NAME": "teams.passwords.NotOurOwnWords"},
    {"NAME": "teams.passwords.NotTooLong"},
]
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=False)

ACCOUNT_ADAPTER = "teams.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "teams.allauth_forms.SignIn",
    "change_password": "teams.allauth_forms.ChangePassword",
    "set_password": "teams.allauth_forms.SetPassword",
    "reset_password": "teams.allauth_forms.ResetPassword",
    "reset_password_from_key": "teams.allauth_forms.ResetPasswordFromKey",
    "reauthenticate": "teams.allauth_forms.Reauthenticate",
    "add_email": "teams.allauth_forms.ChangeEmail",
}
MFA_FORMS = {
    "authenticate": "teams.allauth_forms.Authenticate",
    "reauthenticate": "teams.allauth_forms.ReauthenticateByCode",
    "activate_totp": "teams.allauth_forms.ActivateApp",
    "add_webauthn": "teams.allauth_forms.AddKey",
    "edit_webauthn": "teams.allauth_forms.RenameKey",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can make us write to a stranger
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # so that whoever is being locked out by a guesser gets in by their mailbox
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners follow every link
SIGN_INS_A_MINUTE = 300  # from one address, which may be a whole office; guesses at one account: teams/adapter.py
ACCOUNT_RATE_LIMITS = {
    "login": None,  # its lock refuses right people who sign in at the same moment; ours is in views/from_allauth.py
    "login_failed": "5/5m/key",  # codes of a second factor, by person
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if SECURE else 0)
MFA_ADAPTER = "teams.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # every account has a proven address; a second one waits while it is being changed
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

SESSION_ENGINE = "teams.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
IDLE_MINUTES = 60  # longer than OWASP's 15 to 30: a review session talks for half an hour over one item
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# --- Headers

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    if not SECURE_HSTS_PRELOAD:  # a list in browsers that a whole domain is hard to get off again: the owner decides
        SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": (),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR code of two-factor set-up
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/csp-report"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Cut",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Words and time

LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = False
FORMAT_MODULE_PATH = "config.formats"

# --- Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Mail leaves through the outbox (teams/mail.py) only

MAIL_STAYS_HERE = DEMO and not env("EMAIL_URL", default="")  # the demo's mailbox is /mail/
MAIL_LEASE = timedelta(seconds=env.int("MAIL_LEASE_SECONDS", default=120))  # a worker's time to send what it claimed
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_USER"], EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Throughline <throughline@localhost>")
REPLY_TO_EMAIL = env("REPLY_TO_EMAIL", default="") or DEFAULT_FROM_EMAIL  # read by a person, who also takes people off
ADMINS = []  # error mail would carry people's words

# --- Logs: lines that can be kept, because nobody's words are in them (config/log.py)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "config.log.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {  # Django's own set-up would add error mail and lines of another form
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # not each 404
        "celery": {"level": "WARNING"},  # not each wake-up
        "weasyprint": {"level": "WARNING"},  # not each step of a PDF
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.log.NothingToShow"

# --- Background work: a message only wakes a worker, the row says what is to be done

CELERY_BROKER_URL = env("BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
CELERY_TASK_ACKS_LATE = False  # a lost wake-up is followed by the next; a redelivered one would wake twice
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_DB_REUSE_MAX = 1000  # otherwise every task opens a connection of its own
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines go the way of all others
CELERY_TIMEZONE = "UTC"  # local hours are decided in Python (domain.md §4)
CELERY_TASK_ROUTES = {"teams.tasks.do_waiting_jobs": {"queue": "long"}}  # long jobs have a worker of their own
# A wake-up that waited for longer than its interval has been followed by the next one.
CELERY_BEAT_SCHEDULE = {
    "send waiting mail": {"task": "teams.tasks.send_waiting_mail", "schedule": 10, "options": {"expires": 10}},
    "sweep mail": {"task": "teams.tasks.sweep_mail", "schedule": 60, "options": {"expires": 60}},
    "forget old imports": {"task": "backlog.tasks.forget_old_imports", "schedule": crontab(hour=3, minute=10)},
    "forget old sign-ins": {"task": "teams.tasks.forget_old_sign_ins", "schedule": crontab(hour=3, minute=20)},
    "keep research promises": {"task": "research.tasks.keep_promises", "schedule": crontab(hour=2, minute=30)},
    "recount evidence": {"task": "research.tasks.recount_evidence", "schedule": crontab(hour=2, minute=50)},
    "remind reviewers": {"task": "research.tasks.remind_reviewers", "schedule": crontab(hour=7, minute=0)},
    "send digests": {"task": "sprints.tasks.send_digests", "schedule": 60, "options": {"expires": 60}},
    "tell of due escalations": {"task": "sprints.tasks.tell_of_due_escalations", "schedule": crontab(minute=15)},
    "forget old digests": {"task": "sprints.tasks.forget_old_digests", "schedule": crontab(hour=3, minute=30)},
    "do waiting jobs": {"task": "teams.tasks.do_waiting_jobs", "schedule": 10, "options": {"expires": 10}},
}

DIGEST_SECTIONS = {  # heading → a function of (teams, team → since) that gives team → lines (sprints/digest.py)
    "Waiting for sign-off": "sprints.sign_offs.waiting",
    "Playbacks due": "research.playback_digest.due",
}
BEFORE_WORKING_DAYS_CHANGE = ["sprints.morning.judge"]  # each is given the team, to settle what is past

# --- Research: what was said can be taken back

# Each is given words to remove from wherever they were carried to in a team, or in all of its programme.
ERASERS = ["teams.redaction.take_out", "research.playback_pdf.take_out"]
# Who withdrew, outside the database, so that a restored backup is erased again before anybody sees it.
ERASURE_LEDGER = env("ERASURE_LEDGER", default="")

JOBS = {  # kind of job → the function that does it (teams/jobs.py)
    "check an import": "backlog.imports.staging.check",
    "apply an import": "backlog.imports.applying.apply",
    "undo an import": "backlog.imports.undoing.undo",
    "set a PDF": "research.playback_pdf.set_pdf",
}
JOB_LEASE = timedelta(seconds=env.int("JOB_LEASE_SECONDS", default=120))  # silent for longer, a worker is dead
