"""What operators keep, move and delete: everything of every server, on AWS or on one machine.

`export` writes an archive, `restore` reads it into another (or the same) place, `erase` leaves
nothing behind. An archive is a plain tar file, so that it can be read without us for ever:

    about.json            what it is, where it comes from
    records/00001.jsonl   {"kind", "id", "version", "until", "fields"} a line
    files/<key>           as they were
    SHA256SUMS            of all of these, as `sha256sum -c` takes it; last, so it says "whole"
"""
