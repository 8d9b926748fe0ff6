"""Complete jobs that a command starts: a run, the accountability bundle, rewritten outputs, the doctor.

For other rooms:

    run         every new period, through all stages
    calendar    all due dates, as .ics
    refresh     rewrites outputs that a decision made stale
    bundle      one zip for an inspector
    doctor      whether machine, home and exports are fit
    arrived     whether exports are as their contracts say
    fit         one thing that was looked at
    profiling   where a run spends its time
    remembered  the default home, exports and expectations

Within the room:

    stages      the stages of a period that is being taken in
    bundle_readme  what is in a bundle, and how to verify it
    remarks     what a run reports besides its numbers
    sbom        a software bill of materials
"""
