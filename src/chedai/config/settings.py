"""Settings: everything that differs between installations comes from the environment."""

from __future__ import annotations

import os
import re
from pathlib import Path

from chedai.config.database import app_url, django_database, owner_url

BASE_DIR = Path(__file__).resolve().parents[3]
PACKAGE_DIR = BASE_DIR / "src" / "chedai"


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


DEBUG = _is_on("CHEDAI_DEBUG")
CHEDAI_DEMO = _is_on("CHEDAI_DEMO")
CHEDAI_TESTING = False  # the test suite turns it on
# Used by the demo world, by development and by tests; `chedai doctor` refuses it elsewhere.
CHEDAI_DEMO_SECRET_KEY = "demo-only-secret-key-of-the-invented-city-of-linjiang"  # noqa: S105
SECRET_KEY = os.environ.get("CHEDAI_SECRET_KEY") or CHEDAI_DEMO_SECRET_KEY
# "1:<base64>,2:<base64>": the highest version seals, all of them open.
CHEDAI_MASTER_KEYS = os.environ.get("CHEDAI_MASTER_KEYS", "")
# An ISO moment at which the clock stands still, in the demo world and in tests only.
CHEDAI_CLOCK_FIXED_AT = os.environ.get("CHEDAI_CLOCK_FIXED_AT", "")
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("CHEDAI_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [
    origin.strip()
    for origin in os.environ.get("CHEDAI_TRUSTED_ORIGINS", "").split(",")
    if origin.strip()
]

# A folder of this installation over the shipped policy book.
# The lender sandbox beside the demo world: where it listens, and the root of its secrets.
CHEDAI_SANDBOX_URL = os.environ.get("CHEDAI_SANDBOX_URL", "")
CHEDAI_SANDBOX_SECRET = os.environ.get("CHEDAI_SANDBOX_SECRET", "")
CHEDAI_POLICY_OVERLAY = (
    Path(folder) if (folder := os.environ.get("CHEDAI_POLICY_OVERLAY")) else None
)

# --- Applications, in the order of the map -----------------------------------------------

STEP_APPS = [
    name
    for name in (
        "chedai.audit",
        "chedai.staff",
        "chedai.privacy",
        "chedai.catalogue",
        "chedai.deals",
        "chedai.web",
        "chedai.reception",
        "chedai.planning",
        "chedai.applications",
        "chedai.demo",
    )
    if (PACKAGE_DIR / name.removeprefix("chedai.") / "apps.py").exists()
]
INSTALLED_APPS = [
    *STEP_APPS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "chedai.web.middleware.content_security_policy",
    "chedai.web.middleware.refuse_null_bytes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chedai.web.middleware.one_moment",
    "chedai.web.middleware.act_for_organisation",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chedai.web.middleware.SecondFactorMiddleware",
    "chedai.web.middleware.AreaMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "chedai.config.urls"
WSGI_APPLICATION = "chedai.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database ------------------------------------------------------------------------------

CHEDAI_AS_OWNER = _is_on("CHEDAI_AS_OWNER")
DATABASES = {
    "default": django_database(
        owner_url(os.environ) if CHEDAI_AS_OWNER else app_url(os.environ),
    )
}
CHEDAI_APP_URL = app_url(os.environ)
CHEDAI_APP_ROLE = django_database(CHEDAI_APP_URL)["USER"]
CACHES = {
    # In the database, so that attempts at a password are counted once for all processes.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "staff_cache",
    }
}

# --- Pages ---------------------------------------------------------------------------------

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE_DIR / app.removeprefix("chedai.") / "templates" for app in STEP_APPS],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "chedai.web.jinja.environment",
            "context_processors": ["chedai.web.pages.shared_context"],
        },
    },
    {
        # allauth's own pages, and ours that override them.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "staff" / "templates_django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-built" / "collected"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static-built" / "vendor",) if path.is_dir()]
# The launcher collects at every start and says so; what an earlier start collected may be stale.
_is_collected = not DEBUG and _is_on("CHEDAI_STATIC_COLLECTED")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _is_collected
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# Where nothing was collected, files are served from where they lie.
WHITENOISE_USE_FINDERS = not _is_collected
WHITENOISE_AUTOREFRESH = not _is_collected

# --- Sign-in -------------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["chedai.staff.sign_in.DirectoryBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "chedai.staff.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "chedai.web.views.csrf_refused"

# --- Transport -----------------------------------------------------------------------------

# Cookies travel over HTTPS only, except where there is none: on one's own machine.
_LOOPBACK = re.compile(r"^(localhost|127(\.\d+){3}|\[::1\]|testserver)$")
CHEDAI_IS_LOOPBACK = all(_LOOPBACK.match(host) for host in ALLOWED_HOSTS)
_is_secure = not (DEBUG or CHEDAI_IS_LOOPBACK)
SESSION_COOKIE_SECURE = _is_secure
CSRF_COOKIE_SECURE = _is_secure
SECURE_SSL_REDIRECT = _is_secure and not _is_on("CHEDAI_BEHIND_PLAIN_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _is_secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The only whole policy; no inline script and no inline style anywhere.
CHEDAI_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

# --- allauth -------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "chedai.web.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "chedai.web.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _is_secure else "http"
# Five wrong passwords for one name in five minutes, or thirty a minute from one address,
# and the door stays shut for that long.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# The code of half a minute ago still counts: clocks of phones are not exact.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Chedai 车贷"
MFA_ADAPTER = "chedai.privacy.factors.SealedFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator who opened the account vouches for it

# --- Log -------------------------------------------------------------------------------------

# What broke is written where the server writes; a refusal (4xx) is an answer, not a fault.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}

# --- Jobs ----------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
