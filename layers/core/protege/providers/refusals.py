"""Why a provider says no, in words for people; and what another try may mend."""

from protege.errors import BotError
from protege.text import Text, one_line

NO_KEY = Text(
    "The model's provider does not accept our key. An operator has to look at {setting}.",
    "Провайдер модели не принимает наш ключ. Оператору нужно проверить {setting}.",
)
NOT_ALLOWED = Text(
    "The model's provider does not let us use `{model}`. An operator has to look at what our "
    "access covers.",
    "Провайдер не даёт нам пользоваться моделью `{model}`. Оператору нужно проверить наши права.",
)
NO_MODEL = Text(
    "The model's provider has no `{model}` (any more). An operator has to choose another model.",
    "У провайдера нет (или больше нет) модели `{model}`. Оператору нужно выбрать другую.",
)
QUOTA = Text(
    "Our credit with the model's provider is used up. An operator has to top it up.",
    "Наши средства у провайдера модели закончились. Оператору нужно их пополнить.",
)
TOO_LONG = Text(
    "The question, with its file and what I was taught, is too long for the model. Ask with a "
    "shorter text or file.",
    "Вопрос вместе с файлом и тем, чему меня учили, слишком длинный для модели. Сократите текст "
    "или файл.",
)
REFUSED = Text(
    "The model's provider did not accept this question.",
    "Провайдер модели не принял этот вопрос.",
)
FILTERED = Text(
    "The model's provider withheld the answer: its content filter objected.",
    "Провайдер модели не отдал ответ: возразил его фильтр содержания.",
)
NOTHING_SAID = Text(
    "The model used up its tokens before it said anything. An operator has to raise "
    "OPENAI_MAX_OUTPUT_TOKENS or lower OPENAI_EFFORT.",
    "Модель израсходовала все токены, ничего не сказав. Оператору нужно увеличить "
    "OPENAI_MAX_OUTPUT_TOKENS или уменьшить OPENAI_EFFORT.",
)
CUT_SHORT = " …"
"""Ends an answer that reached the most tokens it may have: it is never shown as if it were whole.
"""

NO_BASE = Text(
    "No model is set that fine-tuning could start from. An operator has to set FINE_TUNING_MODEL "
    "(for Bedrock BEDROCK_BASE_MODEL); the method `lessons` needs none.",
    "Не задана модель, с которой начать дообучение. Оператору нужно задать FINE_TUNING_MODEL "
    "(для Bedrock — BEDROCK_BASE_MODEL); методу `lessons` она не нужна.",
)
CLOSED = Text(
    "Fine-tuning is not available to you: OpenAI closed it to new organisations on 2026-05-07, and "
    "closes it to all on 2027-01-06. Ways out: the method `lessons`, which needs no provider; "
    "another provider by FINE_TUNING_BASE_URL (Nebius, Crusoe, Azure, a server of one's own); or "
    "Bedrock.",
    "Дообучение вам недоступно: 2026-05-07 OpenAI закрыл его для новых организаций, а 2027-01-06 "
    "закроет для всех. Что можно: метод `lessons`, которому провайдер не нужен; другой провайдер "
    "через FINE_TUNING_BASE_URL (Nebius, Crusoe, Azure, свой сервер); или Bedrock.",
)
"""https://developers.openai.com/api/docs/deprecations, read on 2026-11-21."""
NO_TUNING = Text(
    "The provider has no fine-tuning API. Ways out: the method `lessons`, which needs no provider; "
    "another provider by FINE_TUNING_BASE_URL (Nebius, Crusoe, Azure, a server of one's own); or "
    "Bedrock.",
    "У этого провайдера нет API дообучения. Что можно: метод `lessons`, которому провайдер не "
    "нужен; другой провайдер через FINE_TUNING_BASE_URL (Nebius, Crusoe, Azure, свой сервер); или "
    "Bedrock.",
)
NOT_TRAINED = Text(
    "The provider did not train: “{said}”",
    "Провайдер не стал обучать: «{said}»",
)
CUT_MESSAGE = 300
"""Longest message of a provider that is shown."""
AWS_CREDENTIALS = "AWS' credentials"
NO_CUSTOMISATION = Text(
    "Bedrock's customisation is not set up here. An operator has to deploy with "
    "`BedrockCustomisation=on` and set BEDROCK_BASE_MODEL; the method `lessons` needs neither.",
    "Дообучение в Bedrock здесь не настроено. Оператору нужно развернуть бота с "
    "`BedrockCustomisation=on` и задать BEDROCK_BASE_MODEL; методу `lessons` это не нужно.",
)
ONLY_ANSWERS = Text(
    "Bedrock trains on right answers only; for preferences use another provider or `lessons`.",
    "Bedrock учится только на верных ответах; для предпочтений возьмите другого провайдера или "
    "`lessons`.",
)
NOT_SERVED = Text(
    "Bedrock could not let the new model answer: “{said}”",
    "Bedrock не смог запустить новую модель: «{said}»",
)


class Passing(BotError):
    """Trouble that another try may mend. `wait_s`: what the provider asked for; None: nothing."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


def quoting(text: Text, words: str) -> Text:
    """The text around a provider's own words as its `said`, of which there is no translation."""
    said = one_line(words, CUT_MESSAGE) or "?"
    return Text(text.en.format(said=said), text.ru.format(said=said))
