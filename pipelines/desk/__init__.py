"""What the officer works with in Jupyter: the workbench, its tables and pictures, the notebooks, the lab, the schedule.

For other rooms:

    workbench  open_workbench(): one period as an object whose members read as questions
    report     the periodic report, cell by cell and as files
    lab        JupyterLab on a home
    app        the officer's desk as an application, without a cell in sight
    schedule   runs by the machine's own scheduler

Within the room:

    queries    questions to one period's database
    found      exports, rules, findings, records
    courses    retention, and findings across periods
    answers    the notice and one person
    people     one person on the desk
    notice     the notice's tables
    pictures   the numbers drawn
    tables     what a cell shows
    words      what it says, in the reader's language
    headings   its headings and states
    prose      the notebooks' own prose, in the reader's language
    notebooks  notebooks, executed
    saving     what a notebook keeps when it is saved
    keeping    how the lab's server keeps notebooks: sealed
    identity   who may use the lab
    lighter    what Jupyter need not load
    sockets    where lab and kernels listen
"""
