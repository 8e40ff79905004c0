"""The words of a plain text."""

import sys

most, content = int(sys.argv[1]), sys.stdin.buffer.read()
try:
    text = content.decode("utf-8-sig")
except UnicodeDecodeError:
    text = content.decode("windows-1252", "ignore")
sys.stdout.buffer.write(text.strip()[:most].encode("utf-8", "ignore"))
