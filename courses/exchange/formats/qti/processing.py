"""Response processing: a bounded interpreter of the rules that an item carries.

Used to learn what each response is worth there, so that our own item gives the same.

Source: 1EdTech QTI 2.2, sections "Response Processing" and "Expressions".
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction

from courses.exchange.formats.qti.declarations import Declaration, declared
from courses.exchange.formats.qti.operators import OPERATORS
from courses.exchange.formats.qti.values import NULL, NUMERIC, Value, of, single
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child, local, text_of

MOST_STEPS = 20_000
DEEPEST = 60
MATCH_CORRECT, MAP_RESPONSE, MAP_POINT = (
    "match_correct",
    "map_response",
    "map_response_point",
)
TEMPLATES = {
    MATCH_CORRECT: MATCH_CORRECT,
    MAP_RESPONSE: MAP_RESPONSE,
    MAP_POINT: MAP_POINT,
    "CC2_match_basic": MATCH_CORRECT,
    "CC2_match": MATCH_CORRECT,
    "CC2_map_response": MAP_RESPONSE,
}
CONSTANTS = {"pi": math.pi, "e": math.e}
Outcomes = Mapping[str, Value]


class _Exit(Exception):
    """The rules end early."""


class Processing:
    """The rules of one item; :meth:`outcomes` runs them on responses."""

    def __init__(self, item: Element) -> None:
        self.responses = declared(item, "responseDeclaration")
        self.declarations = declared(item, "outcomeDeclaration")
        self.templates = declared(item, "templateDeclaration")
        self.element = child(item, "responseProcessing")

    @property
    def template(self) -> str | None:
        """Return the standard template that is named, if one is."""
        if self.element is None or len(self.element):
            return None
        named = (
            self.element.get("template") or self.element.get("templateLocation") or ""
        )
        name = named.rstrip("/").rpartition("/")[2].removesuffix(".xml")
        if name and name not in TEMPLATES:
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, name)
        return TEMPLATES.get(name)

    @property
    def is_there(self) -> bool:
        return self.element is not None and (
            len(self.element) > 0 or self.template is not None
        )

    def outcomes(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Run the rules; responses that are not given are NULL."""
        return _Run(self, given).outcomes()


class _Run:
    def __init__(self, rules: Processing, given: Mapping[str, Value]) -> None:
        self.rules = rules
        self.steps = 0
        self.values: dict[str, Value] = {
            "numAttempts": single("integer", Fraction(1)),
            "duration": single("float", Fraction(0)),
            "completionStatus": single("identifier", "unknown"),
        }
        for name, one in rules.templates.items():
            self.values[name] = one.default
        for name, one in rules.responses.items():
            self.values[name] = given.get(name, one.null)
        for name, one in rules.declarations.items():
            self.values[name] = _start(one)

    def outcomes(self) -> dict[str, Value]:
        template = self.rules.template
        if template:
            self._by_template(template)
        elif self.rules.element is not None:
            with suppress(_Exit):
                self._rules(self.rules.element, 0)
        return {name: self.values[name] for name in self.rules.declarations}

    def _by_template(self, template: str) -> None:
        declaration = self.rules.responses.get("RESPONSE")
        if declaration is None:
            only = list(self.rules.responses.values())
            if len(only) != 1:
                raise NotTaken(Trouble.NO_KEY)
            declaration = only[0]
        value = self.values[declaration.identifier]
        if template == MATCH_CORRECT:
            score = Fraction(not value.is_null and value.same(declaration.correct))
        elif template == MAP_POINT:
            score = _mapped_points(declaration, value)
        else:
            score = Fraction(0) if value.is_null else _mapped(declaration, value)
        self.values["SCORE"] = single("float", score)

    def _count(self, depth: int) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS or depth > DEEPEST:
            raise NotTaken(Trouble.TOO_LARGE)

    def _rules(self, element: Element, depth: int) -> None:
        for rule in element:
            self._count(depth)
            self._rule(rule, depth + 1)

    def _rule(self, rule: Element, depth: int) -> None:
        name = local(rule)
        if name == "responseCondition":
            self._condition(rule, depth)
        elif name in ("setOutcomeValue", "setTemplateValue"):
            self._set(rule, self._one(rule, depth))
        elif name == "lookupOutcomeValue":
            self._look_up(rule, depth)
        elif name == "responseProcessingFragment":
            self._rules(rule, depth)
        elif name in ("exitResponse", "exitTemplate"):
            raise _Exit
        else:
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, name)

    def _condition(self, rule: Element, depth: int) -> None:
        for branch in rule:
            if local(branch) == "responseElse":
                self._rules(branch, depth)
                return
            test, *rules = list(branch)
            if self._value(test, depth).one is True:
                for one in rules:
                    self._count(depth)
                    self._rule(one, depth + 1)
                return

    def _set(self, rule: Element, value: Value) -> None:
        name = rule.get("identifier", "").strip()
        declaration = self.rules.declarations.get(name)
        if declaration is not None:
            # A number set where a text is declared, and the like, keeps its items.
            value = Value(declaration.base, declaration.cardinality, value.items)
            if declaration.base == "integer" and value.items:
                whole = tuple(
                    Fraction(math.trunc(one)) if isinstance(one, Fraction) else one
                    for one in value.items
                )
                value = Value(declaration.base, declaration.cardinality, whole)
        self.values[name] = value

    def _look_up(self, rule: Element, depth: int) -> None:
        declaration = self.rules.declarations.get(rule.get("identifier", ""))
        source = self._one(rule, depth)
        if declaration is None or declaration.table is None:
            raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, "lookupOutcomeValue")
        if isinstance(source.one, Fraction):
            self.values[declaration.identifier] = declaration.table(source.one)

    def _one(self, element: Element, depth: int) -> Value:
        inner = list(element)
        return self._value(inner[0], depth + 1) if inner else NULL

    def _value(self, element: Element, depth: int) -> Value:
        self._count(depth)
        name = local(element)
        if name in OPERATORS:
            values = [self._value(one, depth + 1) for one in element]
            if not values and name not in ("multiple", "ordered", "and", "or", "sum"):
                raise NotTaken(Trouble.NOT_WELL_FORMED, name)
            try:
                return OPERATORS[name](values, element)
            except (IndexError, ValueError, TypeError):
                raise NotTaken(Trouble.NOT_WELL_FORMED, name) from None
        return self._leaf(element, name)

    def _leaf(self, element: Element, name: str) -> Value:
        identifier = element.get("identifier", "").strip()
        if name == "baseValue":
            return of(element.get("baseType", "string"), "single", [text_of(element)])
        if name == "variable":
            return self._variable(identifier)
        if name == "null":
            return NULL
        if name == "mathConstant":
            constant = CONSTANTS.get(element.get("name", ""), math.pi)
            return single("float", Fraction(constant))
        if name in ("correct", "default", "mapResponse", "mapResponsePoint"):
            return self._declared(name, identifier)
        raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, name)

    def _variable(self, identifier: str) -> Value:
        return self.values.get(identifier, NULL)

    def _declared(self, name: str, identifier: str) -> Value:
        declaration = self.rules.responses.get(identifier)
        if declaration is None:
            other = self.rules.declarations.get(identifier)
            return other.default if name == "default" and other else NULL
        value = self.values[identifier]
        if name == "correct":
            return declaration.correct
        if name == "default":
            return declaration.default
        mapped = _mapped if name == "mapResponse" else _mapped_points
        return single("float", mapped(declaration, value))


def _start(declaration: Declaration) -> Value:
    """Return what an outcome begins with: its default, nought if it is a number."""
    if declaration.default.is_null and declaration.cardinality == "single":
        numeric = declaration.base in NUMERIC
        return single(declaration.base, Fraction(0) if numeric else None)
    return declaration.default


def _mapped(declaration: Declaration, value: Value) -> Fraction:
    if declaration.mapping is None:
        raise NotTaken(Trouble.NO_KEY, declaration.identifier)
    return declaration.mapping.of(value)


def _mapped_points(declaration: Declaration, value: Value) -> Fraction:
    if declaration.areas is None:
        raise NotTaken(Trouble.NO_KEY, declaration.identifier)
    return declaration.areas.of(value)


def kept(rules: Processing) -> list[Element]:
    """Return all elements of the rules, for looking up what they compare with."""
    return [] if rules.element is None else list(rules.element.iter())
