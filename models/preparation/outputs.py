"""Runs original and prepared models on the same inputs."""

import numpy as np
import onnxruntime

from .graphs import LUMA, alphabet_classes


def largest_difference(model: dict, run_original, original: bytes, prepared: bytes, rounds: int = 8) -> float:
    """Largest difference of any output over `rounds` random pictures, relative to that output's largest value."""
    random = np.random.default_rng(20260101)
    worst = 0.0
    for _ in range(rounds):
        pixels = smooth_picture(random, model["input"]["height"], model["input"]["width"])
        picture = fed(pixels, model["input"])
        for before, after in zip(run_original(original, picture), run_onnx(prepared, picture), strict=True):
            worst = max(worst, float(np.abs(before.ravel() - after.ravel()).max() / np.abs(before).max()))
    return worst


def fed(pixels: np.ndarray, entry: dict) -> np.ndarray:
    """Pixels as the manifest says they are fed; one number for all planes, or one each."""
    mean, scale, std = (np.reshape(entry.get(key, default), (-1, 1, 1)) for key, default in
                        (("mean", 0.0), ("scale", 1.0), ("std", 1.0)))
    return ((pixels - mean) * scale / std).astype(np.float32)


def smooth_picture(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A 1x3xHxW picture of 0 to 255 with structure at several scales: plain noise leaves most units asleep."""
    picture = np.zeros((3, height, width), np.float32)
    for cell in (16, 8, 4, 1):
        coarse = random.normal(size=(3, -(-height // cell), -(-width // cell)))
        picture += np.kron(coarse, np.ones((1, cell, cell)))[:, :height, :width] * cell
    picture -= picture.min()
    return (picture / picture.max() * 255.0)[None].astype(np.float32)


def run_onnx(content: bytes, picture: np.ndarray) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: picture})


def run_onnx_on_luma(content: bytes, picture: np.ndarray) -> list[np.ndarray]:
    luma = np.tensordot(picture, np.array(LUMA), axes=(1, 0))[:, None]
    return run_onnx(content, luma.astype(np.float32))


def run_text_recogniser(dictionary: bytes, content: bytes, picture: np.ndarray) -> list[np.ndarray]:
    """The original's probabilities, given that only the classes that are kept come into question."""
    kept = run_onnx(content, picture)[0][..., alphabet_classes(dictionary)]
    return [kept / kept.sum(axis=-1, keepdims=True)]


def run_tflite(content: bytes, picture: np.ndarray) -> list[np.ndarray]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture.transpose(0, 2, 3, 1))
    interpreter.invoke()
    return [interpreter.get_tensor(output["index"]) for output in interpreter.get_output_details()]
