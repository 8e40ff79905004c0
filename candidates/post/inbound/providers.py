"""The views of anymail that understand what a mail provider tells, by the name of the provider.

They are looked up when they are wanted: only the provider in use is ever loaded.
"""

from __future__ import annotations

from importlib import import_module

from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings

CALLED = {
    "amazon_ses": "AmazonSES",
    "brevo": "Brevo",
    "mailersend": "MailerSend",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "mailtrap": "Mailtrap",
    "mandrill": "Mandrill",
    "postmark": "Postmark",
    "resend": "Resend",
    "sendgrid": "SendGrid",
    "sparkpost": "SparkPost",
    "unisender_go": "UnisenderGo",
}
KINDS = {"tracking": "Tracking", "inbound": "Inbound"}


def view_of(provider: str, kind: str) -> type[AnymailCoreWebhookView] | None:
    """The view that reads what `provider` tells of a kind; None when we are not to listen to it.

    Without a secret that whoever rings has to show the addresses do not exist.

    Args:
        kind: "tracking" for what became of mails, "inbound" for mails that came.
    """
    if (
        provider != settings.MAIL_PROVIDER
        or provider not in CALLED
        or kind not in KINDS
        or not settings.ANYMAIL_WEBHOOK_SECRET
    ):
        return None
    module = import_module(f"anymail.webhooks.{provider}")
    names = (f"{CALLED[provider]}{KINDS[kind]}WebhookView", f"{CALLED[provider]}CombinedWebhookView")
    return next((getattr(module, name) for name in names if hasattr(module, name)), None)
