"""Settings from the environment, each also as NAME_FILE, loud on what is missing or nonsense."""

import os
import re
import sys
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

SHORTEST_SECRET = 16
MINUTES_OF_A_DAY = 1440
LONGEST_LOCAL = 20  # before the @ of an address that a token of 42 characters is put into


def refuse(message: str) -> NoReturn:
    """End the process with one clear line and exit code 1; a traceback would hide the cause."""
    sys.stderr.write(f"Rapport cannot start: {message}\n")
    raise SystemExit(1)


def text(name: str, default: str | None = None) -> str:
    """The setting `name`, or what the file named by `name`_FILE holds; `default` None means required."""
    if path := os.environ.get(f"{name}_FILE"):
        return _read(name, path)
    value = os.environ.get(name) or default
    if value is None:
        refuse(f"{name} is not set. Set it in the environment, or {name}_FILE to a file that holds it.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """The yes/no setting `name`."""
    value = text(name, "yes" if default else "no").lower()
    if value not in {"yes", "true", "1", "on", "no", "false", "0", "off"}:
        refuse(f"{name} is {value!r}; say yes or no.")
    return value in {"yes", "true", "1", "on"}


def number(name: str, default: int) -> int:
    """The whole-number setting `name`, one or more."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value)):
        refuse(f"{name} is {value!r}; it must be a whole number above zero.")
    return int(value)


def count(name: str, default: int) -> int:
    """The whole-number setting `name`, zero or more; a day of minutes at most."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value) <= MINUTES_OF_A_DAY):
        refuse(f"{name} is {value!r}; it must be a whole number from 0 to {MINUTES_OF_A_DAY}.")
    return int(value)


def choice(name: str, *choices: str) -> str:
    """The setting `name`, one of `choices`; the first one when nothing is said."""
    value = text(name, choices[0])
    if value not in choices:
        refuse(f"{name} is {value!r}; it must be one of: {', '.join(choices)}.")
    return value


def secret(name: str) -> str:
    """The secret in `name`, or nothing; one that can be guessed is refused."""
    value = text(name, "")
    if value and not (len(value) >= SHORTEST_SECRET and value.isascii() and value.isprintable() and " " not in value):
        refuse(f"{name} must have {SHORTEST_SECRET} plain characters at least, without spaces.")
    return value


def zone(name: str, default: str) -> str:
    """The time zone in `name`, by its IANA name."""
    value = text(name, default)
    if value not in available_timezones():
        refuse(f"{name} is {value!r}; it must be an IANA name like Europe/Amsterdam.")
    return value


def sender(name: str) -> str:
    """The mail address in `name`, with or without a person's name before it."""
    value = text(name)
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        refuse(f"{name} is {value!r}; it must be a mail address like jobs@example.org.")
    return value


def address(name: str) -> str:
    """The plain mail address in `name`, or nothing."""
    value = text(name, "")
    try:
        if value:
            validate_email(value)
    except ValidationError:
        refuse(f"{name} is {value!r}; it must be a plain mail address like reply@example.org.")
    local = value.rpartition("@")[0]
    if len(local) > LONGEST_LOCAL or "+" in local:
        refuse(f"{name} is {value!r}; before the @ it may have {LONGEST_LOCAL} characters and no plus sign.")
    return value


def label(name: str) -> str:
    """A part of a name in the domain name system, or nothing."""
    value = text(name, "")
    if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*", value):
        refuse(f"{name} is {value!r}; it must be a name like mail2030 of letters, digits and hyphens.")
    return value


def name_and_password(name: str) -> str:
    """The "name:password" in `name`, or nothing; a password that can be guessed is refused."""
    value = text(name, "")
    who, colon, password = value.partition(":")
    if value and not (who and colon and value.isascii() and value.isprintable() and " " not in value):
        refuse(f"{name} must look like name:password, in plain letters, digits and signs.")
    if value and len(password) < SHORTEST_SECRET:
        refuse(f"{name} needs a password of {SHORTEST_SECRET} characters at least after the colon.")
    return value


def mailbox() -> dict[str, Any]:
    """The mailbox that answers arrive in, asked by IMAP over TLS; nothing when none is set."""
    names = {"host": "REPLY_IMAP_HOST", "user": "REPLY_IMAP_USER", "password": "REPLY_IMAP_PASSWORD"}
    told: dict[str, Any] = {part: text(name, "") for part, name in names.items()}
    if not any(told.values()):
        return {}
    if lacking := next((names[part] for part, value in told.items() if not value), ""):
        refuse(f"{lacking} is not set; {', '.join(names.values())} belong together.")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", told["host"]):
        refuse(f"REPLY_IMAP_HOST is {told['host']!r}; it must be the name of a server like imap.example.org.")
    folder = text("REPLY_IMAP_FOLDER", "INBOX")
    if not (folder.isascii() and folder.isprintable() and '"' not in folder):
        refuse("REPLY_IMAP_FOLDER must be plain letters, digits and signs in one line.")
    return told | {"port": number("REPLY_IMAP_PORT", 993), "folder": folder}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated setting `name`."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str) -> dict[str, Any]:
    """The PostgreSQL database that the address in `name` stands for, as Django wants it."""
    value = text(name)
    if not value.startswith(("postgres://", "postgresql://")):
        refuse(f"{name} must start with postgres:// ; Rapport runs on PostgreSQL only.")
    try:
        return dict(environ.Env.db_url_config(value))
    except (ValueError, ImproperlyConfigured):
        refuse(f"{name} is no database address; it looks like postgres://user:password@host:5432/name .")


def redis(name: str) -> str:
    """The Redis address in `name`: redis://, rediss:// or unix://."""
    value = text(name)
    if not value.startswith(("redis://", "rediss://", "unix://")):
        refuse(f"{name} must start with redis://, rediss:// or unix:// .")
    return value


def site(name: str) -> str:
    """The public address in `name`, without a trailing slash; the links in mails start with it."""
    value = text(name)
    if not value.startswith(("http://", "https://")):
        refuse(f"{name} must start with https:// (or http:// on one's own machine).")
    return value.rstrip("/")


def documents() -> dict[str, Any]:
    """Where uploads are kept, as Django wants it: a folder or a bucket, never both, never neither."""
    folder, bucket = text("DOCUMENTS_DIR", ""), text("DOCUMENTS_S3_BUCKET", "")
    if not folder and not bucket:
        refuse("DOCUMENTS_DIR is not set. Set it to a folder, or set DOCUMENTS_S3_BUCKET.")
    if folder and bucket:
        refuse("DOCUMENTS_DIR and DOCUMENTS_S3_BUCKET are both set; uploads are kept in one place, so leave one empty.")
    return _bucket(bucket) if bucket else _folder(folder)


HELP_DESKS = {
    "zendesk": {"account": "ZENDESK_SUBDOMAIN", "email": "ZENDESK_EMAIL", "token": "ZENDESK_TOKEN"},
    "freshdesk": {"account": "FRESHDESK_DOMAIN", "key": "FRESHDESK_KEY"},
    "helpscout": {"account": "HELPSCOUT_APP_ID", "secret": "HELPSCOUT_SECRET"},
}


def help_desks() -> dict[str, dict[str, str]]:
    """The help desks that are asked for figures, each with its credentials; those that nothing is said of are not."""
    told = {tool: {part: text(name, "") for part, name in names.items()} for tool, names in HELP_DESKS.items()}
    for tool, parts in told.items():
        if any(parts.values()) and not all(parts.values()):
            lacking = next(HELP_DESKS[tool][part] for part, value in parts.items() if not value)
            refuse(f"{lacking} is not set; {', '.join(HELP_DESKS[tool].values())} belong together.")
        if parts["account"] and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", parts["account"]):
            name = HELP_DESKS[tool]["account"]
            refuse(f"{name} must be a name of letters, digits and hyphens, without https:// and without a dot.")
        if not all(value.isascii() and value.isprintable() for value in parts.values()):
            refuse(f"{', '.join(HELP_DESKS[tool].values())} must be plain letters, digits and signs in one line.")
    return {tool: parts for tool, parts in told.items() if parts["account"]}


# Whoever sends mails by an API instead of SMTP, by anymail's name: what it needs, and what it may be told besides.
MAIL_PROVIDERS = {
    "amazon_ses": ((), ("AMAZON_SES_CONFIGURATION_SET_NAME",)),
    "brevo": (("BREVO_API_KEY",), ("BREVO_API_URL",)),
    "mailersend": (
        ("MAILERSEND_API_TOKEN",),
        ("MAILERSEND_API_URL", "MAILERSEND_SIGNING_SECRET", "MAILERSEND_INBOUND_SECRET"),
    ),
    "mailgun": (("MAILGUN_API_KEY",), ("MAILGUN_API_URL", "MAILGUN_SENDER_DOMAIN", "MAILGUN_WEBHOOK_SIGNING_KEY")),
    "mailjet": (("MAILJET_API_KEY", "MAILJET_SECRET_KEY"), ("MAILJET_API_URL",)),
    "mailtrap": (("MAILTRAP_API_TOKEN",), ("MAILTRAP_SANDBOX_ID", "MAILTRAP_API_URL")),
    "mandrill": (("MANDRILL_API_KEY",), ("MANDRILL_API_URL", "MANDRILL_WEBHOOK_KEY", "MANDRILL_WEBHOOK_URL")),
    "postal": (("POSTAL_API_KEY", "POSTAL_API_URL"), ()),
    "postmark": (("POSTMARK_SERVER_TOKEN",), ("POSTMARK_API_URL", "POSTMARK_MESSAGE_STREAM")),
    "resend": (("RESEND_API_KEY",), ("RESEND_API_URL",)),
    "scaleway": (("SCALEWAY_SECRET_KEY", "SCALEWAY_PROJECT_ID"), ("SCALEWAY_REGION", "SCALEWAY_API_URL")),
    "sparkpost": (("SPARKPOST_API_KEY",), ("SPARKPOST_API_URL", "SPARKPOST_SUBACCOUNT")),
    "unisender_go": (("UNISENDER_GO_API_KEY", "UNISENDER_GO_API_URL"), ()),
}


def mail_provider(name: str) -> tuple[str, dict[str, str]]:
    """Who sends the mails by an API, and its credentials by the names that anymail knows; nobody: SMTP does."""
    provider = text(name, "")
    if not provider:
        return "", {}
    if provider not in MAIL_PROVIDERS:
        refuse(f"{name} is {provider!r}; it must be one of {', '.join(MAIL_PROVIDERS)}, or empty for SMTP.")
    needed, possible = MAIL_PROVIDERS[provider]
    told = {setting: text(setting, "") for setting in (*needed, *possible)}
    if lacking := [setting for setting in needed if not told[setting]]:
        refuse(f"{lacking[0]} is not set; {name} is {provider}, which needs {' and '.join(needed)}.")
    if wrong := [setting for setting, value in told.items() if not (value.isascii() and value.isprintable())]:
        refuse(f"{wrong[0]} must be plain letters, digits and signs in one line.")
    for setting, value in told.items():
        if setting.endswith("_API_URL") and value and not value.startswith("https://"):
            refuse(f"{setting} is {value!r}; it must start with https:// .")
    return provider, {setting: value for setting, value in told.items() if value}


def rates(name: str) -> dict[str, int]:
    """How many mails a minute go to a domain: gmail.com=60,*=600; `*` means every other one."""
    told = {}
    for word in words(name):
        domain, _equals, rate = (part.strip() for part in word.partition("="))
        if not re.fullmatch(r"\*|[a-z0-9-]+(\.[a-z0-9-]+)+", domain.lower()) or domain.lower() in told:
            refuse(f"{name} has {word!r}; write each domain once, like gmail.com=60,*=600 .")
        if not (rate.isascii() and rate.isdigit() and int(rate[:9]) > 0 and len(rate) < 10):
            refuse(f"{name} has {word!r}; after = stands how many mails a minute, a whole number above zero.")
        told[domain.lower()] = int(rate)
    return told


def _folder(path: str) -> dict[str, Any]:
    options = {"location": Path(path), "base_url": None, "file_permissions_mode": 0o600}
    return {"BACKEND": "candidates.people.storage.DurableFileSystemStorage", "OPTIONS": options}


def _bucket(name: str) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        refuse(f"DOCUMENTS_S3_BUCKET is {name!r}; it must be the name of a bucket: small letters, digits, hyphens.")
    endpoint = text("DOCUMENTS_S3_ENDPOINT", "")
    if endpoint and not endpoint.startswith(("http://", "https://")):
        refuse(f"DOCUMENTS_S3_ENDPOINT is {endpoint!r}; it must start with https:// (or http:// in one's own network).")
    access, secret = text("DOCUMENTS_S3_ACCESS_KEY", ""), text("DOCUMENTS_S3_SECRET_KEY", "")
    if bool(access) != bool(secret):
        refuse("DOCUMENTS_S3_ACCESS_KEY and DOCUMENTS_S3_SECRET_KEY belong together; one of them is not set.")
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint or None,
        "region_name": text("DOCUMENTS_S3_REGION", "") or None,
        "access_key": access or None,
        "secret_key": secret or None,
    }
    return {"BACKEND": "candidates.people.bucket.BucketStorage", "OPTIONS": options}


def _read(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        refuse(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.")
