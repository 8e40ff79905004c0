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

// Autosave: the form carries the words, #saved shows them until the next save replaces it. A lost line is tried again.
let unsaved = false;
for (const form of document.querySelectorAll("form[data-autosave]")) {
    const again = () => { if (unsaved) form.dispatchEvent(new Event("change")); };
    const say = (words) => {
        const line = document.getElementById("saved");
        if (line) {
            line.textContent = words;
            line.classList.add("is-failed");
        }
    };
    const failed = () => {
        say(form.dataset.failed);
        setTimeout(again, 15000);
    };
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("change", () => { unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
    form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) unsaved = false; });
    form.addEventListener("htmx:sendError", failed);
    form.addEventListener("htmx:timeout", failed);
    form.addEventListener("htmx:responseError", (event) => {
        if (event.detail.xhr.status >= 500) failed();
        else say(form.dataset.refused);
    });
    window.addEventListener("online", again);
}
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// What a form kept in this browser (kept.js) goes when its page says that it was answered or is over.
if (!document.querySelector("form[data-autosave]")) {
    const [came] = performance.getEntriesByType("navigation");
    try {
        if ([200, 410].includes(came?.responseStatus)) localStorage.removeItem(`typed:${location.pathname}`);
    } catch { /* a browser without storage has kept nothing */ }
}
