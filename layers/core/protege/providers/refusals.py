"""Why a provider says no, in words for people; and what another try may mend."""

from protege.errors import BotError
from protege.text import Text

NO_KEY = Text(
    "The model's provider does not accept our key. An operator has to look at {setting}.",
    "Поставщик модели не принимает наш ключ. Оператору нужно проверить {setting}.",
)
NOT_ALLOWED = Text(
    "The model's provider does not let us use `{model}`. An operator has to look at what our "
    "access covers.",
    "Поставщик не даёт нам пользоваться моделью `{model}`. Оператору нужно проверить наши права.",
)
NO_MODEL = Text(
    "The model's provider has no `{model}` (any more). An operator has to choose another model.",
    "У поставщика нет (или больше нет) модели `{model}`. Оператору нужно выбрать другую.",
)
QUOTA = Text(
    "Our credit with the model's provider is used up. An operator has to top it up.",
    "Наши средства у поставщика модели закончились. Оператору нужно их пополнить.",
)
TOO_LONG = Text(
    "The question, with its file and what I was taught, is too long for the model. Ask with a "
    "shorter text or file.",
    "Вопрос вместе с файлом и тем, чему меня учили, слишком длинный для модели. Сократите текст "
    "или файл.",
)
REFUSED = Text(
    "The model's provider did not accept this question.",
    "Поставщик модели не принял этот вопрос.",
)
FILTERED = Text(
    "The model's provider withheld the answer: its content filter objected.",
    "Поставщик модели не отдал ответ: возразил его фильтр содержания.",
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


class Passing(BotError):
    """Trouble that another try may mend. `wait_s`: what the provider asked for; None: nothing."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s
