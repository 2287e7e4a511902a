// Writes build/table.h — prototypes, op enums, export lists — from ts/table.ts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const root = new URL("..", import.meta.url);

/** The module that a TypeScript file without imports is. */
function load(file) {
  const { outputText } = ts.transpileModule(readFileSync(new URL(file, root), "utf8"), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}
const module = await load("ts/table.ts");
const { hashOfTables } = await load("ts/table-hash.ts");

const types = { i: "int32_t", n: "index_t", p: "void *", d: "double" };
const upper = (name) => name.replace(/([A-Z])/g, "_$1").toUpperCase();
const enumeration = (prefix, names) =>
  `enum { ${names.map((name) => `${prefix}_${upper(name)}`).join(", ")}, ${prefix}_COUNT };`;

const returns = (name) => (module.returnsNumber.includes(name) ? "double" : "void");
const parameters = (args) =>
  args
    .map((argument) => {
      const [name, type] = argument.split(":");
      return `${types[type]} ${name}`;
    })
    .join(", ");

const kernels = Object.entries(module.table);
const text = `// Written by scripts/table-header.mjs from ts/table.ts. Do not edit.
#pragma once
${enumeration("DTYPE", Object.keys(module.dtypeCodes))}
${enumeration("UNARY", module.unaryOps)}
${enumeration("PREDICATE", module.predicateOps)}
${enumeration("BINARY", module.binaryOps)}
${enumeration("COMPARE", module.compareOps)}
${enumeration("REDUCE", module.reduceOps)}
${enumeration("SCAN", module.scanOps)}
${enumeration("SCATTER", module.scatterOps)}
${enumeration("RANDOM", module.randomOps)}
${enumeration("OPTIMIZER", module.optimizerRules)}
${enumeration("CONV2D", module.conv2dPasses)}
${enumeration("GRID_SAMPLE", module.gridSampleModes)}
${enumeration("GRID_PADDING", module.gridSamplePaddings)}
${enumeration("ALGORITHM", module.convolutionAlgorithms)}
#define KINDLING_TABLE_HASH ${hashOfTables(module)}u
#ifdef __wasm__
#define KINDLING_EXPORT(name) __attribute__((export_name(name)))
#else
#define KINDLING_EXPORT(name) __attribute__((visibility("hidden")))
#endif
extern "C" {
${kernels.map(([name, args]) => `KINDLING_EXPORT("${name}") ${returns(name)} KERNEL(${name})(${parameters(args)});`).join("\n")}
}
/// X(name) for every kernel, in the order of the table.
#define KINDLING_KERNELS(X) \\
${kernels.map(([name]) => `  X(${name})`).join(" \\\n")}
`;
mkdirSync(new URL("build/", root), { recursive: true });
const header = new URL("build/table.h", root);
if (!existsSync(header) || readFileSync(header, "utf8") !== text) writeFileSync(header, text);
