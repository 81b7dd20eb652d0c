"""GOV.UK form fields from plain Django forms: label, hint, error and ids that belong together.

Everything is escaped; Django itself joins aria-describedby and aria-invalid to the ids used in the template.
"""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import Jinja2
from django.template import loader

KINDS = [
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.ClearableFileInput, "file"),
    (forms.widgets.Input, "input"),
]


class GovukBoundField(BoundField):
    @property
    def kind(self):
        """Which markup the field wants."""
        return next(kind for widget, kind in KINDS if isinstance(self.field.widget, widget))

    @property
    def wants_fieldset(self):
        return self.kind in ("radios", "checkboxes")

    @property
    def first_id(self):
        """Where a link of the error summary leads: the first choice of a group, else the field."""
        return f"{self.auto_id}_0" if self.wants_fieldset else self.auto_id

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if self.kind in ("input", "textarea", "select", "file"):
            attrs["class"] = " ".join(filter(None, [attrs.get("class"), "in", "in--error" if self.errors else ""]))
        if self.kind == "textarea":
            attrs["rows"] = self.field.widget.attrs.get("rows", 5)
            attrs["cols"] = False
        attrs["required"] = False  # our own words answer an empty field, not the browser's
        return attrs


class GovukRenderer(Jinja2):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name):
        """Ours from templates/; the widgets from Django's own Jinja2 folder."""
        if template_name.startswith("forms/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)
