"""Ready rules, one for each turn of the way: they come with every plan that ships, and none is at work."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db.models import QuerySet

from ats.automation.models import Rule
from ats.content.shipped import UNTOLD, Shipped, read
from candidates.jobs.models import HiringPlan

SAID = ("when", "event", "stage", "page", "days", "score", "conditions", "then", "to_stage", "hours", "settings")
EMPTY: dict[str, Any] = {"days": None, "score": None, "hours": None, "conditions": [], "settings": {}}


@dataclass(frozen=True)
class ShippedRule(Shipped):
    """One ready rule of one plan that ships; whether it is at work is the team's to say and no part of the text."""

    KEY: ClassVar[str] = "shipped_key"
    rule_name: str
    key: str
    said: dict[str, Any]
    position: int = field(default=0, metadata=UNTOLD)
    plan_name: str = field(default="", metadata=UNTOLD)

    @property
    def shipped_key(self) -> str:
        """As the row has it: the plan's name and the rule's own key."""
        return f"{self.plan_name}: {self.key}"

    @classmethod
    def ready(cls) -> list[Self]:
        """Each ready rule once, for a plan of a team's own."""
        return [cls._read(row, number, "") for number, row in enumerate(read("rules"), start=1)]

    @classmethod
    def shipped(cls) -> list[Self]:
        """The rules of `rules.toml`, for each plan that ships."""
        rows, plans = read("rules"), [plan["name"] for plan in read("plans")]
        return [cls._read(row, number, plan) for plan in plans for number, row in enumerate(rows, start=1)]

    @classmethod
    def rows(cls) -> QuerySet[Rule]:
        """Ready rules of templates; copies belong to their jobs."""
        ours = Rule.objects.filter(plan__copied_from=None).exclude(key="")
        return ours.select_related("plan").order_by("plan__version", "plan__pk", "pk")

    @classmethod
    def of(cls, row: Any) -> Self:
        """What a rule of the database says."""
        said = {name: _plain(getattr(row, name)) for name in SAID}
        said["event"] = row.event if row.when == Rule.When.EVENT else ""  # else it follows from the rest
        return cls(row.name, row.name, row.key, _told(said), row.position, row.plan.name)

    def told(self) -> dict[str, Any]:
        """The words and what they mean, for whichever plan."""
        return {"name": self.rule_name, "key": self.key, **self.said}

    def write(self, row: Rule | None) -> None:
        """Make the row say this; a new one is off."""
        if row is not None:
            self._fill(row).save()
        elif plan := HiringPlan.objects.filter(name=self.plan_name, copied_from=None).order_by("version").last():
            self.write_to(plan, position=self.position)

    def write_to(self, plan: HiringPlan, *, position: int) -> Rule:
        """Give `plan` this rule, off; one of a team's own that has its name goes before."""
        rule = self._fill(Rule(plan=plan, key=self.key, position=position))
        if Rule.objects.filter(plan=plan, name=rule.name).exists():
            rule.name = f"{rule.name} ({self.key})"[:120]
        rule.save()
        return rule

    def _fill(self, row: Rule) -> Rule:
        row.name = self.rule_name
        for name in SAID:
            setattr(row, name, self.said.get(name, EMPTY.get(name, "")))
        row.score = Decimal(self.said["score"]) if "score" in self.said else None
        return row

    @classmethod
    def _read(cls, row: dict[str, Any], number: int, plan: str) -> Self:
        said = _told({name: row[name] for name in SAID if name in row})
        return cls(row["name"], row["name"], row["key"], said, 10 * number, plan)


def _told(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
