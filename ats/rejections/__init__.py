"""Rejections that wait before they are carried out, so that they can be taken back."""
