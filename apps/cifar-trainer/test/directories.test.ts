import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findDirectories, showPath } from "../src/directories.js";
import { temporaryDirectory } from "./temporary-directory.js";

const packageDirectory = resolve(import.meta.dirname, "..");
const repository = resolve(packageDirectory, "../..");

describe("findDirectories", () => {
  it("takes the working directory, and the repository for what is kept", () => {
    expect(findDirectories({}, "/somewhere")).toEqual({ user: "/somewhere", home: repository });
  });

  it("takes the directory that pnpm was called in, in this package's own script", () => {
    const environment = { npm_package_name: "cifar-trainer", INIT_CWD: "/somewhere" };
    expect(findDirectories(environment, packageDirectory).user).toBe("/somewhere");
  });

  it("takes no notice of a script that has inherited the variables", () => {
    const environment = { npm_package_name: "cifar-trainer", INIT_CWD: "/somewhere" };
    expect(findDirectories(environment, "/elsewhere").user).toBe("/elsewhere");
    expect(findDirectories({ ...environment, npm_package_name: "other" }, packageDirectory).user).toBe(
      packageDirectory,
    );
  });

  it("keeps things where the person stands if the program lies outside the repository", async () => {
    const outside = join(await temporaryDirectory(), "a", "b");
    expect(findDirectories({}, "/somewhere", outside).home).toBe("/somewhere");
  });
});

it("showPath shortens paths below a directory only", () => {
  expect(showPath("/a/b/c", "/a")).toBe("b/c");
  expect(showPath("/a/b", "/a/c")).toBe("/a/b");
  expect(showPath("/a", "/a")).toBe("/a");
});
