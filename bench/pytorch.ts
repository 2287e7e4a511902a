import { spawnSync } from "node:child_process";
import { Child, childFile } from "./child.js";

export interface PyTorchDescription {
  readonly version: string;
  readonly threads: number;
  readonly capability: string;
}

/** A Python that has PyTorch: $PYTHON, the system's or the first on the PATH. */
const python = ["/usr/bin/python3", "python3"].concat(process.env.PYTHON ?? []).findLast((candidate) => {
  return spawnSync(candidate, ["-c", "import torch"]).status === 0;
});

/** Starts children/pytorch.py once per number of threads; none where there is no PyTorch. */
export async function startPyTorch(
  what: "step" | "matmul",
  threads: readonly number[],
): Promise<Child<PyTorchDescription>[]> {
  const command = (count: number) => [python ?? "", childFile("pytorch.py"), what, String(count)];
  return python === undefined
    ? []
    : Promise.all(threads.map((count) => Child.start<PyTorchDescription>(command(count))));
}

/** PyTorch in words. */
export function describePyTorch(children: readonly Child<PyTorchDescription>[]): string {
  const [first] = children;
  if (first === undefined) return "PyTorch: not here, not measured (Debian: apt-get install python3-torch).";
  const threads = children.map(({ description }) => description.threads).join(" and ");
  const { version, capability } = first.description;
  return `PyTorch: ${version}, ${capability} kernels, torch.get_num_threads() ${threads}.`;
}
