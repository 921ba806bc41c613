"""The sound of the clip that plays: it is heard at speed 1, and the clock then follows what is heard."""

from pathlib import Path

from app.settings import Settings
from app.ui.parts.player.audio import AudioFeed, Speaker
from app.ui.parts.player.clock import Clock


class Sound:
    """Plays the sound of one clip at a time.

    Args:
        settings: Volume and offset.
        clock: Follows the sound while it plays.

    Attributes:
        muted: Whether the user wants no sound.
        silent: Whether there must be no sound whatever the user chose.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._feed: AudioFeed | None = None
        self._speaker: Speaker | None = None
        self.muted = self.silent = False

    def take_clip(self, path: Path) -> None:
        """Read the sound of this clip from now on."""
        self._feed = AudioFeed(path)

    def leave_clip(self) -> AudioFeed | None:
        """Return the reader of the clip's sound, which the caller closes; None without one."""
        feed, self._feed = self._feed, None
        return feed

    def close(self) -> None:
        """Release the device."""
        if self._speaker is not None:
            self._speaker.close()
            self._speaker = None

    @property
    def sounding(self) -> bool:
        """Whether a clip with sound and a device are there, and somebody wants to hear it."""
        if self.silent or self.muted or self._settings.number("player.volume") <= 0:
            return False
        return self._speaker is not None and self._speaker.open and self._feed is not None

    def stop(self) -> None:
        """Fall silent at once."""
        if self._speaker is not None:
            self._speaker.stop()
        if self._feed is not None:
            self._feed.rest()

    def start(self) -> None:
        """Begin to sound at the clock's time if sound is due, else fall silent."""
        feed = self._feed
        if feed is None:
            return
        due = self._clock.running and self._clock.speed == 1.0 and not self.muted and not self.silent
        if due and self._speaker is None:
            self._speaker = Speaker(self._settings.number("player.volume") / 100)
        speaker = self._speaker
        if speaker is None or not speaker.open:
            return
        if not due:
            self.stop()
            self._clock.set_sound(None)
            return
        at_s = self._clock.time_s()
        feed.seek(at_s)
        speaker.start(at_s)
        self._clock.set_sound(speaker, self._settings.number("player.audio_offset_ms") / 1000)

    def push(self) -> None:
        """Pass on as much as the device has room for."""
        if self._speaker is not None and self._feed is not None:
            self._speaker.push(self._feed)

    def on_setting(self, key: str) -> None:
        """Follow a change of the settings."""
        if key == "player.volume" and self._speaker is not None:
            self._speaker.set_volume(self._settings.number(key) / 100)
        elif key == "player.audio_offset_ms":
            self.start()
