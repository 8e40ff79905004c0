"""Settings of Rapport. Everything that differs between installations comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ats import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
SITE_URL = env.site("SITE_URL")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "ats",
    "interviews",
    "references",
    "trials",
    "candidates",
    "ats.desk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "ats.engine.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ats.portal.languages.SpeakingMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ats.desk.zone.DeskZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ats.crossing.CrossingMiddleware",
]

ROOT_URLCONF = "ats.urls"
WSGI_APPLICATION = "ats.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ats.company.company",
            ],
        },
    },
    {  # for text mails and their subjects, where nothing may be escaped as HTML
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "text",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"autoescape": False},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
AUTH_USER_MODEL = "candidates.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.zone("TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
DOCUMENTS_DIR = env.text("DOCUMENTS_DIR", "")
STORAGES = {
    "default": env.documents(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "candidates.people.uploads.BoundedUploadHandler",
]

# Mail. MAILBOX_DIR is set in embedded mode alone: where the local sink keeps what arrived, shown at /mailbox/.
MAIL_PROVIDER, MAIL_CREDENTIALS = env.mail_provider("MAIL_PROVIDER")
MAIL_WAY = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend" if MAIL_PROVIDER else "candidates.post.sending.smtp.Backend"
EMAIL_BACKEND = "ats.engine.traced_mail.Backend" if env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "") else MAIL_WAY
ANYMAIL = {**MAIL_CREDENTIALS, "REQUESTS_TIMEOUT": 10}
MAIL_RATES: dict[str, int] = env.rates("MAIL_RATES")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL")
MAILBOX_DIR = env.text("MAILBOX_DIR", "")
# How many minutes rejections, hires, offers and reference requests wait after the button, so that they can be taken
# back; 0: they leave at once.
SOLEMN_MINUTES = env.count("SOLEMN_MINUTES", 0)
# What comes back: the address that answers go to (each mail gets its own, reply+...@), and the mailbox where they
# arrive.
REPLY_ADDRESS: str = env.address("REPLY_ADDRESS")
REPLY_MAILBOX = env.mailbox()
# What the mail provider shows when it tells of mails, as name:password in the address; anymail reads it by this name.
ANYMAIL_WEBHOOK_SECRET = env.name_and_password("ANYMAIL_WEBHOOK_SECRET")
# Which DKIM key signs our mails; asked for by the page that looks up whether mails arrive.
DKIM_SELECTOR = env.label("DKIM_SELECTOR")

# Who may read /metrics: whoever shows this token; without one, and without a proxy in front, this machine alone.
METRICS_TOKEN = env.secret("METRICS_TOKEN")

COMPANY_NAME = env.text("COMPANY_NAME", "Rapport")
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 30)
# How many applications an hour, of one mail address, one IP address and one network (/24, /64); how many mails an hour
# with a link to a saved form to one mail address; and the seconds in which nobody can have filled the form.
APPLY_LIMIT_ADDRESS = env.number("APPLY_LIMIT_ADDRESS", 10)
APPLY_LIMIT_IP = env.number("APPLY_LIMIT_IP", 60)
APPLY_LIMIT_NETWORK = env.number("APPLY_LIMIT_NETWORK", 300)
APPLY_LIMIT_DRAFTS = env.number("APPLY_LIMIT_DRAFTS", 5)
APPLY_SECONDS = env.number("APPLY_SECONDS", 3)
# Whether the calendars of interviewers may lie on private addresses: where a company has its own calendar server.
CALENDARS_IN_OWN_NETWORK = env.flag("CALENDARS_IN_OWN_NETWORK")
# Help desks that are asked for the figures of trials: tool -> credentials.
HELP_DESKS = env.help_desks()
# Who reacts to an event after its commit; named here so that the inner packages need not know the outer one.
EVENT_DOORBELL = "ats.automation.tasks.act"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Somebody waits at the screen for what is urgent, so a process of its own takes nothing else (ats/engine/start.py);
# mails and all other work share the rest.
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {
    "candidates.post.tasks.send_urgent*": {"queue": "urgent"},
    "candidates.post.tasks.send*": {"queue": "mail"},
}
# A second net: a worker's child that grew beyond this (kilobytes) ends after its task, and another takes its place.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 200_000
CELERY_IMPORTS = ["candidates.screening.tasks", "ats.importing.tasks"]
CELERY_BEAT_SCHEDULE = {
    "mail": {"task": "candidates.post.tasks.send_due", "schedule": SWEEP_SECONDS},
    "urgent mail": {"task": "candidates.post.tasks.send_urgent_due", "schedule": SWEEP_SECONDS},
    "reminders": {"task": "candidates.post.tasks.remind_due", "schedule": SWEEP_SECONDS},
    "digests": {"task": "ats.desk.digest.tasks.send", "schedule": SWEEP_SECONDS},
    "closing dates": {"task": "candidates.jobs.tasks.close_due", "schedule": SWEEP_SECONDS},
    "automation": {"task": "ats.automation.tasks.act", "schedule": SWEEP_SECONDS},
    "documents": {"task": "candidates.people.tasks.read_due", "schedule": SWEEP_SECONDS},
    "files": {"task": "candidates.people.tasks.clean", "schedule": 3600},
    "drafts": {"task": "candidates.careers.tasks.sweep_drafts", "schedule": 3600},
    "erased": {"task": "ats.privacy.tasks.take_what_came_late", "schedule": 3600},
    "rejections": {"task": "ats.rejections.tasks.carry_out", "schedule": SWEEP_SECONDS},
    "letters": {"task": "candidates.screening.tasks.print_letters", "schedule": SWEEP_SECONDS},
    "call times": {"task": "candidates.screening.tasks.tend_call_times", "schedule": SWEEP_SECONDS},
    "imports": {"task": "ats.importing.tasks.work_waiting", "schedule": SWEEP_SECONDS},
    "figures": {"task": "trials.tasks.import_waiting_figures", "schedule": SWEEP_SECONDS},
    "help desks": {"task": "trials.tasks.fetch_figures", "schedule": SWEEP_SECONDS},
    "replies": {"task": "candidates.post.inbound.tasks.fetch", "schedule": max(SWEEP_SECONDS, 60)},
    "calendars": {"task": "interviews.availability.tasks.read_calendars", "schedule": SWEEP_SECONDS},
    "pool": {"task": "candidates.sourcing.tasks.forget_unconfirmed", "schedule": 3600},
    "agreement": {"task": "interviews.agreement.tasks.compute", "schedule": SWEEP_SECONDS},
    "interviews coming": {"task": "interviews.scheduling.tasks.remind_due", "schedule": SWEEP_SECONDS},
    "interviews unwanted": {"task": "interviews.scheduling.tasks.tend", "schedule": SWEEP_SECONDS},
    "zone rules": {"task": "interviews.scheduling.tasks.follow_zone_rules", "schedule": 3600},
    "written work": {"task": "interviews.exercises.tasks.hand_in_due", "schedule": SWEEP_SECONDS},
    "references": {"task": "references.tasks.expire_due", "schedule": SWEEP_SECONDS},
    "verdicts": {"task": "trials.verdicts.tasks.escalate", "schedule": SWEEP_SECONDS},
    "looks back": {"task": "trials.afterwards.tasks.end_unanswered", "schedule": 3600},
    "early warnings": {"task": "trials.tasks.raise_warnings", "schedule": 3600},
    "heartbeat": {"task": "ats.engine.tasks.beat", "schedule": SWEEP_SECONDS},
}

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
BEHIND_PROXY = env.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LOG_FORMAT = env.choice("LOG_FORMAT", "line", "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "ats.engine.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "ats.engine.logs.JsonLine"},
    },
    "filters": {"without_tokens": {"()": "ats.engine.logs.WithoutTokens"}},
    "handlers": {
        "console": {"class": "ats.engine.logs.Console", "formatter": LOG_FORMAT, "filters": ["without_tokens"]}
    },
    "loggers": {
        # Every sweep would write eight lines about having found nothing to do.
        **{name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},
        # A line for every request, for machines that read them all.
        "rapport.request": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # It has a handler of its own otherwise, that would tell the address of a request that failed.
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        "opentelemetry": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
