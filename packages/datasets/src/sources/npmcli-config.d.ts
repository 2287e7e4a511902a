// The parts of npm's own configuration reader that are used here; it brings no types.
declare module "@npmcli/config" {
  // biome-ignore lint/style/noDefaultExport: the package exports it so.
  export default class Config {
    constructor(options: {
      npmPath: string;
      definitions: unknown;
      shorthands: unknown;
      flatten: unknown;
      argv?: string[];
      env?: Record<string, string | undefined>;
      cwd?: string;
      warn?: boolean;
    });
    load(): Promise<void>;
    /** All settings in the form that npm's libraries take. */
    readonly flat: Record<string, unknown>;
  }
}

declare module "@npmcli/config/lib/definitions/index.js" {
  const settings: { definitions: unknown; shorthands: unknown; flatten: unknown };
  // biome-ignore lint/style/noDefaultExport: the package exports it so.
  export default settings;
}
