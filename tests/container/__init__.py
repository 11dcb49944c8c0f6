"""The image on paper: what its checks find, and that ours is as they want it."""
