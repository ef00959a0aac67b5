# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Refusals
@license MIT
@notice Every reason for which a call is refused, one function each: where it is needed
        once more it costs 12 bytes of code, and not the 120 of its text.
"""


@internal
@pure
def _already_ended():
    self._refuse("already ended")


@internal
@pure
def _already_joined():
    self._refuse("already joined")


@internal
@pure
def _already_left():
    self._refuse("already left")


@internal
@pure
def _already_registered():
    self._refuse("already registered")


@internal
@pure
def _bad_signature():
    self._refuse("bad signature")


@internal
@pure
def _currency_failed():
    self._refuse("currency failed")


@internal
@pure
def _last_share():
    self._refuse("last share")


@internal
@pure
def _last_version():
    self._refuse("last version")


@internal
@pure
def _missing_voice():
    self._refuse("missing voice")


@internal
@pure
def _more_gas():
    self._refuse("more gas")


@internal
@pure
def _no_implementation():
    self._refuse("no implementation")


@internal
@pure
def _no_quorum():
    self._refuse("no quorum")


@internal
@pure
def _not_expired():
    self._refuse("not expired")


@internal
@pure
def _not_joined():
    self._refuse("not joined")


@internal
@pure
def _not_left():
    self._refuse("not left")


@internal
@pure
def _not_payable():
    self._refuse("not payable")


@internal
@pure
def _not_registered():
    self._refuse("not registered")


@internal
@pure
def _not_registry():
    self._refuse("not registry")


@internal
@pure
def _nothing_due():
    self._refuse("nothing due")


@internal
@pure
def _one_ledger():
    self._refuse("one ledger")


@internal
@pure
def _payment_failed():
    self._refuse("payment failed")


@internal
@pure
def _see_ended():
    self._refuse("see ended")


@internal
@pure
def _too_late():
    self._refuse("too late")


@internal
@pure
def _wrong_account():
    self._refuse("wrong account")


@internal
@pure
def _wrong_agreement():
    self._refuse("wrong agreement")


@internal
@pure
def _wrong_amount():
    self._refuse("wrong amount")


@internal
@pure
def _wrong_currencies():
    self._refuse("wrong currencies")


@internal
@pure
def _wrong_expiry():
    self._refuse("wrong expiry")


@internal
@pure
def _wrong_message():
    self._refuse("wrong message")


@internal
@pure
def _wrong_page():
    self._refuse("wrong page")


@internal
@pure
def _wrong_proof():
    self._refuse("wrong proof")


@internal
@pure
def _wrong_quorum():
    self._refuse("wrong quorum")


@internal
@pure
def _wrong_roll():
    self._refuse("wrong roll")


@internal
@pure
def _wrong_sum():
    self._refuse("wrong sum")


@internal
@pure
def _wrong_table():
    self._refuse("wrong table")


@internal
@pure
def _wrong_total():
    self._refuse("wrong total")


@internal
@pure
def _wrong_version():
    self._refuse("wrong version")


@internal
@pure
def _refuse(reason: String[20]):
    raise reason
