"""How far raters agree, and how far their judgement can be trusted."""
