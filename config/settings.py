"""Django's settings: everything that differs between places comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

import django_stubs_ext

from config import logs
from config.environment import Environment

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)

# Where it runs ------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
# The demonstration answers plain http on the loopback only, like a developer's server.
DEMONSTRATION = env.flag("DEMONSTRATION")
IS_PLAIN_HTTP = DEBUG or DEMONSTRATION
SECRET_KEY = env.secret("SECRET_KEY") or ("for development only" * 3 if DEBUG else "")
ALLOWED_HOSTS = list(
    env.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]") if IS_PLAIN_HTTP else ())
)
CSRF_TRUSTED_ORIGINS = list(env.words("CSRF_TRUSTED_ORIGINS"))
STATE_DIR = env.path("STATE_DIR", BASE_DIR / ".stet")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config",
    "claims",
    "verifier",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "csp",
]

MIDDLEWARE = [
    "config.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.NulGuard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "claims.web.sessions.SessionLimits",
    "claims.web.second_factor.RequiredSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.middleware.OtherTries",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.notice",
            ],
        },
    },
]
# A sentence at the top of every page; empty in production.
SITE_NOTICE = (
    "Demonstration data: invented pages, made-up people, nothing here is news."
    if DEMONSTRATION
    else ""
)

# The record's database ----------------------------------------------------------------------
STATEMENT_TIMEOUT_S = env.number("STATEMENT_TIMEOUT_S", 15, minimum=1, maximum=3600)
_LIMITS = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
DATABASES = {
    # The application's role: it may add to the ledger, never change it.
    "default": env.database("DATABASE_URL", "postgresql:///stet"),
    # The role that owns the tables; only `migrate --database=owner` uses it.
    "owner": env.database("DATABASE_OWNER_URL", env.text("DATABASE_URL", "postgresql:///stet")),
}
for _alias, _limits in {
    "default": f"{_LIMITS} -c statement_timeout={int(STATEMENT_TIMEOUT_S * 1000)}",
    "owner": _LIMITS,
}.items():
    DATABASES[_alias] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
    DATABASES[_alias]["OPTIONS"] |= {"options": _limits, "connect_timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: a doorbell and a cache, never the truth -----------------------------------------------
REDIS_URL = env.redis_url("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_url("CACHE_URL", REDIS_URL),
        "KEY_PREFIX": "stet",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}

# People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign-in"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Name and address together: one stranger cannot lock a colleague out everywhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "claims.web.visitors.lockout_address_of"
AXES_LOCKOUT_CALLABLE = "claims.web.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# Staff must sign in with two steps; who has not set them up can do nothing before that.
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR")
OTP_TOTP_ISSUER = "Stet demonstration" if DEMONSTRATION else "Stet"
# One step of 30 s to either side, and never more: a drift that is learnt would widen it.
OTP_TOTP_SYNC = False
# A session ends this long after the sign-in, and this long after it was last used.
SESSION_LIMIT_S = env.integer("SESSION_LIMIT_S", 28_800, minimum=60, maximum=31 * 86_400)
SESSION_IDLE_S = env.integer("SESSION_IDLE_S", 3600, minimum=60, maximum=31 * 86_400)

# The browser --------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
SECURE_SSL_REDIRECT = not IS_PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if IS_PLAIN_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not IS_PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
# Not "no-referrer": browsers then post `Origin: null`, and every form is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_TRUSTED_PROXY") else None
)
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = SESSION_LIMIT_S
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_PLAIN_HTTP
SESSION_COOKIE_NAME = "stet_session" if IS_PLAIN_HTTP else "__Host-stet_session"
CSRF_COOKIE_NAME = "stet_csrf" if IS_PLAIN_HTTP else "__Host-stet_csrf"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o640
# How large a file people may attach to a source; what is larger is not even written down.
CAPTURE_MAX_MB = env.integer("CAPTURE_MAX_MB", 25, minimum=1, maximum=1024)
FILE_UPLOAD_HANDLERS = [
    "claims.admin.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Language and time: the desk's zone is applied where a person reads ----------------------------
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

# Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", STATE_DIR / "static")
SNAPSHOT_DIR = env.path("SNAPSHOT_DIR", STATE_DIR / "snapshots")
# Another Django storage in place of the folder, by the dotted name of its class.
SNAPSHOT_STORAGE = env.text("SNAPSHOT_STORAGE")
# How long a review stays taken by whoever took it.
REVIEW_TAKEN_MIN = env.number("REVIEW_TAKEN_MIN", 30, minimum=1, maximum=1440)
# How long a raw body stays that neither a snapshot nor an entry names.
SNAPSHOT_RETENTION_DAYS = env.number("SNAPSHOT_RETENTION_DAYS", 30, maximum=36_500)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "snapshots": {
        "BACKEND": SNAPSHOT_STORAGE or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": (
            env.options("SNAPSHOT_STORAGE_OPTIONS")
            if SNAPSHOT_STORAGE
            else {"location": str(SNAPSHOT_DIR)}
        ),
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if IS_PLAIN_HTTP
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
# Without `collectstatic` the files are served from where they lie.
WHITENOISE_USE_FINDERS = IS_PLAIN_HTTP
WHITENOISE_AUTOREFRESH = DEBUG

# Hours an open claim of each priority may wait before the board calls it late.
LATE_AFTER_H = {1: 1, 2: 4, 3: 24}

# Who answers for what the desks publish: named in ClaimReview markup, and nowhere else.
PUBLISHER_NAME = env.text("PUBLISHER_NAME")
PUBLISHER_URL = env.web_address("PUBLISHER_URL")

# The API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": env.integer("NUM_PROXIES", 0, maximum=10),
    "STRICT_JSON": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stet",
    "DESCRIPTION": "Claims, the evidence they rest on, and every change to either.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

# The watch: how often a linked source is looked at, in seconds ----------------------------------
WATCH_TICK_S = env.number("WATCH_TICK_S", 30, minimum=1, maximum=3600)
WATCH_FIRST_INTERVAL_S = env.number("WATCH_FIRST_INTERVAL_S", 5 * 60, minimum=1)
WATCH_MIN_INTERVAL_S = env.number("WATCH_MIN_INTERVAL_S", 15 * 60, minimum=1)
WATCH_MAX_INTERVAL_S = env.number("WATCH_MAX_INTERVAL_S", 30 * 86_400, minimum=1)
# For a page that changes once a day; all others follow, so it says what the watch costs as a whole.
WATCH_DAILY_CHANGER_S = env.number("WATCH_DAILY_CHANGER_S", 10_000, minimum=60, maximum=86_400)
WATCH_UNREACHABLE_AFTER_S = env.number("WATCH_UNREACHABLE_AFTER_S", 3 * 86_400, minimum=1)
# How long a worker may hold what it looks at; a dead worker's looks are done again after it.
WATCH_LEASE_S = env.number("WATCH_LEASE_S", 180, minimum=5, maximum=3600)
WATCH_GONE_RELOOK_S = env.number("WATCH_GONE_RELOOK_S", 3600, minimum=1)
FETCH_PAUSE_S = env.number("FETCH_PAUSE_S", 2, maximum=3600)
# A page or an address in the User-Agent, for whoever wonders who looks at their pages.
FETCH_CONTACT = env.text("FETCH_CONTACT")
FETCH_PROXY = env.text("FETCH_PROXY")
FETCH_ALLOW_PRIVATE = env.host_ports("FETCH_ALLOW_PRIVATE")
FETCH_REFUSE = env.networks("FETCH_REFUSE")

# Logs: one JSON object a line, or readable lines where a person watches -------------------------
LOGGING = logs.configuration(is_readable=DEBUG, level=env.text("LOG_LEVEL", "INFO"))
