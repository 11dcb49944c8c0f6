"""/train: what is given, how it is learnt, what it may cost."""
