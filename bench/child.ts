import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Milliseconds (or whatever the child counts in) by name. */
export type Sample = Readonly<Record<string, number>>;

/**
 * A process that measures on request: it prints one line of JSON about itself when it is ready, then a line with
 * samples for every number that it is sent. In between it sleeps, so that many can wait for their turn on few cores.
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

  async ask(request: number): Promise<readonly Sample[]> {
    this.#process.stdin?.write(`${request}\n`);
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

/** What a child that runs Kindling says about itself: `backendInfo()`. */
export interface KindlingDescription {
  readonly backend: string;
  readonly isa: string;
  readonly threads: number;
  readonly wasmVariant?: string;
}

export type Backend = "native" | "wasm";
export const backends: readonly Backend[] = ["native", "wasm"];

/** The path of a program in children/. */
export function childFile(name: string): string {
  return fileURLToPath(new URL(`children/${name}`, import.meta.url));
}

/** The command that runs a TypeScript program in children/. */
export function runTypeScript(name: string): string[] {
  return [process.execPath, ...process.execArgv, childFile(name)];
}

/** Starts a program in children/ that uses Kindling. */
export function startKindling<Description extends KindlingDescription = KindlingDescription>(
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
