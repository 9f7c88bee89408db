#!/usr/bin/env python3
"""absah and tesseract side by side on the same upright cards: exact fields, character errors and time.

Run by scripts/bench-tesseract. Both get the pictures rectified by the manifest's true corners, and one thread on one
processor. absah's time is from file to fields, finding the card included; tesseract's is that of its own process
without its start: rectifying, cleaning and cropping for it, and the parsing of its lines, are not counted.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import cv2
import numpy as np

import tesseract
from card_fields import comparable, fields

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SIZE = (1024, 646)
FIELDS = ("nik", "name", "place_of_birth", "date_of_birth", "gender", "blood_type", "address", "rt", "rw",
          "subdistrict", "district", "religion", "marital_status", "job_type", "nationality", "valid_until", "province",
          "city", "issue_place", "issue_date")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="how many specimens to draw [100]")
    parser.add_argument("--seed", type=int, default=31, help="their seed [31]")
    parser.add_argument("--cards", type=pathlib.Path, help="cards with their manifest.csv, instead of specimens")
    chosen = parser.parse_args()
    chosen.absah = pathlib.Path(os.environ.get("ABSAH") or PROJECT / "target/release/absah")
    if chosen.count < 1:
        parser.error("--count is at least 1")
    if not chosen.absah.exists():
        parser.error(f"{chosen.absah} is not there: make build")
    if chosen.cards and not (chosen.cards / "manifest.csv").exists():
        parser.error(f"{chosen.cards} holds no manifest.csv")
    return chosen


def absah(program, *words):
    """The last line a command of absah prints."""
    done = subprocess.run([program, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"absah {words[0]} failed: {done.stderr.strip()}")
    return done.stdout.splitlines()[-1]


def rectify(source, target):
    """Writes every card of a manifest upright, and their manifest; its rows."""
    with open(source / "manifest.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    width, height = SIZE
    upright = np.float32([(0, 0), (width, 0), (width, height), (0, height)])
    for place, row in enumerate(rows):
        picture = cv2.imread(str(source / row["path"]))
        if picture is None:
            sys.exit(f"{source / row['path']} is no picture")
        corners = np.float32([point.split(",") for point in row["corners"].split()])
        turn = cv2.getPerspectiveTransform(corners, upright)
        row["path"] = f"{place:05}.png"
        cv2.imwrite(str(target / row["path"]), cv2.warpPerspective(picture, turn, SIZE, flags=cv2.INTER_CUBIC))
    with open(target / "manifest.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def edits(truth, read):
    """Insertions, deletions and changes between two texts."""
    row = list(range(len(read) + 1))
    for line, wanted in enumerate(truth, 1):
        last, row[0] = row[0], line
        for column, found in enumerate(read, 1):
            last, row[column] = row[column], min(last + (wanted != found), row[column] + 1, row[column - 1] + 1)
    return row[-1]


def score(rows, readings):
    """Exact and character error rate of every field, as absah reports its own."""
    figures = {}
    for field in FIELDS:
        pairs = [[comparable(field, side[field]) for side in pair] for pair in zip(rows, readings)]
        exact = sum(truth == read for truth, read in pairs) / len(pairs)
        figures[field] = {"exact": exact, "cer": sum(edits(t, r) / max(len(t), 1) for t, r in pairs) / len(pairs)}
    return figures


def table(ours, theirs):
    print("| field | exact: absah | tesseract | CER: absah | tesseract |\n|---|---|---|---|---|")
    mean = {key: {figure: sum(side[field][figure] for field in FIELDS) / len(FIELDS) for figure in ("exact", "cer")}
            for key, side in (("ours", ours), ("theirs", theirs))}
    for field, a, b in [*((f, ours[f], theirs[f]) for f in FIELDS), ("mean", mean["ours"], mean["theirs"])]:
        print(f"| {field} | {a['exact']:.1%} | {b['exact']:.1%} | {a['cer']:.2%} | {b['cer']:.2%} |")


def main():
    chosen = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        drawn, upright, crops = (pathlib.Path(scratch, name) for name in ("drawn", "upright", "crops"))
        upright.mkdir()
        crops.mkdir()
        if not chosen.cards:
            absah(chosen.absah, "specimen", "--count", chosen.count, "--seed", chosen.seed, "--out", drawn)
        rows = rectify(chosen.cards or drawn, upright)
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-1:])
        words = ("eval", "card", "--manifest", upright / "manifest.csv", "--images", upright, "--jobs", 1)
        report = json.loads(absah(chosen.absah, *words))
        cards = [upright / row["path"] for row in rows]
        found, theirs_ms = tesseract.read(cards, crops)
        whole_ms = tesseract.whole_card_ms(cards, crops)
    ours, theirs = report["fields"], score(rows, [fields(card) for card in found])
    table(ours, theirs)
    ours_ms = report["milliseconds_per_card"]
    version = absah(chosen.absah, "--version").split()[-1]
    print(f"\n| | absah {version} | tesseract {tesseract.version()}, ind (number: eng) |\n|---|---|---|")
    print(f"| ms a card, one thread | {ours_ms:.0f} | {theirs_ms:.0f} for the values alone, where they stand being given |")
    print(f"| | | {whole_ms:.0f} for the whole card, none of its text assigned |")
    print(f"\n{len(rows)} cards, {chosen.cards.name if chosen.cards else f'seed {chosen.seed}'}, one thread each")
    wins = {field: ours[field]["exact"] - theirs[field]["exact"] for field in FIELDS}
    behind = [field + (" (as many)" if win == 0 else " (more)") for field, win in wins.items() if win <= 0]
    print("absah has not fewer errors in: " + (", ".join(behind) or "no field"))


if __name__ == "__main__":
    sys.exit(main())
