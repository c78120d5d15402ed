"""Guards for views: every route is either ``requires(...)`` or ``public(...)``.

The guard is also the edge of the transaction: it commits once, after the view has
answered.  Services never commit.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import Select, union_all

from lms.kernel.bodies import is_id
from lms.kernel.db import Base, db
from lms.kernel.permissions import (
    CARRIES,
    SITE,
    Grant,
    Permission,
    Role,
    Scoped,
    allows,
)
from lms.kernel.transactions import is_writing

View = Callable[..., Any]
GrantSource = Callable[[int], Iterable[Grant]]
GrantQuery = Callable[[int], Iterable[Select[str, str]]]
"""Gives selects of a role's word and a scope; all of them are asked as one query."""

login_manager = LoginManager()


def init_app(
    app: Flask,
    load_signed_in: Callable[[str], UserMixin | None],
    grant_sources: list[GrantSource],
    grant_queries: list[GrantQuery],
) -> None:
    """Wire in who can sign in, and where their grants come from."""
    login_manager.init_app(app)
    login_manager.user_loader(load_signed_in)
    app.extensions["grant_sources"] = grant_sources
    app.extensions["grant_queries"] = grant_queries


def grants_of(account_id: int) -> list[Grant]:
    """Return all grants of an account, read once in a request."""
    remembered: dict[int, list[Grant]] = g.setdefault("grants", {})
    if account_id not in remembered:
        sources: list[GrantSource] = current_app.extensions["grant_sources"]
        remembered[account_id] = [
            Grant(Role.SELF, f"account:{account_id}"),
            Grant(Role.MEMBER, SITE),
            *(grant for source in sources for grant in source(account_id)),
            *_derived(account_id),
        ]
    return remembered[account_id]


def _derived(account_id: int) -> list[Grant]:
    """Ask all grant queries at once, for every page asks them."""
    sources: list[GrantQuery] = current_app.extensions["grant_queries"]
    asked = [query for source in sources for query in source(account_id)]
    rows = db.session.execute(union_all(*asked)) if asked else ()
    return [Grant(Role(role), scope) for role, scope in rows]


def may(permission: Permission | str, subject: Scoped | None = None) -> bool:
    """Say whether the signed-in account may do this; also offered to templates."""
    scopes = subject.scopes if subject else ()
    return current_user.is_authenticated and allows(
        grants_of(current_user.id), Permission(permission), scopes
    )


def may_anywhere(permission: Permission | str) -> bool:
    """Say whether the account may do this to anything at all: is the page for it?"""
    wanted = Permission(permission)
    return current_user.is_authenticated and any(
        allows([grant], wanted, (grant.scope,)) for grant in grants_of(current_user.id)
    )


def scopes_with(permission: Permission) -> list[str] | None:
    """Return the scopes in which the account may do this; None for everywhere."""
    scopes = [
        grant.scope
        for grant in grants_of(current_user.id)
        if permission in CARRIES[grant.role]
    ]
    return None if SITE in scopes else scopes


def requires(
    permission: Permission, on: type[Base] | None = None, *, anywhere: bool = False
) -> Callable[[View], View]:
    """Guard a view, and hand it the object that its URL names.

    With ``on=Quiz`` the URL must carry ``quiz_id``; the view receives ``quiz``.  An
    object that is missing and one that is not yours answer alike with 404, so that
    nobody learns by counting what exists.  Without an object the answer is 403.  With
    ``anywhere`` a grant in any scope opens the page; its service then filters.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**url: Any) -> Any:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if on is not None:
                name = on.__tablename__
                subject: Any = _found(on, url.pop(f"{name}_id"))
                if subject is None or not may(permission, subject):
                    abort(404)
                url[name] = subject
            elif not (may_anywhere(permission) if anywhere else may(permission)):
                abort(403)
            return committed(view(**url))

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _found(model: type[Base], key: int) -> Base | None:
    return db.session.get(model, key) if is_id(key) else None


def public(because: str) -> Callable[[View], View]:
    """Leave a view open to anyone, and say why that is safe."""

    def decorate(view: View) -> View:
        @wraps(view)
        def open_to_all(**url: Any) -> Any:
            return committed(view(**url))

        open_to_all.guard = f"public: {because}"  # type: ignore[attr-defined]
        return open_to_all

    return decorate


def committed(answer: Any) -> Any:
    """Close the request's one transaction; a view that raised never gets here."""
    if is_writing():
        db.session.commit()
    else:
        # Reading changes nothing: whatever a page touched by mistake is given up.
        db.session.rollback()
    return answer
