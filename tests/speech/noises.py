"""Sounds of a room in which nobody speaks, made from formulas and a seed: every seed another room.

A maker gives so many seconds at 16 kHz, about as loud as it likes; `at_level` sets how loud.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from live_coach.flow.messages import RATE, Samples

Random = np.random.Generator
Maker = Callable[[float, Random], Samples]
Notes = Iterable[tuple[float, float, float]]
"""When (s), how long (s) and how high (Hz)."""

_LOUD_WINDOW = RATE // 10


def at_level(sound: Samples, dbfs: float) -> Samples:
    """The sound so loud that its loudest tenths of a second (95th percentile) have this level."""
    windows = sound[: len(sound) // _LOUD_WINDOW * _LOUD_WINDOW].reshape(-1, _LOUD_WINDOW)
    loud = np.percentile(np.sqrt((windows.astype(np.float64) ** 2).mean(axis=1)), 95)
    return np.clip(sound * (10 ** (dbfs / 20) / loud), -1, 1).astype(np.float32)


def digital_silence(seconds: float, _: Random) -> Samples:
    return np.zeros(_length(seconds), np.float32)


def dithered_silence(seconds: float, random: Random) -> Samples:
    """What an open converter of 16 bits gives: triangular noise of one step."""
    steps = random.random(_length(seconds)) - random.random(_length(seconds))
    return (np.round(steps) / 32768).astype(np.float32)


def fan(seconds: float, random: Random) -> Samples:
    """Air, mains hum, and the tones of the blades, whose speed wanders a little."""
    count = _length(seconds)
    air = coloured(
        count, random, tilt=random.uniform(-9, -3), low=40, high=random.uniform(800, 7000)
    )
    blades = random.uniform(60, 250)
    speed = 1 + 0.01 * _wander(count, random, 0.3)
    swell = 1 + 0.2 * _wander(count, random, 1.0)
    sound = air * swell + random.uniform(0, 0.5) * mains_hum(seconds, random)
    for harmonic in range(1, 6):
        sound += random.uniform(0, 0.5) / harmonic * _tone(blades * harmonic * speed)
    return sound.astype(np.float32)


def mains_hum(seconds: float, random: Random) -> Samples:
    """50 or 60 Hz and its harmonics, as a bad cable brings them."""
    base = random.choice([50.0, 60.0])
    time = np.arange(_length(seconds)) / RATE
    parts = [
        random.uniform(0, 1) / n * np.sin(2 * np.pi * base * n * time + random.uniform(0, 6))
        for n in range(1, 20)
    ]
    return np.sum(parts, axis=0).astype(np.float32)


def keyboard(seconds: float, random: Random) -> Samples:
    """Words typed at 4 to 10 keys a second: each key a click down, a thud, and a click up."""
    sound = coloured(_length(seconds), random, tilt=-6, low=50, high=6000) * 0.003
    resonances = random.uniform(900, 6000, 4)
    for start in _typed(seconds, random):
        loud = random.uniform(0.3, 1)
        _add(sound, start, loud * _click(random, resonances, random.uniform(0.002, 0.008)))
        _add(sound, start + 0.004, loud * 0.6 * _click(random, random.uniform(90, 350, 2), 0.02))
        up = start + random.uniform(0.06, 0.12)
        _add(sound, up, 0.4 * loud * _click(random, resonances * 1.1, 0.003))
    return sound


def music(seconds: float, random: Random) -> Samples:
    """A band: chords of harmonic tones, a bass, drums, and a melody with vibrato."""
    beat = 60 / random.uniform(70, 150)
    root = random.uniform(110, 220)
    chords = [random.choice([0, 2, 4, 5, 7, 9]) for _ in range(4)]
    sound = np.zeros(_length(seconds), np.float32)
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])
    for number in range(int(seconds / (4 * beat)) + 1):
        start, degree = number * 4 * beat, chords[number % 4]
        for step in (0, 4, 7):
            pitch = root * 2 ** ((degree + step) / 12)
            _add(sound, start, 0.15 * note(4 * beat, pitch, random, fall=2.0))
        for quarter in range(4):
            at = start + quarter * beat
            _add(sound, at, 0.3 * note(beat, root / 2 * 2 ** (degree / 12), random, fall=4.0))
            _add(sound, at, _drum(random, low=quarter % 2 == 0))
            _add(sound, at + beat / 2, 0.1 * _burst(0.03, random, 5000, 7900))
    lead = random.uniform(0.1, 0.35)
    for start, length, _ in _melody(seconds, beat, random):
        pitch = 2 * root * 2 ** (random.choice(scale) / 12)
        _add(sound, start, lead * note(length, pitch, random, fall=1.0, vibrato=0.01))
    return sound


def solo(seconds: float, random: Random) -> Samples:
    """One instrument with vibrato, slides and a wah filter: as near to a voice as instruments come."""
    sound = np.zeros(_length(seconds), np.float32)
    beat = 60 / random.uniform(60, 120)
    pitch = random.uniform(120, 400)
    for start, length, _ in _melody(seconds, beat, random):
        pitch = float(np.clip(pitch * 2 ** (random.integers(-5, 6) / 12), 90, 900))
        tone = note(length, pitch, random, fall=0.5, vibrato=0.012, slide=random.uniform(-1, 1))
        _add(sound, start, _swept(tone, random.uniform(300, 900), random.uniform(600, 2500)))
    return sound


def breathing(seconds: float, random: Random) -> Samples:
    """12 to 20 breaths a minute close to the microphone, in and out, with pops now and then."""
    sound = coloured(_length(seconds), random, tilt=-6, low=50, high=4000) * 0.01
    start, each = random.uniform(0, 2), 60 / random.uniform(12, 20)
    while start < seconds:
        length = each * random.uniform(0.25, 0.4)
        low, high = random.uniform(200, 700), random.uniform(1500, 5000)
        _add(sound, start, _swelling(length, random, low, high))
        out = start + length + random.uniform(0.05, 0.3)
        _add(
            sound,
            out,
            random.uniform(0.4, 1.2) * _swelling(length * 1.2, random, low / 2, high * 0.7),
        )
        if random.random() < 0.3:
            _add(sound, out, random.uniform(0.5, 2) * _burst(0.06, random, 20, 150))
        start += each * random.uniform(0.85, 1.15)
    return sound


def creaks(seconds: float, random: Random) -> Samples:
    """A chair: wood that sticks and slips, so that it rings at a pitch that glides."""
    sound = coloured(_length(seconds), random, tilt=-6, low=50, high=4000) * 0.005
    start = random.uniform(0, 2)
    while start < seconds:
        resonances = random.uniform(300, 3500, 5)
        slips, at = random.uniform(20, 120), start
        glide = random.uniform(-0.5, 1.0)
        for number in range(int(random.uniform(5, 40))):
            _add(sound, at, random.uniform(0.5, 1) * _click(random, resonances, 0.006))
            at += random.uniform(0.8, 1.2) / (slips * (1 + glide * number / 40))
        start = at + random.exponential(3) + 0.5
    return sound


def traffic(seconds: float, random: Random) -> Samples:
    """Cars that pass an open window: tyres and engines that swell, pass and fall in pitch."""
    count = _length(seconds)
    sound = coloured(count, random, tilt=-9, low=30, high=3000) * 0.1
    start = random.uniform(0, 3)
    while start < seconds:
        length = random.uniform(3, 9)
        time = np.linspace(-1, 1, _length(length))
        near = np.exp(-((time / random.uniform(0.15, 0.4)) ** 2))
        tyres = coloured(len(time), random, tilt=-3, low=200, high=3000)
        turns = random.uniform(40, 110) * (1 - 0.08 * np.tanh(4 * time))
        engine = sum(_tone(turns * n) / n for n in range(1, 12))
        _add(sound, start, (near * (tyres + random.uniform(0, 0.5) * engine)).astype(np.float32))
        start += length * random.uniform(0.4, 2)
    return sound


def desk(seconds: float, random: Random) -> Samples:
    """Paper, cups, a mouse, taps on the table, steps: what hands and feet do in a meeting."""
    sound = coloured(_length(seconds), random, tilt=-6, low=50, high=5000) * 0.005
    start = random.uniform(0, 1)
    while start < seconds:
        match random.integers(5):
            case 0:  # paper
                for _ in range(int(random.uniform(5, 40))):
                    at = start + random.uniform(0, 1.2)
                    _add(sound, at, random.uniform(0.1, 0.5) * _burst(0.02, random, 1500, 7900))
            case 1:  # a cup on its saucer
                _add(sound, start, 0.7 * _click(random, random.uniform(1800, 7000, 6), 0.15))
            case 2:  # the mouse
                _add(sound, start, 0.3 * _click(random, random.uniform(2000, 6000, 3), 0.002))
            case 3:  # taps on the table
                for number in range(int(random.uniform(1, 6))):
                    at = start + number * random.uniform(0.12, 0.3)
                    _add(sound, at, _click(random, random.uniform(80, 700, 4), 0.03))
            case _:  # steps
                for number in range(int(random.uniform(2, 8))):
                    at = start + number * random.uniform(0.45, 0.6)
                    _add(
                        sound,
                        at,
                        _burst(0.08, random, 40, 400) + 0.2 * _burst(0.08, random, 400, 3000),
                    )
        start += random.exponential(1.5) + 0.1
    return sound


def signals(seconds: float, random: Random) -> Samples:
    """Telephones, messages and doors that ring, beep and chime."""
    sound = coloured(_length(seconds), random, tilt=-6, low=50, high=5000) * 0.003
    start = random.uniform(0, 2)
    while start < seconds:
        kind = random.integers(3)
        for number in range(int(random.uniform(1, 6))):
            pitch = random.uniform(300, 2500)
            if kind == 0:  # a chime
                _add(
                    sound,
                    start + 0.25 * number,
                    0.5 * _click(random, pitch * np.array([1, 2.76, 5.4]), 0.3),
                )
            elif kind == 1:  # a beep
                _add(
                    sound, start + 0.3 * number, 0.4 * note(0.15, pitch, random, fall=0, bright=0.2)
                )
            else:  # an old telephone, or two tones that take turns
                swing = pitch * (
                    1 + 0.15 * np.sign(np.sin(2 * np.pi * 20 * np.arange(RATE) / RATE))
                )
                _add(sound, start + 2 * number, (0.4 * _tone(swing)).astype(np.float32))
        start += random.uniform(3, 12)
    return sound


def rain(seconds: float, random: Random) -> Samples:
    """Drops on a window before a hiss."""
    count = _length(seconds)
    sound = coloured(count, random, tilt=random.uniform(-3, 0), low=400, high=7900)
    for start in np.cumsum(random.exponential(0.04, int(seconds * 25))):
        resonances = random.uniform(1000, 7000, 2)
        _add(sound, float(start), random.uniform(0, 2) * _click(random, resonances, 0.003))
    return sound


MAKERS: dict[str, Maker] = {
    one.__name__: one
    for one in (
        fan,
        mains_hum,
        keyboard,
        music,
        solo,
        breathing,
        creaks,
        traffic,
        desk,
        signals,
        rain,
    )
}


def coloured(count: int, random: Random, *, tilt: float, low: float, high: float) -> Samples:
    """Noise between two frequencies, `tilt` dB louder with every octave; its standard deviation is 1."""
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    gain = np.maximum(frequencies, low) ** (tilt / 6.02)
    gain *= 1 / (1 + (low / np.maximum(frequencies, 1)) ** 4) / (1 + (frequencies / high) ** 8)
    sound = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * gain, count)
    return (sound / (sound.std() + 1e-12)).astype(np.float32)


def note(
    length: float,
    pitch: float,
    random: Random,
    *,
    fall: float,
    vibrato: float = 0.0,
    slide: float = 0.0,
    bright: float = 0.6,
) -> Samples:
    """A harmonic tone that falls off `fall` times e per second; `slide` semitones to its pitch."""
    time = np.arange(_length(length)) / RATE
    glide = 2 ** (slide * np.exp(-time / 0.06) / 12)
    pitches = pitch * glide * (1 + vibrato * np.sin(2 * np.pi * random.uniform(4.5, 6.5) * time))
    harmonics = range(1, min(20, int(RATE / 2 / pitch / 1.1)) + 1)
    sound = np.sum([bright ** (n - 1) * _tone(pitches * n) for n in harmonics], axis=0)
    edge = np.minimum(1, np.minimum(time / 0.01, (time[-1] - time) / 0.03))
    return (sound * edge * np.exp(-fall * time)).astype(np.float32)


def _length(seconds: float) -> int:
    return round(seconds * RATE)


def _add(sound: Samples, start: float, part: Samples) -> None:
    """Mix a part in at so many seconds, as far as it fits."""
    first = _length(start)
    room = max(0, min(len(part), len(sound) - first))
    if room:
        sound[first : first + room] += part[:room]


def _tone(pitches: np.ndarray) -> np.ndarray:
    """A sine with this frequency at each sample."""
    return np.sin(2 * np.pi * np.cumsum(pitches) / RATE)


def _wander(count: int, random: Random, hertz: float) -> np.ndarray:
    """Slow changes around zero, standard deviation 1."""
    points = random.standard_normal(max(4, int(count / RATE * hertz * 2)))
    return np.interp(np.linspace(0, len(points) - 1, count), np.arange(len(points)), points)


def _click(random: Random, resonances: Sequence[float] | np.ndarray, decay: float) -> Samples:
    """Something that is struck: tones that die away within a few times `decay` seconds."""
    time = np.arange(_length(5 * decay) + 1) / RATE
    ring = [
        random.uniform(0.3, 1) * np.sin(2 * np.pi * one * time + random.uniform(0, 6))
        for one in resonances
    ]
    return (np.mean(ring, axis=0) * np.exp(-time / decay)).astype(np.float32)


def _burst(length: float, random: Random, low: float, high: float) -> Samples:
    part = coloured(_length(length), random, tilt=0, low=low, high=high)
    return (0.3 * part * np.exp(-np.linspace(0, 4, len(part)))).astype(np.float32)


def _swelling(length: float, random: Random, low: float, high: float) -> Samples:
    part = coloured(_length(length), random, tilt=-3, low=low, high=high)
    return (0.3 * part * np.sin(np.linspace(0, np.pi, len(part))) ** 1.5).astype(np.float32)


def _drum(random: Random, *, low: bool) -> Samples:
    if not low:
        return 0.7 * _burst(0.15, random, 200, 6000)
    time = np.arange(RATE // 5) / RATE
    return (0.8 * _tone(50 + 100 * np.exp(-time / 0.03)) * np.exp(-time / 0.07)).astype(np.float32)


def _typed(seconds: float, random: Random) -> Iterable[float]:
    start, pace = random.uniform(0, 1), random.uniform(0.1, 0.25)
    while start < seconds:
        for _ in range(int(random.uniform(2, 9))):
            yield start
            start += pace * random.lognormal(0, 0.4)
        start += random.exponential(0.6)


def _melody(seconds: float, beat: float, random: Random) -> Notes:
    start = 0.0
    while start < seconds:
        length = beat * random.choice([0.5, 0.5, 1, 1, 2])
        if random.random() < 0.85:
            yield start, length * 0.95, 0.0
        start += length


def _swept(tone: Samples, first: float, last: float) -> Samples:
    """The tone through two resonances that move, a tenth of a second at a time: a wah, vowel after vowel."""
    size = 512
    padded = np.pad(tone, (size, size))
    swept = np.zeros(len(padded))
    window = np.hanning(size)
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    places = range(0, len(padded) - size, size // 2)
    for number, place in enumerate(places):
        at = first + (last - first) * number / max(1, len(places) - 1)
        gain = 1 / (1 + ((frequencies - at) / 120) ** 2) + 0.5 / (
            1 + ((frequencies - 2.5 * at) / 200) ** 2
        )
        part = np.fft.rfft(padded[place : place + size] * window) * gain
        swept[place : place + size] += np.fft.irfft(part, size)
    return swept[size : size + len(tone)].astype(np.float32)
