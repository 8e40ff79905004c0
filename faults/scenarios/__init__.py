"""The scenarios, one file for what is broken in it; `faults/table.py` names them all."""
