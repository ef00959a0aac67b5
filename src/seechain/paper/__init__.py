"""Paper: the picture of a split, and pages that are printed or sent: HTML, and PDF from the same.

Blocks (`seechain.paper.blocks`) say what a page holds; `page.page` and `pdf.pdf` write them.
Whatever text is given is taken as hostile: it is escaped, and what hides or reorders is shown.
"""
