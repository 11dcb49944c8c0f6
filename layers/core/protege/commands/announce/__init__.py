"""What a training job says while it runs and when it is over."""
