// What PyTorch has (`pytorch-names.txt`, taken from the documentation of PyTorch 2 and torchvision and from PyTorch 1.13),
// and what of it Kindling has in another form or not at all (`exceptions.txt`).
import { readFileSync } from "node:fs";

/** Public names by the namespace that they belong to. */
export type Names = ReadonlyMap<string, readonly string[]>;

export interface Exception {
  readonly state: "different" | "not there";
  readonly reason: string;
  /** Of what is different: how the same is written. */
  readonly instead: string;
}

/** By full name, such as `torch.Tensor.int`. */
export type Exceptions = ReadonlyMap<string, Exception>;

export const exceptionsFile = new URL("exceptions.txt", import.meta.url);

export function readNames(): Names {
  return parseNames(readFileSync(new URL("pytorch-names.txt", import.meta.url), "utf8"));
}

export function readExceptions(): Exceptions {
  return parseExceptions(readFileSync(exceptionsFile, "utf8"));
}

/** A line `# namespace`, and below it its names with spaces between. */
export function parseNames(text: string): Names {
  const names = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("# ")) {
      current = [];
      names.set(line.slice(2), current);
    } else current.push(...line.split(" ").filter((word) => word !== ""));
  }
  return names;
}

const heading = /^## (different|not there): (.+)$/;

/**
 * A line `## not there: reason` is followed by lines `namespace: name name`, a line `## different: reason` by lines
 * `namespace.name: how it is written`. Other lines that start with `#` are comments.
 */
export function parseExceptions(text: string): Exceptions {
  const exceptions = new Map<string, Exception>();
  let state: Exception["state"] = "not there";
  let reason = "";
  for (const line of text.split("\n")) {
    const found = heading.exec(line);
    if (found) {
      state = found[1] as Exception["state"];
      reason = found[2] as string;
    } else if (line !== "" && !line.startsWith("#")) {
      for (const [name, instead] of entries(line, state)) {
        if (exceptions.has(name)) throw new Error(`exceptions.txt: ${name} is there twice`);
        exceptions.set(name, { state, reason, instead });
      }
    }
  }
  return exceptions;
}

function entries(line: string, state: Exception["state"]): [string, string][] {
  const colon = line.indexOf(": ");
  if (colon < 0) throw new Error(`exceptions.txt: expected "namespace: names" or "name: instead", got "${line}"`);
  const [before, after] = [line.slice(0, colon), line.slice(colon + 2)];
  return state === "different" ? [[before, after]] : after.split(" ").map((name) => [`${before}.${name}`, ""]);
}

/** The text of the exceptions without the "not there" entries of these full names. */
export function withoutAbsent(text: string, names: ReadonlySet<string>): string {
  let state: Exception["state"] = "not there";
  const lines = text.split("\n").flatMap((line) => {
    state = (heading.exec(line)?.[1] as Exception["state"] | undefined) ?? state;
    if (line === "" || line.startsWith("#") || state === "different") return [line];
    const all = entries(line, state).map(([name]) => name);
    const kept = all.filter((name) => !names.has(name));
    if (kept.length === all.length) return [line];
    const space = line.slice(0, line.indexOf(": "));
    return kept.length > 0 ? [`${space}: ${kept.map((name) => name.slice(space.length + 1)).join(" ")}`] : [];
  });
  return lines.join("\n");
}
