"""Every route says who may use it, and is named as the house names routes."""

import re

from lms.kernel.headers import READING

SEGMENT = re.compile(
    r"[a-z0-9-]+(\.[a-z0-9]+)?|<(int|string|path):\w+>|<(int:)?\w+>(\.\w+)?"
)


def own_rules(app):
    return [r for r in app.url_map.iter_rules() if not r.endpoint.endswith("static")]


def test_every_route_says_who_may_use_it(app):
    unguarded = [
        rule.rule
        for rule in own_rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "guard")
    ]

    assert unguarded == []


def test_addresses_are_in_kebab_case(app):
    strange = [
        rule.rule
        for rule in own_rules(app)
        if not all(SEGMENT.fullmatch(part) for part in rule.rule.split("/") if part)
    ]

    assert strange == []


def test_a_number_in_an_address_is_declared_as_one(app):
    loose = [r.rule for r in own_rules(app) if re.search(r"<\w*_id>", r.rule)]

    assert loose == []


def test_nothing_changes_by_reading(app):
    mixed = [
        rule.rule
        for rule in own_rules(app)
        if {"GET"} & rule.methods and set(rule.methods) - set(READING)
    ]

    assert mixed == []
