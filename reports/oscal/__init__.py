"""The report for auditors' tools: OSCAL assessment results, JSON, as NIST's model 1.1.3 has it.

One observation and at most one finding for each rule, over the fleet; what is undecided is never
``satisfied``. The machines stand once, each with the report and the hash of the facts that its
verdicts rest on, and are pointed to from wherever they fail or are unknown.
"""

from reports.oscal.document import render

__all__ = ["render"]
