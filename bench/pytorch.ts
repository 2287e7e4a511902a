import { spawnSync } from "node:child_process";
import { Child, childFile } from "./child.js";

export interface PyTorchDescription {
  readonly version: string;
  readonly threads: number;
  readonly capability: string;
}

/** Starts a program of children/, with what comes before and after the number of threads, once per such number; none where no Python has PyTorch. */
async function startPython(
  file: string,
  before: readonly string[],
  threads: readonly number[],
  after: readonly string[] = [],
): Promise<Child<PyTorchDescription>[]> {
  const python = [process.env.PYTHON ?? "python3", "/usr/bin/python3"].find(
    (candidate) => spawnSync(candidate, ["-c", "import torch"]).status === 0,
  );
  if (python === undefined) return [];
  return Promise.all(
    threads.map((count) =>
      Child.start<PyTorchDescription>([python, childFile(file), ...before, String(count), ...after], {
        PYTHONDONTWRITEBYTECODE: "1",
        // OpenBLAS has threads of its own, which torch.set_num_threads does not limit.
        OPENBLAS_NUM_THREADS: String(count),
      }),
    ),
  );
}

/** Starts children/pytorch.py once per number of threads; none where no Python has PyTorch. */
export function startPyTorch(what: "step" | "matmul", threads: readonly number[]) {
  return startPython("pytorch.py", [what], threads);
}

/** Starts children/pytorch_networks.py, likewise. */
export function startPyTorchNetwork(name: string, threads: readonly number[]) {
  return startPython("pytorch_networks.py", [name], threads);
}

/** Starts children/pytorch_ops.py, likewise. */
export function startPyTorchOps(threads: readonly number[], turnMs: number) {
  return startPython("pytorch_ops.py", [], threads, [String(turnMs)]);
}

/** PyTorch in words. */
export function describePyTorch(children: readonly Child<PyTorchDescription>[]): string {
  const [first] = children;
  if (first === undefined) return "PyTorch: not here, not measured (Debian: apt-get install python3-torch).";
  const threads = children.map(({ description }) => description.threads).join(" and ");
  const { version, capability } = first.description;
  return `PyTorch: ${version}, ${capability} kernels, torch.get_num_threads() ${threads}.`;
}
