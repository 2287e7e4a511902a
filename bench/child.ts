import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type BackendInfo, backendInfo } from "@kindling/kernels";

/** Milliseconds (or whatever the child counts in) by name. */
export type Sample = Readonly<Record<string, number>>;

/**
 * A process that measures on request: it prints one line of JSON about itself when it is ready, then a line with
 * samples for every request that it is sent, a number or another value in JSON. In between it sleeps, so that many can wait for their turn on few cores.
 */
export class Child<Description> {
  readonly description: Description;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, description: Description) {
    this.#process = process;
    this.#lines = lines;
    this.description = description;
  }

  /** Starts a program and waits until it is ready. */
  static async start<Description>(
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Child<Description>> {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new Child<Description>(child, lines, (await nextLine(lines, child)) as Description);
  }

  async ask(request: unknown): Promise<readonly Sample[]> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    return (await nextLine(this.#lines, this.#process)) as readonly Sample[];
  }

  /** Ends the process. */
  stop(): void {
    this.#process.kill();
  }
}

async function nextLine(lines: AsyncIterator<string>, { spawnargs }: ChildProcess): Promise<unknown> {
  const line = await lines.next();
  if (line.done) throw new Error(`ended without an answer: ${spawnargs.join(" ")}`);
  return JSON.parse(line.value);
}

export type Backend = BackendInfo["backend"];

/** The backends that work here; KINDLING_BACKEND chooses one. */
export function usableBackends(): readonly Backend[] {
  if (process.env.KINDLING_BACKEND !== undefined) return [backendInfo().backend];
  return backendInfo().backend === "native" ? ["native", "wasm"] : ["wasm"];
}

/** The path of a program in children/. */
export function childFile(name: string): string {
  return fileURLToPath(new URL(`children/${name}`, import.meta.url));
}

/** The command that runs a TypeScript program in children/. */
export function runTypeScript(name: string): string[] {
  return [process.execPath, ...process.execArgv, childFile(name)];
}

/** Starts a program in children/ that uses Kindling; it describes itself by `backendInfo()`. */
export function startKindling<Description extends BackendInfo = BackendInfo>(
  name: string,
  backend: Backend,
  threads: number,
  args: readonly string[] = [],
): Promise<Child<Description>> {
  return Child.start([...runTypeScript(`${name}.ts`), ...args], {
    KINDLING_BACKEND: backend,
    KINDLING_NUM_THREADS: String(threads),
  });
}
