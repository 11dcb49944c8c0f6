"""`sam local invoke` for the events of events/, with whatever runs containers here."""
