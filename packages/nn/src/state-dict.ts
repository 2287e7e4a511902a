import { formatShape, noGrad, sameShape, Tensor, UsageError } from "@kindling/tensor";

/** Tensors by their dotted names, as PyTorch's `state_dict`. */
export type StateDict = Map<string, Tensor> | Readonly<Record<string, Tensor>>;

/** Names that a loaded state lacks, and names that it has too many. */
export interface IncompatibleKeys {
  missingKeys: string[];
  unexpectedKeys: string[];
}

function listKeys(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what} key(s) in state_dict: ${names.map((name) => `"${name}"`).join(", ")}.`];
}

/** Copies `given` into the tensors of `own`, all or nothing; `owner` is named in errors. */
export function copyStateDict(
  owner: string,
  own: Readonly<Record<string, Tensor>>,
  given: StateDict,
  strict: boolean,
): IncompatibleKeys {
  const sources: ReadonlyMap<string, Tensor> = given instanceof Map ? given : new Map(Object.entries(given));
  const missingKeys = Object.keys(own).filter((name) => !sources.has(name));
  const unexpectedKeys = [...sources.keys()].filter((name) => !Object.hasOwn(own, name));
  const problems = strict ? [...listKeys("Missing", missingKeys), ...listKeys("Unexpected", unexpectedKeys)] : [];
  const pairs: [target: Tensor, source: Tensor][] = [];
  for (const [name, target] of Object.entries(own)) {
    const source = sources.get(name);
    if (source === undefined) continue;
    if (!(source instanceof Tensor)) problems.push(`${name}: expected a tensor, got ${typeof source}.`);
    else if (!sameShape(source.shape, target.shape)) {
      problems.push(
        `size mismatch for ${name}: copying a param with shape ${formatShape(source.shape)} from checkpoint, the shape in current model is ${formatShape(target.shape)}.`,
      );
    } else pairs.push([target, source]);
  }
  if (problems.length > 0) {
    throw new UsageError(`Error(s) in loading state_dict for ${owner}:\n\t${problems.join("\n\t")}`);
  }
  noGrad(() => {
    for (const [target, source] of pairs) target.copy_(source);
  });
  return { missingKeys, unexpectedKeys };
}
