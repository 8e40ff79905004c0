"""Many mails at once: shared by workers, overtaken by what is urgent, none lost and none twice whatever happens."""

import smtplib
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail as outbox
from django.db import OperationalError, connection

from candidates.builders import NOW, make_application
from candidates.models import Message, Stage
from candidates.post import asks, delivery, mail
from candidates.post.sending import claiming, stopping
from candidates.tests.test_pipeline import make_ask
from candidates.tests.together import together

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
Priority, Status = Message.Priority, Message.Status
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sender(settings):
    settings.DEFAULT_FROM_EMAIL = "Rapport <jobs@rapport.test>"


class Server:
    """A mail server that keeps what it took and does `acts` (the mail's number -> what happens) before or after."""

    def __init__(self, *, before=None, after=None, on_open=None):
        self.before, self.after, self.on_open = before or {}, after or {}, on_open
        self.tried, self.kept, self.opened = 0, [], 0

    def open(self):
        self.opened += 1
        if self.on_open:
            raise self.on_open

    def send_messages(self, mails):
        self.tried += 1
        self._act(self.before.get(self.tried))
        self.kept.append(mails[0].extra_headers["Message-ID"])
        self._act(self.after.get(self.tried))

    def _act(self, act):
        if isinstance(act, BaseException):
            raise act
        if act:
            act()

    def close(self):
        pass


@pytest.fixture
def serve(monkeypatch):
    """Let the sweep talk with this server."""

    def serve(server):
        monkeypatch.setattr(delivery, "get_connection", lambda: server)
        return server

    return serve


@pytest.fixture(autouse=True)
def not_stopping():
    yield
    stopping.forget()


def queue(number, *, application=None, **fields):
    application = application or make_application()
    messages = [
        Message(
            key=f"k{count:03}", template="candidates/withdrawn", application=application, to="x@example.org",
            created_at=NOW, next_try_at=NOW + count * timedelta(milliseconds=1), **fields,
        )
        for count in range(number)
    ]  # fmt: skip
    Message.objects.bulk_create(messages)
    return messages


def sweep(at=NOW + MINUTE, **options):
    return delivery.sweep(clock=lambda: at, **options)


def statuses():
    return sorted(Message.objects.values_list("status", flat=True))


def test_a_batch_costs_as_many_queries_for_forty_mails_as_for_four(django_assert_max_num_queries):
    queue(4)
    with django_assert_max_num_queries(10) as few:
        sweep()
    Message.objects.all().delete()
    queue(40)
    with django_assert_max_num_queries(len(few) + 2):  # outcomes are written at the latest after 25
        sweep()
    assert statuses() == ["sent"] * 40


def test_what_left_is_kept_with_its_words_and_the_name_as_which_it_left():
    (message,) = queue(1)
    sweep()
    kept = Message.objects.get()
    assert (kept.message_id, kept.sent_at) == (f"<{message.pk}@rapport.test>", NOW + MINUTE)
    assert kept.subject == outbox.outbox[0].subject
    assert "<html" in kept.html


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_share_what_is_due(serve):  # F9
    server = serve(Server())
    queue(120)
    counts = together(sweep, sweep)
    assert sum(counts) == len(server.kept) == len(set(server.kept)) == 120
    assert statuses() == ["sent"] * 120


@pytest.mark.parametrize("taken", [{"status": Status.CANCELLED}, {"status": Status.HELD}, {"attempts": 2}])
def test_what_is_taken_out_of_a_workers_hands_does_not_leave(serve, taken):  # F34
    """Somebody is erased, the outbox held, or another worker has it by now: seen at the next look."""
    time = [NOW + MINUTE]

    def take():
        Message.objects.exclude(key="k000").update(**taken)
        time[0] += 5 * SECOND

    server = serve(Server(after={1: take}))
    queue(3)
    delivery.sweep(clock=lambda: time[0])
    assert len(server.kept) == 1


def test_the_urgent_one_leaves_first():  # F12
    application = make_application()
    queue(60, application=application)
    mail.queue(application, "portal/link", key="code", at=NOW + SECOND, priority=Priority.URGENT)
    sweep(most=1)
    assert Message.objects.get(key="code").status == Status.SENT


def test_an_urgent_one_overtakes_in_the_middle_of_a_batch(serve):  # F12
    application, clock = make_application(), [NOW + MINUTE]

    def take_long():
        clock[0] += 3 * SECOND

    def ask_for_a_link():
        mail.queue(application, "portal/link", key="code", at=clock[0], priority=Priority.URGENT)

    server = serve(Server(before=dict.fromkeys(range(4, 60), take_long) | {3: ask_for_a_link}))
    queue(40, application=application)
    delivery.sweep(clock=lambda: clock[0])
    code = f"<{Message.objects.get(key='code').pk}@rapport.test>"
    assert server.kept.index(code) < 8


def test_the_sweep_of_urgent_ones_leaves_the_others_alone():
    queue(3)
    Message.objects.filter(key="k001").update(priority=Priority.URGENT)
    assert sweep(urgent_only=True) == 1
    assert Message.objects.get(key="k001").status == Status.SENT


def test_a_worker_that_is_to_end_finishes_the_mail_in_hand_and_gives_back_the_rest(serve):  # F7
    server = serve(Server(before={3: stopping.ask}))
    queue(30)
    assert sweep() == 3
    stopping.forget()
    assert set(Message.objects.exclude(status="sent").values_list("status", "attempts")) == {("queued", 0)}
    assert sweep() == 27
    assert len(server.kept) == len(set(server.kept)) == 30


def test_a_worker_ended_twenty_times_in_mid_batch_loses_nothing_and_doubles_nothing(serve):  # F7
    server = serve(Server(before=dict.fromkeys(range(3, 63, 3), stopping.ask)))
    queue(70)
    for _time in range(21):
        sweep()
        stopping.forget()
    assert len(server.kept) == len(set(server.kept)) == 70


class Killed(BaseException):
    """The worker is gone, without a last word."""


@pytest.fixture
def killed(monkeypatch):
    """A kill -9 writes nothing down."""
    monkeypatch.setattr(delivery._Sweep, "_write", lambda *_words: (_ for _ in ()).throw(Killed))
    yield
    monkeypatch.undo()


def test_what_a_killed_worker_held_leaves_after_the_lease_and_keeps_its_names(serve, killed, request):  # F6
    server = serve(Server())
    queue(5)
    with pytest.raises(Killed):
        sweep()
    request.getfixturevalue("monkeypatch").undo()
    sweep(NOW + MINUTE + claiming.LEASE)
    assert Message.objects.filter(status="sent").count() == 0
    outbox.outbox.clear()
    sweep(NOW + MINUTE + claiming.LEASE + SECOND)
    again = {one.extra_headers["Message-ID"] for one in outbox.outbox}
    assert (len(outbox.outbox), set(server.kept) <= again) == (5, True)
    assert timedelta(minutes=3) > claiming.LEASE + timedelta(seconds=30)


def test_of_a_killed_batch_only_the_solemn_mail_that_was_being_sent_is_in_doubt(serve, monkeypatch):  # F5
    serve(Server(before={2: Killed()}))
    queue(4, solemn=True)
    monkeypatch.setattr(claiming, "give_back", lambda *_words, **_options: None)  # a killed worker gives nothing back
    with pytest.raises(Killed):
        sweep()
    monkeypatch.undo()
    sweep(NOW + 10 * MINUTE)
    assert list(Message.objects.order_by("key").values_list("status", flat=True)) == [
        "sent",
        "uncertain",
        "sent",
        "sent",
    ]


@pytest.mark.parametrize("solemn", [True, False])
def test_of_a_worker_that_is_torn_away_in_mid_sentence_only_the_mail_in_hand_stays_taken(serve, solemn):  # F5
    """The others are given back at once; the server may have this one, so it waits for the lease, or for a person."""
    server = serve(Server(after={2: Killed()}))
    queue(4, solemn=solemn)
    with pytest.raises(Killed):
        sweep()
    sweep()
    outbox.outbox.clear()
    assert (len(server.kept), len(set(server.kept))) == (4, 4)
    assert statuses() == ["sending", "sent", "sent", "sent"]
    sweep(NOW + 10 * MINUTE)
    assert statuses() == ["sent", "sent", "sent", "uncertain" if solemn else "sent"]
    assert len(server.kept) == 4 + (not solemn)


def test_a_solemn_mail_that_somebody_held_back_while_it_waited_its_turn_does_not_leave(serve):
    def hold():
        Message.objects.filter(key="k001").update(status=Status.HELD)

    server = serve(Server(after={1: hold}))
    queue(3, solemn=True)
    assert sweep() == 2
    assert len(server.kept) == 2
    assert Message.objects.get(key="k001").status == Status.HELD


def test_bad_addresses_among_good_ones_fail_alone_and_the_conversation_goes_on(serve):  # F14
    gone = smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such user")})
    full = smtplib.SMTPRecipientsRefused({"x@example.org": (452, b"mailbox full")})
    server = serve(Server(before={10: gone, 20: full, 30: gone}))
    queue(40)
    assert sweep() == 37
    assert (statuses().count("failed"), statuses().count("queued")) == (2, 1)
    assert server.tried == 40


def test_ten_poison_rows_do_not_starve_the_others():  # F11
    queue(40)
    Message.objects.filter(key__lt="k010").update(template="candidates/there-is-no-such-mail")
    assert sweep() == 30
    assert Message.objects.filter(status="queued", attempts=1, next_try_at__gt=NOW + MINUTE).count() == 10


@pytest.mark.parametrize("data", [[], "words", {"leaves_by": "never"}, {"leaves_by": 7}])
def test_mad_data_stops_only_its_own_mail(data):
    queue(3)
    Message.objects.filter(key="k001").update(data=data)
    assert sweep() == 2
    assert Message.objects.get(key="k001").status == Status.QUEUED


def test_a_mail_that_killed_its_workers_waits_longer_and_longer_and_is_at_last_left_to_a_person():
    (message,) = queue(1)
    at, pauses = NOW + MINUTE, []
    for _death in range(claiming.MOST_DEATHS):
        at = Message.objects.get().next_try_at + SECOND
        assert claiming.claim(message.pk, at=at)
        at += claiming.LEASE + SECOND
        claiming.take_back(at=at)
        pauses.append(Message.objects.get().next_try_at - at)
    assert pauses[:4] == [0 * SECOND, 0 * SECOND, 2 * MINUTE, 4 * MINUTE]
    assert statuses() == ["failed"]


def test_a_claim_of_the_future_ends_too():  # F39
    (message,) = queue(1)
    claiming.claim(message.pk, at=NOW + 120 * MINUTE)
    assert sweep(NOW + MINUTE) == 1


def test_a_server_that_ended_the_conversation_gets_the_next_mail_over_a_new_one(monkeypatch):
    opened = []
    monkeypatch.setattr("candidates.post.sending.carrying.Backend", Server)
    server = Server(before={3: smtplib.SMTPSenderRefused(421, b"enough for today", "jobs@rapport.test")})
    server.close = lambda: opened.append(server.tried)
    monkeypatch.setattr(delivery, "get_connection", lambda: server)
    queue(5)
    assert sweep() == 5
    assert opened[0] == 3


def test_what_was_withdrawn_or_corrected_while_a_batch_waited_counts(serve):  # F19
    ask = make_ask(make_application(Stage.SCREENING))
    first, clock = ask.messages.get(), [NOW + MINUTE]
    corrected = make_application()

    def meanwhile():
        clock[0] += 3 * SECOND
        asks.cancel(ask, at=clock[0])
        type(corrected.candidate).objects.filter(pk=corrected.candidate_id).update(email="right@example.org")

    serve(Server(before={1: meanwhile}))
    queue(3, application=corrected)
    Message.objects.filter(pk=first.pk).update(next_try_at=NOW + 10 * SECOND)
    delivery.sweep(clock=lambda: clock[0])
    assert Message.objects.get(pk=first.pk).status == Status.CANCELLED
    assert Message.objects.get(key="k002").to == "right@example.org"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_starts_again_in_mid_batch_ends_the_sweep_in_order_and_nothing_goes_twice(serve):  # F20
    def restart():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                           " AND datname = current_database()")  # fmt: skip

    server = serve(Server(before={12: restart}))
    queue(40)
    sweep()
    connection.close()
    sweep(NOW + 10 * MINUTE)
    assert len(server.kept) == len(set(server.kept)) == 40
    assert statuses() == ["sent"] * 40


def test_a_server_that_is_away_leaves_the_rest_untouched(serve):
    server = serve(Server(on_open=ConnectionRefusedError()))
    queue(30)
    assert sweep() == 0
    assert (server.opened, Message.objects.filter(attempts=0, next_try_at__lt=NOW + MINUTE).count()) == (3, 27)


def test_five_days_count_from_the_first_try_not_from_when_the_mail_was_written():  # F13
    queue(1, data={})
    Message.objects.update(created_at=NOW - timedelta(days=30), template="candidates/there-is-no-such-mail")
    sweep()
    assert statuses() == ["queued"]


def test_a_sweep_that_left_something_rings_for_another(monkeypatch):
    rings = []
    monkeypatch.setattr(delivery.doorbell, "ring", rings.append)
    queue(5)
    sweep(most=3)
    sweep(most=3)
    assert rings == ["candidates.post.tasks.send_due"]


def test_nothing_due_costs_two_statements(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert sweep() == 0


def test_a_long_sweep_stops_for_other_work(serve):
    clock = [NOW + MINUTE]

    def take_long():
        clock[0] += SECOND

    serve(Server(before=dict.fromkeys(range(500), take_long)))
    queue(120)
    assert delivery.sweep(clock=lambda: clock[0]) <= 50
    assert Message.objects.filter(status="sending").count() == 0


def test_the_sender_stands_in_every_mail():
    queue(1)
    sweep()
    assert parseaddr(outbox.outbox[0].from_email)[1] == "jobs@rapport.test"


def test_a_database_that_stays_away_is_reported_to_nobody_but_the_log(monkeypatch):
    def gone(**_options):
        raise OperationalError

    monkeypatch.setattr(claiming, "claim_due", gone)
    assert sweep() == 0
