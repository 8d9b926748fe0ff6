"""The periodic report: its facts, its page, its pictures, its PDF.

For other rooms:

    page            the page, whole and by block
    standing        open work, from ledger.standing
    kept            the blocks of a drawn page, for the next decision
    undrawn         a page for when the report cannot be drawn
    pdf             the page as PDF
    figures         pictures as SVG
    word_file       the page as a document of a word processor
    statement_grid  the picture of all statements across periods

Within the room:

    facts           the contents of a period's database, section by section
    work            what became of the findings
    labelled        cells that name their column
"""
