#!/usr/bin/python3
"""Export real torchvision classifiers and segmenters to ONNX, as inputs for Whittle's benchmarks.

The graphs are what PyTorch's own exporter writes for well-known networks; the weights are random,
so nothing is downloaded. Each model is written once per opset and per form:

  folded    The exporter's inference form: BatchNormalization merged into the Conv before it, and
            constants folded.
  unfolded  BatchNormalization kept as its own node, and constants left unfolded, so that the
            compiler has that work to do.

Both forms hold the same weights and must give the same outputs up to rounding.

This script is optional: no build and no test needs it. README.md says what to install.

  /usr/bin/python3 bench/exports/export-torchvision.py OUTDIR [--models a,b] [--opsets 11,16]
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

PACKAGES = {"torch": "python3-torch", "torchvision": "python3-torchvision", "onnx": "python3-onnx"}


def fail(message):
  sys.exit(f"export-torchvision: {message}")


try:
  import onnx
  import torch
  import torchvision
  from torch import nn
  from torch.onnx import TrainingMode
except ModuleNotFoundError as error:
  module = (error.name or "").partition(".")[0]
  if module not in PACKAGES:
    raise
  fail(
    f"{sys.executable} has no module '{module}'.\n"
    f"  On Debian: apt-get install {' '.join(PACKAGES.values())}\n"
    "  Then run this script with Debian's own interpreter, /usr/bin/python3."
  )

DEFAULT_MODELS = ["mobilenet_v2", "mobilenet_v3_small", "squeezenet1_1", "shufflenet_v2_x1_0"]
DEFAULT_OPSETS = [11, 16]
INPUT_SHAPE = (1, 3, 224, 224)


def calibration_images(count):
  """Random images with coarse structure, fine noise and differing brightness."""
  _, channels, height, width = INPUT_SHAPE
  coarse = nn.functional.interpolate(
    torch.randn(count, channels, 7, 7), size=(height, width), mode="bilinear", align_corners=False
  )
  fine = 0.5 * torch.randn(count, channels, height, width)
  brightness = 0.5 * torch.randn(count, channels, 1, 1)
  return coarse + fine + brightness


@torch.no_grad()
def make_weights_realistic(model):
  """Replace the values that a fresh model leaves trivial: zero biases, identity normalisation.

  Random running statistics alone would let activations explode or die out layer by layer. So the
  statistics are first measured on random images, then nudged; each layer stays roughly normalised,
  and no BatchNorm parameter is 0 or 1.
  """
  norms = []
  for layer in model.modules():
    if isinstance(layer, (nn.BatchNorm2d, nn.LayerNorm)):
      layer.weight.uniform_(0.8, 1.2)
      layer.bias.normal_(0.0, 0.1)
      if isinstance(layer, nn.BatchNorm2d):
        norms.append(layer)
    elif isinstance(layer, (nn.Conv2d, nn.Linear)):
      if layer.bias is not None:
        layer.bias.add_(0.02 * torch.randn_like(layer.bias))
      if not layer.weight.any():  # Transformers start with an all-zero head.
        layer.weight.normal_(0.0, 0.02)

  # Only the BatchNorm layers train here, so dropout and auxiliary heads stay off.
  momenta = [norm.momentum for norm in norms]
  for norm in norms:
    norm.train()
    norm.momentum = 1.0
  model(calibration_images(8))
  for norm, momentum in zip(norms, momenta):
    norm.eval()
    norm.momentum = momentum
    deviation = norm.running_var.sqrt()
    norm.running_mean.add_(0.1 * deviation * torch.randn_like(deviation))
    norm.running_var.mul_(torch.empty_like(deviation).uniform_(0.8, 1.25))


class Segmenter(nn.Module):
  """A segmentation model that gives its class maps alone instead of a dictionary of them."""

  def __init__(self, model):
    super().__init__()
    self.model = model

  def forward(self, image):
    return self.model(image)["out"]


def constructors():
  """What makes each model, by name: the lower-case callables; submodules are not callable."""
  packages = (torchvision.models.segmentation, torchvision.models)
  return {
    name: value
    for package in packages
    for name, value in vars(package).items()
    if name.islower() and not name.startswith("get_") and callable(value)
  }


def build(name, seed):
  """The named model in eval mode; its weights depend on the seed only, not on other models."""
  torch.manual_seed(seed)
  constructor = constructors()[name]
  segments = hasattr(torchvision.models.segmentation, name)
  # Segmenters would download the weights of their backbone.
  options = {"weights": None, **({"weights_backbone": None} if segments else {})}
  model = constructor(**options)
  model = (Segmenter(model) if segments else model).eval()
  make_weights_realistic(model)
  return model


@torch.no_grad()
def check_output(name, model):
  """Refuse a model whose outputs could not show a miscompilation."""
  first, second = model(calibration_images(1)), model(calibration_images(1))
  if not isinstance(first, torch.Tensor):
    fail(f"{name}: returns {type(first).__name__}, but one output tensor is needed")
  if not (first.isfinite().all() and second.isfinite().all()):
    fail(f"{name}: outputs are not finite")
  if first.std() < 1e-3 or torch.allclose(first, second, rtol=1e-3, atol=1e-4):
    fail(f"{name}: outputs are degenerate (they hardly vary across classes or across images)")


def export(model, path, opset, folded):
  # TrainingMode.EVAL always merges BatchNorm into Conv, whatever do_constant_folding says. PRESERVE
  # leaves it alone and, as the model is in eval mode already, still writes an inference graph.
  torch.onnx.export(
    model,
    torch.zeros(INPUT_SHAPE),
    str(path),
    opset_version=opset,
    training=TrainingMode.EVAL if folded else TrainingMode.PRESERVE,
    do_constant_folding=folded,
    input_names=["input"],
    output_names=["output"],
  )


def describe(path):
  model = onnx.load(str(path))
  onnx.checker.check_model(model)
  nodes = model.graph.node
  # Most frequent first; ties by name, so that runs compare line by line.
  ops = sorted(Counter(node.op_type for node in nodes).items(), key=lambda op: (-op[1], op[0]))
  histogram = ", ".join(f"{op} {count}" for op, count in ops)
  print(f"{path.name}: {path.stat().st_size} bytes, {len(nodes)} nodes\n  {histogram}", flush=True)


def names(text):
  return [item.strip() for item in text.split(",") if item.strip()]


def opsets(text):
  try:
    return [int(item) for item in names(text)]
  except ValueError:
    raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers") from None


def parse_arguments():
  parser = argparse.ArgumentParser(
    description="Export torchvision models with seeded random weights to ONNX."
  )
  parser.add_argument("outdir", metavar="OUTDIR", type=Path, help="folder to write, made if absent")
  parser.add_argument(
    "--models",
    type=names,
    default=DEFAULT_MODELS,
    metavar="A,B",
    help=f"torchvision.models names (default: {','.join(DEFAULT_MODELS)})",
  )
  parser.add_argument(
    "--opsets",
    type=opsets,
    default=DEFAULT_OPSETS,
    metavar="N,M",
    help=f"ONNX opsets (default: {','.join(map(str, DEFAULT_OPSETS))})",
  )
  parser.add_argument("--seed", type=int, default=0, metavar="N", help="random seed (default: 0)")
  args = parser.parse_args()

  known = constructors()
  unknown = [name for name in args.models if name not in known]
  if unknown:
    fail(f"torchvision {torchvision.__version__} has no model {', '.join(unknown)}")
  if not args.models or not args.opsets:
    fail("nothing to export: --models and --opsets need at least one value each")
  return args


def main():
  args = parse_arguments()
  started = time.monotonic()
  # One thread: sums are then always taken in the same order, so a seed gives the same weights.
  torch.set_num_threads(1)
  try:
    args.outdir.mkdir(parents=True, exist_ok=True)
  except OSError as error:
    fail(f"cannot make {args.outdir}: {error.strerror}")

  count = 0
  for name in args.models:
    model = build(name, args.seed)
    check_output(name, model)
    for opset in args.opsets:
      for folded in (True, False):
        form = "folded" if folded else "unfolded"
        path = args.outdir / f"{name}-opset{opset}-{form}.onnx"
        try:
          export(model, path, opset, folded)
        except Exception as error:  # The exporter raises many types; name the model for all.
          fail(f"{path.name}: {type(error).__name__}: {error}")
        describe(path)
        count += 1
  print(f"{count} files in {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
  main()
