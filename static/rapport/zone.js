// Tells the form the reader's time zone, so that mails show their times. Without it the job's zone is used.
"use strict";

for (const box of document.querySelectorAll("input[data-zone]")) {
    box.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
