import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { npmRequest } from "../../src/sources/npm-registry.js";
import { temporaryDirectory } from "../temporary-directory.js";

afterEach(() => vi.unstubAllEnvs());

/** A registry that passes on the public one's archive addresses, as mirrors do. */
async function registry(tarball: Uint8Array): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url}${request.headers.range === undefined ? "" : ` ${request.headers.range}`}`);
    if (request.url === "/mirror/made-up/1.0.0") {
      response.end(JSON.stringify({ dist: { tarball: "https://registry.npmjs.org/made-up/-/made-up-1.0.0.tgz" } }));
    } else if (request.url !== "/mirror/made-up/-/made-up-1.0.0.tgz") {
      response.writeHead(404).end("{}");
    } else if (request.headers.range === "bytes=2-") {
      response
        .writeHead(206, { "content-range": `bytes 2-${tarball.length - 1}/${tarball.length}` })
        .end(tarball.subarray(2));
    } else {
      response.writeHead(200, { "content-length": tarball.length }).end(tarball);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
  vi.stubEnv("npm_config_registry", url);
  vi.stubEnv("npm_config_cache", join(await temporaryDirectory(), "cache"));
  vi.stubEnv("npm_config_fetch_retries", "0");
  return { url, seen };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<number[]> {
  const bytes: number[] = [];
  for await (const chunk of body) bytes.push(...chunk);
  return bytes;
}

describe("npmRequest", () => {
  it("asks the registry that npm is configured for, also for the archive", async () => {
    const { seen } = await registry(Uint8Array.of(1, 2, 3, 4));
    const { start, total, body } = await npmRequest("made-up", "1.0.0")(0, new AbortController().signal);
    expect([start, total]).toEqual([0, 4]);
    expect(await read(body)).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual(["/mirror/made-up/1.0.0", "/mirror/made-up/-/made-up-1.0.0.tgz"]);
  });

  it("asks for the rest of an archive", async () => {
    const { seen } = await registry(Uint8Array.of(1, 2, 3, 4));
    const { start, total, body } = await npmRequest("made-up", "1.0.0")(2, new AbortController().signal);
    expect([start, total]).toEqual([2, 4]);
    expect(await read(body)).toEqual([3, 4]);
    expect(seen.at(-1)).toBe("/mirror/made-up/-/made-up-1.0.0.tgz bytes=2-");
  });

  it("fails when the registry does not have the package", async () => {
    await registry(Uint8Array.of(1));
    await expect(npmRequest("not-there", "1.0.0")(0, new AbortController().signal)).rejects.toThrow(/404/);
  });
});
