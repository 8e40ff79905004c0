"""Stand-in settings for programs that only start others: `ats/__init__.py` loads Celery, and that reads the settings.

`./dev` names this module, so that the tools of this folder can be imported before there is any server to name;
what they start gets `ats.settings`.
"""

SECRET_KEY = "only starts other processes"
SWEEP_SECONDS = 30
