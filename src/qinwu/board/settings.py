"""Settings of the web application, from the environment that ``qinwu serve`` sets: a station folder, a database, a host.

Everything the board writes lives in ``board/`` of the station folder: the database (unless ``DATABASE_URL`` names another) and
the secret key.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from qinwu.board.access.secret import secret_key
from qinwu.language import default_language

STATION = Path(os.environ.get("QINWU_STATION", ".")).resolve()
STATE = STATION / "board"
HERE = Path(__file__).parent

SECRET_KEY = secret_key(STATE) if "QINWU_STATION" in os.environ else get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("QINWU_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
BEHIND_TLS = os.environ.get("QINWU_TLS", "") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "qinwu.board",
]
MIDDLEWARE = [
    "qinwu.board.measures.MeasureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "qinwu.board.access.headers.HeaderMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "qinwu.board.troubles.TroubleMiddleware",
    "qinwu.board.access.limits.LimitMiddleware",
    "qinwu.board.access.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "qinwu.board.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "qinwu.board.pages.environment", "autoescape": True},
    },
]
ASGI_APPLICATION = "qinwu.board.asgi.application"

_SQLITE = f"sqlite:///{STATE / 'board.sqlite3'}"
DATABASES = {"default": dj_database_url.config(default=_SQLITE, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time, told so at once: a transaction that would have to wait at its end waits at its beginning.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # A page asks some twenty questions, the same ones every time: prepared, they cost PostgreSQL half.
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "prepare_threshold": 3,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "qinwu.board.access.backend.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours."""
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "qinwu.board.views.account.locked_out"
AXES_VERBOSE = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "board"
OPEN_PAGE = os.environ.get("QINWU_OPEN", "1") != "0"
"""Whether residents may read the open page."""
QINWU_LIMITS = {
    "login": os.environ.get("QINWU_LIMIT_LOGIN", "30/5m"),
    "new_call": os.environ.get("QINWU_LIMIT_NEW_CALL", "60/m"),
    "api": os.environ.get("QINWU_LIMIT_API", "1200/m"),
}
"""How often: logins from an address, new calls from an account, questions with a token; written ``count/period``."""
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "limits": {"BACKEND": "qinwu.board.access.counts.SharedCounts", "LOCATION": str(STATE), "KEY_PREFIX": "limits"},
}
RATELIMIT_USE_CACHE = "limits"
OTP_TOTP_ISSUER = "Qinwu"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 1
"""After a wrong code the next one waits a second, then two, four, …; five lock the account as five wrong passwords do."""
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "qinwu.board.troubles.stale"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if BEHIND_TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},  # anybody could fill the log with it
    },
}
"""Faults of the program go to the log of the service: Django by itself tells them to nobody."""

LANGUAGE_CODE = "zh-hans" if default_language() == "zh" else "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",
    "security.W005",  # other names of the station's domain are not ours to bind to HTTPS
    "security.W021",  # nor is a place in the browsers' list of such domains
    *(() if BEHIND_TLS else ("security.W004", "security.W008", "security.W012", "security.W016")),  # on this machine only, no HTTPS
]
