"""The pages of the career site (`site.py`) and of the application form (`form.py`)."""
