"""Who the mimic is, and by what name it knows a person to a client."""

from flask import current_app

from sso.provider.models import Client
from sso.provider.vault import Vault


def vault() -> Vault:
    found: Vault = current_app.extensions["vault"]
    return found


def issuer() -> str:
    return str(current_app.config["ISSUER"])


def subject_of(client: Client, person_uid: str) -> str:
    return vault().subject(client.sector, person_uid)
