"""Five boxes side by side, each with its number: what a weak and a strong answer, or level, looks like."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.forms import SplitArrayField, SplitArrayWidget
from django.forms.models import BaseInlineFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FIVE = 5
ANSWERS = gettext_lazy("Answers, from 1 (weak) to 5 (strong)")


class FiveBoxes(SplitArrayWidget):
    """The boxes, each with a label of its own."""

    template_name = "desk/kit_anchors.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """The whole is called by its label, a box by its number."""
        context = super().get_context(name, value, attrs)
        for box in context["widget"]["subwidgets"]:
            box["attrs"].pop("aria-describedby", None)
        return context


def five_boxes(
    *,
    is_needed: bool = True,
    longest: int = 500,
    label: str | Promise = ANSWERS,
) -> SplitArrayField:
    """A field with a box for each anchor of at most `longest` characters."""
    box = forms.CharField(max_length=longest, required=is_needed, widget=forms.Textarea(attrs={"rows": 4}))
    widget = FiveBoxes(widget=box.widget, size=FIVE)
    return SplitArrayField(box, size=FIVE, required=is_needed, label=label, widget=widget)


class LabelledFormSet(BaseInlineFormSet):
    """Rows of a table whose boxes tell by themselves what they are: their column's heading labels none of them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Each box with its field's name."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if not field.widget.is_hidden:
                widget.attrs["aria-label"] = str(field.label or gettext_lazy("Delete"))


def only_changed(field: Any) -> Any:
    """Of the signs beside a choice keep the one that opens what was chosen; a form full of plus signs is no form."""
    for name in ("can_add_related", "can_view_related", "can_delete_related"):
        if field is not None and hasattr(field.widget, name):
            setattr(field.widget, name, False)
    return field
