"""Somebody about whom there is a row in every table that can have one, and a word planted in each of its columns."""

from collections import defaultdict
from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import connection, models, transaction

from ats.automation.models import Firing
from ats.importing.models import Import, ImportRow
from ats.tests.firewall_world import make_world
from candidates.builders import NOW, make_candidate, make_user
from candidates.careers.models import Draft
from candidates.jobs.models import JobQuestion
from candidates.people import duplicates, merging, requests
from candidates.people.actors import Actor
from candidates.people.models import (
    Answer,
    Application,
    Candidate,
    DataRequest,
    Document,
    DocumentText,
)
from candidates.post import mail
from candidates.post.inbound.models import DeliveryReport, Reply
from candidates.post.models import Ask, Message
from candidates.post.reminding.models import Reminder
from candidates.post.to_dos.models import ToDo
from candidates.screening.models import CallSlot, LetterPrint
from candidates.sourcing.models import Invitation, PoolMember, Referrer
from interviews.models import Interview, Submission
from interviews.models import Reply as WrittenReply
from references.flags.models import ReferencePrint
from references.models import Reference
from trials.letters.builders import make_template
from trials.models import DevelopmentPlan, DevelopmentShare, OfferLetter, Pause, Trial

NAME, EMAIL, PHONE = "Zacharias Quillfeather", "zacharias@quillfeather.example", "+31 20 555 7788"
OTHER = "z.quillfeather@work.example"
PLANTED = "planted-w"
OURS = {"ats", "candidates", "interviews", "references", "trials"}
WORDS = (models.CharField, models.TextField, models.JSONField)


def make_everything():
    """The person: with an application at the trial and one that ended in a hire, of an entry that was folded in."""
    world = make_world()
    application, hired = world.application, world.hired
    kept, folded = application.candidate, hired.candidate
    _name(kept, EMAIL)
    _name(folded, OTHER)
    by = Actor.person(make_user("Ada Admin"))
    merging.merge(kept, folded, at=NOW, by=by)
    duplicates.tell_apart(kept, make_candidate("Somebody Else"), at=NOW, by=by)
    requests.request(application, DataRequest.Kind.ERASE, at=NOW, by=Actor.candidate(NAME))
    _of_the_kernel(application, kept)
    _of_mail(application)
    _of_rules(application)
    _of_written_work(application)
    _of_trials(application, hired)
    _in_the_log(application, kept)
    return Candidate.objects.get(pk=kept.pk)


def _name(person, email):
    Candidate.objects.filter(pk=person.pk).update(name=NAME, email=email, phone=PHONE)
    person.refresh_from_db()


def _file(application=None, kind=Document.Kind.RESUME, **fields):
    kept = Document(application=application, kind=kind, name=f"{NAME}.txt", content_type="text/plain", at=NOW, **fields)
    kept.size, kept.sha256 = 1, ""
    kept.file.save("x", ContentFile(f"I am {NAME}, {EMAIL}".encode()), save=True)
    return kept


def _of_the_kernel(application, person):
    question = JobQuestion.objects.create(job=application.job, kind="text", label="Why?", position=1)
    Answer.objects.create(
        application=application, question=question, label="Why?", value=NAME, document=_file(application)
    )
    text = _file(application)
    DocumentText.objects.create(document=text, state="read", text=f"I am {NAME}", next_try_at=NOW)
    LetterPrint.objects.create(application=application, hashes=[7], made_at=NOW)
    until = NOW + timedelta(days=3)
    held = _file(expires_at=until)
    Draft.objects.create(
        job=application.job, email=EMAIL.upper(), data={"name": NAME}, resume=held, saved_at=NOW, expires_at=until
    )
    Draft.objects.create(job=application.job, email="", application=application, saved_at=NOW, expires_at=until)
    PoolMember.objects.create(candidate=person, interests=NAME, consent_at=NOW, confirmed_at=NOW)
    Invitation.objects.create(candidate=person, job=application.job, at=NOW, by_name="Rita")
    referrer = Referrer.objects.create(name=NAME, email=EMAIL, created_at=NOW)
    Application.objects.filter(pk=application.pk).update(referrer=referrer)
    CallSlot.objects.create(
        caller=make_user(), starts_at=until, ends_at=until + timedelta(hours=1), application=application, taken_at=NOW
    )
    table = _file(kind=Document.Kind.IMPORT, expires_at=until)
    run = Import.objects.create(by_name="Rita", at=NOW, name="people.csv", table=table, job=application.job)
    ImportRow.objects.create(run=run, number=1, fate="new", name=NAME, reason=EMAIL, application=application)


def _of_mail(application):
    asked = application.asks.filter(role=Ask.Role.CANDIDATE).first()
    sent = Message.objects.filter(application=application).first()
    Reminder.objects.create(ask=asked, due_at=NOW, at=NOW, message=sent)
    ToDo.objects.create(ask=asked, kind="reply", words=f"Write to {NAME}", outcome=NAME)
    raw = _file(application, kind=Document.Kind.MAIL)
    Reply.objects.create(message_id="a@x", way="mailbox", sender=EMAIL, subject=NAME, text=NAME, received_at=NOW,
                         state="taken", application=application, answers=sent, raw=raw)  # fmt: skip
    loose = _file(kind=Document.Kind.MAIL, expires_at=NOW + timedelta(days=3))
    Reply.objects.create(
        message_id="b@x", way="mailbox", sender=EMAIL, text=NAME, received_at=NOW, state="unknown", raw=loose
    )
    DeliveryReport.objects.create(
        key="a", provider="p", kind="bounced", at=NOW, received_at=NOW, message=sent, told=EMAIL
    )
    DeliveryReport.objects.create(key="b", provider="p", kind="bounced", at=NOW, received_at=NOW, address=EMAIL)
    mail.queue_to("sourcing/confirm", to=EMAIL, language="en", zone="UTC", key="pool", at=NOW, data={"name": NAME})
    digest = {"to": "rita@rapport.test", "language": "en", "zone": "UTC", "key": "digest:1:x", "at": NOW}
    mail.queue_to("desk/digest", **digest, data={"sections": [{"lines": [f"Read the letter of {NAME}."]}]})


def _of_rules(application):
    event = application.events.first()
    Firing.objects.create(rule_name="Rule", application=application, event=event, occasion="event:1",
                          outcome="suggested", reason=NAME, at=NOW, data={"who": NAME})  # fmt: skip


def _of_trials(application, hired):
    trial = Trial.objects.get(application=application, replaced_at=None)
    Pause.objects.create(
        trial=trial, from_on=NOW, until_on=NOW + timedelta(days=1), reason=NAME, at=NOW, by_name="Rita"
    )
    plan = DevelopmentPlan.objects.get(application=hired)
    free = hired.asks.filter(development_share=None).first()
    DevelopmentShare.objects.create(plan=plan, ask=free, content={"note": NAME}, shared_at=NOW, shared_by_name="Max")
    other = application.asks.filter(offer_letter=None).first()
    OfferLetter.objects.create(application=application, template_name=make_template().name, language="en", subject="x",
                               text=NAME, document=_file(application, kind=Document.Kind.OFFER), ask=other,
                               sent_at=NOW, sent_by_name="Rita")  # fmt: skip
    ReferencePrint.objects.get_or_create(reference=Reference.objects.filter(referee__application=application).first(),
                                         defaults={"hashes": [7]})  # fmt: skip


def _of_written_work(application):
    interview = Interview.objects.filter(application=application).first()
    interview.pk = interview.ask = interview.starts_at = interview.ends_at = None
    interview.save()
    work = Submission.objects.get(application=application)
    WrittenReply.objects.create(submission=work, mail=1, text=NAME, sent_at=NOW, late_text=NAME, late_at=NOW)


def _in_the_log(application, person):
    for row in (
        application,
        person,
        application.asks.first(),
        application.messages.first(),
        application.referees.first(),
    ):
        LogEntry.objects.create(user=make_user(), content_type=ContentType.objects.get_for_model(row), object_id=row.pk,
                                action_flag=CHANGE, object_repr=f"{NAME} {PLANTED}", change_message=EMAIL)  # fmt: skip


def rows_of(person):
    """All rows that hang on the person, by model: whatever points to them, to what points to them, and so on."""
    found = defaultdict(set)
    family = set(Candidate.objects.filter(merged_into=person).values_list("pk", flat=True)) | {person.pk}
    found[Candidate] = family
    todo = [(Candidate, family)]
    while todo:
        model, keys = todo.pop()
        for relation in _pointing_at(model):
            theirs = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
            new = set(theirs.values_list("pk", flat=True)) - found[relation.related_model]
            if new:
                found[relation.related_model] |= new
                todo.append((relation.related_model, new))
    return found


def models_about_people():
    """Every model of ours whose rows can hang on a person."""
    found, todo = {Candidate}, [Candidate]
    while todo:
        for relation in _pointing_at(todo.pop()):
            if relation.related_model not in found:
                found.add(relation.related_model)
                todo.append(relation.related_model)
    return found


def _pointing_at(model):
    """What points there and belongs to it; what only knows of it (SET_NULL) does not."""
    relations = (one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete)
    ours = (one for one in relations if one.related_model._meta.app_label in OURS and not one.many_to_many)
    return [one for one in ours if one.on_delete is not models.SET_NULL]


def plant(person, stays):
    """Write a word into every column of every row of theirs but those that stay, past all triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        for model, keys in rows_of(person).items():
            if model is Candidate:  # by its name and address everything else is found
                continue
            for field in model._meta.concrete_fields:
                if holds_words(field) and f"{model._meta.db_table}.{field.column}" not in stays:
                    _plant(cursor, model, field, list(keys))


def columns_of_words():
    """Every column of theirs that is planted, as `where` tells it."""
    found = {f"{model._meta.db_table}.{field.column}" for model in models_about_people() - {Candidate}
             for field in model._meta.concrete_fields if holds_words(field)}  # fmt: skip
    return found - {"candidates_document.file"}


def holds_words(field):
    """Whether people's words could stand in it."""
    if isinstance(field, models.ForeignKey) or getattr(field, "choices", None) or field.generated:
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, WORDS)
    return isinstance(field, (*WORDS, models.FileField))


def _plant(cursor, model, field, keys):
    table, pk, longest = model._meta.db_table, model._meta.pk.column, getattr(field, "max_length", None) or 200
    kind = field.db_type(connection)
    value = f"{PLANTED} {EMAIL}" if longest > 60 else PLANTED
    if isinstance(field, models.JSONField):
        new = f"""jsonb_build_object('words', jsonb_build_array('{value}'))"""
    elif isinstance(field, models.FileField):
        return
    elif isinstance(field, ArrayField):
        new = f"ARRAY['{value}']::{kind}"
    else:
        new = f"left('{value} ' || {pk}::text, {longest})"
    if field.column == "video_link":  # an interview has either
        new, keys = f"{new}, place = ''", keys[:1]
    cursor.execute(
        f'UPDATE {table} SET "{field.column}" = {new} WHERE {pk}::text = ANY(%s)', [[str(key) for key in keys]]
    )


def where(*words):
    """Each table.column of the whole database in which one of the words stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT DISTINCT cell.key, w FROM "{table}" t, jsonb_each_text(to_jsonb(t)) AS cell,'
                " unnest(%s::text[]) w WHERE strpos(lower(cell.value), lower(w)) > 0",
                [list(words)],
            )
            found += [f"{table}.{column}" for column, _word in cursor.fetchall()]
    return sorted(set(found))
