"""Tokens of personal links stay out of the log."""

import logging
import logging.config

import pytest
from django.conf import settings

from ats.engine.logs import masked
from candidates.builders import make_application
from candidates.post import links


@pytest.mark.django_db
def test_the_token_of_a_link_is_masked_and_the_rest_is_kept():
    token = links.application_token(make_application())
    assert masked(f"Not Found: /my/{token}/") == "Not Found: /my/…/"
    assert masked(f"Gone: /drafts/{token}/") == "Gone: /drafts/…/"
    assert masked(f"POST /pool/{token}/") == "POST /pool/…/"
    assert masked(f"Gone: /pool/links/{token}/") == "Gone: /pool/links/…/"
    assert masked(f'"GET /link/{token}/?a=b HTTP/1.1" 410') == '"GET /link/…/?a=b HTTP/1.1" 410'


@pytest.mark.parametrize(
    "path", ["/link/renew/", "/my/12/", "/my/12/withdraw/", "/pool/12/", "/jobs/support.specialist/"]
)
def test_addresses_without_a_token_are_kept(path):
    assert masked(f"Gone: {path}") == f"Gone: {path}"


@pytest.mark.django_db
def test_a_link_that_is_over_leaves_no_token_in_the_log(client, capfd):
    logging.config.dictConfig(settings.LOGGING)
    token = links.application_token(make_application()) + "x"
    client.get(f"/my/{token}/")
    logged = capfd.readouterr().err
    assert "/my/" in logged
    assert token not in logged
