#!/usr/bin/env python3
"""absah, OpenCV and dlib side by side: time on the same pictures, and accuracy on the same pairs.

Run by scripts/bench-peers. Times are of one thread on one processor, from the file to the comparison with a stored
template. The programs take turns in short blocks, so that a busy machine disturbs them alike; what is printed are medians
of blocks, and medians of each block's ratio.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_PICTURE = PROJECT / "crates/vision/tests/data/selfie-1.5mp.jpg"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=pathlib.Path, action="append", help="a picture with a face [the 1.5-MP selfie]")
    parser.add_argument("--rounds", type=int, default=12, help="blocks of every program [12]")
    parser.add_argument("--pairs", type=pathlib.Path, help="CSV with the columns left, right, same")
    parser.add_argument("--images", type=pathlib.Path, help="the folder the pairs' paths start from")
    parser.add_argument("--absah", type=pathlib.Path, default=PROJECT / "target/release/absah")
    parser.add_argument("--originals", type=pathlib.Path, required=True)
    chosen = parser.parse_args()
    if bool(chosen.pairs) != bool(chosen.images):
        parser.error("--pairs and --images go together")
    if not chosen.absah.exists():
        parser.error(f"{chosen.absah} is not there: make build")
    return chosen


def absah(program, *words):
    """What a command of absah prints as JSON."""
    done = subprocess.run([program, *map(str, words), "--json"] if words[0] == "bench" else [program, *map(str, words)],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def timed(peer, picture, stored, rounds):
    """Median milliseconds of a peer's decision about a picture."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        peer.compare(peer.template(picture), stored)
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


def speed(chosen, peers):
    """One thread, one processor, in turns."""
    processor = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processor[-1:])
    print("| picture | program | median ms of a decision | times absah's |\n|---|---|---|---|")
    for picture in chosen.image or [DEFAULT_PICTURE]:
        stored = {peer.name: peer.template(picture) for peer in peers}
        missing = [name for name, template in stored.items() if template is None]
        rows = {"absah": [], "floor": []} | {name: [] for name in stored if name not in missing}
        for _ in range(chosen.rounds):
            report = absah(chosen.absah, "bench", "--image", picture, "--rounds", 5, "--threads", 1)["one_thread"]
            rows["absah"].append(report["whole"]["p50_ms"])
            rows["floor"].append(report["floor"]["p50_ms"])
            for peer in peers:
                if peer.name in rows:
                    rows[peer.name].append(timed(peer, picture, stored[peer.name], 3))
        for name, times in rows.items():
            ratio = statistics.median(its / ours for its, ours in zip(times, rows["absah"]))
            label = "floor: base64, JPEG, the same models alone" if name == "floor" else name
            print(f"| {picture.name} | {label} | {statistics.median(times):.1f} | {ratio:.2f} |")
        for name in missing:
            print(f"| {picture.name} | {name} | finds no face | |")
    os.sched_setaffinity(0, processor)


def scaling(chosen):
    """One process of two threads against two processes of one, each on a processor of its own."""
    processors = sorted(os.sched_getaffinity(0))[:2]
    if len(processors) < 2:
        print("\nthroughput: one processor only, nothing to compare")
        return
    rounds = 80
    words = [str(chosen.absah), "bench", "--json", "--rounds", str(rounds)]
    together, apart, ratios = [], [], []
    for _ in range(5):
        one = subprocess.run(["taskset", "-c", ",".join(map(str, processors)), *words, "--threads", "2"],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        both = [subprocess.Popen(["taskset", "-c", str(processor), *words, "--threads", "1"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for processor in processors]
        per_second = [json.loads(process.communicate()[0])["all_threads"]["per_second"] for process in both]
        together.append(json.loads(one.stdout)["all_threads"]["per_second"])
        apart.append(sum(per_second))
        ratios.append(together[-1] / apart[-1])
    print("\n| decisions a second on two processors | |\n|---|---|")
    print(f"| one process, two threads | {statistics.median(together):.1f} |")
    print(f"| two processes, one thread each | {statistics.median(apart):.1f} |")
    print(f"| ratio, median of pairs | {statistics.median(ratios):.2f} |")


def main():
    chosen = arguments()
    from accuracy import accuracy  # after the arguments: the peers take a second to load
    from originals import original
    from peers import Dlib, OpenCv

    models = PROJECT / "models"
    detector = original(models, "face-detector", chosen.originals)
    recogniser = original(models, "face-recogniser", chosen.originals)
    peers = [OpenCv(detector, recogniser), Dlib()]
    speed(chosen, peers)
    scaling(chosen)
    if chosen.pairs:
        report = absah(chosen.absah, "eval", "faces", "--pairs", chosen.pairs, "--images", chosen.images)
        accuracy(chosen.pairs, chosen.images, peers, report)


if __name__ == "__main__":
    sys.exit(main())
