"""The watcher's alarm clock, in EventBridge and as a file."""

import os
from pathlib import Path
from typing import Any

import pytest

from protege.errors import Unavailable
from protege.storage import Alarm
from protege.storage.aws import RuleAlarm, client
from protege.storage.embedded import FileAlarm


@pytest.fixture
def events(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """EventBridge."""
    for name, value in request.getfixturevalue("aws").env.items():
        monkeypatch.setenv(name, value)
    return client("events")


@pytest.fixture(params=["embedded", pytest.param("aws", marks=pytest.mark.real)])
def alarm(request: pytest.FixtureRequest, tmp_path: Path) -> Alarm:
    if request.param == "embedded":
        return FileAlarm(tmp_path / "deep" / "alarm")
    events, rule = request.getfixturevalue("events"), f"rule-{os.urandom(8).hex()}"
    events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="DISABLED")
    return RuleAlarm(rule, events)


def test_an_alarm_is_off_until_it_is_set(alarm: Alarm) -> None:
    assert not alarm.ringing()
    alarm.set()
    assert alarm.ringing()


def test_setting_it_twice_and_turning_it_off_twice_is_no_error(alarm: Alarm) -> None:
    alarm.set()
    alarm.set()
    assert alarm.ringing()
    alarm.off()
    alarm.off()
    assert not alarm.ringing()


@pytest.mark.real
def test_a_rule_that_is_not_there_is_unavailable(events: Any) -> None:
    with pytest.raises(Unavailable):
        RuleAlarm("no-such-rule", events).set()
    with pytest.raises(Unavailable):
        RuleAlarm("", events).set()
