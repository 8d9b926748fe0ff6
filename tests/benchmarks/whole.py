"""`vahti run` in a process of its own, with its stages as JSON: `whole.py EXPORTS HOME [MEMORY]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipelines.commands.main import seldom_collect
from pipelines.job.profiling import Profile
from pipelines.job.run import run

if __name__ == "__main__":
    exports, home = Path(sys.argv[1]), Path(sys.argv[2])
    seldom_collect()  # as the command does
    profile = Profile(queries=False)
    outcomes = run(
        home, exports, Path("expectations"), memory=sys.argv[3] if len(sys.argv) > 3 else None, profile=profile
    )
    again = not any(outcome.new for outcome in outcomes)
    stages = {}
    for stage in profile.stages:  # of several periods, and a stage may be begun again
        stages[stage.name] = stages.get(stage.name, 0) + stage.seconds
    print(
        json.dumps(
            {
                "rows": sum(outcome.counts["rows_read"] for outcome in outcomes),
                "stages": {} if again else stages,
                "peak_bytes": max((stage.peak_bytes or 0 for stage in profile.stages), default=0),
                "home_bytes": sum(path.stat().st_size for path in home.rglob("*") if path.is_file()),
            }
        )
    )
