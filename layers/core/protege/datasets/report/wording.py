"""A report as a message: the most important first, each thing with its rows and what to do."""

from collections.abc import Iterator

from protege.datasets.report.advice import advice
from protege.datasets.report.figures import Finding, Place, Report
from protege.datasets.report.methods import PRICES, Estimate, Price, estimates
from protege.text import Text

LONGEST = 1800
"""Characters of the message; 2,000 are Discord's limit, the rest is for what stands around it."""
ICONS = {"secret": "🔑", "rejected": "❌", "contradiction": "⚔️", "personal": "👤", "near": "👯"}
ICON = {"duplicate": "♻️", "placeholder": "🕳️", "long_answer": "📏", "long_question": "📏"} | ICONS
HEAD = Text(
    "📋 **{good}** of {rows} rows can be used{rejected}.",
    "📋 Годятся **{good}** из {rows} строк{rejected}.",
)
REJECTED = Text(", {n} set aside", ", отложено: {n}")
CLEAN = Text("✨ I found nothing to mend.", "✨ Исправлять нечего.")
ONE = Text("row {rows}", "строка {rows}")
MANY = Text("rows {rows}", "строки {rows}")
PAIR = Text("{other} and {row}", "{other} и {row}")
WHOLE = Text("the whole file", "весь файл")
IN_ALL = Text(" … ({n} in all)", " … (всего {n})")
LEFT = Text("… and {n} more kinds of findings.", "… и ещё видов замечаний: {n}.")
LANGUAGES = {
    "en": Text("English {n} %", "английский {n} %"),
    "ru": Text("Russian {n} %", "русский {n} %"),
    "other": Text("other languages {n} %", "другие языки {n} %"),
}
LENGTHS = Text(
    "📐 On average a question has {question} characters, an answer {answer} (longest {longest}).",
    "📐 В среднем в вопросе {question} символов, в ответе {answer} (самый длинный — {longest}).",
)
TOKENS = Text(
    "🔢 About {n} tokens, estimated from the characters (± a fifth).",
    "🔢 Примерно {n} токенов — оценка по числу символов (± пятая часть).",
)
METHODS = Text("**What these rows alone are enough for**", "**Для чего хватит одних этих строк**")
FREE = Text("free", "бесплатно")
ASK = Text(
    "≈ {tokens} tokens to train on; ask your provider for the price",
    "≈ {tokens} токенов; цену спросите у провайдера",
)
PRICED = Text(
    "≈ ${usd} for {tokens} tokens with {model}, prices of {as_of}",
    "≈ ${usd} за {tokens} токенов с {model}, цены на {as_of}",
)
TOO_FEW = Text("needs {least} {needs}, here are {n}", "нужно {least} {needs}, здесь {n}")
TOO_MANY = Text("takes up to {most} {needs}, here are {n}", "берёт до {most} {needs}, здесь {n}")


def words(
    report: Report, locale: str, prices: dict[str, Price] = PRICES, *, longest: int = LONGEST
) -> str:
    """The report in Markdown, at most `longest` characters (1,500 or more)."""
    close = "\n".join(_close(report, locale, prices))
    head = _head(report, locale)
    room = longest - len(head) - len(close) - 2
    return "\n".join(filter(None, (head, *_findings(report, locale, room), close)))


def _head(report: Report, locale: str) -> str:
    said = {"good": _n(report.good, locale), "rows": _n(report.rows, locale)}
    rejected = REJECTED.to(locale, n=_n(report.rejected, locale)) if report.rejected else ""
    return HEAD.to(locale, **said, rejected=rejected)


def _findings(report: Report, locale: str, room: int) -> Iterator[str]:
    """As many as there is room for."""
    if not report.findings and report.good:
        yield CLEAN.to(locale)
    for at, finding in enumerate(report.findings):
        line = found(finding, locale, named=report.files > 1)
        after = report.findings[at + 1 : at + 2]
        if not after or advice(after[0]) != advice(finding):
            line += f"\n> {advice(finding).to(locale)}"
        left = LEFT.to(locale, n=len(report.findings) - at)
        room -= len(line) + 1
        if room < len(left) + 1:
            yield left
            return
        yield line


def found(finding: Finding, locale: str, *, named: bool = True) -> str:
    """One finding on a line: rows, what is the matter, an example. `named`: with the files."""
    rows = ", ".join(_place(place, locale, named) for place in finding.places)
    where = _rows(finding).to(locale, rows=rows)
    if finding.times > len(finding.places):
        where += IN_ALL.to(locale, n=_n(finding.times, locale))
    sample = _samples(finding)
    return f"{ICON[finding.kind]} {where}: {finding.what.to(locale)}{sample}"


def _samples(finding: Finding) -> str:
    samples = [place.sample for place in finding.places if place.sample][:1]
    return f" ({_safe(samples[0])})" if samples else ""


def _rows(finding: Finding) -> Text:
    first = finding.places[0]
    if not first.row:
        return Text("{rows}", "{rows}")
    return ONE if finding.times == 1 and first.other in (0, first.row) else MANY


def _place(place: Place, locale: str, named: bool) -> str:
    row = _at(place.row, place.file if named else "", locale)
    if place.other in (0, place.row):
        return row
    other = _at(place.other, place.other_file if named else "", locale)
    return PAIR.to(locale, row=row, other=other)


def _at(row: int, file: str, locale: str) -> str:
    number = str(row) if row else WHOLE.to(locale)
    return f"{number} ({_safe(file[-40:])})" if file else number


def _close(report: Report, locale: str, prices: dict[str, Price]) -> Iterator[str]:
    if not report.good:
        return
    total = sum(report.languages.values())
    shares = {name: round(100 * n / total) for name, n in report.languages.items()}
    said = (LANGUAGES[name].to(locale, n=n) for name, n in shares.items() if n)
    yield f"🌐 {', '.join(said)}."
    lengths = {"question": report.questions.average, "answer": report.answers.average}
    yield LENGTHS.to(locale, **lengths, longest=_n(report.answers.longest, locale))
    yield TOKENS.to(locale, n=_n(report.tokens.total, locale))
    yield METHODS.to(locale)
    for estimate in estimates(report, prices):
        yield _method(estimate, locale)


def _method(estimate: Estimate, locale: str) -> str:
    method = estimate.method
    said = {"n": _n(estimate.rows, locale), "needs": method.needs}
    if not estimate.enough:
        verdict, why = "❌", TOO_FEW.to(locale, least=method.least, **said)
    elif estimate.too_many:
        verdict, why = "❌", TOO_MANY.to(locale, most=_n(method.most, locale), **said)
    else:
        verdict, why = "✅", _cost(estimate, locale)
    return f"{verdict} {method.title.to(locale)} — {why}"


def _cost(estimate: Estimate, locale: str) -> str:
    tokens = _n(estimate.tokens, locale)
    if estimate.usd is None:
        return ASK.to(locale, tokens=tokens)
    if not estimate.usd:
        return FREE.to(locale)
    usd = f"{max(estimate.usd, 0.01):.2f}"
    price = estimate.price
    return PRICED.to(locale, usd=usd, tokens=tokens, model=price.model, as_of=price.as_of)


def _n(number: int, locale: str) -> str:
    """A number in groups of three, as the language writes it."""
    return f"{number:,}".replace(",", "\u00a0") if locale.startswith("ru") else f"{number:,}"


def _safe(text: str) -> str:
    """With Markdown of its own shown as it is."""
    return "".join(f"\\{c}" if c in "\\*_`~|>#[]()<" else c for c in text)
