"""`make shots`: a picture of every main page at two widths, into build/shots/<page>-<width>.png.

It runs a throwaway instance with the demo company. Further words choose pages: `./dev shots career desk-home`.
"""

import json
import os
import shutil
import smtplib
import subprocess
import sys
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from ats.dev import browser as chromium
from ats.dev import throwaway_instance
from ats.dev.state import ROOT
from ats.dev.throwaway_instance import Running

TARGET = ROOT / "build" / "shots"
WIDTHS = [1280, 360]
HEIGHT = 800


def main(chosen: list[str]) -> int:
    """Take the pictures; gives the exit code: 1 when a page could not be taken."""
    path = chromium.find()
    if path is None:
        sys.stderr.write("make shots needs Chromium: install it, or set CHROMIUM.\n")
        return 1
    with throwaway_instance.running() as instance, sync_playwright() as playwright:
        _send_a_mail(instance)
        browser = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        if not chosen:
            shutil.rmtree(TARGET, ignore_errors=True)
        rows = [row for row in pages(instance) if not chosen or row["name"].startswith(tuple(chosen))]
        failed = _take_all(browser, instance, rows)
        browser.close()
    return 1 if failed else 0


def pages(instance: Running) -> list[dict[str, Any]]:
    """The table of shot_pages.py, with the addresses that this instance has."""
    environment = {**os.environ, **instance.settings}
    command = [sys.executable, "-m", "ats.dev.shot_pages"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return list(json.loads(done.stdout))


def _send_a_mail(instance: Running) -> None:
    """Fill the mailbox: the demo's mails count as sent long ago, so none of them arrives."""
    mail = EmailMessage()
    mail["From"], mail["To"] = instance.settings["DEFAULT_FROM_EMAIL"], "Cleo Martin <cleo@example.org>"
    mail["Subject"] = "We have your application"
    mail.set_content(f"Hello Cleo,\n\nthank you for applying. You can see where it stands here:\n{instance.base}/\n")
    mail.add_alternative("<p>Hello Cleo,</p><p>thank you for applying.</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", int(instance.settings["EMAIL_PORT"]), timeout=10) as server:
        server.send_message(mail)


def _take_all(browser: Browser, instance: Running, rows: list[dict[str, Any]]) -> list[str]:
    TARGET.mkdir(parents=True, exist_ok=True)
    signed_in = {who: _sign_in(browser, instance, who) for who in {row["who"] for row in rows} - {"public"}}
    failed = []
    for row in rows:
        problem = row.get("missing") or _take(browser, instance, row, signed_in.get(row["who"]))
        print(f"{row['name']:<32} {problem or 'taken'}")
        failed += [row["name"]] if problem else []
    return failed


def _sign_in(browser: Browser, instance: Running, who: str) -> Any:
    """The cookies of somebody who signed in."""
    context = browser.new_context()
    page = context.new_page()
    name, password = instance.sign_in(who)
    page.goto(f"{instance.base}/admin/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("[type=submit]")
    state = context.storage_state()
    context.close()
    return state


def _take(browser: Browser, instance: Running, row: dict[str, Any], cookies: Any) -> str:
    """Take one page at every width; gives the words for what went wrong, or nothing."""
    problems = []
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, storage_state=cookies)
        problems.append(_picture(context, instance, row, width))
        context.close()
    return "; ".join(filter(None, problems))


def _picture(context: BrowserContext, instance: Running, row: dict[str, Any], width: int) -> str:
    page = context.new_page()
    address = row["address"] if "://" in row["address"] else instance.base + row["address"]
    try:
        answer = page.goto(address, wait_until="load")
        _follow_first_mail(page, address)
        _show_whole(page, width)
        page.screenshot(path=TARGET / f"{row['name']}-{width}.png", full_page=True)
    except Error as error:
        return str(error).splitlines()[0]
    if answer is not None and answer.status >= 500:
        return f"HTTP {answer.status}"
    return _too_wide(page, width)


def _follow_first_mail(page: Page, address: str) -> None:
    if address.endswith("#first"):
        with suppress(Error):
            page.click("tbody a", timeout=2000)


def _show_whole(page: Page, width: int) -> None:
    """A window as high as the page: what sticks to its lower edge then lies where it belongs."""
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(HEIGHT, height)})


def _too_wide(page: Page, width: int) -> str:
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    return f"scrolls sideways: {wide} px at {width}" if wide > width else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
