"""Answers of a model, paid for once and scored: what tuning searches by, what proof rests on."""
