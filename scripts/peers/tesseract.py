"""tesseract as a reader of upright cards, as strong as it could be made with the card's geometry given.

What was tried and read fewer fields: plain grey, the red channel, the largest channel, more pixels, segmentation 4 and
11, one crop a row with segmentation 7, and the labels along with the values.
"""

import os
import subprocess
import time

import cv2
import numpy as np

# Left, top, right, bottom as shares of the card. The values stand in one column, whose rows the geometry tells.
CROPS = {
    "heading": (0.10, 0.085, 0.90, 0.212),
    "body": (0.258, 0.285, 0.70, 0.95),
    "issue": (0.70, 0.797, 0.98, 0.885),
    "nik": (0.24, 0.205, 0.71, 0.285),
}
# The number's typeface is read best when small, narrow, told to be digits, and by the English data.
NIK_SIZE = (0.4, 0.5)
BLOCK = ("-l", "ind", "--psm", "6")
DIGITS = ("-l", "eng", "--psm", "7", "-c", "tessedit_char_whitelist=0123456789")
MARGIN = 10


def version():
    return subprocess.run(["tesseract", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]


def cleaned(card):
    """Dark type on white: mostly red light, in which the blue ground is even; divided by the ground, then stretched."""
    blue, green, red = (channel.astype(np.float32) for channel in cv2.split(card))
    light = 0.11 * blue + 0.34 * green + 0.55 * red
    light /= cv2.GaussianBlur(cv2.dilate(light, np.ones((9, 9))), (0, 0), 15)
    dark, bright = np.percentile(light, (2, 22))
    return np.clip((light - dark) / max(bright - dark, 1e-6) * 255, 0, 255).astype(np.uint8)


def read(cards, folder):
    """What stands on each card, as crop -> lines of words (x, y, width, text), and the milliseconds a card."""
    blocks, numbers = [], []
    for place, path in enumerate(cards):
        light = cleaned(cv2.imread(str(path)))
        height, width = light.shape
        for name, (left, top, right, bottom) in CROPS.items():
            crop = light[int(top * height):int(bottom * height), int(left * width):int(right * width)]
            if name == "nik":
                crop = cv2.resize(crop, None, fx=NIK_SIZE[0], fy=NIK_SIZE[1], interpolation=cv2.INTER_AREA)
            file = folder / f"{place}-{name}.png"
            cv2.imwrite(str(file), cv2.copyMakeBorder(crop, *[MARGIN] * 4, cv2.BORDER_REPLICATE))
            (numbers if name == "nik" else blocks).append((place, name, file))
    size = (width, height)
    found = [{name: [] for name in CROPS} for _ in cards]
    seconds = sum(batch(part, found, size, folder, options) for part, options in ((blocks, BLOCK), (numbers, DIGITS)))
    return found, seconds * 1e3 / len(cards)


def whole_card_ms(cards, folder):
    """Milliseconds a card as it comes: the whole of it in one run, as sparse text, without its fields being told."""
    options = ("-l", "ind", "--psm", "11")
    return (run(cards, folder, options)[1] - started(folder, options)) * 1e3 / len(cards)


def started(folder, options):
    """The seconds one process takes to start, on next to nothing to read."""
    blank = folder / "blank.png"
    cv2.imwrite(str(blank), np.full((16, 16), 255, np.uint8))
    return min(run([blank], folder, options)[1] for _ in range(3))


def batch(crops, found, size, folder, options):
    """Reads all crops with one process; the seconds it took, without those of its start."""
    start = started(folder, options)
    table, taken = run([file for _, _, file in crops], folder, options)
    lines = {}
    for row in table.splitlines():
        level, page, *place, word, left, top, width, height, _, text = row.split("\t", 11)
        if level == "5" and text.strip():
            index, name, _ = crops[int(page) - 1]
            x, y, _, _ = CROPS[name]
            word = (x + (int(left) - MARGIN) / size[0], y + (int(top) - MARGIN + int(height) / 2) / size[1],
                    int(width) / size[0], text)
            lines.setdefault((index, name, *place), []).append(word)
    for (index, name, *_), words in lines.items():
        found[index][name].append(words)
    return taken - start


def run(files, folder, options):
    listed = folder / "list.txt"
    listed.write_text("".join(f"{file}\n" for file in files))
    begun = time.perf_counter()
    done = subprocess.run(["tesseract", listed, "-", "--dpi", "300", *options, "tsv"], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env=os.environ | {"OMP_THREAD_LIMIT": "1"})
    return done.stdout, time.perf_counter() - begun
