"""The exercises that ship, with their rubrics and cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import QuerySet

from ats.content.shipped import UNTOLD, Shipped, read
from candidates.jobs.models import Competency
from interviews.models import Case, CaseMail, Exercise, RubricLine

OWN = ("kind", "brief", "guide", "guards", "minutes", "codes_steps")
OF_A_CASE = ("situation", "facts", "player", "points")
OF_A_MAIL = ("sender", "subject", "text", "writes_back", "urgency")
UNSAID: dict[str, Any] = {"codes_steps": False}
EMPTY: dict[str, Any] = {"facts": "", "player": "", "points": [], "mails": []}
EMPTY_MAIL: dict[str, Any] = {"subject": "", "writes_back": "", "urgency": CaseMail.Urgency.TODAY.value}


@dataclass(frozen=True)
class ShippedExercise(Shipped):
    """One exercise: a rubric line per competency's name, cases by name, each with its customers' mails in order."""

    kind: str
    brief: str
    guide: str
    guards: list[str]
    minutes: int
    codes_steps: bool
    rubric: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    position: int = field(default=0, metadata=UNTOLD)

    @classmethod
    def shipped(cls) -> list[Self]:
        """The exercises of `exercises.toml`, in their order, with the cases that name them in `cases.toml`."""
        cases: dict[str, list[dict[str, Any]]] = {}
        for case in read("cases"):
            cases.setdefault(case.pop("exercise"), []).append(_told_case(case))
        told = (UNSAID | {"cases": cases.get(row["name"], [])} | row for row in read("exercises"))
        return [cls(**row, position=position) for position, row in enumerate(told, start=1)]

    @classmethod
    def rows(cls) -> QuerySet[Exercise]:
        """All of them, with rubrics, cases and mails."""
        return Exercise.objects.prefetch_related("rubric__competency", "cases__mails")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a row of the database says."""
        return cls(
            name=row.name,
            **{name: getattr(row, name) for name in OWN},
            rubric=[
                {"competency": line.competency.name, "look_for": line.look_for, "anchors": list(line.anchors)}
                for line in row.rubric.all()
            ],
            cases=[_case_of(case) for case in row.cases.all()],
        )

    def write(self, row: Exercise | None) -> None:
        """Make the row say this. Cases keep their rows, since kits and written works point at them."""
        row = row or Exercise(name=self.name)
        for name in (*OWN, "position"):
            setattr(row, name, getattr(self, name))
        row.save()
        row.rubric.all().delete()
        self._write_rubric(row)
        rows = {case.name: case for case in Case.objects.filter(exercise=row)}
        for position, case in enumerate(self.cases):
            _write_case(rows.pop(case["name"], Case(exercise=row, name=case["name"])), case, position)
        dropped = Case.objects.filter(pk__in=[case.pk for case in rows.values()])
        dropped.filter(kit_parts=None, submissions=None).delete()

    def _write_rubric(self, row: Exercise) -> None:
        names = [line["competency"] for line in self.rubric]
        competencies = Competency.objects.in_bulk(names, field_name="name")
        RubricLine.objects.bulk_create(
            RubricLine(exercise=row, position=position, **line | {"competency": competencies[line["competency"]]})
            for position, line in enumerate(self.rubric)
        )


def _told_case(case: dict[str, Any]) -> dict[str, Any]:
    told = EMPTY | case
    return told | {"mails": [EMPTY_MAIL | mail for mail in told["mails"]]}


def _case_of(row: Case) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("name", *OF_A_CASE)}
    return told | {"mails": [{name: getattr(mail, name) for name in OF_A_MAIL} for mail in row.mails.all()]}


def _write_case(row: Case, case: dict[str, Any], position: int) -> None:
    for name in OF_A_CASE:
        setattr(row, name, case[name])
    row.position = position
    row.save()
    row.mails.all().delete()
    CaseMail.objects.bulk_create(
        CaseMail(case=row, position=number, **mail) for number, mail in enumerate(case["mails"])
    )
