"""/dataset: a guild's folders of training data, looked at and looked after."""
