#!/usr/bin/env python3
"""
Tries to reach what it must not, from inside, and says what came of it: one line `EGRESS {"id", "outcome", "detail"}`
for each case. Outcomes: `reached` (an answer came, or a packet left), `stopped` (by what), `not-run` (the attempt
itself could not be made: never a pass). A case is a function; several attempts in it count as reached if one is.

usage: battery.py PARAMETERS.json
In the file: names, addresses and ports to try; `only`, the ids to make; `loopback_only`, for use without a sandbox.
The proxy is taken from HTTPS_PROXY.
"""
import json

import known_cases  # noqa: F401 - registers its cases
import own_cases  # noqa: F401 - registers its cases
from wire import CASES, P, Stopped, why


def main():
    for name, attempt in CASES:
        if name not in P.get("only", [name]):
            continue
        try:
            outcome, detail = "reached", attempt()
        except (Stopped, OSError) as stop:
            outcome, detail = "stopped", why(stop)
        except Exception as fault:  # A fault of the attempt is not a success of the wall.
            outcome, detail = "not-run", f"{type(fault).__name__}: {fault}"
        print("EGRESS " + json.dumps({"id": name, "outcome": outcome, "detail": str(detail)[:300]}), flush=True)


if __name__ == "__main__":
    main()
