"""What kind of text is it? Judged by its beginning."""

from collections.abc import Iterator

from protege.datasets.reading import jsonl, prose, tables, values
from protege.datasets.reading.fields import Maker
from protege.datasets.reading.layout import layout
from protege.datasets.reading.lines import batches, line_end, lines
from protege.datasets.reading.source import peek_text
from protege.datasets.rows import Problem, Row

SAMPLE = 1 << 16


def rows(texts: Iterator[str], make: Maker) -> Iterator[Row | Problem]:
    """The rows of a text, and what in it is none."""
    sample, whole, texts = peek_text(texts, SAMPLE)
    end, longest = line_end(sample), make.limits.line
    if sample.lstrip().startswith(("{", "[")):
        if jsonl.by_line(sample, whole):
            return jsonl.rows(batches(texts, longest, end), make)
        return values.rows(texts, make)
    found = lines(texts, longest, end)
    if table := layout(sample.split(end), whole):
        return tables.rows(found, table, make)
    return prose.rows(found, make)
