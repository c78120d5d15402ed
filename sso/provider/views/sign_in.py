"""The pages on which a person signs in and agrees."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lms.kernel import clock, headers
from lms.kernel.links import next_or
from sso.provider import identity
from sso.provider.edge import writes
from sso.provider.forms import OtpForm, SignInForm
from sso.provider.models import Interaction, SignInSession
from sso.provider.rules.levels import DEFAULT_LEVEL, Factor, level_needed, levels_asked
from sso.provider.rules.lockout import SignInRefusal
from sso.provider.rules.steps import Step
from sso.provider.services import consents, entering, interactions
from sso.provider.services.persons import Typed
from sso.provider.views import answers, browser

bp = Blueprint(
    "sign_in",
    __name__,
    template_folder="../../templates",
    static_folder="../../static",
    static_url_path="/own",
)


def waiting(token: str) -> Interaction | None:
    found = interactions.waiting(token, browser.known_mark(), clock.now())
    if found is not None:
        for origin in found.client.origins:
            # Chromium applies form-action to where a form's answer redirects as well.
            headers.allow("form-action", origin)
    return found


@bp.get("/interactions/<token>")
@writes("open to the browser alone in which the request began")
def show(token: str) -> ResponseReturnValue:
    found = waiting(token)
    if found is None:
        return answers.begin_again()
    return _page(found, token, clock.now())


def _page(found: Interaction, token: str, now: datetime) -> ResponseReturnValue:
    """Show the step that this request waits for."""
    session = browser.session_here(now)
    step = answers.waiting_step(found, session, now)
    if session is None or step is Step.SIGN_IN:
        if found.password_by is not None:
            return _otp_page(found, token, OtpForm())
        return _sign_in_page(found, token, SignInForm())
    return _next_page(found, token, session, step, now)


def _next_page(
    found: Interaction,
    token: str,
    session: SignInSession,
    step: Step,
    now: datetime,
) -> ResponseReturnValue:
    if step is Step.OTHER_PERSON:
        return answers.other_person(found, now)
    if step is Step.ANSWER:
        return answers.code(found, session, now)
    return render_template(
        "provider/consent.html",
        token=token,
        client=found.client,
        host=host_of(found),
        fields=answers.told_to(found.client, found.parameters),
        person=session.person,
    )


def _sign_in_page(
    found: Interaction,
    token: str,
    form: SignInForm,
    refusal: SignInRefusal | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "provider/sign_in.html",
        token=token,
        client=found.client,
        host=host_of(found),
        form=form,
        refusal=refusal,
    )
    return page, _status(form, refusal)


def _otp_page(
    found: Interaction,
    token: str,
    form: OtpForm,
    refusal: SignInRefusal | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "provider/otp.html",
        token=token,
        client=found.client,
        host=host_of(found),
        form=form,
        refusal=refusal,
    )
    return page, _status(form, refusal)


def _status(form: SignInForm | OtpForm, refusal: SignInRefusal | None) -> int:
    if refusal is SignInRefusal.TOO_MANY:
        return 429
    return 422 if refusal or form.errors else 200


def host_of(found: Interaction) -> str:
    return str(urlsplit(found.parameters["redirect_uri"]).netloc)


@bp.post("/interactions/<token>/password")
@writes("a stranger must be able to say who they are")
def enter_password(token: str) -> ResponseReturnValue:
    found, now = waiting(token), clock.now()
    if found is None:
        return answers.begin_again()
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(found, token, form)
    person = entering.take_password(
        identity.vault(),
        found,
        Typed(form.number.data or "", form.password.data or "", browser.address()),
        now,
    )
    if isinstance(person, SignInRefusal):
        return _sign_in_page(found, token, form, person)
    if _level_wanted(found) < DEFAULT_LEVEL:
        return _signed_in(found, token, [Factor.PASSWORD], now)
    return _otp_page(found, token, OtpForm(formdata=None))


def _level_wanted(found: Interaction) -> int:
    asked = levels_asked(found.parameters.get("acr_values", ""))
    return level_needed(asked) or DEFAULT_LEVEL


@bp.post("/interactions/<token>/otp")
@writes("a stranger must be able to say who they are")
def enter_otp(token: str) -> ResponseReturnValue:
    found, now = waiting(token), clock.now()
    if found is None:
        return answers.begin_again()
    form = OtpForm()
    if found.password_by is None:
        return redirect(url_for(".show", token=token), 303)
    if not form.validate():
        return _otp_page(found, token, form)
    refusal = entering.take_otp(identity.vault(), found, form.code.data or "", now)
    if refusal is SignInRefusal.WRONG_OTP:
        return _otp_page(found, token, form, refusal)
    if refusal is not None:
        return _sign_in_page(found, token, SignInForm(formdata=None), refusal)
    return _signed_in(found, token, [Factor.PASSWORD, Factor.OTP], now)


def _signed_in(
    found: Interaction, token: str, factors: list[Factor], now: datetime
) -> ResponseReturnValue:
    person = entering.person_waiting(found)
    if person is None:
        return answers.begin_again()
    session = browser.sign_in(person, [factor.value for factor in factors], now)
    return go_on(found, token, session, now)


def go_on(
    found: Interaction, token: str, session: SignInSession, now: datetime
) -> ResponseReturnValue:
    """Answer the client, or show what still stands in between."""
    step = answers.waiting_step(found, session, now)
    if step is Step.CONSENT:
        return redirect(url_for("sign_in.show", token=token), 303)
    return _next_page(found, token, session, step, now)


@bp.post("/interactions/<token>/other-account")
@writes("only takes back what this browser typed")
def begin_anew(token: str) -> ResponseReturnValue:
    """Go back to the first page, as somebody else or by another way."""
    found = waiting(token)
    if found is None:
        return answers.begin_again()
    found.password_by = None
    return redirect(url_for(".show", token=token), 303)


@bp.post("/interactions/<token>/consent")
@writes("open to the signed-in person alone")
def agree(token: str) -> ResponseReturnValue:
    found, now = waiting(token), clock.now()
    session = browser.session_here(now)
    if found is None or session is None:
        return answers.begin_again()
    step = answers.waiting_step(found, session, now)
    if step not in (Step.CONSENT, Step.ANSWER):
        return redirect(url_for(".show", token=token), 303)
    fields = answers.told_to(found.client, found.parameters)
    consents.give(session.person, found.client, fields, now)
    return answers.code(found, session, now)


@bp.post("/interactions/<token>/refuse")
@writes("only closes the request of this browser")
def refuse(token: str) -> ResponseReturnValue:
    found = waiting(token)
    if found is None:
        return answers.begin_again()
    return answers.error(found, "access_denied", clock.now())


@bp.post("/language")
@writes("changes only the language that this browser is answered in")
def set_language() -> ResponseReturnValue:
    wanted = request.form.get("language")
    if wanted in current_app.config["LANGUAGES"]:
        cookie["language"] = wanted
    return redirect(next_or("/"), 303)


@bp.get("/")
@writes("says only what this is")
def front() -> ResponseReturnValue:
    return render_template("provider/front.html", issuer=identity.issuer())
