// Keeps what is typed into the application form on this device until it is sent or forgotten: words and ticks, never files,
// never the consent. The form works without it.
"use strict";

const PREFIX = "apply:";
const KEPT_FOR = 14 * 24 * 60 * 60 * 1000;
const NEVER = new Set(["consent", "shown", "zone", "homepage", "csrfmiddlewaretoken", "save", "empty"]);
const shelf = {
    read(key) {
        try {
            const kept = JSON.parse(localStorage.getItem(key));
            return kept && Date.now() - kept.at < KEPT_FOR ? kept.typed : null;
        } catch { return null; }
    },
    write(key, typed) {
        try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed })); return true; } catch { return false; }
    },
    drop(key) {
        try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
    },
};

const boxes = (form) => [...form.elements].filter((box) => (
    box.name && !NEVER.has(box.name) && !["file", "hidden", "submit", "button"].includes(box.type) && !box.name.endsWith("_drop")
));

function read(form) {
    const typed = {};
    for (const box of boxes(form)) {
        if (["radio", "checkbox"].includes(box.type) ? !box.checked : !box.value) continue;
        (typed[box.name] ??= []).push(box.value);
    }
    return typed;
}

function fill(form, typed) {
    for (const box of boxes(form)) {
        const values = typed[box.name];
        if (!values) continue;
        if (["radio", "checkbox"].includes(box.type)) box.checked = values.includes(box.value);
        else box.value = values[0];
        box.dispatchEvent(new Event("input", { bubbles: false }));
    }
}

for (const sent of document.querySelectorAll("[data-sent]")) shelf.drop(PREFIX + sent.dataset.sent);

for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = PREFIX + form.dataset.keep;
    const panel = document.getElementById("kept");
    const words = document.getElementById("kept-words");
    const forget = document.getElementById("forget");
    let waiting = 0;
    let forgotten = false;
    const tell = () => {
        if (!panel.hidden) return;
        panel.hidden = false;
        words.textContent = words.dataset.kept;
    };
    const keep = () => {
        clearTimeout(waiting);
        waiting = 0;
        if (forgotten) return;
        const typed = read(form);
        if (Object.keys(typed).length && shelf.write(key, typed)) tell();
    };
    const soon = () => {
        clearTimeout(waiting);
        waiting = setTimeout(keep, 400);
    };
    const kept = shelf.read(key);
    if (kept && !("filled" in form.dataset)) {
        fill(form, kept);
        tell();
    }
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    window.addEventListener("pagehide", () => { if (waiting) keep(); });
    forget.addEventListener("click", () => {
        forgotten = true;
        shelf.drop(key);
        form.reset();
        words.textContent = words.dataset.forgotten;
        forget.hidden = true;
    });
}
