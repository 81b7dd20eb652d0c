"""What is asked of somebody without an account who answers through a share link, and of the team that makes one."""

import re

from django import forms

from research.models.passcode import DIGITS
from teams.forms import words
from teams.models.user import clean_email

DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}\Z")
MOST_DOMAINS = 10


class LinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label="How long is it good for?",
        choices=[(7, "A week"), (30, "30 days"), (90, "90 days")],
        coerce=int,
        initial=30,
        widget=forms.RadioSelect,
    )
    domains = words(
        "Whose e-mail addresses may answer?",
        1000,
        "",
        "Domains, such as ambleford.gov.uk or nhs.uk, with commas between. Leave it empty for any address",
        required=False,
    )

    def clean_domains(self):
        given = [one.lstrip("@") for one in re.split(r"[\s,;]+", self.cleaned_data["domains"].lower()) if one]
        wrong = [one for one in given if not DOMAIN.match(one)]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0][:60]}” is no domain. Enter one such as ambleford.gov.uk")
        if len(given) > MOST_DOMAINS:
            raise forms.ValidationError(f"Enter at most {MOST_DOMAINS} domains")
        return list(dict.fromkeys(given))


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="Your work e-mail address",
        max_length=254,
        help_text="We send a code there. The team and the others who answer see your address beside your answers",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address, like name@example.gov.uk",
        },
    )

    def __init__(self, data, *, link):
        super().__init__(data)
        self.link = link

    def clean_email(self):
        email = clean_email(self.cleaned_data["email"])
        if not self.link.lets_answer(email):
            raise forms.ValidationError(f"Through this link, only addresses at {' or '.join(self.link.domains)} answer")
        return email


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text=f"{DIGITS} digits. It is good for 15 minutes",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Enter the code from the e-mail"},
    )

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code):
            raise forms.ValidationError(f"The code has {DIGITS} digits. Check the e-mail and enter it again")
        return code
