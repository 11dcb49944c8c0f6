"""Training and testing, put together. Only who trains or tests loads this module."""

from typing import TYPE_CHECKING

from protege.app.features import Features
from protege.app.ground import Ground
from protege.training.methods import Methods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from protege.datasets.rows import Row
    from protege.testing import Tests
    from protege.training.steps import Training


def methods(bot: Features, on: Ground) -> Methods:
    """The ways to train that can be used here."""
    return Methods(
        lambda: on.provider,
        on.tuner,
        on.outside.check_tuner,
        bot.models,
        bot.spending,
        on.prices,
        on.config.tune_calls,
        lambda space: bot.chat.instruction(space).text,
        _voted(bot),
    )


def tests(bot: Features, on: Ground) -> "Tests":
    """Trials on rows whose answers are known, or not."""
    from protege.testing import Means, Tests
    from protege.testing.store import Store

    return Tests(
        Means(
            on.files,
            bot.jobs,
            bot.chat,
            bot.answers,
            bot.models,
            on.embedder,
            Store(on.files, on.records, on.config.answer_days),
            lambda: on.provider,
            bot.spending,
            on.prices,
        )
    )


def training(bot: Features, on: Ground) -> "Training":
    """The steps of training jobs."""
    from protege.training.steps import Training, Workshop
    from protege.training.steps.desks import Desks
    from protege.training.tuning import Tuning

    config = on.config
    workshop = Workshop(
        on.files,
        bot.jobs,
        bot.models,
        bot.lessons,
        on.embedder,
        bot.instructions,
        lambda: on.provider,
        bot.spending,
        desks=Desks(on.files),
        tuner=on.tuner,
        voted=_voted(bot),
        tuning=Tuning(config.tune_calls, config.tune_model, price=on.prices.cost),
        int8=bool(config.index_int8),
    )
    return Training(workshop)


def _voted(bot: Features) -> "Callable[[str], Iterable[Row]]":
    from protege.training.voted import Voted

    return Voted(lambda space: bot.arena.preferred(space), bot.models, bot.forgetting).pairs
