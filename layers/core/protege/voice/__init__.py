"""Voice channels, as far as the functions know them: orders, rules, who may be heard."""
