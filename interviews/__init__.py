"""The stage of the interviews."""
