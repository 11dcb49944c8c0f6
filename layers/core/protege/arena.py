"""Two versions, asked the same question blind: duels, votes and what follows from them."""
