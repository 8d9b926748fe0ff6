"""The periodic report: its facts, its page, its pictures, its PDF.

For other rooms:

    page            the page, whole and by block
    standing        what stands, from ledger.standing
    undrawn         a page that cannot be drawn says so
    pdf             the page as PDF
    figures         pictures as SVG
    statement_grid  the picture of all statements across periods

Within the room:

    facts           what a period's database has to say, section by section
    work            what became of the findings
    labelled        cells that say what column they are in
"""
