"""The provider that the configuration names, and the one adapter that speaks to it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from sso.relying_party.adapters import adapter_for
from sso.relying_party.adapters.code_flow import CodeFlow
from sso.relying_party.rules.provider import (
    ACCOUNT_LEVELS,
    ACR_LEVELS,
    HABITS,
    ClientAuth,
    Endpoints,
    Habits,
    Profile,
    Provider,
    is_safe,
)


def init_app(app: Flask) -> None:
    provider = provider_of(app.config)
    app.extensions["vneid"] = adapter_for(provider) if provider else None


def adapter() -> CodeFlow | None:
    """Return who speaks to the provider; None where nobody signs in through one."""
    found: CodeFlow | None = current_app.extensions["vneid"]
    return found


def provider_of(settings: Mapping[str, Any]) -> Provider | None:
    """Read the configuration, or raise ValueError saying what is wrong with it."""
    if not settings["VNEID_PROFILE"]:
        return None
    profile = Profile(settings["VNEID_PROFILE"])
    key_file = settings["VNEID_PRIVATE_KEY_FILE"]
    places = settings["VNEID_ENDPOINTS"]
    made = Provider(
        profile=profile,
        issuer=settings["VNEID_ISSUER"],
        client_id=settings["VNEID_CLIENT_ID"],
        client_secret=settings["VNEID_CLIENT_SECRET"],
        private_key=Path(key_file).read_text("ascii") if key_file else "",
        habits=_habits(profile, settings),
        endpoints=Endpoints(**places) if places else None,
        acr_levels=settings["VNEID_ACR_LEVELS"] or ACR_LEVELS,
        account_levels=settings["VNEID_ACCOUNT_LEVELS"] or ACCOUNT_LEVELS,
        other_audiences=frozenset(settings["VNEID_OTHER_AUDIENCES"]),
        requires_iss=settings["VNEID_REQUIRES_ISS"],
    )
    _check(made)
    return made


def _habits(profile: Profile, settings: Mapping[str, Any]) -> Habits:
    usual = HABITS[profile]
    return replace(
        usual,
        scope=settings["VNEID_SCOPE"] or usual.scope,
        client_auth=ClientAuth(settings["VNEID_CLIENT_AUTH"] or usual.client_auth),
        acr_values=settings["VNEID_ACR_VALUES"] or usual.acr_values,
        claims={**usual.claims, **settings["VNEID_CLAIMS"]},
        date_formats=tuple(settings["VNEID_DATE_FORMATS"]) or usual.date_formats,
        kinds=usual.kinds
        if settings["VNEID_KINDS"] is None
        else tuple(settings["VNEID_KINDS"]),
        userinfo_method=settings["VNEID_USERINFO_METHOD"] or usual.userinfo_method,
        sends_nonce=_said(settings["VNEID_SENDS_NONCE"], usual.sends_nonce),
        sends_pkce=_said(settings["VNEID_SENDS_PKCE"], usual.sends_pkce),
    )


def _said(told: bool | None, usual: bool) -> bool:
    return usual if told is None else bool(told)


def _check(made: Provider) -> None:
    places = [made.issuer]
    if made.endpoints:
        named = made.endpoints
        places = [named.authorization, named.token, named.userinfo]
        places += filter(None, (named.jwks, named.end_session))
    for place in places:
        if not is_safe(place):
            raise ValueError(f"VNEID: {place!r} must be https (http on this machine)")
    if not made.issuer or not made.client_id:
        raise ValueError("VNEID_ISSUER and VNEID_CLIENT_ID must be set")
    if made.profile is Profile.ENVELOPE and not (made.private_key and made.endpoints):
        raise ValueError("the profile envelope needs a private key and the endpoints")
