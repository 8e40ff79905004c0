"""Rules that move applications by what their plans allow."""
