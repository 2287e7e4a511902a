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

/** What is to happen once the tensors are copied. */
interface Afterwards {
  readonly copied: () => void;
  /** They may take names out of the lists of what did not fit. */
  readonly postHooks: readonly ((keys: IncompatibleKeys) => void)[];
}

/** Copies `given` into the tensors of `own`, all or nothing; `owner` is named in errors. */
export function copyStateDict(
  owner: string,
  own: Readonly<Record<string, Tensor>>,
  given: Readonly<Record<string, Tensor>>,
  strict: boolean,
  { copied, postHooks }: Afterwards,
): IncompatibleKeys {
  const keys: IncompatibleKeys = {
    missingKeys: Object.keys(own).filter((name) => !Object.hasOwn(given, name)),
    unexpectedKeys: Object.keys(given).filter((name) => !Object.hasOwn(own, name)),
  };
  const problems: string[] = [];
  const pairs: [target: Tensor, source: Tensor][] = [];
  for (const [name, target] of Object.entries(own)) {
    const source = given[name];
    if (source === undefined) continue;
    if (!(source instanceof Tensor)) problems.push(`${name}: expected a tensor, got ${typeof source}.`);
    else if (!sameShape(source.shape, target.shape)) {
      problems.push(
        `size mismatch for ${name}: copying a param with shape ${formatShape(source.shape)} from checkpoint, the shape in current model is ${formatShape(target.shape)}.`,
      );
    } else pairs.push([target, source]);
  }
  const refuse = (): void => {
    const names = strict
      ? [...listKeys("Missing", keys.missingKeys), ...listKeys("Unexpected", keys.unexpectedKeys)]
      : [];
    if (names.length + problems.length === 0) return;
    throw new UsageError(`Error(s) in loading state_dict for ${owner}:\n\t${[...names, ...problems].join("\n\t")}`);
  };
  if (problems.length > 0 || postHooks.length === 0) refuse();
  noGrad(() => {
    for (const [target, source] of pairs) target.copy_(source);
  });
  copied();
  for (const hook of postHooks) hook(keys);
  refuse();
  return keys;
}
