"""Points of the curve that honest keys never use, in all their spellings.

The eight points of small order, and the ways to write them that RFC 8032 forbids (a coordinate
not below the field's prime, a sign where there is none). Source: "Taming the many EdDSAs",
Chalkias, Garillot, Nikolaenko, SSR 2020, https://eprint.iacr.org/2020/1244, tables 1 and 2.
"""

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the curve's base point: S and S + ORDER would both fit a signature, were that allowed."""
SIGN = 1 << 255
ORDER_8 = (
    int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
    ),
)
"""The y of the four points of order 8; each with either sign of x."""


def small_points() -> list[bytes]:
    """Every spelling of every point of small order, 32 bytes each."""
    canonical = (1, PRIME - 1, 0, *ORDER_8)
    twice = (PRIME, PRIME + 1)
    found = [y | sign for y in (*canonical, *twice) for sign in (0, SIGN)]
    return [point.to_bytes(32, "little") for point in found]
