// The desk works without this file. It adds keys, ticking of many rows, and closes the menu of the signed-in person.
"use strict";

const isTyping = (target) => target.closest?.("textarea, select, [contenteditable], dialog, input:not([type=checkbox], [type=radio])");

document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        const box = document.querySelector(".desk-search input");
        if (box) {
            event.preventDefault();
            box.focus();
            box.select();
        }
    }
    const menu = document.querySelector("details.desk-me[open]");
    if (event.key === "Escape" && menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
    }
});

document.addEventListener("click", (event) => {
    const menu = document.querySelector("details.desk-me[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
});

// Which keys there are: a dialog behind "?"
const keys = document.querySelector("dialog#keys");
if (keys) {
    const opener = document.querySelector("[data-keys]");
    opener.hidden = false;
    opener.addEventListener("click", () => keys.showModal());
    keys.querySelector("[data-close-keys]").addEventListener("click", () => keys.close());
    document.addEventListener("keydown", (event) => {
        if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
        event.preventDefault();
        keys.showModal();
    });
}

// The list: tick with a click, Shift and a click, or x; j and k walk, o opens
const list = document.querySelector("#result_list.can-select");
if (list) {
    const boxes = [...list.querySelectorAll("[name=chosen]")];
    const all = list.querySelector("[data-select-all]");
    const everything = document.querySelector("[name=everything]");
    const told = document.querySelector("[data-selected]");
    const bar = told.closest(".selection-bar");
    let last = null;
    let current = -1;

    const tell = () => {
        const number = boxes.filter((box) => box.checked).length;
        all.checked = number === boxes.length;
        all.indeterminate = number > 0 && number < boxes.length;
        told.textContent = number ? told.dataset.some.replace("{n}", number) : told.dataset.none;
        bar.classList.toggle("is-ready", number > 0 || Boolean(everything?.checked));
    };
    const go = (to) => {
        if (to < 0 || to >= boxes.length) return;
        boxes[current]?.closest("tr").classList.remove("is-current");
        current = to;
        const row = boxes[current].closest("tr");
        row.classList.add("is-current");
        row.scrollIntoView({ block: "nearest" });
        boxes[current].focus({ preventScroll: true });
    };

    all.hidden = false;
    all.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        tell();
    });
    everything?.addEventListener("change", tell);
    list.addEventListener("click", (event) => {
        const at = boxes.indexOf(event.target);
        if (at < 0) return;
        if (event.shiftKey && last !== null) {
            const [from, to] = [Math.min(last, at), Math.max(last, at)];
            for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
        }
        last = at;
        tell();
    });
    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || keys?.open) return;
        if (event.key === "j") go(current + 1);
        if (event.key === "k") go(Math.max(current - 1, 0));
        if (event.key === "o" && current >= 0) boxes[current].closest("tr").querySelector("[data-open]").click();
        if (event.key === "x" && current >= 0) {
            boxes[current].checked = !boxes[current].checked;
            last = current;
            tell();
        }
    });
    tell();
}
