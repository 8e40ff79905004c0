"""All hints for the reader of one letter, gathered for its page. None of them is a score."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial
from statistics import quantiles

from django.db.models.functions import Left
from django.utils.functional import Promise

from candidates.company.models import Company
from candidates.jobs.models import Job
from candidates.people.models import Application
from candidates.screening import masking
from candidates.screening.masking import Identity, Masked
from candidates.screening.models import LetterPrint
from candidates.screening.reading import companies, ease, language, phrases, prints, spelling
from candidates.screening.reading.marks import Kind, Mark, Piece, pieces
from candidates.screening.reading.words import LOOKED_AT, sentences, words

USUAL_OF = 100  # letters of the job, the newest
USUAL_FROM = 8  # fewer tell nothing
SHOWN_MASKED = 50_000  # characters of a letter whose writer is hidden
TOLD = 0.02  # of the words: less is chance


@dataclass(frozen=True)
class Hints:
    """What the page tells beside the letter."""

    pieces: list[Piece]
    word_count: int
    usual: tuple[int, int] | None
    mean_sentence: int
    longest_sentence: int
    language: str | Promise
    ease: str | Promise
    misspelled: list[str]
    is_spelled: bool
    names_company: bool
    products: list[tuple[str, bool]]
    phrases: list[str]
    others: list[str]
    percent: int | None
    percent_others: int
    is_cut: bool
    is_cut_short: bool


def gather(application: Application, *, hides: bool) -> Hints:
    """The hints for the letter of `application`.

    Args:
        application: with job and candidate.
        hides: whether its writer is hidden; then so is every mention in the letter.
    """
    shown = _shown(application, hides)
    text, job = shown.text, application.job
    found, tongue = words(text), language.recognise(words(text))
    ours = phrases.named(text[:LOOKED_AT], _our_names())
    rows = phrases.shared(found, f"{job.title}\n{job.description}", language.frequent().get(tongue, frozenset()))
    others = _others(text, tongue, application)
    typos = spelling.misspelled(found, tongue, _known(application))
    printed = LetterPrint.objects.filter(application=application).first()
    marks = [
        *(Mark(word.start, word.end, Kind.SPELLING) for word in typos),
        *(Mark(start, end, Kind.OURS) for spans in ours.values() for start, end in spans),
        *(Mark(found[first].start, found[last - 1].end, Kind.ADVERT) for first, last in rows),
        *(Mark(start, end, Kind.OTHER) for _name, (start, end) in others),
        *_passages(printed, shown),
        *(Mark(start, end, Kind.HIDDEN) for start, end in shown.marks),
    ]
    lengths = sentences(text)
    reading = ease.ease(found, lengths, tongue)
    company = Company.current()
    return Hints(
        pieces=pieces(text, marks),
        word_count=len(found),
        usual=_usual(job),
        mean_sentence=round(sum(lengths) / len(lengths)) if lengths else 0,
        longest_sentence=max(lengths, default=0),
        language=language.NAMES.get(tongue, ""),
        ease=ease.in_words(reading) if reading is not None else "",
        misspelled=list(dict.fromkeys(word.text for word in typos)),
        is_spelled=tongue in spelling.SPELLED,
        names_company=company.name in ours,
        products=[(product, product in ours) for product in company.products],
        phrases=[text[found[first].start : found[last - 1].end] for first, last in rows],
        others=[name for name, _span in others],
        percent=_percent(printed),
        percent_others=printed.others if printed else 0,
        is_cut=len(application.letter) > LOOKED_AT,
        is_cut_short=hides and len(application.letter) > SHOWN_MASKED,
    )


def identity(application: Application) -> Identity:
    """Who wrote the letter."""
    person = application.candidate
    return Identity(person.name, person.email, person.phone)


def _shown(application: Application, hides: bool) -> Masked:
    if hides:
        return masking.mask(application.letter[:SHOWN_MASKED], identity(application))
    return Masked(application.letter, [], [])


def _our_names() -> list[str]:
    company = Company.current()
    return [name for name in dict.fromkeys([company.name, *company.products]) if name.strip()]


def _others(text: str, tongue: str, application: Application) -> list[tuple[str, phrases.Span]]:
    job = application.job
    return companies.others(
        text[:LOOKED_AT],
        tongue,
        own=[*_our_names(), job.title, job.team, application.candidate.name],
        places=[job.place, job.region, job.country, *job.languages],
        is_word=partial(spelling.is_known, language=tongue) if tongue in spelling.SPELLED else str.isdigit,
    )


def _known(application: Application) -> Set[str]:
    """Words that are right whatever a dictionary says: of the advert, of our names, of the writer's."""
    job = application.job
    texts = [prints.given(application), job.team, job.place, application.candidate.name, *_our_names()]
    return {word.plain for text in texts for word in words(text)}


def _passages(printed: LetterPrint | None, shown: Masked) -> list[Mark]:
    spans: Sequence[Sequence[int]] = printed.passages if printed else []
    return [Mark(shown.moved(start), shown.moved(end), Kind.SHARED) for start, end in spans]


def _percent(printed: LetterPrint | None) -> int | None:
    """About how much, in steps of five: more would pretend to be exact. None while it is not known yet."""
    if printed is None or printed.share is None:
        return None
    return max(round(printed.share * 20) * 5, 5) if printed.share > TOLD else 0


def _usual(job: Job) -> tuple[int, int] | None:
    """Between which lengths the middle half of the job's letters lies."""
    newest = Application.objects.filter(job=job).exclude(letter="").order_by("-pk")[:USUAL_OF]
    counts = [len(letter.split()) for letter in newest.values_list(Left("letter", LOOKED_AT), flat=True)]
    if len(counts) < USUAL_FROM:
        return None
    quarter, _middle, three_quarters = quantiles(counts, n=4)
    return round(quarter), round(three_quarters)
