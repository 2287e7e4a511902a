import { existsSync, readdirSync } from "node:fs";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

// Workspace packages resolve to their TypeScript sources, so that tests need no build (but the kernels').
const conditions = ["@kindling/source", ...defaultServerConditions];

const directories = ["packages", "apps"].flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}`));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [...directories, "examples"]
      .filter((directory) => existsSync(`${directory}/package.json`))
      .map((directory) => ({
        extends: true as const,
        test: {
          name: directory.slice(directory.lastIndexOf("/") + 1),
          root: directory,
          include: ["test/**/*.test.ts"],
        },
      })),
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});
