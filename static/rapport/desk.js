// The desk works without this file. It adds two keys and closes the menu of the signed-in person.
"use strict";

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
