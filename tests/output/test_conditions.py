"""What makes the exit code 5."""

import pytest

from sectionary.output.conditions import Facts, conditions, holding
from sectionary.scraper.errors import ConfigError

WELL = {"failed": False, "blocked": False, "complete": True, "rejected": 0, "listed": 100}


@pytest.mark.parametrize(("told", "facts", "held"), [
    (None, {"failed": True}, ("site",)), (None, {"blocked": True, "failed": True}, ("blocked", "site")),
    (None, {"drift": True}, ("drift",)), (None, {"complete": False, "rejected": 90}, ()),
    (["incomplete"], {"complete": False, "failed": True}, ("incomplete",)),
    (["rejected>2%"], {"rejected": 2}, ()), (["rejected>2%,site"], {"rejected": 3}, ("rejected>2%",)),
    (["none"], {"failed": True, "blocked": True}, ()),
])  # fmt: skip
def test_a_condition_holds_where_its_fact_does(told: list[str] | None, facts: dict[str, int], held: object) -> None:
    assert holding(conditions(told), Facts(**{**WELL, **facts})) == held
    assert holding(conditions(told), Facts(**WELL)) == ()


@pytest.mark.parametrize("word", ["weather", "rejected", "rejected>two%"])
def test_an_unknown_condition_is_refused_with_those_known(word: str) -> None:
    with pytest.raises(ConfigError, match="known are drift, blocked, site, incomplete"):
        conditions([word])
