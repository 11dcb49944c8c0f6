"""Training that is real and small: a head over sentence embeddings, and the rows as its memory."""
