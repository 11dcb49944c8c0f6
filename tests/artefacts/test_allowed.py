"""What the built functions ask of AWS while they answer every sample event, their roles allow."""

import pytest

from tests.stack.asking import Asked, door, forbidden
from tests.stack.reading import FUNCTIONS, Statement, statements
from tools.replay import World, events, replay
from tools.translate import translated

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def roles() -> list[Statement]:
    return list(statements(translated()["Resources"]))


@pytest.fixture(scope="module", params=FUNCTIONS)
def told(request: pytest.FixtureRequest, here: World) -> tuple[str, list[Asked]]:
    """A function, and all that it asked for while it answered its events."""
    name = request.param
    with door(here.aws.url) as (url, asked), here.emulator(name, AWS_ENDPOINT_URL=url) as running:
        for path in events(name):
            replay(running, path, here.discord)
    return name, list(asked)


def test_a_function_asks_for_nothing_that_its_role_forbids(
    told: tuple[str, list[Asked]], roles: list[Statement]
) -> None:
    name, asked = told
    assert asked, "it asks for something"
    assert forbidden(roles, name, asked) == set()


def test_a_role_that_lacks_a_right_is_noticed(
    told: tuple[str, list[Asked]], roles: list[Statement]
) -> None:
    name, asked = told
    for action in {one.action for one in asked}:
        poorer = [
            one._replace(actions=tuple(x for x in one.actions if x != action)) for one in roles
        ]
        assert {one.action for one in forbidden(poorer, name, asked)} == {action}


def test_a_right_for_something_else_is_none(roles: list[Statement]) -> None:
    wrong = [
        *(Asked("s3:PutObject", "elsewhere/1"), Asked("sqs:SendMessage", "VoiceDeadLetters")),
        *(Asked("ssm:GetParameter", "openai-webhook-secret"), Asked("s3:GetObject", "guilds")),
    ]
    assert forbidden(roles, "Worker", wrong) == set(wrong)
