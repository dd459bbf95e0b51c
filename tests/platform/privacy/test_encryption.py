"""Personal data at rest: unreadable without the key, bound to its column, changed bytes are noticed."""

from __future__ import annotations

import base64

import pytest

from wenjiuye.platform.config.environment import EnvironmentProblem, read_environment
from wenjiuye.platform.privacy.crypto import UnreadableData, decrypt, encrypt, keyed_hash, normalised
from wenjiuye.platform.privacy.fields import EncryptedText

NUMBER = "411002199003071234"
COLUMN = "registry_person.resident_id"


def _key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def keys(settings: pytest.FixtureRequest):
    """Set the keys that personal data is encrypted with."""

    def use(*letters: str) -> None:
        keys = ",".join(map(_key, letters))
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"field_key": keys})

    return use


def test_what_is_written_is_read_again_and_does_not_show():
    stored = encrypt(NUMBER, COLUMN)
    assert decrypt(stored, COLUMN) == NUMBER
    assert NUMBER.encode() not in stored


def test_the_same_text_is_never_stored_the_same():
    assert encrypt(NUMBER, COLUMN) != encrypt(NUMBER, COLUMN)


def test_every_changed_byte_is_noticed():
    stored = encrypt(NUMBER, COLUMN)
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(UnreadableData):
            decrypt(bytes(changed), COLUMN)


@pytest.mark.parametrize("length", [0, 1, 5, 17, 30])
def test_bytes_that_were_cut_off_are_noticed(length: int):
    with pytest.raises(UnreadableData):
        decrypt(encrypt(NUMBER, COLUMN)[:length], COLUMN)


def test_bytes_of_one_column_are_not_read_in_another():
    with pytest.raises(UnreadableData, match="another column"):
        decrypt(encrypt(NUMBER, COLUMN), "registry_person.phone")


def test_another_key_reads_nothing_and_says_which_setting(keys):
    keys("a")
    stored = encrypt(NUMBER, COLUMN)
    keys("b")
    with pytest.raises(UnreadableData, match="WENJIUYE_FIELD_KEY"):
        decrypt(stored, COLUMN)


def test_with_several_keys_the_first_writes_and_each_reads(keys):
    keys("a")
    before = encrypt(NUMBER, COLUMN)
    keys("b", "a")
    after = encrypt(NUMBER, COLUMN)
    assert decrypt(before, COLUMN) == decrypt(after, COLUMN) == NUMBER
    keys("b")
    assert decrypt(after, COLUMN) == NUMBER
    with pytest.raises(UnreadableData):
        decrypt(before, COLUMN)


def test_the_keyed_hash_finds_a_number_however_it_was_typed(settings):
    assert keyed_hash("41100219900307123x", COLUMN) == keyed_hash(" 411002 19900307-123Ｘ", COLUMN)
    assert keyed_hash(NUMBER, COLUMN) != keyed_hash(NUMBER, "another.column")
    before = keyed_hash(NUMBER, COLUMN)
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"index_key": _key("z")})
    assert keyed_hash(NUMBER, COLUMN) != before


def test_numbers_are_compared_half_width_and_without_blanks():
    assert normalised("４１1 0-ｘ　") == "4110X"


def test_a_field_keeps_nothing_as_nothing():
    field = EncryptedText(purpose=COLUMN)
    assert field.get_prep_value("") == b""
    assert field.get_prep_value(None) is None
    assert field.from_db_value(b"", None, None) == ""
    assert field.from_db_value(None, None, None) is None
    assert field.from_db_value(field.get_prep_value(NUMBER), None, None) == NUMBER


@pytest.mark.parametrize(
    ("value", "good"),
    [
        (_key("a"), True),
        (f"{_key('a')}, {_key('b')}", True),
        (f"{_key('a')},", False),
        ("short", False),
        (base64.b64encode(b"short").decode(), False),
    ],
)
def test_the_environment_takes_one_key_or_several_and_refuses_others(tmp_path, value: str, good: bool):
    given = {"WENJIUYE_FIELD_KEY": value, "WENJIUYE_DATA": str(tmp_path)}
    if good:
        assert len(read_environment(given).field_keys) == value.count(",") + 1
    else:
        with pytest.raises(EnvironmentProblem, match="WENJIUYE_FIELD_KEY"):
            read_environment(given)
