"""The signed token of an app -> the app that it is of.

Source: RFC 7519, and GitHub's "Generating a JSON Web Token (JWT) for a GitHub App".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from meta.twin.store import Row, Store
from meta.twin.web import Refusal

if TYPE_CHECKING:
    from jwt.types import Options

#: GitHub takes no token that is good for longer, and forgives a clock that is a little ahead.
LONGEST, AHEAD = 600, 60
#: The twin's clock says what time it is, not the machine's.
UNTIMED: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    # Clients write an app's id as a number, too.
    "verify_iss": False,
}
UNREAD = "A JSON web token could not be decoded"
NO_APP = "Integration not found"
LATE = "'Expiration time' claim ('exp') must be a numeric value representing the future time"
FAR = "'Expiration time' claim ('exp') is too far in the future"
EARLY = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was"


def key_pair() -> tuple[str, str]:
    """A new private key and its public one, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def app_of(store: Store, token: str) -> Row:
    """The app that signed a token; raises Refusal (401) where none did, or at another time."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise Refusal(401, UNREAD) from error
    app = _named(store, claims.get("iss"))
    if app is None:
        raise Refusal(404, NO_APP)
    try:
        jwt.decode(token, app.doc["public_key"], algorithms=["RS256"], options=UNTIMED)
    except jwt.PyJWTError as error:
        raise Refusal(401, UNREAD) from error
    _check_times(claims, store.clock.seconds())
    return app


def _named(store: Store, issuer: Any) -> Row | None:
    """An app by its id or its client id."""
    rows = store.rows("app")
    return next((row for row in rows if str(issuer) in (str(row.rest), row.doc["client_id"])), None)


def _check_times(claims: dict[str, Any], now: float) -> None:
    until, since = _moment(claims.get("exp"), LATE), _moment(claims.get("iat", now), EARLY)
    if until <= now:
        raise Refusal(401, LATE)
    if until > now + LONGEST + AHEAD:
        raise Refusal(401, FAR)
    if since > now + AHEAD:
        raise Refusal(401, EARLY)


def _moment(value: Any, words: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(401, words)
    return float(value)
