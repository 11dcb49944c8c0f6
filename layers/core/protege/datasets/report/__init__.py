"""What is in training data, what is wrong with it, and what to do: counted, worded, drawn."""

from protege.datasets.report.chart import picture
from protege.datasets.report.figures import Finding, Lengths, Place, Report, Tokens
from protege.datasets.report.inspector import Inspector
from protege.datasets.report.methods import PRICES, Estimate, Price, estimates
from protege.datasets.report.rejects import MOST_BYTES, Rejects, set_aside
from protege.datasets.report.wording import words

__all__ = [
    "MOST_BYTES",
    "PRICES",
    "Estimate",
    "Finding",
    "Inspector",
    "Lengths",
    "Place",
    "Price",
    "Rejects",
    "Report",
    "Tokens",
    "estimates",
    "picture",
    "set_aside",
    "words",
]
