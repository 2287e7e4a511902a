import ts from "typescript";

/** What an example says a statement gives: `// → VALUE` behind it. */
const arrow = /^\/\/ → (.*)$/s;

/** The comment behind a statement, with the lines of comment that go on below it, indented. */
function commentBehind(text: string, end: number): string {
  const [range] = ts.getTrailingCommentRanges(text, end) ?? [];
  if (range === undefined) return "";
  const [first, ...below] = text.slice(range.pos).split("\n") as [string, ...string[]];
  const stop = below.findIndex((line) => !/^\s*\/\/ {3,}\S/.test(line));
  const further = below.slice(0, stop < 0 ? below.length : stop);
  return [first, ...further.map((line) => line.trim().slice(2).trim())].join(" ").trim();
}

const isDeclaredName = (statement: ts.Statement): string | undefined => {
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declaration] = statement.declarationList.declarations;
  return declaration && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
};

/** The code that checks what the comment behind a statement says, in place of the statement. */
function checkedStatement(statement: ts.Statement, file: ts.SourceFile, expected: string): string {
  const source = statement.getText(file);
  const wanted = JSON.stringify(expected.trim());
  const name = isDeclaredName(statement);
  if (name !== undefined) return `${source} check(${name}, ${wanted});`;
  if (!ts.isExpressionStatement(statement)) throw new Error(`expected an expression before "// →", got ${source}`);
  const expression = statement.expression.getText(file);
  return expected.startsWith("throws ")
    ? `await checkThrows(async () => ${expression}, ${wanted});`
    : `check(${expression}, ${wanted});`;
}

export interface ExampleCode {
  readonly imports: readonly string[];
  /** The statements, on the lines they have in the example; where a value is told, a call that checks it. */
  readonly body: string;
  /** How many values are checked, and assertions made. */
  readonly checks: number;
  /** The identifiers it uses. */
  readonly identifiers: ReadonlySet<string>;
}

/** Turns an example as it stands in a docstring into code that checks what the example says. */
export function exampleCode(text: string): ExampleCode {
  const file = ts.createSourceFile("example.ts", text, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  const identifiers = new Set<string>();
  let body = "";
  let checks = 0;
  let position = 0;

  const visit = (node: ts.Node): void => {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && !isMember) identifiers.add(node.text);
    if (ts.isExpressionStatement(node) && node.getText(file).startsWith("assert")) checks++;
    ts.forEachChild(node, visit);
  };
  const rewrite = (statement: ts.Statement): void => {
    const expected = arrow.exec(commentBehind(text, statement.end))?.[1];
    if (expected === undefined) {
      // Values may be told inside a block too: `for (…) { x; // → 1 }`.
      const inner = ts.isForOfStatement(statement) || ts.isForStatement(statement) ? statement.statement : undefined;
      if (inner && ts.isBlock(inner)) for (const below of inner.statements) rewrite(below);
      return;
    }
    checks++;
    body += text.slice(position, statement.getStart(file)) + checkedStatement(statement, file, expected);
    position = statement.end;
  };

  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      imports.push(statement.getText(file));
      body += text.slice(position, statement.getStart(file));
      position = statement.end;
      continue;
    }
    visit(statement);
    rewrite(statement);
  }
  return { imports, body: body + text.slice(position), checks, identifiers };
}

/**
 * One module with the examples of a package: `examples[i](check, checkThrows)` runs the one of number i. `values` and
 * `types` are the names that an example need not import.
 */
export function examplesModule(
  codes: readonly ExampleCode[],
  values: ReadonlySet<string>,
  types: ReadonlySet<string>,
): string {
  const imports = [...new Set(codes.flatMap((code) => code.imports))];
  const imported = new Set(imports.flatMap((line) => line.match(/[\w$]+/g) ?? []));
  const used = new Set(codes.flatMap((code) => [...code.identifiers]));
  const kindling = [...used]
    .filter((name) => (values.has(name) || types.has(name)) && !imported.has(name))
    .map((name) => (values.has(name) ? name : `type ${name}`));
  return [
    `import { ${kindling.join(", ")} } from "@kindling/kindling";`,
    ...imports,
    "type Check = (value: unknown, expected: string) => void;",
    "type CheckThrows = (run: () => Promise<unknown>, expected: string) => Promise<void>;",
    "export const examples: ((check: Check, checkThrows: CheckThrows) => Promise<void>)[] = [",
    ...codes.map(({ body }) => `async (check, checkThrows) => {\n${body}\n},`),
    "];",
    "",
  ].join("\n");
}
