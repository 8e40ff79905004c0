// A button beside a box copies what is in it. Without this file the button is not there and the box can be selected.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
    const box = document.getElementById(button.dataset.copy);
    const words = button.textContent;
    button.hidden = false;
    box.addEventListener("focus", () => box.select());
    button.addEventListener("click", async () => {
        box.select();
        try {
            await navigator.clipboard.writeText(box.value);
        } catch {
            return; // it is selected: the keyboard copies it
        }
        button.textContent = button.dataset.copied;
        document.getElementById("copied").textContent = button.dataset.copied;
        setTimeout(() => {
            button.textContent = words;
            document.getElementById("copied").textContent = "";
        }, 3000);
    });
}
