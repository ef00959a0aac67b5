"""What stands beside a SEE: the Payer and the Noticeboard. See docs/beside.md."""
