"""Secrets as clients seal them -> their values, for runs alone."""

from __future__ import annotations

import base64
import binascii

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from meta.twin.store import Row, Store


def key(store: Store) -> Row:
    """The twin's key pair; its row's id is the name that clients call it by."""
    row = store.get("key_pair", "", "secrets")
    if row:
        return row
    made = PrivateKey.generate()
    doc = {"private": _text(bytes(made)), "public": _text(bytes(made.public_key))}
    return store.add("key_pair", "", "secrets", doc)


def name(row: Row) -> str:
    return str(568_250_167_242_549_743 + row.id)


def opened(store: Store, sealed: str) -> str:
    """The value in a sealed box; raises ValueError where the twin cannot open it."""
    private = PrivateKey(base64.b64decode(key(store).doc["private"]))
    try:
        return SealedBox(private).decrypt(base64.b64decode(sealed, validate=True)).decode()
    except (CryptoError, binascii.Error, UnicodeDecodeError, TypeError) as error:
        raise ValueError("not sealed with the key of this place") from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
