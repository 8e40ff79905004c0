"""What people fill in after a hire: a look back, a word on the development plan, the plan itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.careers.texts import no_surrogates, one_line
from candidates.post.models import Ask
from trials.afterwards.developing import MOST_ITEMS, Line
from trials.afterwards.models import DevelopmentItem, DevelopmentPlan, Pulse
from trials.afterwards.pulses import Said

LONGEST = 4000
DAY = {"type": "date"}
GOING = [
    (1, gettext_lazy("Badly")),
    (2, gettext_lazy("Not so well")),
    (3, gettext_lazy("All right")),
    (4, gettext_lazy("Well")),
    (5, gettext_lazy("Very well")),
]


def _words(label: Any, rows: int, most: int = LONGEST, **kwargs: Any) -> forms.CharField:
    """A box for some lines; it need not be filled in."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, widget=box, required=False, max_length=most, validators=[no_surrogates], **kwargs
    )


class PulseForm(forms.Form):
    """A look back: one question with three answers, for the lead also how it goes, and words if they like.

    Args:
        pulse: whose.
        name: of the new colleague.
    """

    again = forms.ChoiceField(
        choices=Pulse.Answer,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes, no or not sure.")},
    )
    performance = forms.TypedChoiceField(
        choices=GOING, coerce=int, empty_value=None, widget=forms.RadioSelect, required=False
    )
    words = _words("", 4)

    def __init__(self, data: Any = None, *, pulse: Pulse, name: str) -> None:
        super().__init__(data)
        if pulse.role == Ask.Role.MANAGER:
            self.fields["again"].label = _("Would you hire %s again?") % name
            self.fields["performance"].label = _("How is it going?")
            self.fields["words"].label = _("What should we know when we hire the next one?")
        else:
            self.fields["again"].label = _("Would you join us again?")
            self.fields["words"].label = _("What should we do better, or keep?")
            del self.fields["performance"]

    def said(self) -> Said:
        """What they say. Call after `is_valid()`."""
        return Said(**self.cleaned_data)


class ReplyForm(forms.Form):
    """What the new colleague says to the plan, or that they have read it."""

    reply = _words(gettext_lazy("What do you think of it?"), 4)


class ShareForm(forms.Form):
    """A word that goes with the plan."""

    note = _words(gettext_lazy("A word to the new colleague"), 4, help_text=gettext_lazy("It stands above the plan."))


class CallOffForm(forms.Form):
    """Why nobody is asked to look back."""

    has_left = forms.BooleanField(
        label=gettext_lazy("They do not work here any more"),
        required=False,
        help_text=gettext_lazy("Reports on what judgements were worth count it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[no_surrogates],
        error_messages={"required": gettext_lazy("Say in a few words why.")},
    )


class ItemForm(forms.Form):
    """One thing to learn."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("What"),
        max_length=160,
        validators=[one_line],
        error_messages={"required": gettext_lazy("Say what it is, or take the whole entry out.")},
    )
    why = _words(gettext_lazy("Why"), 2)
    aim = _words(gettext_lazy("What it should look like"), 2, most=2000)
    how = _words(gettext_lazy("How"), 5)
    by_when = forms.DateField(
        label=gettext_lazy("By when"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    is_done = forms.BooleanField(label=gettext_lazy("Done"), required=False)

    def line(self) -> Line:
        """What was typed. Call after `is_valid()`."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "ORDER", "DELETE")}
        return Line(pk=self.cleaned_data["key"], is_removed=self.cleaned_data.get("DELETE", False), **told)


class _ItemFormSet(forms.BaseFormSet):
    """All of a plan, with an empty entry at its end. Whoever takes one out need not mend it first."""

    keys: frozenset[int] = frozenset()

    def add_fields(self, form: ItemForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = _("Order"), _("Take it out")

    def clean(self) -> None:
        """Refuses entries of another plan, and those that are gone."""
        for form in self.forms:
            key = form.cleaned_data.get("key")
            if key is not None and key not in self.keys:
                form.cleaned_data["key"] = None  # what they wrote is kept as a new entry


ItemFormSet: Any = forms.formset_factory(
    ItemForm,
    formset=_ItemFormSet,
    extra=1,
    can_order=True,
    can_delete=True,
    max_num=MOST_ITEMS,
    absolute_max=MOST_ITEMS + 5,
    validate_max=True,
)


def items_form(plan: DevelopmentPlan, items: list[DevelopmentItem], data: Any = None) -> Any:
    """The formset of `plan`, filled with its items or with what was typed."""
    names = ("title", "why", "aim", "how", "by_when", "is_done")
    initial = [{"key": one.pk} | {name: getattr(one, name) for name in names} for one in items]
    made = ItemFormSet(data, initial=initial, prefix="items")
    made.keys = frozenset(one.pk for one in items)
    return made


def lines(formset: Any) -> list[Line]:
    """What was typed, in the order that was given; what has none stays last. Call after `is_valid()`."""
    ranked = [
        (form.cleaned_data.get("ORDER"), place, form.line())
        for place, form in enumerate(formset.forms)
        if form.cleaned_data.get("title") or form.cleaned_data.get("DELETE")
    ]
    ranked.sort(key=lambda one: (one[0] is None, one[0] or 0, one[1]))
    return [line for _order, _place, line in ranked]
