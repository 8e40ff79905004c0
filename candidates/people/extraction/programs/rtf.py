"""The words of a Rich Text file."""

import sys

from striprtf.striprtf import rtf_to_text

most = int(sys.argv[1])
source = sys.stdin.buffer.read().decode("windows-1252", "replace")
text = rtf_to_text(source, errors="ignore").strip()
# Rich Text writes an emoji as two halves, which only together are a character.
whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
sys.stdout.buffer.write(whole[:most].encode("utf-8", "ignore"))
