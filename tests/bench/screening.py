"""What screening takes: time for ordinary and for hostile comments, memory, and the model's bytes.

Runs inside Django: tests.bench.run calls main() in a data folder of its own.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from statistics import median

from django.utils import timezone

from comments.models import DiscussionSettings, LocalModel
from comments.sanitising import render, sanitise
from comments.screening.classifier import Example, checksum_of, trained_on
from comments.screening.decision import decide, screen
from comments.screening.features import Written, features_of
from comments.screening.likeness import fingerprint
from comments.screening.recent import window
from comments.screening.words import current_model
from core.extensions.screening import Submission
from tests.bench.harness import load, row, say, verdict

LESSONS, CALLS, ROUNDS = 600, 60, 5
LONGEST = 65_000
VOICES = {
    "English": (
        "the garden was quiet after rain and people walked home with books under their arms "
        "because nothing else seemed to matter that evening while the kitchen light was on "
        "question answer written between station weather account picture million morning"
    ),
    "Russian": (
        "после дождя сад был тихим и люди шли домой с книгами под мышкой потому что ничего "
        "другого в тот вечер не имело значения пока горел свет на кухне вопрос ответ между"
    ),
    "Chinese": (
        "雨后 花园 很 安静 人们 夹着 书 走 回家 因为 那个 晚上 别的 事情 都 不 重要 厨房 灯 亮着 "
        "问题 回答 写 之间 车站 天气 账户 图片 早晨"
    ),
}
SPAM = [
    "buy", "cheap", "pills", "now", "best", "casino", "bonus", "click", "here", "crypto",
    "http://win.example/{n}", "call", "555-0{n}", "earn", "$5000", "weekly", "guaranteed",
    "whatsapp", "investment", "profit", "free", "offer", "limited",
]  # fmt: skip


def text_of(voice: str, length: int, chance: random.Random) -> str:
    words, made = VOICES[voice].split(), ""
    gap = "" if voice == "Chinese" else " "
    while len(made) < length:
        made += chance.choice(words) + (chance.choice(("。", "，")) if not gap and
                                        chance.random() < 0.1 else gap)  # fmt: skip
    return made[:length]


def spam_of(length: int, chance: random.Random) -> str:
    made = ""
    while len(made) < length:
        made += chance.choice(SPAM).format(n=chance.randrange(10_000, 99_999)) + " "
    return made[:length]


def hostile() -> Iterator[tuple[str, str]]:
    """Yield texts that are made to take time, each as long as the limit allows."""
    pieces = {
        "one letter": "a", "letter and space": "a ", "accents": "a\u0301\u0302\u0303",
        "accents alone": "\u0301", "angle brackets": "<", "open tags": "<a ", "tags": "<b>",
        "comments of HTML": "<!--", "entities": "&#x41;", "ampersands": "&", "addresses":
        "http://a.example/ ", "address without end": "http://a.", "dots": "a.", "at signs": "a@",
        "schemes": "http://", "forum markup": "[url=", "brackets": "[", "brackets and parens":
        "[a](", "zero width": "a\u200b", "overrides": "\u202e", "fancy letters": "\U0001d400",
        "ligature that unfolds": "\ufdfa", "emoji": "\U0001f600\u200d", "digits": "1", "digits and "
        "dashes": "1-", "spaces": " ", "line ends": "\n", "tabs and letters": "a\t", "spelt words":
        "b u y ", "mixed alphabets": "pаypаl ", "numbers": "555-010 ", "sums": "$5 ", "percents":
        "%41", "backslashes": "\\", "quotes": "\"'", "underscores": "_", "stars": "*a", "capitals":
        "SHOUT ", "Hangul": "\u1112\u1161\u11ab", "Thai": "ก็",
    }  # fmt: skip
    for name, piece in pieces.items():
        yield name, piece * (LONGEST // len(piece))
    chance = random.Random(7)
    yield (
        "random words",
        " ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(LONGEST // 7)),
    )
    yield "random signs", "".join(map(chr, chance.choices(range(33, 0x3000), k=LONGEST)))
    yield "random ASCII", "".join(map(chr, chance.choices(range(32, 127), k=LONGEST)))
    yield "Chinese", text_of("Chinese", LONGEST, chance)
    yield "spam", spam_of(LONGEST, chance)


def submission(text: str, number: int) -> Submission:
    return Submission(
        target_title="A post", target_link="http://127.0.0.1/post/", author_name="Ann Reader",
        author_email=f"ann{number}@example.org", author_url="", text=text,
        ip_address=f"192.0.2.{number % 250}", user_agent="Mozilla/5.0", referrer="",
        language="en", submitted_at=timezone.now(), channel="form", is_reply=False, parent_id=0,
        is_moderator=False, has_history=False, target_id=1, author_id=None, author_key="",
        ip_hash=f"hash{number % 250}", has_proof_of_work=None, honeypot="", form_age_seconds=30.0,
    )  # fmt: skip


def screened(text: str, number: int) -> None:
    new = submission(text, number)
    fingerprint(text)
    decide(new, screen(new), DiscussionSettings.current())


def timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def train(chance: random.Random) -> int:
    """Have the site's model learn made comments; return its bytes."""
    lessons = []
    for number in range(LESSONS):
        is_spam = number % 2 == 0
        length = chance.randrange(60, 900)
        text = spam_of(length, chance) if is_spam else text_of("English", length, chance)
        lessons.append((Example.of(features_of(Written(text, "Ann"))), is_spam, 1.0))
    model = trained_on(lessons).model()
    packed = model.pack()
    LocalModel.objects.update_or_create(
        pk=1,
        defaults={"version": 7, "weights": packed, "checksum": checksum_of(packed),
                  "lessons": LESSONS, "thresholds": model.lines.to_json(),
                  "trained_at": timezone.now()},
    )  # fmt: skip
    return len(packed)


def resident() -> float:
    """Return the memory of this process in MiB."""
    gc.collect()
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Rss")) / 1024


def main() -> None:
    chance = random.Random(1)
    size = train(chance)
    current_model.forget()
    gc.collect()
    before = resident()
    for voice in VOICES:
        screened(text_of(voice, 2000, chance), 1)
    window.refresh()
    say(f"Screening, every local screener, each text once; ms; {load()}")
    for length, wanted in ((300, 1.0), (2000, 10.0)):
        for voice in (*VOICES, "spam"):
            rounds = []
            for _ in range(ROUNDS):
                texts = [
                    spam_of(length, chance) if voice == "spam" else text_of(voice, length, chance)
                    for _ in range(CALLS)
                ]
                rounds.append([timed(lambda n=n, text=text: screened(text, n))
                               for n, text in enumerate(texts)])  # fmt: skip
            typical = min(median(each) for each in rounds)
            row(f"{length:,} signs, {voice}", f"{typical:.2f}",
                verdict(typical, wanted, at_most=True))  # fmt: skip
    worst: list[tuple[float, float, str]] = []
    for name, text in hostile():
        lasts = min(timed(lambda text=text, n=n: screened(f"{n}{text}"[:LONGEST], n))
                    for n in range(3))  # fmt: skip
        shown = min(timed(lambda text=text: render(sanitise(text, "html"), "html"))
                    for _ in range(2))  # fmt: skip
        worst.append((lasts, shown, name))
    for lasts, shown, name in sorted(worst, reverse=True)[:5]:
        row(f"{LONGEST:,} signs: {name} (sanitised in {shown:.0f})", f"{lasts:.1f}",
            verdict(lasts, 150, at_most=True))  # fmt: skip
    slowest = max(worst, key=lambda each: each[1])
    row(f"slowest to sanitise: {slowest[2]}", f"{slowest[1]:.0f}")
    row("MiB that screening adds to a process", f"{(added := resident() - before):.1f}",
        verdict(added, 15, at_most=True))  # fmt: skip
    row("bytes of the model", f"{size:,}", verdict(size / 1024**2, 2, at_most=True))
