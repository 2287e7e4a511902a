import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Workspace packages resolve to their TypeScript sources, so that tests need no build (but the kernels'). The other
// conditions are Vite's defaults for code that runs in Node.
const conditions = ["@kindling/source", "module", "node", "development|production"];

// Every package is a project of its own name: `vitest run --project nn`.
const here = import.meta.dirname;
const directories = ["packages", "apps"].flatMap((parent) =>
  readdirSync(join(here, parent)).map((name) => join(parent, name)),
);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [...directories, "examples", "scripts"]
      .filter((directory) => existsSync(join(here, directory, "test")))
      .map((directory) => ({
        extends: true as const,
        test: {
          name: directory.slice(directory.lastIndexOf("/") + 1),
          root: join(here, directory),
          include: ["test/**/*.test.{ts,mjs}"],
        },
      })),
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});
