"""Settings of the MDT case manager: safe defaults, changed by environment variables (docs/deploy.md)."""

import importlib.util
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mdt import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("MDT_DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = environment.flag("MDT_DEBUG", False)
DEMO = environment.flag("MDT_DEMO", False)
VERSION = "0.1.0"


def _secret_key() -> str:
    """The deployment's own key, else one made at first start and kept in the data folder, for its owner only."""
    given = environment.text("MDT_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600, exist_ok=True)
        if not path.read_text():
            path.write_text(secrets.token_urlsafe(50))
    key = path.read_text().strip()
    if len(key) < 40:
        raise ImproperlyConfigured(f"{path} holds no usable secret key: delete it or set MDT_SECRET_KEY.")
    return key


SECRET_KEY = _secret_key()
# Signs ends of the event log (mdt.events.checkpoints); without it a key is made and kept in the data folder.
SIGNING_KEY = environment.text("MDT_SIGNING_KEY")
CHECKPOINT_FILE = environment.text("MDT_CHECKPOINT_FILE", str(DATA_DIR / "checkpoints.txt"))
# Prometheus asks /metrics/ with this token; without one there is no such page.
METRICS_TOKEN = environment.text("MDT_METRICS_TOKEN")
# Backups: encrypted under a key that is nowhere but in the environment; without it none are made.
BACKUP_KEY = environment.text("MDT_BACKUP_KEY")
BACKUP_DIR = environment.text("MDT_BACKUP_DIR", str(DATA_DIR / "backups"))
BACKUPS_KEPT = environment.integer("MDT_BACKUPS_KEPT", 14)
ALLOWED_HOSTS = environment.words("MDT_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("MDT_TRUSTED_ORIGINS")

# Behind HTTPS a deployment sets MDT_HTTPS=1: cookies become secure and plain requests are redirected.
HTTPS = environment.flag("MDT_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:  # browsers refuse a cookie of such a name from anybody but this host over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_AGE = environment.integer("MDT_SESSION_HOURS", 10) * 3600
SESSION_COOKIE_HTTPONLY = True
IDLE_MINUTES = environment.integer("MDT_IDLE_MINUTES", 60)
# For so long after a signature the next one asks for nothing; 0: each asks.
SIGN_MINUTES = environment.integer("MDT_SIGN_MINUTES", 3)
# Whether chairs, auditors, administrators and superusers must have a second factor; everybody else may, or must too.
SECOND_FACTOR_OF_ALL = environment.text("MDT_SECOND_FACTOR") == "everybody"
SECOND_FACTOR_REQUIRED = SECOND_FACTOR_OF_ALL or environment.flag("MDT_SECOND_FACTOR", HTTPS and not DEMO)
# Whether no person may hold two of the offices of system, security, audit and privacy; without it a superuser may
# administer teams and hold roles.
SEPARATE_OFFICES = environment.flag("MDT_SEPARATE_OFFICES", HTTPS and not DEMO)

INSTALLED_APPS = [
    "mdt.people",
    "mdt.events",
    "mdt.duties",
    "mdt.backup",
    "mdt.mail",
    "mdt.rulebook",
    "cases",
    "mdt.meetings",
    "mdt.audit",
    "mdt.interchange",
    "mdt.help",
    "mdt.privacy",
    "mdt.demo",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "mdt.metrics.count_requests",
    # These two are outermost, so that redirects to HTTPS, static files and errors have the headers as well.
    "mdt.headers.on_every_answer",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mdt.static_files.StaticFiles",
    "mdt.compression.CompressPages",
    "mdt.headers.only_utf8",
    "mdt.people.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "mdt.addresses.without_nul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mdt.people.middleware.SessionLimitsMiddleware",
    "mdt.limits.RateLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mdt.people.middleware.FirstStepsMiddleware",
    "mdt.people.middleware.TeamTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mdt.once.FormsCountOnceMiddleware",
    "axes.middleware.AxesMiddleware",
]
# mdt.headers sets X-Frame-Options on every answer, which Django's own middleware would not on files and errors
SILENCED_SYSTEM_CHECKS = ["security.W002"]

ROOT_URLCONF = "mdt.urls"
WSGI_APPLICATION = "mdt.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["mdt.people.templatetags.joining"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mdt.people.context.navigation",
                "mdt.mail.context.unread",
                "mdt.help.context.tour",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database: SQLite in the data folder, or PostgreSQL by DATABASE_URL.
DATABASES = {
    "default": dj_database_url.parse(
        environment.text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'mdt.sqlite3'}",
        conn_max_age=60,
    )
}
SYNC = ["FULL", "NORMAL", "OFF"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads and then writes must not lose its place to another writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged is on the disk, also when the power fails. NORMAL would lose the last seconds.
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={environment.choice('MDT_SQLITE_SYNC', SYNC)};",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a server may have closed what a file cannot
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "queue"
LOGOUT_REDIRECT_URL = "sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# For so long somebody of another team of the hospital may read a case that they opened in an emergency.
EMERGENCY_HOURS = environment.integer("MDT_EMERGENCY_HOURS", 4)
# The hospital's own sign-on; without MDT_OIDC_ISSUER there is none.
OIDC = environment.provider("MDT_OIDC")
PASSWORD_HASHERS = [
    "mdt.people.hashing.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of before: replaced at the next sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "mdt.people.passwords.HouseWords"},
    {"NAME": "mdt.people.passwords.NotBreached"},
]
# The hospital's copy of a list of breached passwords: sorted SHA-1 digests; empty: only the common ones are refused.
BREACHED_PASSWORDS = environment.text("MDT_BREACHED_PASSWORDS")

# Lock-out after failed sign-ins, for one account from one address: a stranger who guesses does not shut the doctor out.
# mdt.people.lock_out adds wider limits: of one address for all accounts, of one account for all addresses.
AXES_HANDLER = "mdt.people.lock_out.LockOut"
AXES_FAILURE_LIMIT = environment.integer("MDT_SIGN_IN_ATTEMPTS", 10)
AXES_SENSITIVE_PARAMETERS = ["username", "code", "csrfmiddlewaretoken", "next"]  # kept of no failed attempt
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True  # who signed in is in the event log
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# Languages. Compiled catalogues (.mo) are made from the committed .po files at set-up (manage.py compile_catalogues).
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_CODE = environment.choice("MDT_LANGUAGE", [code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "mdt_language"
USE_I18N = USE_TZ = True
TIME_ZONE = environment.text("MDT_TIME_ZONE") or environment.machine_time_zone()

# Messages. Without MDT_SMTP_URL they stay in the mailboxes of the system, and nothing leaves the machine.
# Whom to call, on pages that say that something is wrong: "IT service desk, 4711".
SUPPORT = environment.text("MDT_SUPPORT")
PUBLIC_URL = environment.text("MDT_PUBLIC_URL", f"http://127.0.0.1:{environment.integer('PORT', 8000)}").rstrip("/")
SMTP = environment.smtp("MDT_SMTP_URL")
if SMTP:
    globals().update({f"EMAIL_{name.upper()}": value for name, value in SMTP.items()})
MAIL_FROM = environment.text("MDT_MAIL_FROM", "mdt@localhost")
REPORT_LINK_DAYS = environment.integer("MDT_REPORT_LINK_DAYS", 180)
MAIL_CLINICAL_DOMAINS = environment.words("MDT_MAIL_CLINICAL_DOMAINS")

# Key of the pseudonyms in research exports; without it one that follows from the secret key.
RESEARCH_KEY = environment.text("MDT_RESEARCH_KEY")

# Pathways that new cases are referred to, the first one where a program names none; empty: all that are installed.
PATHWAYS = environment.words("MDT_PATHWAYS")

# The hospital's own copy of mdt/meetings/planning/house_rules.toml: minutes of a case, urgency, break.
# The hospital's own policy of retention (mdt/privacy/retention.toml is the shipped one), and where it is noted what was
# erased: outside the database, so that a restored backup can be held against it.
RETENTION_POLICY = environment.text("MDT_RETENTION_POLICY")
ERASURE_FILE = environment.text("MDT_ERASURE_FILE", str(DATA_DIR / "erasures.txt"))
PLANNING_RULES = environment.text("MDT_PLANNING_RULES")


def _package(name: str) -> Path:
    """Folder of an installed package, for static files that come as a wheel."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(f"The package {name!r} is not installed: run ./run or install requirements.txt.")
    return Path(spec.submodule_search_locations[0])


STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", _package("bootstrap")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise serves straight from the packages: nothing to collect before the first page.
WHITENOISE_USE_FINDERS = environment.flag("MDT_STATIC_FROM_PACKAGES", True)
WHITENOISE_AUTOREFRESH = environment.flag("MDT_STATIC_AUTOREFRESH", DEBUG)
# Compressed forms are made once and kept; not while files change under the hand of who writes them.
PRESS_STATIC = not WHITENOISE_AUTOREFRESH
PRESSED_DIR = DATA_DIR / "pressed"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Largest form a browser may send: long reports fit, a flood does not. Field limits are in the forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A report as PDF or DOCX (mdt.reading.files) with the form around it; larger ones are refused unread.
FILE_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["mdt.uploads.InMemory"]
# How often one may ask for what is dear or can be guessed (mdt.limits); off for measurements.
RATE_LIMITS = environment.flag("MDT_RATE_LIMITS", True)
# What is counted against these limits, for all processes together: in Redis where there is one, else in a file.
COUNTS_FILE = str(DATA_DIR / "counts.sqlite3")
_redis_url = environment.text("MDT_REDIS_URL", "")
COUNTS_IN_REDIS = bool(_redis_url)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if COUNTS_IN_REDIS:
    CACHES["counts"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _redis_url.replace("redis+socket://", "unix://", 1),
        "KEY_PREFIX": "mdt-counts",
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }

# Celery. Without MDT_REDIS_URL messages travel through files in the data folder. A message only wakes the worker:
# what has to be done is a row in the duties table: no broker can lose it, and no save waits until one is back.
CELERY_BROKER_URL = environment.text("MDT_REDIS_URL", "filesystem://localhost")
if CELERY_BROKER_URL == "filesystem://localhost":
    _messages = {name: DATA_DIR / "messages" / name for name in ("queue", "control", "processed")}
    for _folder in _messages.values():
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_messages["queue"]),
        "data_folder_out": str(_messages["queue"]),
        "control_folder": str(_messages["control"]),
        "processed_folder": str(_messages["processed"]),
        "store_processed": False,
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "max_retries": 1, "interval_start": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"  # beat counts seconds: no hour that comes twice
CELERY_BEAT_SCHEDULER = "mdt.duties.beat:SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "look-round": {"task": "mdt.duties.tasks.look_round", "schedule": 30.0},
}

LOG_FORMAT = environment.choice("MDT_LOG_FORMAT", ["line", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mdt.logs.LineFormatter"}, "json": {"()": "mdt.logs.JsonFormatter"}},
    "filters": {"without-tokens": {"()": "mdt.addresses.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without-tokens"]}},
    "root": {"handlers": ["console"], "level": environment.text("MDT_LOG_LEVEL", "INFO")},
    # axes says four lines for each sign-in, fontTools twenty for a font
    "loggers": {"axes": {"level": "WARNING"}, "fontTools": {"level": "ERROR"}},
}
