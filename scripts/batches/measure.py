#!/usr/bin/env python3
"""The recogniser and the presentation-attack models on batches: time a picture, on one thread and on two.

Run by scripts/bench-batches. The graphs are the shipped ones with their first dimension made free, run as the server runs
them. All forms take turns, so that a busy machine disturbs them alike; what is printed are medians, and medians of each
turn's ratio to one picture at a time. Where other programs take the processors, the processors' time says more than the
clock's.
"""

import argparse
import pathlib
import statistics
import sys
import threading
import time
import tomllib

import numpy as np
import onnx
import onnxruntime

MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"
ROLES = ("face-recogniser", "presentation-attack")
BATCHES = (1, 2, 4, 8)
PICTURES = max(BATCHES)
# Of the outputs of a batch and of its pictures one by one, relative to the largest output.
TOLERANCE = 1e-4


def free_batch(path):
    """The graph with a free first dimension."""
    model = onnx.load(path)
    constants = {tensor.name for tensor in model.graph.initializer}
    for value in [*model.graph.input, *model.graph.output]:
        if value.name not in constants:
            value.type.tensor_type.shape.dim[0].dim_param = "batch"
    # Shapes that were inferred for one picture.
    del model.graph.value_info[:]
    return model.SerializeToString()


def session(graph, threads):
    """As the server makes it, but for the number of threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def run(model, pictures, batch):
    name = model.get_inputs()[0].name
    return [model.run(None, {name: pictures[start:start + batch]})[0] for start in range(0, len(pictures), batch)]


def timed(work):
    """Milliseconds a picture: by the clock, and of the processors."""
    clock, processors = time.perf_counter(), time.process_time()
    work()
    taken = (time.perf_counter() - clock, time.process_time() - processors)
    return tuple(seconds * 1e3 / PICTURES for seconds in taken)


def at_once(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure(name, graph, side, rounds):
    pictures = np.random.default_rng(1).uniform(0, 255, (PICTURES, 3, side, side)).astype(np.float32)
    ones = [session(graph, 1), session(graph, 1)]
    two = session(graph, 2)
    alone = np.concatenate(run(ones[0], pictures, 1))
    for batch in BATCHES[1:]:
        together = np.concatenate(run(ones[0], pictures, batch))
        if np.abs(together - alone).max() > TOLERANCE * np.abs(alone).max():
            sys.exit(f"{name}: a batch of {batch} gives other outputs than its pictures one by one")

    half = PICTURES // 2
    forms = {f"one thread, batch {batch}": lambda batch=batch: run(ones[0], pictures, batch) for batch in BATCHES}
    forms["two threads, each batch 1"] = lambda: at_once(
        [lambda: run(ones[0], pictures[:half], 1), lambda: run(ones[1], pictures[half:], 1)]
    )
    forms["one batch of 2 on two threads"] = lambda: run(two, pictures, 2)
    times = {form: [] for form in forms}
    for _ in range(rounds + 1):
        for form, work in forms.items():
            times[form].append(timed(work))
    first = times["one thread, batch 1"][1:]
    for form, taken in times.items():
        # The first turn is slower than those that follow.
        taken = taken[1:]
        told = []
        for kind in (0, 1):
            median = statistics.median(turn[kind] for turn in taken)
            ratio = statistics.median(its[kind] / ours[kind] for its, ours in zip(taken, first))
            told.append(f"{median:.2f} | {ratio:.2f}")
        print(f"| {name} | {form} | " + " | ".join(told) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60, help="turns of every form [60]")
    rounds = parser.parse_args().rounds
    manifest = tomllib.loads((MODELS / "manifest.toml").read_text())
    print("| model | form | ms a picture | times batch 1 | processors' ms a picture | times batch 1 |")
    print("|---|---|---|---|---|---|")
    for model in manifest["model"]:
        if model["role"] in ROLES:
            name = f"{model['name']}-{model['version']}"
            measure(name, free_batch(MODELS / model["file"]), model["input"]["width"], rounds)


if __name__ == "__main__":
    sys.exit(main())
