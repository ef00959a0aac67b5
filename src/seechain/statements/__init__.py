"""Statements: what a SEE, or a member, received, earned and paid in a period, for the books.

from seechain.statements.making import member_statement, see_statement
from seechain.statements.periods import Period

statement = see_statement(see, Period(date(2027, 1, 1), date(2027, 3, 31)))
statement.check()                      # it adds up to the unit, or StatementError
to_csv(statement)                      # seechain.statements.comma
to_parquet(statement)                  # seechain.statements.parquet
to_beancount(statement)                # seechain.statements.beancount
to_hledger(statement)                  # seechain.statements.hledger
to_html(statement), to_pdf(statement)  # seechain.statements.paper
"""
