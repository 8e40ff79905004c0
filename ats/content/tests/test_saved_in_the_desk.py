"""What somebody opens in the desk and saves as it was is still ours, and goes on being brought up to date."""

import pytest
from django.urls import reverse

from ats.content import actions, shipped
from ats.content.rules import ShippedRule
from candidates.builders import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_saving_without_a_change_is_no_edit(new_page, live_server, client):
    actions.load()
    client.force_login(make_user("Rita Recruiter", is_superuser=True))
    page = new_page()
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])
    for kind in actions.KINDS:
        row = kind.rows().last()
        before = shipped.fingerprint(kind.of(row))
        names = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        if kind is ShippedRule:  # rules have a page of their own
            page.goto(live_server.url + reverse("desk:rule", args=[row.pk]))
            page.get_by_role("button", name="Keep the rule").click()
            page.wait_for_url(f"**{reverse('desk:rules', args=[row.plan_id])}")
        else:
            page.goto(live_server.url + reverse(f"{names}_change", args=[row.pk]))
            page.locator("[name=_save]").first.click()
            page.wait_for_url(f"**{reverse(f'{names}_changelist')}**")
        assert shipped.fingerprint(kind.of(kind.rows().get(pk=row.pk))) == before, kind
