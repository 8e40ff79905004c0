"""The words of a Rich Text file."""

import sys

from striprtf.striprtf import rtf_to_text

most = int(sys.argv[1])
source = sys.stdin.buffer.read().decode("windows-1252", "replace")
sys.stdout.buffer.write(rtf_to_text(source, errors="ignore").strip()[:most].encode("utf-8", "ignore"))
