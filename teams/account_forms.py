"""What people say about themselves."""

from django import forms


class NewcomerForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=100,
        help_text="As your colleagues know you",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 12 characters. Three random words make a good one",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )
