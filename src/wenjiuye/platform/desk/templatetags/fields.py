"""Fields of forms as the desk shows them: label, help, error, input, tied together for whoever cannot see."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.inclusion_tag("desk/field.html")
def field(bound: BoundField, label: str = "", help: str = "", autofocus: bool = False) -> dict[str, Any]:
    """A field of a form. label, help: in the place of the form's own."""
    errors = [str(error) for error in bound.errors]
    name = bound.id_for_label
    described = [f"{name}-help"] * bool(help) + [f"{name}-error"] * bool(errors)
    attributes: dict[str, Any] = {"class": "input", "aria-describedby": " ".join(described) or None}
    if errors:
        attributes["aria-invalid"] = "true"
    if autofocus:
        attributes["autofocus"] = True
    # Help stands before the field; what stands in it would be gone with the first key.
    bound.field.widget.attrs.pop("placeholder", None)
    return {
        "bound": bound.as_widget(attrs={k: v for k, v in attributes.items() if v is not None}),
        "id": name,
        "label": label or bound.label,
        "help": help,
        "errors": errors,
    }


@register.inclusion_tag("desk/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What is wrong with a form as a whole."""
    return {"errors": form.non_field_errors() if form is not None else []}
