"""Stage 5, the findings ledger: what became of every finding, from period to period.

For other rooms:

    acceptances     what was accepted, by whom, until when
    answers         who has answered a worklist, and a folder of answers read in
    assignments     what was handed to somebody else, and remarks
    checks          findings by comparison of two periods, and tasks, looked for again later
    disposals       what may be erased, and who approved it
    findings_files  findings.csv and the files beside it
    journal         every decision, with name, day and reason
    letters         worklists as e-mail drafts, encrypted
    looking         the ledger as it is now
    reported        worklists read back
    tasks           erasure requests, and art. 19: systems that still hold what billing erased or corrected
    worklists       what each keeper is to mend, as sheets

Within the room:

    observation     what a period shows of itself: its findings, and what was looked at
    periods         states and trends out of the rows that the home keeps of every period
    copies          who holds what of whom, for the tasks
    controls        whether an acceptance may stand
    hashes          names and values as keyed hashes
    worklist_files  a worklist file to rows of text
    worklist_sheets  a worklist as a workbook in its keeper's language

A state is a function of the periods' rows and the decisions, in SQL (`ledger/sql/`). Nothing is ever set to a
state, so no re-run or import can overwrite one. In a period's database stand, as of that period:

    ledger.states           one row per finding or task known by then
    ledger.standing       every number of findings and tasks that is reported, for every period up to it
    ledger.trend_ages, trend_mending, trend_promises   for every period up to it
    ledger.in_force       one row per finding accepted and still there: who, why, until when
    ledger.feed_verdicts    one row per export: whether it proves itself complete
"""

from pipelines.ledger.observation import observe
from pipelines.ledger.periods import draft, settle

__all__ = ["draft", "observe", "settle"]
