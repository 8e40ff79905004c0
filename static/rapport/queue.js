// Keys of the queue. Everything they do is also a button or a link of the page; they never act while somebody types.
"use strict";

const LETTERS = new Set(["j", "k", "r", "u"]);
const reject = document.querySelector("#reject");

const isBusy = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")
    || event.target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

const open = (details) => {
    details.open = true;
    details.scrollIntoView({ block: "nearest" });
    details.querySelector("input[type=radio], select")?.focus();
};

let pressed = false;

document.addEventListener("keydown", (event) => {
    if (isBusy(event)) return;
    const key = event.key.toLowerCase();
    if (LETTERS.has(key) && !pressed) {
        const target = document.querySelector(`[data-key="${key}"]`);
        if (!target) return;
        event.preventDefault();
        pressed = true; // one key, one step: the page is on its way
        target.click();
    } else if (key === "b" || key === "x") {
        const summary = document.querySelector(`[data-opens="${key}"]`);
        if (!summary) return;
        event.preventDefault();
        open(summary.parentElement);
    } else if (reject?.open && /^[1-9]$/.test(key)) {
        const reason = reject.querySelector(`[data-number="${key}"]`);
        if (!reason) return;
        event.preventDefault();
        reason.checked = true;
        reject.querySelector("button[name=action]").focus();
    }
});

// the browser's Back shows the page as it was: its keys work again
window.addEventListener("pageshow", () => {
    pressed = false;
});
