"""Reads networks out of their TensorFlow Lite files and writes them as ONNX.

The files hold plain chains of padding, convolutions, pooling, element-wise sums and dense layers; PReLU is either a layer
or spelt as Greater, Mul and Select. So few kinds of layer need no conversion framework: each is read straight from the
flatbuffer, and anything that is not one of them stops the conversion.
"""

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

from . import graphs

OPSET = 13


def prepare_presentation_attack(original: bytes) -> bytes:
    """MiniFASNetV2 as ONNX, input `picture` 1x3x80x80 (BGR, 0 to 255), output `logits` 1x3; PReLU rewritten."""
    model = Reader(original).onnx_model("presentation_attack", ["logits"])
    graphs.rewrite_prelu(model.graph)
    return graphs.finish(model)


def prepare_face_landmarks(original: bytes) -> bytes:
    """MediaPipe's face mesh as ONNX, input `picture` 1x3x192x192 (RGB, 0 to 1); PReLU rewritten.

    Outputs `landmarks` 1x1404 (x, y, z of 468 points, in pixels of the input) and `presence` 1x1 (a logit).
    """
    model = Reader(original).onnx_model("face_landmarks", ["landmarks", "presence"])
    graphs.rewrite_prelu(model.graph)
    return graphs.finish(model)


class Reader:
    """Walks the operators in order and appends the ONNX nodes that compute the same."""

    def __init__(self, content: bytes) -> None:
        self.model = tflite.Model.GetRootAsModel(content, 0)
        self.graph = self.model.Subgraphs(0)
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}
        self.pads: dict[int, tuple[int, list[int]]] = {}  # padded tensor -> (what was padded, ONNX pads)
        self.slopes: dict[int, tuple[int, np.ndarray]] = {}  # x * slope -> (x, slope)
        self.dequantized: dict[int, np.ndarray] = {}  # weights that the file keeps in half precision

    def onnx_model(self, name: str, outputs: list[str]) -> onnx.ModelProto:
        for index in range(self.graph.OperatorsLength()):
            operator = self.graph.Operators(index)
            code = self.model.OperatorCodes(operator.OpcodeIndex())
            kind = tflite.opcode2name(max(code.BuiltinCode(), code.DeprecatedBuiltinCode()))
            getattr(self, f"read_{kind.lower()}")(operator, *operator.InputsAsNumpy().tolist())

        (first,), lasts = self.graph.InputsAsNumpy().tolist(), self.graph.OutputsAsNumpy().tolist()
        names = {tensor(first): "picture"}
        for last, output in zip(lasts, outputs, strict=True):
            self.name_output(last, output, names)
        for node in self.nodes:
            node.input[:] = [names.get(name, name) for name in node.input]
            node.output[:] = [names.get(name, name) for name in node.output]
        height, width, channels = self.graph.Tensors(first).ShapeAsNumpy().tolist()[1:]
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, channels, height, width])],
            [self.described(last, output) for last, output in zip(lasts, outputs, strict=True)],
            [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in self.constants.items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)

    def name_output(self, last: int, output: str, names: dict[str, str]) -> None:
        """Gives an output its name; one of 1x1x1xC is flattened to 1xC first."""
        if len(self.graph.Tensors(last).ShapeAsNumpy()) == 2:
            names[tensor(last)] = output
        else:
            self.nodes.append(helper.make_node("Flatten", [tensor(last)], [output]))

    def described(self, last: int, output: str) -> onnx.ValueInfoProto:
        length = int(self.graph.Tensors(last).ShapeAsNumpy()[-1])
        return helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, length])

    def read_dequantize(self, operator, source: int) -> None:
        """Weights kept in half precision, read as single precision."""
        self.dequantized[result(operator)] = self.constant(source).astype(np.float32)

    def read_prelu(self, operator, source: int, slope: int) -> None:
        """A slope for every channel."""
        slopes = self.constant(slope)
        assert slopes.shape[:2] == (1, 1)
        name = f"{tensor(result(operator))}.slopes"
        self.constants[name] = slopes.reshape(-1, 1, 1)
        self.node("PRelu", [tensor(source), name], operator)

    def read_max_pool_2d(self, operator, source: int) -> None:
        options = tflite.Pool2DOptions()
        options.Init(operator.BuiltinOptions().Bytes, operator.BuiltinOptions().Pos)
        kernel, strides = [options.FilterHeight(), options.FilterWidth()], [options.StrideH(), options.StrideW()]
        assert options.FusedActivationFunction() == tflite.ActivationFunctionType.NONE
        pads = self.same_pads(source, result(operator), kernel, strides)
        assert not any(pads)
        self.node("MaxPool", [tensor(source)], operator, kernel_shape=kernel, strides=strides)

    def read_pad(self, operator, source: int, paddings: int) -> None:
        """Zeros around a picture, which the convolution behind it takes over, or further channels of zeros."""
        (_, _), (top, bottom), (left, right), (ahead, behind) = self.constant(paddings).tolist()
        if not (ahead or behind):
            self.pads[result(operator)] = (source, [top, left, bottom, right])
            return
        assert not any((top, bottom, left, right))
        name = f"{tensor(result(operator))}.pads"
        self.constants[name] = np.array([0, ahead, 0, 0, 0, behind, 0, 0], np.int64)
        self.node("Pad", [tensor(source), name], operator)

    def read_conv_2d(self, operator, source: int, weights: int, bias: int) -> None:
        kernel = self.constant(weights).transpose(0, 3, 1, 2)  # OHWI -> OIHW
        self.conv(operator, tflite.Conv2DOptions(), source, kernel, bias, groups=1)

    def read_depthwise_conv_2d(self, operator, source: int, weights: int, bias: int) -> None:
        kernel = self.constant(weights).transpose(3, 0, 1, 2)  # 1HWC -> C1HW
        self.conv(operator, tflite.DepthwiseConv2DOptions(), source, kernel, bias, groups=kernel.shape[0])

    def conv(self, operator, options, source: int, kernel: np.ndarray, bias: int, groups: int) -> None:
        options.Init(operator.BuiltinOptions().Bytes, operator.BuiltinOptions().Pos)
        strides = [options.StrideH(), options.StrideW()]
        assert options.FusedActivationFunction() == tflite.ActivationFunctionType.NONE
        assert (options.DilationHFactor(), options.DilationWFactor()) == (1, 1)
        if source in self.pads:
            assert options.Padding() == tflite.Padding.VALID
            source, pads = self.pads[source]
        elif options.Padding() == tflite.Padding.VALID:
            pads = [0, 0, 0, 0]
        else:
            pads = self.same_pads(source, result(operator), kernel.shape[2:], strides)
        name = tensor(result(operator))
        self.constants[f"{name}.weights"], self.constants[f"{name}.bias"] = kernel, self.constant(bias)
        self.node("Conv", [tensor(source), f"{name}.weights", f"{name}.bias"], operator, pads=pads, strides=strides, group=groups)

    def same_pads(self, source: int, target: int, kernel, strides) -> list[int]:
        """TensorFlow's SAME padding: the odd pixel goes to the end."""
        ahead, behind = [], []
        for axis in (0, 1):
            size = int(self.graph.Tensors(source).ShapeAsNumpy()[axis + 1])
            steps = int(self.graph.Tensors(target).ShapeAsNumpy()[axis + 1])
            total = max((steps - 1) * strides[axis] + kernel[axis] - size, 0)
            ahead.append(total // 2)
            behind.append(total - total // 2)
        return ahead + behind

    def read_greater(self, operator, source: int, bound: int) -> None:
        """The condition of a PReLU: x > 0."""
        assert not self.constant(bound).any()

    def read_mul(self, operator, source: int, slope: int) -> None:
        """The negative half of a PReLU: x times a slope that is the same at every place of a channel."""
        slopes = self.constant(slope)
        assert (slopes == slopes[:1, :1, :1, :]).all()
        self.slopes[result(operator)] = (source, slopes[0, 0, 0, :])

    def read_select(self, operator, condition: int, source: int, sloped: int) -> None:
        """The PReLU itself: x where x > 0, else the sloped x."""
        origin, slopes = self.slopes[sloped]
        assert origin == source
        name = f"{tensor(result(operator))}.slopes"
        self.constants[name] = slopes.reshape(-1, 1, 1)
        self.node("PRelu", [tensor(source), name], operator)

    def read_add(self, operator, left: int, right: int) -> None:
        self.node("Add", [tensor(left), tensor(right)], operator)

    def read_reshape(self, operator, source: int, shape: int) -> None:
        """1x1x1xC to 1xC, the same in either layout."""
        assert self.graph.Tensors(source).ShapeAsNumpy().tolist()[1:3] == [1, 1]
        self.node("Flatten", [tensor(source)], operator)

    def read_fully_connected(self, operator, source: int, weights: int, bias: int = -1) -> None:
        name = tensor(result(operator))
        self.constants[f"{name}.weights"] = self.constant(weights)
        inputs = [tensor(source), f"{name}.weights"]
        if bias >= 0:
            self.constants[f"{name}.bias"] = self.constant(bias)
            inputs.append(f"{name}.bias")
        self.node("Gemm", inputs, operator, transB=1)

    def node(self, kind: str, inputs: list[str], operator, **attributes) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [tensor(result(operator))], **attributes))

    def constant(self, index: int) -> np.ndarray:
        if index in self.dequantized:
            return self.dequantized[index]
        described = self.graph.Tensors(index)
        kinds = {
            tflite.TensorType.FLOAT32: np.float32,
            tflite.TensorType.FLOAT16: np.float16,
            tflite.TensorType.INT32: np.int32,
            tflite.TensorType.INT64: np.int64,
        }
        content = self.model.Buffers(described.Buffer()).DataAsNumpy().tobytes()
        return np.frombuffer(content, kinds[described.Type()]).reshape(described.ShapeAsNumpy())


def result(operator) -> int:
    (only,) = operator.OutputsAsNumpy().tolist()
    return only


def tensor(index: int) -> str:
    return f"t{index}"
