"""Settings. Everything that differs between installations comes from config/environment.py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts import elsewhere
from fengqiao.config import environment, logs

PACKAGE = Path(__file__).resolve().parents[1]
HOME = environment.home()
DEBUG = os.environ.get("FENGQIAO_DEBUG") == "1"
SECRET_KEY = environment.secret("secret_key")
# This machine's own names always: probes and Prometheus come by them.
_named = [name for name in os.environ.get("FENGQIAO_HOSTS", "").split(",") if name]
ALLOWED_HOSTS = [*_named, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("FENGQIAO_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "django_htmx",
    "fengqiao.config",
    "fengqiao.accounts",
    "fengqiao.places",
    "fengqiao.audit",
    "fengqiao.files",
    "fengqiao.rules",
    "fengqiao.matters",
    "fengqiao.notices",
    "fengqiao.dispatch",
    "fengqiao.clocks",
    "fengqiao.mediation",
    "fengqiao.mediators",
    "fengqiao.pool",
    "fengqiao.agreements",
    "fengqiao.confirmation",
    "fengqiao.referrals",
    "fengqiao.counsel",
    "fengqiao.dossier",
    "fengqiao.supervision",
    "fengqiao.leading",
    "fengqiao.reviews",
    "fengqiao.reporting",
    "fengqiao.study",
    "fengqiao.exchange",
    "fengqiao.web",
    "fengqiao.api",
    "fengqiao.simulate",
]

MIDDLEWARE = [
    "fengqiao.web.kit.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fengqiao.web.kit.security.ContentSecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fengqiao.web.kit.acting.ActingMiddleware",
]

ROOT_URLCONF = "fengqiao.config.urls"
WSGI_APPLICATION = "fengqiao.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "fengqiao.web.kit.context.frame",
            ],
            "builtins": ["fengqiao.web.templatetags.kit"],
        },
    }
]


def _databases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    app, owner = environment.app_address(), environment.owner_address()
    if app is None:
        # `fengqiao setup`, `demo`, `doctor` and `--help` run before there is a database.
        return {"default": {"ENGINE": "django.db.backends.dummy"}}
    found["default"] = app.as_django()
    found["default"]["OPTIONS"]["pool"] = {
        "min_size": int(os.environ.get("FENGQIAO_POOL_MIN", "1")),
        "max_size": int(os.environ.get("FENGQIAO_POOL_MAX", "8")),
        "timeout": 20,
    }
    if owner is not None:
        found["owner"] = owner.as_django()
    return found


DATABASES = _databases()
DATABASE_ROUTERS = ["fengqiao.config.routing.AppRouter"]
APP_ROLE = environment.app_role()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Lock-out counts are kept here: with Django's 300, a few hundred made-up names would push out the
        # count of the one that is being attacked.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- people -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "fengqiao.accounts.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "fengqiao.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,60/15m/ip"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "fengqiao.accounts.adapters.SecondFactorAdapter"
# A security key (WebAuthn) is a second factor beside the authenticator; nobody signs in with a key alone.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "fengqiao.accounts.forms.AddKeyForm",
    "authenticate_webauthn": "fengqiao.accounts.forms.UseKeyForm",
    "edit_webauthn": "fengqiao.accounts.forms.NameKeyForm",
}
# Phones and servers without a time service differ: the code before and the one after are taken too.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "枫桥 Fengqiao"
# Sign-in elsewhere (OpenID Connect), where the operator has set a provider.
SIGN_IN_ELSEWHERE = elsewhere.from_environment(os.environ)
SOCIALACCOUNT_PROVIDERS = elsewhere.providers_of(SIGN_IN_ELSEWHERE)
SOCIALACCOUNT_ADAPTER = "fengqiao.accounts.signing_in_elsewhere.ElsewhereAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# The level-three baseline (等保三级) asks for a time-out; half an hour without a click signs a person out.
SESSION_COOKIE_AGE = int(os.environ.get("FENGQIAO_SESSION_SECONDS", "1800"))
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = os.environ.get("FENGQIAO_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = int(os.environ.get("FENGQIAO_HSTS_SECONDS") or 31_536_000) if HTTPS else 0
# One proxy stands in front: its word is taken for the scheme and for the address that people come from.
PROXY = os.environ.get("FENGQIAO_PROXY") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PROXY else 0
SECURE_SSL_REDIRECT = HTTPS and PROXY
# Probes come to the web server itself, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|ready|metrics)$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Who may read /metrics: with a token whoever has it, without one only this machine.
METRICS_TOKEN = os.environ.get("FENGQIAO_METRICS_TOKEN", "")

# Where pages find the live notices: "/live" behind a proxy that sends it to `fengqiao live`, ":8001" where that
# process is reached itself under the same name; empty: the bell counts when a page is loaded.
LIVE = environment.live()

# --- machines: a token is shown again with each request, so it is short-lived and only its hash is kept -----------
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

# --- webhooks: where else than to the public network they may be sent, and whose certificates are trusted too --------
WEBHOOK_NETWORKS = environment.networks("FENGQIAO_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128" if DEBUG else "")
WEBHOOK_AUTHORITIES = os.environ.get("FENGQIAO_WEBHOOK_AUTHORITIES", "")

# --- notices outside the program: a mail server, and the messengers that people may be told by ---------------------
MAIL = environment.mail()
if MAIL:
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.scheme == "smtps", MAIL.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20
# Where people open the desk, for the links in messages.
ADDRESS = environment.address()
MAIL_DOMAIN = ADDRESS.partition("://")[2].partition(":")[0]
DEFAULT_FROM_EMAIL = os.environ.get("FENGQIAO_MAIL_FROM") or f"fengqiao@{MAIL_DOMAIN}"
APPRISE_SERVICES = environment.apprise_services()

# --- language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ.get("FENGQIAO_FILES") or str(HOME / "files")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (PACKAGE / "staticfiles" / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (PACKAGE / "staticfiles" / "staticfiles.json").exists()
# A phone's photo, a scanned contract, a short recording: 50 MB; what is larger belongs on a carrier in the dossier.
ATTACHMENT_MAX_BYTES = 50 * 1024 * 1024
# Where the fonts of the PDF files lie.
FONTS = (os.environ.get("FENGQIAO_FONTS") or "/usr/share/fonts:/usr/local/share/fonts").split(":")
# Slightly over the limit above, so that a too large file gets our answer and not the server's.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The longest decision table in the browser's editor: 300 rows and 100 examples.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

# --- keys and roots, kept apart from the database and its backups --------------------------------------------
KEYRING = Path(os.environ.get("FENGQIAO_KEYRING") or HOME / "keys" / "keyring.json")
AUDIT_ROOTS = Path(os.environ.get("FENGQIAO_ROOTS") or HOME / "roots")

PROCRASTINATE_ON_APP_READY = "fengqiao.config.jobs.on_app_ready"
PROCRASTINATE_DATABASE_ALIAS = "default"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# Last, so that our select comes before its own.
INSTALLED_APPS.append("django.forms")

# Servers behind HTTPS write JSON, unless told otherwise; a developer's machine writes lines for people.
_as_json = os.environ.get("FENGQIAO_LOG_FORMAT", "json" if HTTPS else "text") == "json"
LOGGING = logs.set_up(
    as_json=_as_json,
    level=os.environ.get("FENGQIAO_LOG") or ("INFO" if _as_json else "WARNING"),
    everything=DEBUG,
)
