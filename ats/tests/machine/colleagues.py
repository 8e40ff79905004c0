"""What colleagues do beside the pipeline, and what comes in: rules, mails, reminders, replies, returned mails."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from ats.automation import actions as automation
from ats.automation import keeping, undoing
from ats.automation.models import Firing, Rule
from candidates.models import Ask, Message
from candidates.people.actors import Actor
from candidates.post import holding
from candidates.post.inbound import actions as inbound
from candidates.post.inbound import returning
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.inbound.returning import News
from candidates.post.inbound.tests.letters import letter
from candidates.post.reminding import actions as reminding

WHICH = st.integers(0, 40)
OLDEST = ("created_at", "template", "to")  # the keys of mails are random
MAIL_DEEDS = ("hold", "release", "hurry", "cancel", "reword")


def one_of(rows, which, *order):
    """One of them, or None; the same for the same story."""
    found = list(rows.order_by(*order or ["pk"]))
    return found[which % len(found)] if found else None


class Colleagues(RuleBasedStateMachine):
    """Steps of a machine that has `world`, `at` and `attempt`."""

    def rita(self):
        return Actor.person(self.world.rita)

    @rule(which=WHICH, mode=st.sampled_from(Rule.Mode), also_now=st.booleans())
    def a_rule_is_switched(self, which, mode, also_now):
        found = one_of(Rule.objects.filter(plan=self.world.job.plan), which)
        self.attempt(lambda: keeping.switch(found, mode, at=self.at, by=self.world.rita, also_now=also_now))

    @rule(which=WHICH, deed=st.sampled_from(("take", "dismiss", "undo")))
    def what_a_rule_did_is_settled(self, which, deed):
        told = undoing.DID if deed == "undo" else (Firing.Outcome.SUGGESTED, Firing.Outcome.FAILED)
        if found := one_of(Firing.objects.filter(outcome__in=told), which):
            settle = {"take": automation.take, "dismiss": automation.dismiss, "undo": undoing.undo}[deed]
            by = self.rita() if deed == "undo" else self.world.rita
            self.attempt(lambda: settle(found, at=self.at, by=by))

    @rule(which=WHICH, deed=st.sampled_from(MAIL_DEEDS))
    def somebody_sees_to_a_mail_that_waits(self, which, deed):
        waiting = Message.objects.filter(status__in=holding.WAITING).select_related("application", "ask")
        if found := one_of(waiting, which, *OLDEST):
            act = {
                "hold": holding.hold, "release": holding.release, "hurry": holding.send_now,
                "cancel": lambda mail, **by: holding.cancel(mail, reason="Told by phone.", is_untold=True, **by),
                "reword": lambda mail, **by: holding.reword(mail, subject="Hello", text="Look: {link}", **by),
            }[deed]  # fmt: skip
            self.attempt(lambda: act(found, at=self.at, by=self.rita()))

    @rule(which=WHICH, hours=st.sampled_from((0, 3, 30)))
    def somebody_is_reminded_or_puts_it_off(self, which, hours):
        if found := one_of(Ask.objects.open(), which):
            until = self.at + timedelta(hours=hours)
            if hours:
                self.attempt(lambda: reminding.put_off(found, until=until, at=self.at, by=Actor.outsider(found.name)))
            else:
                self.attempt(lambda: reminding.remind_now(found, at=self.at, by=self.rita()))

    @rule(which=WHICH, comes_twice=st.booleans())
    def somebody_replies(self, which, comes_twice):
        if found := one_of(Message.objects.filter(status=Message.Status.SENT), which, *OLDEST):
            name = f"<{Reply.objects.count()}@example.org>"
            raw = letter(sender=found.to, message_id=name, in_reply_to=f"<{found.message_id}>")
            for _time in range(1 + comes_twice):
                self.attempt(lambda: inbound.take(raw, way=Reply.Way.MAILBOX, at=self.at))
            assert Reply.objects.filter(message_id__contains=name.strip("<>")).count() == 1

    @rule(which=WHICH, kind=st.sampled_from(DeliveryReport.Kind))
    def it_is_told_what_became_of_a_mail(self, which, kind):
        if found := one_of(Message.objects.filter(status=Message.Status.SENT), which, *OLDEST):
            news = News(f"{found.pk}:{kind}", "test", kind, self.at, found.to, "550 no such user")
            self.attempt(lambda: returning.report(news, message=found, at=self.at))
