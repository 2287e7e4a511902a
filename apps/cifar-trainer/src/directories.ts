import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";

/** The directories that a command line refers to. */
export interface Directories {
  /** Where the person stands: what relative paths are relative to. */
  readonly user: string;
  /** Where data and models go unless told otherwise: the repository, else where the person stands. */
  readonly home: string;
}

/**
 * Finds the directories. Package managers run a script in its package's directory and say in INIT_CWD where they were
 * called; programs that such a script starts inherit the variable, so it counts only in a script of this package.
 */
export function findDirectories(
  environment: NodeJS.ProcessEnv,
  cwd: string,
  packageDirectory: string = resolve(import.meta.dirname, ".."),
): Directories {
  const isOwnScript = environment.npm_package_name === "cifar-trainer" && cwd === packageDirectory;
  const user = (isOwnScript ? environment.INIT_CWD : undefined) ?? cwd;
  const repository = resolve(packageDirectory, "../..");
  return { user, home: existsSync(join(repository, "pnpm-workspace.yaml")) ? repository : user };
}

/** The path as seen from `from`, if it lies below it. */
export function showPath(path: string, from: string): string {
  const short = relative(from, path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
