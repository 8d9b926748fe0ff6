"""The command line, a module per room. Each command imports what it needs when it is called, so that `vahti --help` is quick.

Within the room:

    main       `vahti`, and the commands of the main job
    rules      rules, rules check
    decide     assign, remark, disposals, decisions
    desk       report, desk, lab, schedule
    doctor     doctor, check, use
    init       init
    key        key
    ledger     findings, accept
    worklists  worklist, calendar
    log        log
    notice     notice, attest, ropa, bundle
    subject    subject
    redactions  what subject keeps of what goes out
    subject_shown  what subject shows and asks
    options    options that several share
    spoken     the language that a command speaks: --lang for every one
    headings   headings of tables in words
    listing    rows as a table, CSV or JSON
    shown      what is shown on a terminal
    reference  docs/commands.md
"""
