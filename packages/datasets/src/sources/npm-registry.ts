/// <reference path="./npmcli-config.d.ts" />
import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import Config from "@npmcli/config";
import definitions from "@npmcli/config/lib/definitions/index.js";
import registryFetch from "npm-registry-fetch";
import { type RangeRequest, rangeResponse } from "./download.js";

type FetchOptions = registryFetch.FetchOptions;

/**
 * A request for a package's archive, made as the npm client would make it: its registry, mirrors, proxies,
 * certificates and credentials, from npmrc files and `npm_config_*` variables.
 */
export function npmRequest(name: string, version: string): RangeRequest {
  let prepared: Promise<{ url: string; options: FetchOptions }> | null = null;
  return async (start, signal) => {
    prepared ??= locate(name, version);
    const { url, options } = await prepared.catch((error) => {
      prepared = null;
      throw error;
    });
    const headers = start > 0 ? { range: `bytes=${start}-` } : {};
    const response = await registryFetch(url, { ...options, signal, headers } as FetchOptions);
    // npm's streams add a listener for every chunk that is awaited; Node's do not.
    const body = new PassThrough();
    response.body?.on("error", (error: Error) => body.destroy(error)).pipe(body);
    return rangeResponse(response.status, (header) => response.headers.get(header), body);
  };
}

async function locate(name: string, version: string): Promise<{ url: string; options: FetchOptions }> {
  const options = await npmOptions();
  const manifest: unknown = await registryFetch.json(`/${name}/${version}`, options);
  const url = (manifest as { dist?: { tarball?: unknown } }).dist?.tarball;
  if (typeof url !== "string") throw new Error(`the registry does not say where ${name}@${version} is`);
  return { url: onConfiguredRegistry(url, options), options };
}

/** Mirrors often pass on the public registry's addresses; like npm, ask the mirror instead. */
function onConfiguredRegistry(url: string, options: FetchOptions): string {
  const tarball = new URL(url);
  const registry = new URL(options.registry ?? "https://registry.npmjs.org/");
  const replace = (options as { replaceRegistryHost?: string }).replaceRegistryHost ?? "npmjs";
  const isReplaced =
    replace === "always" ||
    replace === tarball.hostname ||
    (replace === "npmjs" && tarball.hostname === "registry.npmjs.org");
  return isReplaced ? new URL(registry.pathname.replace(/\/$/, "") + tarball.pathname, registry).href : url;
}

/** The npm client's configuration for the current directory, as its own libraries take it. */
export async function npmOptions(): Promise<FetchOptions> {
  const { definitions: known, shorthands, flatten } = definitions;
  const config = new Config({
    npmPath: await npmDirectory(),
    definitions: known,
    shorthands,
    flatten,
    argv: [process.argv[0] ?? "node", "kindling"], // this program's arguments are not npm's
    env: { ...process.env }, // loading sets variables for the scripts that npm would run
    warn: false,
  });
  await config.load();
  return config.flat as FetchOptions;
}

/** Where npm is installed: its own npmrc lies there. An empty string if there is no npm. */
async function npmDirectory(): Promise<string> {
  const running = process.env.npm_execpath;
  const candidates = running?.endsWith("npm-cli.js") ? [running] : [];
  for (const directory of (process.env.PATH ?? "").split(delimiter)) candidates.push(join(directory, "npm"));
  candidates.push(join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js"));
  for (const candidate of candidates) {
    const file = await realpath(candidate).catch(() => null);
    if (file?.endsWith("npm-cli.js")) return dirname(dirname(file));
  }
  return "";
}
