"""A page's form as a browser sends it: what stands in it, unless the test types something else."""

from html.parser import HTMLParser


class FormPage(HTMLParser):
    """The names and values of the one form that holds a given input."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.select, self.option, self.area = {}, None, None, None
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        told = dict(pairs)
        name = told.get("name")
        if tag == "input" and name and told.get("type") not in ("submit", "file", "search"):
            if told.get("type") not in ("checkbox", "radio") or "checked" in told:
                self.sent.setdefault(name, []).append(told.get("value", "on" if "checked" in told else "") or "")
        elif tag == "textarea":
            self.area, self.sent[name] = name, [""]
        elif tag == "select":
            self.select, self.first = (name, "multiple" in told), True
        elif tag == "option" and self.select:
            chosen, is_multiple = self.select
            if "selected" in told or (self.first and not is_multiple):
                values = self.sent.setdefault(chosen, [])
                if not is_multiple:
                    values.clear()
                values.append(told.get("value", ""))
            self.first = False

    def handle_data(self, data):
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.sent[self.area][0] = self.sent[self.area][0].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None


def opened(client, url):
    """What stands in the form of that page for this person."""
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return FormPage(answer.content.decode()).sent
