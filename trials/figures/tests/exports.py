"""Exports as help desks write them, and an import that has come as far as a test needs."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.builders import NOW, make_user
from candidates.models import User
from trials.figures import actions, columns, tables, work
from trials.figures.periods import Period
from trials.models import FigureImport, FigureMapping

LATER = NOW + timedelta(days=60)  # the weeks of the files below are over
ZENDESK = """\
Assignee ID,Assignee name,Assignee email,Ticket solved - Date,Solved tickets,Rated satisfaction tickets,\
% Satisfaction score,First reply time - Median (min),Full resolution time - Median (hrs),Reopened tickets
901,Cara Candidate,cara@example.org,2030-01-14,24,8,87.5%,31.5,6.25,3
902,Tom Team,tom@rapport.test,2030-01-14,40,10,90%,18,"1,234.5",0
901,Cara Candidate,cara@example.org,2030-01-15,20,0,,28,5.5,1
"""
FRESHDESK = """\
Agent Performance Report
Agent,Tickets assigned,Tickets resolved,Tickets reopened,Tickets reassigned,Average first response time,\
Average resolution time,Resolution SLA %
Cara Candidate,30,24,3,2,00:31:30,06:15:00,92%
Tom Team,44,40,0,1,0:18:00,1d 2h 30m,97%
Total,74,64,3,3,00:24:00,,95%
"""
HELP_SCOUT = """\
User;Replies Sent;Customers Helped;Happiness Score;Resolved;First Response Time;Resolution Time;Great;Okay;Not Good
Cara Candidate;60;41;75,0;24;31m 30s;6h 15m;7;0;1
Tom Team;92;70;-12,5;40;18m;1d 2h;9;1;0
"""
LIVE_AGENT = """\
Agent,Answers,Chats,Resolved tickets,New answer avg time,First Resolve avg time,Rewards,Rebukes,Not ranked
Cara Candidate,60,4,24,00:31:30,06:15:00,7,1,12
Tom Team,92,0,40,00:18:00,26:30:00,9,1,3
"""
OTHER = """\
Mail\tWeek\tQuality score\tReviews\tAdherence (%)
cara@example.org\t2030-W03\t0,91\t12\t95,5
"""
WEEK = Period(NOW.date() + timedelta(days=4), NOW.date() + timedelta(days=10))


def clock_stands():
    return LATER


def look(text, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return tables.examine(io.BytesIO(content))


def importer():
    return User.objects.filter(username="ina.importer").first() or make_user("Ina Importer", is_superuser=True)


def make_import(text=ZENDESK, tool="zendesk", *, by=None, at=LATER):
    """An import whose file is kept and whose columns nobody has named yet."""
    content = text if isinstance(text, bytes) else text.encode()
    table = SimpleUploadedFile("export.csv", content)
    return actions.receive(tool, table=table, looked=look(content), at=at, by=by or importer())


def begin(run, **chosen):
    """Read it with its columns as they are guessed; nobody has done the work yet."""
    remembered = FigureMapping.objects.filter(tool=run.tool).values_list("columns", flat=True).first() or {}
    meanings = columns.guess(run.columns, run.tool, remembered)
    period = None if columns.tells_time(meanings) else WEEK
    said = {"meanings": meanings, "period": period, "is_month_first": run.mapping["dates"] == "month"}
    said |= {"decimal": run.mapping["decimal"] or "."}
    actions.start(run, at=LATER, **said | chosen)
    return fresh(run)


def take_in(text=ZENDESK, tool="zendesk", **chosen):
    """The whole import."""
    run = begin(make_import(text, tool), **chosen)
    work.work(run.pk, clock=clock_stands)
    return fresh(run)


def fresh(run):
    return FigureImport.objects.get(pk=run.pk)


def counts(run):
    return run.added, run.changed, run.same, run.refused


def reasons(run):
    return {row.number: row.reason for row in run.refusals.all()}
