// Public pages work without this file. It adds: a lit file box while dragging, letters left, and a word when saving fails.
"use strict";

document.addEventListener("dragover", (event) => event.target.closest?.("input[type=file]")?.classList.add("is-over"));
for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, (event) => event.target.closest?.("input[type=file]")?.classList.remove("is-over"));
}

// <textarea maxlength="5000" data-count="{n} letters left"> shows how many are left, in the words the page gave.
for (const box of document.querySelectorAll("textarea[maxlength][data-count]")) {
    const line = document.createElement("p");
    line.className = "count";
    box.after(line);
    const show = () => {
        line.textContent = box.dataset.count.replace("{n}", box.maxLength - box.value.length);
    };
    box.addEventListener("input", show);
    show();
}

// Autosave: the form carries the words (data-failed), #saved shows them until the next save replaces it.
let unsaved = false;
for (const form of document.querySelectorAll("form[data-autosave]")) {
    const failed = () => {
        const line = document.getElementById("saved");
        if (line) {
            line.textContent = form.dataset.failed;
            line.classList.add("is-failed");
        }
    };
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
    form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) unsaved = false; });
    form.addEventListener("htmx:sendError", failed);
    form.addEventListener("htmx:responseError", failed);
    form.addEventListener("htmx:timeout", failed);
}
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
