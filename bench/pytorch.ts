import { spawnSync } from "node:child_process";
import { Child, childFile } from "./child.js";

export interface PyTorchDescription {
  readonly version: string;
  readonly threads: number;
  readonly capability: string;
}

/** Starts children/pytorch.py once per number of threads; none where no Python has PyTorch. */
export async function startPyTorch(
  what: "step" | "matmul",
  threads: readonly number[],
): Promise<Child<PyTorchDescription>[]> {
  const python = [process.env.PYTHON ?? "python3", "/usr/bin/python3"].find(
    (candidate) => spawnSync(candidate, ["-c", "import torch"]).status === 0,
  );
  if (python === undefined) return [];
  const start = (count: number) => Child.start<PyTorchDescription>([python, childFile("pytorch.py"), what, `${count}`]);
  return Promise.all(threads.map(start));
}

/** PyTorch in words. */
export function describePyTorch(children: readonly Child<PyTorchDescription>[]): string {
  const [first] = children;
  if (first === undefined) return "PyTorch: not here, not measured (Debian: apt-get install python3-torch).";
  const threads = children.map(({ description }) => description.threads).join(" and ");
  const { version, capability } = first.description;
  return `PyTorch: ${version}, ${capability} kernels, torch.get_num_threads() ${threads}.`;
}
