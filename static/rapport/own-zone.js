// Offers the zone of the device beside the list of all zones; choosing by hand works without this file.
"use strict";

const zones = document.querySelector("select[data-own-zone]");
const offer = document.getElementById("suggested-zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones && offer && here !== zones.value && [...zones.options].some((one) => one.value === here)) {
    const button = offer.querySelector("button");
    button.textContent = button.dataset.words.replace("{zone}", here.replaceAll("_", " "));
    offer.hidden = false;
    button.addEventListener("click", () => {
        zones.value = here;
        offer.hidden = true;
        zones.focus();
    });
}
