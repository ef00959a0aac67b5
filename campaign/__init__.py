"""What an auditor would ask for: attacks, proofs and faults that go on for longer than tests may.

    python -m campaign                         each part once, a minute for those without an end
    python -m campaign conservation --minutes 60

Each part is a module with `run(minutes, seed)`, which returns figures; what it names under
"failed" is wrong. What was found last by each part is in bench/campaign.json.
"""
