"""The operator's side: load, costs, moving house, the documents."""
