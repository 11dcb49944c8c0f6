"""Rows of a test as answers that can be corrected like any other."""

from protege.answers import Answer
from protege.testing.trial import Outcome, Trial


def answer_id(test: str, trial: Trial) -> str:
    """Id of a row's answer. It begins with that of the interaction, so that ids sort by time.

    Raises ValueError where the test's id is none.
    """
    return f"{int(test, 36)}-{trial.number}"


def remembered(test: str, trial: Trial, user: str) -> Answer:
    """A row's answer: of two sides the first that is wrong."""
    one = _to_correct(trial)
    id, expected = answer_id(test, trial), trial.expected
    return Answer(id, trial.input, one.predicted, user, one.version, one.lesson, expected)


def _to_correct(trial: Trial) -> Outcome:
    wrong = [one for one in trial.outcomes if not one.right]
    return (wrong or list(trial.outcomes))[0]
