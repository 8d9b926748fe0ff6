"""What a command sets going as a whole: a run, the accountability bundle, outputs written again, the doctor.

For other rooms:

    run         every new period, through all stages
    calendar    the days by which something has to be done, as .ics
    refresh     outputs that a decision made stale, written again
    bundle      one zip for an inspector
    doctor      whether machine, home and exports are fit
    profiling   where the time of a run goes
    remembered  the home, exports and expectations that are meant where none are named

Within the room:

    stages      the stages of a period that is being taken in
    remarks     what a run says beside its numbers
    sbom        a software bill of materials
"""
