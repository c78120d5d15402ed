"""The guard that a view puts beside its permission."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import g

from lms.kernel.errors import Refused
from lms.people.proof import EXAM, Demand, Proof, local_proof
from lms.people.step_up import proven
from tests.conftest import NINE

STRONG = Proof(2, 2, ("pwd", "otp"), NINE)
WEAK = local_proof(("pwd",), NINE)


@pytest.fixture
def ask(app):
    """Return a function that asks a guarded view as somebody with this proof."""

    def asked(proof, demanded, method="GET", **headers):
        @proven(demanded)
        def view(**_given):
            return "in"

        with app.test_request_context(
            "/sittings/5?a=b", method=method, headers=headers
        ):
            g._login_user = SimpleNamespace(proof=proof, is_authenticated=True)
            return view(sitting=SimpleNamespace(demand=EXAM))

    return asked


def test_who_meets_the_demand_is_let_through(ask):
    assert ask(STRONG, EXAM) == "in"


def test_who_falls_short_is_led_to_the_page_that_says_why_and_back(ask):
    answer = ask(WEAK, EXAM)

    assert answer.status_code == 303
    assert answer.location.startswith("/step-up?muc=2&acr=2&age=900&here=1")
    assert answer.location.endswith("&next=/sittings/5?a%3Db")


def test_what_was_sent_is_not_sent_again(ask):
    assert "next=" not in ask(WEAK, EXAM, method="POST").location


def test_a_script_is_told_in_words(ask):
    with pytest.raises(Refused) as refused:
        ask(WEAK, EXAM, Accept="application/json")

    assert refused.value.reason == "proof-account-level"


def test_the_object_may_say_what_it_demands(ask):
    assert ask(WEAK, lambda sitting: sitting.demand).status_code == 303
    assert ask(WEAK, lambda sitting: None) == "in"
    assert ask(WEAK, Demand(max_age=timedelta(minutes=5))) == "in"
