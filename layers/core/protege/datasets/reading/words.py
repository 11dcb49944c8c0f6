"""What is told of a row or a file that cannot be used."""

from protege.datasets.rows import NotText
from protege.text import Text

NO_INPUT = Text(en="no question in it", ru="нет вопроса")
NO_ANSWER = Text(en="no answer in it", ru="нет ответа")
NOT_JSON = Text(en="not JSON", ru="не JSON")
NOT_A_ROW = Text(en="neither an object nor a question", ru="не объект и не вопрос")
TOO_LONG = Text(en="longer than {limit} characters", ru="длиннее {limit} символов")
TOO_MANY_LINES = Text(
    en="only the first {limit} lines are read", ru="читаются только первые {limit} строк файла"
)
TOO_MANY = Text(en="more than {limit} rows", ru="больше {limit} строк")
DAMAGED = Text(
    en="some letters are damaged: save the file as UTF-8",
    ru="часть букв испорчена: сохраните файл в UTF-8",
)
RAGGED = Text(
    en="{found} cells where {expected} belong: put cells with the separator in them in quotes",
    ru="ячеек {found}, а нужно {expected}: возьмите в кавычки ячейки, где есть разделитель",
)
BROKEN_CELLS = Text(en="a quote in the table is not closed", ru="в таблице не закрыта кавычка")
UNKNOWN_COLUMNS = Text(
    en="no telling which column is which: name them question and answer in the first line",
    ru="непонятно, где что: назовите столбцы в первой строке «вопрос» и «ответ»",
)
EMPTY = Text(en="there is nothing in the file", ru="в файле ничего нет")
NO_QUESTION_ABOVE = Text(en="text before the first question", ru="текст до первого вопроса")
NOT_TEXT = Text(
    en="“{name}” is not text but {kind}: I read JSONL, JSON, CSV, TSV, Markdown and plain text, "
    "also in ZIP or gzip.",
    ru="«{name}» — не текст, а {kind}: я читаю JSONL, JSON, CSV, TSV, Markdown и простой текст, "
    "в том числе в ZIP и gzip.",
)
NO_TEXT_INSIDE = Text(en="not text but {kind}", ru="не текст, а {kind}")
BROKEN_ARCHIVE = Text(
    en="the archive is damaged from here on", ru="архив отсюда и дальше повреждён"
)
ENCRYPTED = Text(en="locked with a password", ru="закрыт паролем")
STRANGE_METHOD = Text(
    en="packed in an unusual way: pack it as an ordinary ZIP",
    ru="сжат необычным способом: упакуйте как обычный ZIP",
)
NESTED = Text(
    en="archives within archives within archives are not opened",
    ru="архивы в архивах в архивах не открываются",
)
TOO_LARGE_UNPACKED = Text(
    en="unpacked it would be too large; what comes after this is not read",
    ru="в распакованном виде слишком велик; дальше этого места не читаю",
)
TOO_LARGE_PACKED = Text(
    en="archives larger than {limit} MB are not read", ru="архивы больше {limit} МБ не читаю"
)
TOO_MANY_FILES = Text(
    en="only the first {limit} files of an archive are read",
    ru="из архива читаю только первые {limit} файлов",
)


def filled(text: Text, **values: object) -> Text:
    """The text with its {fields} filled in, in every language."""
    return Text(text.to("en", **values), text.to("ru", **values))


def not_text(name: str, kind: Text) -> NotText:
    """Refuses a whole file that is something else."""
    return NotText(NOT_TEXT, filled(NO_TEXT_INSIDE, kind=kind), name=name, kind=kind)
