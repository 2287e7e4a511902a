// Finds what Kindling has of PyTorch's names, by looking: no list of it is kept.
import * as autograd from "@kindling/autograd";
import * as datasets from "@kindling/datasets";
import * as kernels from "@kindling/kernels";
import * as losses from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optimizers from "@kindling/optimizers";
import * as serialization from "@kindling/serialization";
import * as tensor from "@kindling/tensor";

/** Where a name of PyTorch was found. */
export interface Found {
  /** How it is written, such as `x.addmm_` or `functional.relu`. */
  readonly written: string;
  /** The package that exports it. */
  readonly from: string;
}

interface Place {
  readonly from: string;
  /** What comes before the name: the object of a method, or a namespace. */
  readonly prefix: string;
  readonly object: object;
}

/** The `_` at a name's end says "in place" and stays. */
export function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, next: string) => next.toUpperCase());
}

const packages = { autograd, datasets, kernels, losses, nn, optimizers, serialization, tensor };
type Package = keyof typeof packages;

const exportsOf = (name: Package): Place => ({ from: name, prefix: "", object: packages[name] });

/** The namespaces that a package exports, if it has any of these names. */
function namespaces(name: Package, path: string): Place[] {
  let object: unknown = packages[name];
  for (const part of path.split(".")) object = (object as Record<string, unknown> | undefined)?.[part];
  return typeof object === "object" && object !== null ? [{ from: name, prefix: `${path}.`, object }] : [];
}

const member = (from: Package, variable: string, object: object): Place => ({ from, prefix: `${variable}.`, object });

const parameter = new nn.Parameter(tensor.ones([1]));
const optimizer = new optimizers.SGD([parameter], { lr: 0.1 });

/** Where names of each of PyTorch's namespaces are looked for, in this order. */
const places: Readonly<Record<string, readonly Place[]>> = {
  torch: [exportsOf("tensor"), exportsOf("autograd"), exportsOf("kernels")],
  "torch.Tensor": [member("tensor", "x", tensor.ones([1]))],
  "torch.nn": [exportsOf("nn"), exportsOf("losses")],
  "torch.nn.Module": [member("nn", "module", new nn.Identity())],
  "torch.nn.functional": namespaces("nn", "functional"),
  "torch.nn.init": namespaces("nn", "init"),
  "torch.nn.utils": [...namespaces("nn", "utils"), exportsOf("nn"), exportsOf("optimizers")],
  "torch.nn.utils.parametrizations": [
    ...namespaces("nn", "parametrizations"),
    ...namespaces("nn", "utils.parametrizations"),
  ],
  "torch.nn.utils.parametrize": [
    ...namespaces("nn", "parametrize"),
    ...namespaces("nn", "utils.parametrize"),
    exportsOf("nn"),
  ],
  "torch.nn.utils.prune": [...namespaces("nn", "prune"), ...namespaces("nn", "utils.prune")],
  "torch.optim": [exportsOf("optimizers")],
  "torch.optim.functional": namespaces("optimizers", "functional"),
  "torch.optim.Optimizer": [member("optimizers", "optimizer", optimizer)],
  "torch.optim.lr_scheduler.LRScheduler": [
    member("optimizers", "scheduler", new optimizers.ExponentialLR(optimizer, 0.9)),
  ],
  "torch.optim.swa_utils": [exportsOf("optimizers"), exportsOf("nn")],
  "torch.autograd": [exportsOf("autograd")],
  "torch.autograd.function.FunctionCtx": [member("autograd", "context", new autograd.FunctionContext())],
  "torch.autograd.functional": [...namespaces("autograd", "functional"), exportsOf("autograd")],
  "torch.func": [...namespaces("autograd", "func"), exportsOf("nn")],
  "torch.utils.checkpoint": [exportsOf("autograd"), exportsOf("nn")],
  "torch.linalg": [...namespaces("tensor", "linalg"), exportsOf("tensor")],
  "torch.special": [...namespaces("tensor", "special"), exportsOf("tensor")],
  "torch.utils.data": [exportsOf("datasets")],
  "torchvision.transforms": namespaces("datasets", "transforms"),
  "torchvision.transforms.functional": namespaces("datasets", "transforms.functional"),
  "torchvision.datasets": [exportsOf("datasets")],
};

function placesOf(namespace: string): readonly Place[] {
  const parent = namespace.slice(0, namespace.lastIndexOf("."));
  return places[namespace] ?? (parent === "" ? [] : placesOf(parent));
}

/** Our name for one of PyTorch's, null if there is none. */
export function find(namespace: string, name: string): Found | null {
  const wanted = camelCase(name);
  for (const { from, prefix, object } of placesOf(namespace)) {
    const key = wanted in object ? wanted : otherCase(object, wanted);
    if (key !== null) return { written: prefix + key, from };
  }
  return null;
}

/** PyTorch writes `logsigmoid` as one word; a class is not taken for a function. */
function otherCase(object: object, wanted: string): string | null {
  const [first] = wanted;
  return Object.keys(object).find((key) => key[0] === first && key.toLowerCase() === wanted.toLowerCase()) ?? null;
}
