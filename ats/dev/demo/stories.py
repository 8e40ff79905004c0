"""How far each of the sixty applications has come, and when it got there."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ats.dev.demo.letters import Tone
from candidates.stages import OPEN, Stage

A, S, I, R, T = OPEN  # noqa: E741 - the stages by their initials keep the table readable
JUST_NOW = -1  # days ago: as late as can be
Rows = tuple[tuple[str, Stage, Stage | None, tuple[int, ...]], ...]
SIXTY: Rows = (
    # job, where it stands, which stage it left for its end, days since its last move: one story for each
    ("phone", A, None, (0, 1, 2, 4, 6)),
    ("email", A, None, (0, 0, 1, 3, 5)),
    ("technical", A, None, (1, 3)),
    ("phone", S, None, (1, 3, 6)),
    ("email", S, None, (0, 2, 4, 5)),
    ("technical", S, None, (2,)),
    ("phone", I, None, (1, 5, 8)),
    ("email", I, None, (0, 3, 5)),
    ("technical", I, None, (2, 4, 9)),
    ("phone", R, None, (2, 6)),
    ("email", R, None, (JUST_NOW, 3, 8)),
    ("technical", R, None, (5,)),
    ("phone", T, None, (19,)),
    ("email", T, None, (34,)),
    ("technical", T, None, (1,)),
    ("email", Stage.HIRED, T, (9,)),
    ("weekend", Stage.HIRED, T, (40,)),
    ("phone", Stage.REJECTED, A, (12, 20)),
    ("email", Stage.REJECTED, A, (8, 15, 30)),
    ("technical", Stage.REJECTED, A, (10,)),
    ("phone", Stage.REJECTED, S, (9,)),
    ("email", Stage.REJECTED, S, (14,)),
    ("weekend", Stage.REJECTED, S, (70, 75, 80)),
    ("technical", Stage.REJECTED, I, (11,)),
    ("email", Stage.REJECTED, I, (18,)),
    ("weekend", Stage.REJECTED, I, (60,)),
    ("phone", Stage.REJECTED, R, (16,)),
    ("technical", Stage.WITHDRAWN, A, (13,)),
    ("phone", Stage.WITHDRAWN, A, (3,)),
    ("phone", Stage.WITHDRAWN, S, (5,)),
    ("email", Stage.WITHDRAWN, I, (7,)),
    ("weekend", Stage.WITHDRAWN, I, (62,)),
)
EIGHT: Rows = tuple(
    ("email", stands, left, (2,))
    for stands, left in [
        *((stage, None) for stage in OPEN),
        (Stage.HIRED, T),
        (Stage.REJECTED, I),
        (Stage.WITHDRAWN, S),
    ]
)
LASTED = {A: (1, 3), S: (4, 6), I: (13, 15), R: (6, 9), T: (34, 34)}  # fewest and most days in a stage that was left
QUALITY = {A: (2.0, 4.4), S: (2.2, 4.4), I: (2.7, 3.2), R: (4.0, 4.6), T: (4.1, 4.6)}
QUALITY_AT_END = {Stage.HIRED: (4.2, 4.7), Stage.REJECTED: (1.9, 2.7), Stage.WITHDRAWN: (3.3, 4.4)}
TONES = (Tone.WARM, Tone.WARM, Tone.WARM, Tone.STOCK, Tone.SHORT)


@dataclass(frozen=True)
class Story:
    """One application's way: each stage it entered with how many days ago, the present one last."""

    job: str
    entered: tuple[tuple[Stage, int], ...]
    quality: float
    tone: Tone

    @property
    def stands(self) -> Stage:
        """Where it stands now."""
        return self.entered[-1][0]


def tell_all(random: Random, rows: Rows) -> list[Story]:
    """The stories of the table, the one that began first before the others."""
    told = [tell(random, job, stands, left, ago) for job, stands, left, days in rows for ago in days]
    return sorted(told, key=lambda story: -story.entered[0][1])


def tell(random: Random, job: str, stands: Stage, left: Stage | None, ago: int) -> Story:
    """The story that ends `ago` days before the present in `stands`; worked out backwards from there."""
    through = OPEN[: OPEN.index(left) + 1] if left else OPEN[: OPEN.index(stands)]
    entered = [(stands, ago)]
    for stage in reversed(through):
        ago += random.randint(*LASTED[stage])
        entered.insert(0, (stage, ago))
    quality = random.uniform(*(QUALITY_AT_END.get(stands) or QUALITY[stands]))
    tone = Tone.WARM if quality > 3.6 else random.choice(TONES)
    return Story(job, tuple(entered), quality, tone)
