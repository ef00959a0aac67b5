"""Which theorem speaks of which function of the contracts, and which functions none reaches."""

from __future__ import annotations

_JOIN = (
    "a_fresh_seat_reads_back",
    "a_key_names_one_seat",
    "a_seat_of_an_accepted_page_has_at_most_the_total",
    "a_pages_shares_never_overflow",
)
_TREE = (
    "the_total_is_exact_at_each_node",
    "a_page_has_one_sum",
    "no_page_has_more_than_the_total",
)
_CLAIM = (
    "due_is_never_negative",
    "nobody_is_entitled_to_more_than_is_received",
    "parts_add_up_to_at_most_the_whole",
    "the_whole_is_all_that_is_received",
    "products_never_overflow",
    "a_payment_keeps_what_is_received",
    "a_claim_keeps_to_its_field_of_the_book",
    "a_claim_keeps_to_its_field_of_the_seat",
    "claim_and_payout_commute",
)
_PAGE = ("a_page_reads_back", "a_page_key_names_one_page")
_PAYOUT = (
    "what_is_received_is_never_negative",
    "parts_add_up_to_at_most_the_whole",
    "a_payment_keeps_what_is_received",
    "claim_and_payout_commute",
)
_PAY = ("a_payment_raises_what_is_received_by_itself",)

# Function -> theorems of theorems/ on the expressions that it computes.
THEOREMS = {
    "Splitter.__default__": _PAY,
    "Splitter.pay": _PAY,
    "Splitter.join": _JOIN,
    "Splitter.join_page": (*_JOIN, *_TREE),
    "Splitter.claim": ("the_plain_sum_is_what_is_received", *_CLAIM),
    "Splitter.claim_token": ("the_plain_sum_is_what_is_received", *_CLAIM),
    "Splitter.claim_many": _CLAIM,
    "Splitter.payout": _PAYOUT,
    "Splitter.payout_page": (*_PAYOUT, *_PAGE, *_TREE),
    "Splitter.payout_whole": (*_PAYOUT, "the_sums_of_few_pages_do_not_touch"),
    "SEE.pay_late": (
        "a_late_payment_keeps_to_its_signed_field",
        "late_payments_keep_to_their_field",
        "a_late_payment_is_not_received_by_the_version_in_force",
        "a_record_keeps_to_its_field",
    ),
    "SEE.claim_versions": (
        "closing_changes_nobodys_due",
        "old_debts_do_not_touch_the_next_version",
        "a_claim_keeps_to_its_field_of_the_seat",
    ),
    "SEE.redirect": ("a_redirect_reads_back", "a_filter_bit_is_a_filter_bit"),
    "SEE.succeed": (
        "closing_changes_nobodys_due",
        "the_next_version_starts_with_nothing",
        "a_next_book_starts_clean",
        "a_record_keeps_to_its_field",
    ),
    "SEE.leave": (
        "nobodys_due_falls_by_a_leave",
        "anothers_due_rises_by_less_than_one_unit",
        "anothers_due_rises_by_less_than_two_units",
        "those_who_stay_are_entitled_to_at_most_what_is_left",
        "a_leaver_loses_nothing",
        "a_leave_keeps_to_its_fields_of_the_book",
        "a_seat_that_left_is_owed_what_was_due",
        "a_books_marks_become_its_pages",
        *_PAGE,
    ),
    "SEE.touch": ("a_next_book_starts_clean", "a_filter_bit_is_a_filter_bit"),
    "Registry.register": (
        "a_record_of_the_registry_reads_back",
        "a_voice_word_is_whole",
        "the_quorums_products_never_overflow",
    ),
    "Registry.amend": (
        "a_record_of_the_registry_reads_back",
        "a_voice_word_is_whole",
        "the_quorums_products_never_overflow",
    ),
    "Registry.leave": ("a_record_of_the_registry_reads_back", "a_voice_word_is_whole"),
    "Registry.leave_seat": ("a_leaver_loses_nothing",),
    "Registry.deregister": (
        "a_record_of_the_registry_reads_back",
        "the_quorums_products_never_overflow",
    ),
    "Registry.expire": ("a_record_of_the_registry_reads_back", "a_voice_word_is_whole"),
    "Registry.create_published": ("the_sums_of_few_pages_do_not_touch", *_TREE),
}
for _name in ("join", "join_page", "claim", "claim_token"):
    THEOREMS[f"SEE.{_name}"] = THEOREMS[f"Splitter.{_name}"]
for _name in ("payout", "payout_page", "payout_whole", "pay", "__default__"):
    THEOREMS[f"SEE.{_name}"] = THEOREMS[f"Splitter.{_name}"]

NOT_REACHED = {
    "SEE.end": "no arithmetic: it sets one word, for its Registry alone",
    "Registry.create": "no arithmetic: it copies a clone's code and logs",
    "Registry.deploy": "no arithmetic: it copies a clone's code and logs",
    "Registry.publish": "no arithmetic and no state: it logs what was published",
    "Registry.locate": "no arithmetic and no state but the signature's: it logs",
    "Registry.endorse": "no arithmetic: it counts the voices of a roll and sets one word",
    "Payer.pay_with_permit": "no state and no books: what it hands on is measured by balances",
    "Payer.pay_with_authorization": "no state and no books, as pay_with_permit",
    "Noticeboard.post": "no arithmetic and no money: it sets one word and logs",
}
