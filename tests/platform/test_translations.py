"""The platform speaks English completely, and what is shipped is what stands in the catalogue."""

from __future__ import annotations

import re

from catalogue import MO, catalogue, compiled, texts

_PLACE = re.compile(r"%\((\w+)\)[sd]")


def test_every_text_has_its_english():
    known = {(one.context, one.id): one for one in catalogue() if one.id}
    lacking = [
        f"{message} ({places[0]})"
        for (context, message), places in texts().items()
        if (context, message) not in known or not all(known[context, message].string or [""])
    ]
    assert lacking == []


def test_no_text_is_kept_that_nobody_shows():
    assert {(one.context, one.id) for one in catalogue() if one.id} - set(texts()) == set()


def test_what_is_put_into_a_text_is_put_into_its_english():
    for one in catalogue():
        if one.id:
            wanted = set(_PLACE.findall(one.id if isinstance(one.id, str) else one.id[1]))
            forms = [one.string] if isinstance(one.string, str) else one.string
            for form in forms:
                assert set(_PLACE.findall(form)) <= wanted, one.id
            assert set(_PLACE.findall(forms[-1])) == wanted, one.id


def test_the_compiled_catalogue_is_up_to_date():
    assert MO.read_bytes() == compiled()
