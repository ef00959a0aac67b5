"""The file of consents that travels: read back as it was, and nothing that was changed passes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seechain import Agreement, SignatureError
from seechain.consent.consents import Consents
from seechain.consent.subjects import Deregistration, Registration
from tests.sdk.chain import key

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"
REGISTRY = "0x" + "11" * 20
AGREEMENT = Agreement.load(EXAMPLE, check_expiry=False)
SUBJECT = Registration(31337, REGISTRY, 1_900_000_000, AGREEMENT)


def signed(number: int, subject: Any = SUBJECT) -> Any:
    account = key(number)
    from eth_account.messages import encode_typed_data

    message = encode_typed_data(full_message=subject.message(account.address))
    return subject.consent(account.address, bytes(account.sign_message(message).signature))


KEPT = Consents.of(SUBJECT).with_consents([signed(1), signed(2)])


def test_it_reads_back_as_it_was() -> None:
    assert Consents.from_json(KEPT.to_json()) == KEPT
    assert KEPT.subject == SUBJECT
    assert all(each.is_by_key for each in Consents.from_json(KEPT.to_json()).signed)


def test_copies_are_put_together_and_the_later_consent_counts() -> None:
    other = Consents.of(SUBJECT).with_consents([signed(2), signed(3)])
    both = KEPT.with_consents(other.signed)
    assert len(both.signed) == 3
    assert both.to_json() == other.with_consents(KEPT.signed).to_json()


def test_a_consent_to_something_else_is_refused() -> None:
    later = replace(SUBJECT, deadline=SUBJECT.deadline + 1)
    with pytest.raises(SignatureError, match="to something else: its deadline is 1900000001"):
        KEPT.with_consents([signed(3, later)])
    assert KEPT.is_about(later)
    assert not KEPT.is_about(replace(SUBJECT, chain_id=1))


def test_it_is_of_a_deregistration_too() -> None:
    end = Deregistration(31337, REGISTRY, 1_900_000_000, "0x" + "22" * 20, 3)
    kept = Consents.of(end)
    assert Consents.from_json(kept.to_json()).subject == end


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Any:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    # The last letter but one: case alone says nothing in hex.
    return value[:-1] + ("0" if value[-1] != "0" else "1") if value else "x"


@pytest.mark.parametrize("path", list(leaves(json.loads(KEPT.to_json()))), ids=str)
def test_a_change_in_any_part_is_refused_or_spoils_the_signatures(path: tuple[Any, ...]) -> None:
    whole = json.loads(KEPT.to_json())
    at = whole
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = changed(at[path[-1]])
    try:
        read = Consents.from_json(json.dumps(whole))
    except SignatureError:
        return
    assert not all(each.is_by_key for each in read.signed)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "1", '{"seechain": "seechain consents 1"}', "{" * 5000, "\0", "NaN"],
)
def test_what_is_no_such_file_is_one_sentence(text: str) -> None:
    with pytest.raises(SignatureError, match="this is no file of consents") as caught:
        Consents.from_json(text)
    assert "\n" not in str(caught.value)


def test_a_name_that_stands_twice_is_refused() -> None:
    text = KEPT.to_json().replace('"about":', '"about": {}, "about":', 1)
    with pytest.raises(SignatureError, match="twice"):
        Consents.from_json(text)
