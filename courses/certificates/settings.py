"""What certificates take from the settings of the application."""

from flask import current_app

from courses.certificates.rules import Issuer


def issuer() -> Issuer:
    """Return the unit in whose name certificates are issued from now on."""
    config = current_app.config
    return Issuer(config["ISSUER_NAME"], config["ISSUER_PLACE"], config["ISSUER_CODE"])


def verify_address(code: str) -> str:
    """Return the public address that the QR code holds."""
    return f"{current_app.config['BASE_URL'].rstrip('/')}/verify/{code}"
