"""Passwords: the rules, told before they are broken and after, in the reader's language."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from qinwu.language import Language

DJANGO_LANGUAGES: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


def rules(language: Language) -> list[str]:
    """Return what a password must be, each rule in one sentence."""
    with override(DJANGO_LANGUAGES[language]):
        return [str(text) for text in password_validators_help_texts()]


def weaknesses(name: str, password: str, language: Language) -> list[str]:
    """Return which rules a password for the account `name` breaks."""
    with override(DJANGO_LANGUAGES[language]):
        try:
            validate_password(password, get_user_model()(username=name))
        except ValidationError as error:
            return [str(each) for each in error.messages]
    return []
