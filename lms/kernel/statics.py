"""Static files, served by WhiteNoise, with a compressed twin where there is one."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

AN_HOUR = 3600


def init_app(app: Flask) -> None:
    folder = str(app.static_folder)
    app.jinja_env.globals["static"] = lambda name: address(folder, name)
    served = WhiteNoise(app.wsgi_app, max_age=AN_HOUR)
    served.add_files(folder, prefix="static/")
    for blueprint in app.blueprints.values():
        if blueprint.static_folder and blueprint.static_url_path:
            prefix = blueprint.static_url_path.strip("/") + "/"
            served.add_files(blueprint.static_folder, prefix=prefix)
    app.wsgi_app = served  # type: ignore[method-assign]


@cache
def address(folder: str, name: str) -> str:
    """Return the address of a file, changed whenever its content changes."""
    content = (Path(folder) / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"
