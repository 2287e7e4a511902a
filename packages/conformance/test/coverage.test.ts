import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseExceptions, parseNames, readExceptions, readNames, withoutAbsent } from "../src/names/lists.js";
import { camelCase, find } from "../src/names/ours.js";
import { coverage } from "../src/names/page.js";

const file = new URL("../../../docs/coverage.md", import.meta.url);
const command = "run `pnpm --filter @kindling/conformance coverage`";

describe("docs/coverage.md", () => {
  const { page, unexplained, arrived, unknown } = coverage(readNames(), readExceptions());

  it("is what the command writes", () => {
    expect(readFileSync(file, "utf8") === page, command).toBe(true);
  });

  it("calls nothing absent that is there", () => {
    expect(arrived, command).toEqual([]);
  });

  it("says of every name of PyTorch that is not there, why", () => {
    expect(unexplained, "add these to names/exceptions.txt").toEqual([]);
  });

  it("has no exceptions for names that PyTorch does not have", () => {
    expect(unknown).toEqual([]);
  });
});

describe("a name of PyTorch", () => {
  it.each([
    ["index_add_", "indexAdd_"],
    ["conv_transpose1d", "convTranspose1d"],
    ["atleast_1d", "atleast1d"],
    ["MSELoss", "MSELoss"],
  ])("%s is %s", (name, ours) => {
    expect(camelCase(name)).toBe(ours);
  });

  it("is found among functions, methods, getters, fields, layers, losses and namespaces", () => {
    const written = (namespace: string, name: string): string | undefined => find(namespace, name)?.written;
    expect(written("torch", "matmul")).toBe("matmul");
    expect(written("torch.Tensor", "masked_fill_")).toBe("x.maskedFill_");
    expect(written("torch.Tensor", "requires_grad")).toBe("x.requiresGrad");
    expect(written("torch.Tensor", "shape")).toBe("x.shape");
    expect(find("torch.nn", "MSELoss")).toEqual({ written: "MSELoss", from: "losses" });
    expect(written("torch.nn.functional", "logsigmoid")).toBe("functional.logSigmoid");
    expect(written("torch.nn.functional", "unfold")).toBe("functional.unfold");
    expect(written("torch.nn.utils.rnn", "pad_sequence")).toBe("padSequence");
  });

  it("is not found where only a class or another namespace has it", () => {
    expect(find("torch.nn", "linear")).toBeNull();
    expect(find("torch.nn.utils.prune", "Identity")).toBeNull();
    expect(find("torch.nn.init", "relu")).toBeNull();
  });
});

describe("a table of names", () => {
  const names = parseNames("# torch\nadd nothing\n\n# torch.Tensor\nadd\n");
  const text = "## not there: Why.\ntorch: add nothing\n\n## different: Otherwise.\ntorch.Tensor.add: `x + y`\n";

  it("is compared with what there is", () => {
    const { page, arrived, unexplained } = coverage(names, parseExceptions(text));
    expect(arrived).toEqual(["torch.add"]);
    expect(unexplained).toEqual([]);
    expect(page).toContain("| `nothing` | not there | Why. |");
    expect(page).toContain("| `add` | `x + y` | Otherwise. |");
  });

  it("loses what has come into existence", () => {
    expect(withoutAbsent(text, new Set(["torch.add"]))).toBe(text.replace("add nothing", "nothing"));
    expect(withoutAbsent(text, new Set(["torch.add", "torch.nothing"]))).toBe(text.replace("torch: add nothing\n", ""));
  });

  it("names what is in no list, and what is in one without being PyTorch's", () => {
    const { unexplained, unknown } = coverage(names, parseExceptions("## not there: Why.\ntorch: everything\n"));
    expect(unexplained).toEqual(["torch.nothing"]);
    expect(unknown).toEqual(["torch.everything"]);
  });

  it("takes no name twice", () => {
    expect(() => parseExceptions("## not there: Why.\ntorch: add add\n")).toThrow("torch.add is there twice");
  });
});
