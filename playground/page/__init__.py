"""What the page and `Person` ask of the stand-in, below /playground."""
