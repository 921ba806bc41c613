"""The study a new user starts from: the nine emotions of Sun et al. 2018, 0–5, face alone and in full context."""

from dataclasses import replace
from typing import Final

from app.domain.emotion_words import RATED_WORDS
from app.domain.emotions import RATED
from app.domain.study import (
    CONTEXT_ONLY,
    FACE_ONLY,
    FULL_CONTEXT,
    AttentionCheck,
    Condition,
    Scale,
    Study,
    Term,
    Texts,
    TraceSpec,
)

LANGUAGES: Final = ("en", "de", "fr", "es", "ja", "zh")

_TRANSLATED: Final[dict[str, tuple[str, ...]]] = {
    "angry": ("Wütend", "En colère", "Enfado", "怒り", "愤怒"),
    "disgust": ("Angeekelt", "Dégoûté", "Asco", "嫌悪", "厌恶"),
    "happy": ("Fröhlich", "Joyeux", "Alegría", "喜び", "高兴"),
    "sad": ("Traurig", "Triste", "Tristeza", "悲しみ", "悲伤"),
    "surprise": ("Überrascht", "Surpris", "Sorpresa", "驚き", "惊讶"),
    "fear": ("Ängstlich", "Apeuré", "Miedo", "恐れ", "恐惧"),
    "neutral": ("Neutral", "Neutre", "Neutral", "中立", "中性"),
    "contempt": ("Verächtlich", "Méprisant", "Desprecio", "軽蔑", "轻蔑"),
    "confused": ("Verwirrt", "Perplexe", "Confusión", "困惑", "困惑"),
}
_EMOTIONS: Final = {name: (RATED_WORDS[name], *words) for name, words in _TRANSLATED.items()}
_ANCHORS: Final[dict[str, tuple[str, ...]]] = {
    "0": ("not at all", "gar nicht", "pas du tout", "nada", "まったくない", "完全没有"),
    "5": ("very strongly", "sehr stark", "très fortement", "muchísimo", "非常に強い", "非常强烈"),
}
_AXES: Final[dict[str, tuple[str, ...]]] = {
    "valence": ("unpleasant – pleasant", "unangenehm – angenehm", "désagréable – agréable",
                "desagradable – agradable", "不快 – 快", "不愉快 – 愉快"),
    "arousal": ("calm – excited", "ruhig – erregt", "calme – excité",
                "calma – excitación", "沈静 – 興奮", "平静 – 激动"),
}  # fmt: skip
_CONDITIONS: Final[dict[str, tuple[str, ...]]] = {
    FACE_ONLY: ("Face only", "Nur das Gesicht", "Visage seul", "Solo la cara", "顔のみ", "仅面部"),
    FULL_CONTEXT: ("Full context", "Ganzes Bild", "Image entière", "Imagen completa", "全体", "完整画面"),
    CONTEXT_ONLY: ("Surroundings only", "Nur die Umgebung", "Contexte seul", "Solo el contexto", "背景のみ", "仅背景"),
}
_INSTRUCTIONS: Final[dict[str, str]] = {
    "welcome": "You will see short clips of people. Judge what each person shows, as you see it. "
    "There are no right or wrong answers, and your first impression counts.",
    "practice": "First some clips to practise on. They do not count.",
    "rating": "How strongly does the person show each of these? 0 means not at all. "
    "If you cannot tell, say so: that is an answer too.",
    "trace": "While the clip plays, keep the marker where what the person shows is at this moment.",
    "attention": "Please read this one carefully.",
    "break": "Time for a short break. Everything so far is saved.",
    "done": "That was the last one. Thank you!",
    f"condition.{FACE_ONLY}": "You now see the face alone.",
    f"condition.{FULL_CONTEXT}": "You now see the whole picture. Judge the person marked before the clip starts.",
    f"condition.{CONTEXT_ONLY}": "You now see everything but the face. Judge what the hidden person shows.",
}


def translated(words: tuple[str, ...]) -> Texts:
    """Return texts in the order of `LANGUAGES` by language code."""
    return dict(zip(LANGUAGES, words, strict=True))


def emotion_terms(names: tuple[str, ...] = RATED) -> tuple[Term, ...]:
    """Return the emotions with their translated labels; a name we have no translation of stands for itself."""
    return tuple(Term(name, translated(_EMOTIONS[name]) if name in _EMOTIONS else {}) for name in names)


def default_condition(view: str, audio: bool | None = None) -> Condition:
    """Return a condition named after its view, with translated labels.

    Args:
        view: What is shown.
        audio: Whether the sound is on; by default off for the face alone, because speech carries context.
    """
    audio = view != FACE_ONLY if audio is None else audio
    return Condition(view, view, audio, translated(_CONDITIONS[view]))


def default_trace(joint: bool = True) -> TraceSpec:
    """Return traces with translated labels of the axes."""
    return TraceSpec(joint=joint, axis_labels={axis: translated(words) for axis, words in _AXES.items()})


def default_check(study: Study, name: str = "set_two") -> AttentionCheck:
    """Return an attention check of text alone, which asks for one rating of the study's first emotion.

    Args:
        study: Gives the emotion and the scale; without emotions nothing is expected yet.
        name: Name of the check.
    """
    score = min(max(2, study.scale.low), study.scale.high)
    expected = {study.emotions[0].name: (score, score)} if study.emotions else {}
    return AttentionCheck(name, {"en": f"To show that you are reading: please set the first row to {score}."}, expected)


def with_checks(study: Study) -> Study:
    """Return a study with the default attention check if some are due and none is written.

    Without emotions there is nothing that the default check can expect, so the study stays as it is.
    """
    if study.attention_every and not study.attention and study.emotions:
        return replace(study, attention=(default_check(study),))
    return study


def default_study(name: str = "study", *, trace: bool = True) -> Study:
    """Return a study of nine emotions (0–5), one category, and traces, first with the face alone, then in full context.

    Args:
        name: Name of the study.
        trace: Whether traces are asked beside the ratings.
    """
    return Study(
        name=name,
        title={"en": "What does this person show?"},
        emotions=emotion_terms(),
        scale=Scale(0, 5, {point: translated(words) for point, words in _ANCHORS.items()}),
        categories=emotion_terms(),
        trace=default_trace() if trace else None,
        conditions=(default_condition(FACE_ONLY), default_condition(FULL_CONTEXT)),
        face_shape="mesh",
        setup_check="offered",
        instructions={screen: {"en": text} for screen, text in _INSTRUCTIONS.items()},
    )
