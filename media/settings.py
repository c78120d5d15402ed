"""What media takes from the settings of the application."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask.sansio.app import App

from media.rules.addresses import derived_key
from media.rules.files import Bounds
from media.storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class Settings:
    storage: Storage
    scratch: Path
    """A folder on this machine for files that are on their way."""
    bounds: Bounds
    address_key: bytes
    address_life: timedelta


def open_media(app: App) -> None:
    """Open the storage; done once, as the blueprint is registered."""
    scratch = Path(app.config["VAR"]) / "incoming"
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(app.config["VAR"]) / "media"
    app.extensions["media"] = Settings(
        storage=open_storage(app.config["MEDIA_STORE"], folder, scratch),
        scratch=scratch,
        bounds=Bounds(app.config["MAX_UPLOAD_SIZE"], app.config["MAX_IMAGE_SIZE"]),
        address_key=derived_key(app.config["SECRET_KEY"]),
        address_life=app.config["SIGNED_URL_LIFE"],
    )


def settings() -> Settings:
    found: Settings = current_app.extensions["media"]
    return found
