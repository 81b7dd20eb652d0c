"""GOV.UK form fields from plain Django forms: label, hint, error and ids that belong together.

Everything is escaped; Django itself joins aria-describedby and aria-invalid to the ids used in the template.
"""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import Jinja2
from django.template import loader
from django.utils.functional import cached_property

OPENINGS = ("your ", "the ", "a ", "an ", "how ", "what ", "when ", "where ", "who ", "why ")
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
    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if form.is_bound:
            say_what_to_do(field, str(self.label))

    @cached_property
    def kind(self):
        """Which markup the field wants."""
        return kind_of(self.field)

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
        """Ours from templates/; the widgets from Django's own Jinja2 folder, but for those that ask for a template in
        every option."""
        if template_name.startswith("forms/"):
            return loader.get_template(template_name)
        if template_name == forms.Select.template_name:
            return loader.get_template("forms/select.html")
        return super().get_template(template_name)


def kind_of(field):
    return next((kind for widget, kind in KINDS if isinstance(field.widget, widget)), "input")


def say_what_to_do(field, label):
    """GOV.UK's wording in place of Django's, for every message that the form itself did not word.

    A bound field is made before its field cleans, and fields are copied for each form, so this reaches no other form.
    """
    standard = standard_messages(type(field))
    for code, words in wording(field, label.replace("%", "%%")).items():
        if field.error_messages.get(code) == standard.get(code):
            field.error_messages[code] = words


def standard_messages(kind):
    messages = {}
    for ancestor in reversed(kind.__mro__):
        messages |= getattr(ancestor, "default_error_messages", {})
    return messages


def wording(field, label):
    name = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    thing = name if name.startswith(OPENINGS) else f"the {name}"
    verb = {"input": "Enter", "textarea": "Enter", "checkbox": "Tick"}.get(kind_of(field), "Choose")
    words = {
        "required": f"Answer “{label}”" if label.endswith("?") else f"{verb} {thing}",
        "invalid_choice": f"Choose {thing} from the list",
        "max_length": f"{label} must be %(limit_value)d characters or fewer. It has %(show_value)d",
        "min_length": f"{label} must be %(limit_value)d characters or more",
        "min_value": f"{label} must be %(limit_value)s or more",
        "max_value": f"{label} must be %(limit_value)s or less",
    }
    if isinstance(field, forms.DateField):
        words["invalid"] = f"{label} must be a real date, such as 27 3 2027"
    return words
