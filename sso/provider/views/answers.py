"""From a request to its next step: shared by the protocol and the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from sso.provider import identity, server
from sso.provider.models import Client, Interaction, SignInSession
from sso.provider.rules.fields import Field, fields_told
from sso.provider.rules.levels import levels_asked
from sso.provider.rules.steps import SILENT_ERRORS, Asked, SignedIn, Step, next_step
from sso.provider.services import consents, interactions

LARGEST_MAX_AGE = 10**9


def asked_of(parameters: Mapping[str, str], subject: str | None) -> Asked:
    """Read what the client wants; ValueError for a max_age that is no number."""
    max_age = parameters.get("max_age")
    return Asked(
        prompts=frozenset(parameters.get("prompt", "").split()),
        max_age=None if max_age is None else _seconds(max_age),
        levels=levels_asked(parameters.get("acr_values", "")),
        subject=subject,
    )


def _seconds(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and int(text) <= LARGEST_MAX_AGE):
        raise ValueError("max_age")
    return timedelta(seconds=int(text))


def told_to(client: Client, parameters: Mapping[str, str]) -> tuple[Field, ...]:
    scope = client.get_allowed_scope(parameters.get("scope")) or ""
    return fields_told(client.profile, scope.split())


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to sign in, whether it has just come or waits."""

    client: Client
    parameters: Mapping[str, str]
    asked: Asked
    began_at: datetime

    def step(self, session: SignInSession | None, now: datetime) -> Step:
        """Ask the rules what must happen next in this browser."""
        signed_in = consented = None
        if session is not None:
            signed_in = SignedIn(
                subject=identity.subject_of(self.client, session.person.uid),
                level=session.level,
                auth_at=session.auth_at,
            )
            told = told_to(self.client, self.parameters)
            consented = "consent" not in self.asked.prompts and consents.covers(
                session.person, self.client, told
            )
        return next_step(
            self.asked,
            signed_in,
            consented=bool(consented),
            began_at=self.began_at,
            now=now,
        )


def waiting_step(
    interaction: Interaction, session: SignInSession | None, now: datetime
) -> Step:
    sent = interaction.parameters
    asked = asked_of(sent, interaction.subject)
    return Wish(interaction.client, sent, asked, interaction.began_at).step(
        session, now
    )


def code(
    interaction: Interaction, session: SignInSession, now: datetime
) -> ResponseReturnValue:
    """Send the browser back with a code; a second click finds the request closed."""
    if not interactions.end(interaction, now):
        return begin_again()
    return redirect(server.code_answer(interaction.parameters, session), 303)


def error(interaction: Interaction, word: str, now: datetime) -> ResponseReturnValue:
    """Send the browser back with the reason why not."""
    interactions.end(interaction, now)
    sent = interaction.parameters
    return redirect(
        server.error_answer(sent["redirect_uri"], word, sent.get("state")), 303
    )


def other_person(interaction: Interaction, now: datetime) -> ResponseReturnValue:
    return error(interaction, SILENT_ERRORS[Step.OTHER_PERSON], now)


def begin_again() -> ResponseReturnValue:
    """Say that this request is over, or never was of this browser."""
    return render_template("provider/begin_again.html"), 410
