"""Personal data leaves the pipeline at the landing: what lands is a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from trueup.errors import MissingSecrets, TrueupError
from trueup.sources import contacts
from trueup.sources.contract import Stream

#: Where what a vendor sends beside the declared columns lands.
EXTRA = "_extra"
#: Under a key that can be guessed every e-mail address can be: all of them are known somewhere.
LEAST_LENGTH, LEAST_DISTINCT = 16, 8
#: Words of keys that stand in examples, and that people put in to see a program run.
EXAMPLES = (
    "changeme", "change-me", "change_me", "change me", "replaceme", "replace-me", "replace_me",
    "password", "passw0rd", "example", "placeholder", "your-", "your_", "yourkey", "secretkey",
    "secret-key", "secret_key", "mysecret", "my-secret", "my_secret", "supersecret", "topsecret",
    "hashkey", "hash_key", "todo", "qwerty", "letmein", "asdfgh", "lorem ipsum", "correct horse",
)  # fmt: skip


def normalise(kind: str, value: str) -> str:
    """The one spelling of a value before hashing: e-mail trimmed and lower-cased, phone digits."""
    value = value.strip().lower()
    if kind == "phone":
        digits = "".join(character for character in value if character.isdigit())
        return digits.removeprefix("00")
    return value


def weakness(key: str) -> str:
    """What makes a hash key one that could be guessed, and the hashes undone; nothing where it is
    sound."""
    bare = key.strip().lower()
    if len(bare) < LEAST_LENGTH:
        return f"it is shorter than {LEAST_LENGTH} characters"
    if len(set(bare)) < LEAST_DISTINCT or any(
        bare == (bare[:length] * len(bare))[: len(bare)] for length in range(1, len(bare) // 2 + 1)
    ):
        return "it repeats itself"
    steps = [abs(ord(b) - ord(a)) for a, b in pairwise(bare)]
    if sum(step <= 1 for step in steps) > len(steps) / 2:
        return "it counts on from one character to the next"
    if any(word in bare for word in EXAMPLES):
        return "it is an example's"
    return ""


def check_key(key: str) -> None:
    """Raises TrueupError for a key that could be guessed."""
    if why := weakness(key):
        raise TrueupError(
            f"the hash key is too weak: {why}",
            expected=f"{LEAST_LENGTH} or more random characters",
            next_step='make one with `python -c "import secrets; print(secrets.token_hex(32))"`,'
            " set it as the secret hash_key and keep it; what landed under another key joins with"
            " nothing, so land again from the start of history",
        )


def keyed_hash(kind: str, value: str | None, key: str) -> str | None:
    """HMAC-SHA-256 of the normalised value as 64 hex digits; null and blank stay null.

    Raises MissingSecrets without a key: an unkeyed hash could be undone by guessing.
    """
    if value is None or not value.strip():
        return None
    if not key:
        raise MissingSecrets(
            "personal data cannot land without the company's hash key",
            next_step="create the secret hash_key and keep it: another key joins with nothing",
        )
    return hmac.new(key.encode(), normalise(kind, value).encode(), hashlib.sha256).hexdigest()


def scrubbed(table: pa.Table, stream: Stream, key: str) -> pa.Table:
    """The rows without personal data where none was declared: in a link's query, in a campaign
    called by somebody's address, in what a vendor sends beside its columns. One address gives one
    mark, so that ids stay apart."""
    hashed = {column.landed_name for column in stream.columns if column.pii}
    for place, name in enumerate(table.column_names):
        column = table.column(name)
        if name in hashed or not pa.types.is_string(column.type):
            continue
        signs = "." if name == EXTRA else _signs(stream)
        if not pc.any(pc.match_substring_regex(column, signs)).as_py():
            continue
        # Rows repeat their campaign, account and page: each spelling is looked at once.
        spelt = column.combine_chunks().dictionary_encode()
        found = pc.match_substring_regex(spelt.dictionary, signs)
        clean = [
            _clean(name, value, key) if is_found else value
            for value, is_found in zip(spelt.dictionary.to_pylist(), found.to_pylist(), strict=True)
        ]
        table = table.set_column(place, name, pa.array(clean, pa.string()).take(spelt.indices))
    return table


def _signs(stream: Stream) -> str:
    """What a value has to be looked at for. Bulk streams scrub their links where they are read, a
    hundred times as many as there are rows elsewhere."""
    return "@|%40" if stream.bulk else contacts.HINT


def _clean(name: str, value: str, key: str) -> str:
    if name == EXTRA:
        return contacts.impersonal(value)
    if "@" in value or "%40" in value:
        return contacts.cut(value, _mark(value, key))
    return contacts.cut(value)


def _mark(value: str, key: str) -> str:
    """What stands for an address: the same for the same one, and nothing without a key."""
    if not key:
        return "removed"
    return f"removed-{str(keyed_hash('email', value.replace('%40', '@'), key))[:12]}"
