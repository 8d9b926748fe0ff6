"""Stage 5, the findings ledger: what became of every finding, from period to period.

For other rooms:

    acceptances     what was accepted, by whom, until when
    answers         who has answered a worklist; reads a folder of answers
    assignments     findings handed to somebody else, and remarks
    checks          checks comparison findings and tasks of earlier periods again
    disposals       what may be erased, and who approved it
    findings_files  findings.csv and the files beside it
    journal         every decision, with name, day and reason
    letters         worklists as e-mail drafts, encrypted
    looking         the current ledger
    reported        worklists read back
    tasks           erasure requests, and art. 19: systems that still hold what billing erased or corrected
    worklists       what each keeper has to fix, as sheets

Within the room:

    observation     what a period shows: its findings, and what was checked
    periods         states and trends from the rows that the home keeps of every period
    copies          who holds which data of whom, for the tasks
    controls        whether an acceptance is allowed
    selection       the findings that a decision is about
    hashes          names and values as keyed hashes
    worklist_files  a worklist file to rows of text
    worklist_sheets  a worklist as a workbook in its keeper's language
    worklist_overview  the same of a list that is too long for one sheet
    worklist_book   the workbook under both: title, headers, rows of text

A state is a function of the periods' rows and the decisions, in SQL (`ledger/sql/`). States are never stored by hand, so
no re-run or import can overwrite one. A period's database has, as of that period:

    ledger.states           one row per finding or task known by then
    ledger.standing         every number of findings and tasks that is reported, for every period up to it
    ledger.trend_ages, trend_mending, trend_promises   for every period up to it
    ledger.in_force         one row per finding accepted and still present: who, why, until when
    ledger.feed_verdicts    one row per export: whether it is provably complete
"""

from pipelines.ledger.observation import observe
from pipelines.ledger.periods import draft, settle

__all__ = ["draft", "observe", "settle"]
