"""The privacy notice as a check: verdicts on its statements, facts, amendments, attestations.

For other rooms:

    conformity    verdicts as runs, commands and pages need them
    verdicts      whether each statement still holds
    spoken        what breaks or hides a statement, in words
    amendments    what the notice leaves out
    attestations  attestations of statements that no export can show
    released      keeps one released table from revealing what another hides

Within the room:

    facts         facts that evidence a statement and that no rule checks
"""
