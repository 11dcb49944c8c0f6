"""What the ingress costs, measured beside the least that could do its work."""
