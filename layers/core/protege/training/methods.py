"""Whether a method of training can be used here, and what it would take."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from protege.config import ConfigError
from protege.datasets.rows import Row
from protege.errors import UserError
from protege.learning import Lesson
from protege.models import Models
from protege.providers import ChatModel
from protege.providers.prices import Prices
from protege.providers.tuning import Tuner
from protege.spending import Spending
from protege.text import Text
from protege.training.estimate import Estimate, Tally, of_training, of_tuning
from protege.training.orders import KINDS
from protege.training.plan import METHODS, TUNED_BY, VOTED
from protege.training.tuning.rows import FEWEST, TOO_FEW

UNKNOWN = Text(
    "“{method}” is no method; there are: {known}.", "Метода «{method}» нет, есть: {known}."
)
NO_MODEL = Text(
    "The method `tuned` asks a language model, and this bot has none. Whoever runs it has to set "
    "`PROVIDER=openai` with a key; until then use `lessons`.",
    "Метод `tuned` спрашивает языковую модель, а у этого бота её нет. Кто его запустил, должен "
    "задать `PROVIDER=openai` и ключ; пока что берите `lessons`.",
)
NOT_SET_UP = Text(
    "The method `{method}` has a provider train a model, and that is not set up here ({why}). "
    "Whoever runs this bot can do that; until then use `lessons`.",
    "При методе `{method}` модель обучает провайдер, а здесь это не настроено ({why}). Настроить "
    "может тот, кто запустил бота; пока что берите `lessons`.",
)
SETTINGS = {"openai": "FINE_TUNING_MODEL", "bedrock": "BEDROCK_BASE_MODEL"}


class Methods:
    """The ways to train; `space` is the guild in every call."""

    def __init__(
        self,
        chat: Callable[[], ChatModel],
        tuner: Callable[[str], Tuner],
        check: Callable[[str], None],
        models: Models,
        spending: Spending,
        prices: Prices,
        tune_calls: int,
        instruction: Callable[[str], str],
        voted: Callable[[str], Iterable[Row]],
    ) -> None:
        """Of a guild: the `instruction` in force, and the pairs that people voted for."""
        self._chat = chat
        self._tuner = tuner
        self._check = check
        self._models = models
        self._spending = spending
        self._prices = prices
        self._calls = tune_calls
        self._instruction = instruction
        self._voted = voted

    def check(self, method: str) -> None:
        """Raises UserError where a method is not known or lacks what it needs here."""
        if method not in METHODS:
            raise UserError(UNKNOWN, method=method, known=", ".join(METHODS))
        if method == "tuned" and not self._chat().can_complete:
            raise UserError(NO_MODEL)
        if method in TUNED_BY:
            self._check_provider(method, TUNED_BY[method])

    def _check_provider(self, method: str, provider: str) -> None:
        try:
            self._check(provider)
            base = self._tuner(provider).base
        except ConfigError as error:
            raise UserError(NOT_SET_UP, method=method, why=error) from None
        if not base:
            why = f"{SETTINGS[provider]} is not set"
            raise UserError(NOT_SET_UP, method=method, why=why)

    def estimate(self, space: str, method: str, tally: Tally, *, rebuilds: int = 0) -> Estimate:
        """What it would take. `tally`: of the new rows; what is known already is added to it, or
        what the version holds that a job `rebuilds`.

        Raises UserError where there are too few rows, or too many, or the budget does not allow it.
        """
        tally.see_all(self._known(space, rebuilds))
        if method in VOTED:
            tally.see_voted(self._voted(space))
        if method in TUNED_BY:
            KINDS[method].check(tally.rows, tally.held)
            base = self._tuner(TUNED_BY[method]).base
            found = of_training(tally, self._instruction(space), base, self._prices.of(base))
        else:
            if min(tally.rows, tally.held) < FEWEST:
                raise UserError(TOO_FEW, lessons=tally.rows + tally.held)
            model = self._chat().model
            found = of_tuning(tally, self._calls, model, self._prices.of(model))
        self.afford(space, found.usd, found.tokens)
        return found

    def afford(self, space: str, usd: float | None, tokens: int = 0) -> None:
        """Raises UserError where the budget does not allow it."""
        self._spending.check(space, usd or 0.0, tokens)

    def _known(self, space: str, rebuilds: int) -> Iterator[Row]:
        for number, lesson in enumerate(self._lessons(space, rebuilds), 1):
            yield Row(number, lesson.input, lesson.good, lesson.bad)

    def _lessons(self, space: str, rebuilds: int) -> Iterable[Lesson]:
        if rebuilds:
            return self._models.remembered(space, rebuilds)
        taught = self._models.taught(space)
        return chain(taught.model.lessons, (correction.lesson for correction in taught.corrections))
