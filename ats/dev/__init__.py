"""Running and testing Rapport on one's own machine; nothing here is imported in production but its pages' urls."""
