"""The stand-in language model: small, always the same, and honest about what it can do.

It reads the lessons in its prompt as a reader who looks things up would, by likeness in meaning. It
has manners that cost exactness until its instructions forbid them, obeys the few directives that
`manners` lists, proposes instructions (`reflection`) and grades answers (`judging`).
"""
