import type { Exceptions, Names } from "./lists.js";
import { find } from "./ours.js";

interface Row {
  readonly state: "there" | "different" | "not there";
  readonly name: string;
  readonly written: string;
  readonly remark: string;
}

export interface Coverage {
  /** The text of docs/coverage.md. */
  readonly page: string;
  /** Full names that are neither there nor among the exceptions. */
  readonly unexplained: readonly string[];
  /** Names that are called "not there" and are there. */
  readonly arrived: readonly string[];
  /** Exceptions that PyTorch has no name for. */
  readonly unknown: readonly string[];
}

/** Compares PyTorch's names with ours. What is different is so even where a name is taken for something else. */
export function coverage(names: Names, exceptions: Exceptions): Coverage {
  const unexplained: string[] = [];
  const arrived: string[] = [];
  const unknown = new Set(exceptions.keys());
  const sections: [string, Row[]][] = [];
  for (const [namespace, members] of names) {
    const rows = members.map((name): Row => {
      const full = `${namespace}.${name}`;
      const exception = exceptions.get(full);
      unknown.delete(full);
      if (exception?.state === "different") {
        return { state: "different", name, written: exception.instead, remark: exception.reason };
      }
      const found = find(namespace, name);
      if (found) {
        if (exception) arrived.push(full);
        return { state: "there", name, written: `\`${found.written}\``, remark: `@kindling/${found.from}` };
      }
      if (!exception) unexplained.push(full);
      return { state: "not there", name, written: "not there", remark: exception?.reason ?? "" };
    });
    sections.push([namespace, rows]);
  }
  return { page: format(sections), unexplained, arrived, unknown: [...unknown] };
}

const count = (rows: readonly Row[], state: Row["state"]): number => rows.filter((row) => row.state === state).length;

const anchor = (namespace: string): string => namespace.toLowerCase().replaceAll(".", "");

function format(sections: readonly (readonly [string, readonly Row[]])[]): string {
  const summary = [...sections, ["**all**", sections.flatMap(([, rows]) => rows)] as const].map(([name, rows]) => {
    const link = name.startsWith("*") ? name : `[${name}](#${anchor(name)})`;
    return `| ${link} | ${count(rows, "there")} | ${count(rows, "different")} | ${count(rows, "not there")} |`;
  });
  const tables = sections.map(([namespace, rows]) => {
    const lines = rows.map(({ name, written, remark }) => `| \`${name}\` | ${written} | ${remark} |`);
    return `## ${namespace}\n\n| PyTorch | Kindling | |\n| --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  return `<!-- Written by \`pnpm --filter @kindling/conformance coverage\`: do not edit. -->

# PyTorch's names and ours

Every public name of everyday PyTorch 2 and torchvision. A name that is there is PyTorch's in camelCase, exported by the package beside it, or a
method of the class. What is different says how it is written; what is not there, why. [Coming from PyTorch](from-pytorch.md) explains the
differences at length.

Namespaces that are not listed are not there: \`torch.cuda\`, \`torch.distributed\`, \`torch.distributions\`, \`torch.fft\`, \`torch.jit\`, \`torch.onnx\`,
\`torch.ao.quantization\`, \`torch.signal\`, \`torch.sparse\`.

| namespace | there | different | not there |
| --- | --: | --: | --: |
${summary.join("\n")}

${tables.join("\n")}`;
}
