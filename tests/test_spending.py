"""What models cost each server, and how much they may."""

import calendar
import threading
from pathlib import Path

import pytest

from protege.config import Config, ConfigError
from protege.errors import UserError
from protege.providers import Usage
from protege.providers.prices import Price, Prices
from protege.settings import Settings
from protege.spending import Budget, OverBudget, Spending, Spent
from protege.storage.embedded import SqliteRecords

DECEMBER = calendar.timegm((2026, 12, 1, 0, 0, 0))
MODEL = "gpt-6-luna"


class Clock:
    def __init__(self) -> None:
        self.time = float(DECEMBER - 86400)

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(SqliteRecords(tmp_path / "records.sqlite"))


@pytest.fixture
def spending(tmp_path: Path, settings: Settings, clock: Clock) -> Spending:
    records = SqliteRecords(tmp_path / "records.sqlite", now=clock)
    return Spending(
        records, settings, Prices.read('{"ft:m": {"in": 1, "out": 2, "training": 25}}'), now=clock
    )


def test_what_was_used_is_summed_in_dollars_and_tokens(spending: Spending) -> None:
    spending.note("77", "chat", MODEL, Usage(1_000_000, 200_000))
    spending.note("77", "judge", MODEL, Usage(1_000_000))
    month = spending.month("77")
    assert round(month.dollars, 9) == 0.3 and month[1:4] == (2_000_000, 200_000, 0)
    assert spending.month("78") == Spent()


def test_a_model_without_a_price_counts_in_tokens_and_is_told_apart(spending: Spending) -> None:
    spending.note("77", "chat", "llama-at-home", Usage(10, 5))
    assert spending.month("77") == Spent(0.0, 10, 5, 15)


def test_sound_is_paid_by_the_minute(spending: Spending) -> None:
    spending.note("77", "hearing", "gpt-transcribe", Usage(seconds=90))
    spending.note("77", "hearing", "gpt-transcribe", Usage(seconds=30))
    spending.note("77", "hearing", "ears-at-home", Usage(seconds=7))
    month = spending.month("77")
    assert round(month.dollars, 9) == 2 * 0.0045
    assert (month.seconds, month.unpriced_s, month.tokens_in) == (127, 7, 0)


def test_a_price_may_be_by_the_minute_alone() -> None:
    price = Prices.read('{"ears": {"minute": 0.06}}').of("ears")
    assert price == Price(0.0, 0.0, None, 0.06)
    assert price.of(Usage(seconds=30)) == 0.03


def test_training_has_a_price_of_its_own(spending: Spending) -> None:
    spending.note("77", "training", "ft:m:us:x", Usage(2_000_000))
    spending.note("77", "training", MODEL, Usage(7))
    assert spending.month("77") == Spent(50.0, 2_000_007, 0, 7)


def test_what_is_noted_again_under_the_same_name_counts_once(spending: Spending) -> None:
    for _ in range(2):
        spending.note("77", "training", "ft:m:us:x", Usage(1_000_000), once="job1")
    spending.note("77", "training", "ft:m:us:x", Usage(1_000_000), once="job2")
    assert spending.month("77").dollars == 50.0


def test_a_month_ends_at_midnight_of_greenwich(spending: Spending, clock: Clock) -> None:
    spending.note("77", "chat", MODEL, Usage(9))
    clock.time = DECEMBER - 1.0
    assert spending.month("77").tokens_in == 9
    clock.time = DECEMBER
    assert spending.month("77") == Spent()


def test_who_notes_at_the_same_moment_is_counted(spending: Spending) -> None:
    def note() -> None:
        for _ in range(10):
            spending.note("77", "chat", MODEL, Usage(1, 1))

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spending.month("77").tokens_in == 40


def test_without_a_budget_anything_may_be_spent(spending: Spending) -> None:
    spending.note("77", "chat", "gpt-6-astra", Usage(10**9))
    spending.check("77", 10**6)
    assert spending.budget("77") is None


def test_a_used_up_budget_is_told_with_its_numbers(spending: Spending, settings: Settings) -> None:
    settings.change("77", "42", budget="0.5")
    spending.note("77", "chat", "gpt-6-astra", Usage(50_000))
    with pytest.raises(UserError) as refused:
        spending.check("77")
    assert "used so far: $0.50" in refused.value.to("en")
    assert "0.50" in refused.value.to("ru")
    spending.check("78")


def test_what_does_not_fit_any_more_is_refused_beforehand(
    spending: Spending, settings: Settings
) -> None:
    settings.change("77", "42", budget="2")
    spending.note("77", "chat", "gpt-6-astra", Usage(100_000))
    spending.check("77", 1.0)
    with pytest.raises(UserError, match=r"about \$1\.01"):
        spending.check("77", 1.01)


def test_a_server_may_set_less_than_the_operator_allows_and_never_more(
    settings: Settings, tmp_path: Path
) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    spending = Spending(records, settings, Prices.read(""), Budget(3.0))
    settings.change("78", "42", budget="9")
    settings.change("79", "42", budget="1")
    settings.change("80", "42", budget="0")
    found = [spending.budget(space) for space in ("77", "78", "79", "80")]
    assert found == [3.0, 3.0, 1.0, 0.0]


def test_tokens_have_a_budget_so_that_a_model_without_a_price_is_stopped(
    settings: Settings, tmp_path: Path
) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    spending = Spending(records, settings, Prices.read(""), Budget(tokens=2_000))
    settings.change("77", "42", budget_tokens="1500")
    spending.note("77", "chat", "llama-at-home", Usage(900, 500))
    spending.check("77", more_tokens=100)
    with pytest.raises(OverBudget, match=r"about 101 tokens.*is 1,500 tokens.*budget_tokens"):
        spending.check("77", more_tokens=101)
    spending.note("77", "chat", "llama-at-home", Usage(50, 50))
    with pytest.raises(OverBudget, match="used so far: 1,500 tokens"):
        spending.check("77")
    assert (spending.token_budget("77"), spending.token_budget("78")) == (1_500, 2_000)
    assert (spending.share("77"), spending.share("78")) == (1.0, 0.0)


def test_of_a_budget_that_is_nearly_used_up_one_is_told_once_a_month(
    spending: Spending, settings: Settings, clock: Clock
) -> None:
    settings.change("77", "42", budget="1")
    spending.note("77", "chat", "gpt-6-astra", Usage(79_000))
    assert spending.warning("77") is None and spending.warning("78") is None
    spending.note("77", "chat", "gpt-6-astra", Usage(2_000))
    warning = spending.warning("77")
    assert warning and "81 %" in warning.en and "$0.81 of $1.00" in warning.en
    assert "81 %" in warning.ru and spending.warning("77") is None
    clock.time = DECEMBER
    spending.note("77", "chat", "gpt-6-astra", Usage(90_000))
    assert spending.warning("77")
    spending.note("77", "chat", "gpt-6-astra", Usage(90_000))
    clock.time = DECEMBER + 32 * 86400
    spending.note("77", "chat", "gpt-6-astra", Usage(100_000))
    assert spending.warning("77") is None, "what is used up says so by itself"


def test_who_runs_the_bot_sees_which_guilds_spent_anything_this_month(
    spending: Spending, clock: Clock
) -> None:
    for space in ("78", "dm-42", "77", "78"):
        spending.note(space, "chat", MODEL, Usage(9))
    assert list(spending.spenders()) == ["77", "78", "dm-42"]
    assert round(spending.ahead(), 2) == round(30 / 29, 2)
    clock.time = DECEMBER
    assert list(spending.spenders()) == [] and spending.ahead() == 31


def test_prices_are_known_by_how_a_model_s_id_begins_and_never_guessed() -> None:
    prices = Prices.read('{"gpt-6-luna": {"in": 7, "out": 8}, "ft:a": {"in": 1, "out": 1}}')
    assert prices.of("gpt-6-luna") == Price(7.0, 8.0)
    assert prices.of("ft:a:org:suffix:1") == Price(1.0, 1.0)
    assert prices.of("ft:ab") is None and prices.of("gpt-6-luna-2") is None


@pytest.mark.parametrize("setting", ["{", "[]", '{"m": 1}', '{"m": {"in": 1}}', '{"m": "1"}'])
def test_prices_that_make_no_sense_name_their_setting(setting: str) -> None:
    with pytest.raises(ConfigError, match="MODEL_PRICES"):
        Prices.read(setting)


@pytest.mark.parametrize("given", ["much", "nan", "inf"])
def test_a_budget_that_is_no_number_is_named(given: str) -> None:
    env = {"DISCORD_PUBLIC_KEY": "0" * 64, "GUILD_BUDGET_USD": given}
    with pytest.raises(ConfigError, match="GUILD_BUDGET_USD is not a number"):
        Config.read(env)
