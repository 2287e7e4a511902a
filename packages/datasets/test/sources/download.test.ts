import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type DownloadOptions, download, httpRequest } from "../../src/sources/download.js";
import { temporaryDirectory } from "../temporary-directory.js";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256));
const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
const options: DownloadOptions = { maxBytes: content.length, integrity, attempts: 2, retryMs: 1 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives each request the next answer, the last one for all that follow. */
async function serve(...answers: Answer[]): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)] as Answer;
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, ranges };
}

const whole: Answer = (request, response) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, { ...headers, "content-length": content.length - start });
  response.end(content.subarray(start));
};

/** Breaks off once the client has stored what it was sent. */
const breaksOff =
  (path: string): Answer =>
  async (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 40_000));
    await vi.waitUntil(() => existsSync(`${path}.partial`) && statSync(`${path}.partial`).size === 40_000, 5000);
    response.destroy();
  };

const ignoresRanges: Answer = (_, response) => {
  response.writeHead(200, { "content-length": content.length });
  response.end(content);
};

const garbage: Answer = (_, response) => {
  response.writeHead(200, { "content-length": content.length });
  response.end(Buffer.alloc(content.length, 1));
};

const unavailable: Answer = (_, response) => {
  response.writeHead(503);
  response.end();
};

describe("download", () => {
  it("stores the file and reports progress", async () => {
    const path = join(await temporaryDirectory(), "file");
    const { url } = await serve(whole);
    const seen: number[] = [];
    await download(path, httpRequest(url), { ...options, onProgress: (done) => seen.push(done) });
    expect(Buffer.compare(await readFile(path), content)).toBe(0);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(content.length);
  });

  it("goes on where a broken connection ended", async () => {
    const path = join(await temporaryDirectory(), "file");
    const { url, ranges } = await serve(breaksOff(path), whole);
    await download(path, httpRequest(url), options);
    expect(Buffer.compare(await readFile(path), content)).toBe(0);
    expect(ranges).toEqual([undefined, "bytes=40000-"]);
  });

  it("goes on where an earlier process ended", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "file.partial"), content.subarray(0, 1234));
    const { url, ranges } = await serve(whole);
    await download(join(directory, "file"), httpRequest(url), options);
    expect(ranges).toEqual(["bytes=1234-"]);
    expect(await readdir(directory)).toEqual(["file"]);
  });

  it("starts over when the server cannot resume", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "file.partial"), "stale");
    const { url } = await serve(ignoresRanges);
    await download(join(directory, "file"), httpRequest(url), options);
    expect(Buffer.compare(await readFile(join(directory, "file")), content)).toBe(0);
  });

  it("starts over once when what was kept turns out wrong", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "file.partial"), Buffer.alloc(500, 9));
    const { url, ranges } = await serve(whole);
    await download(join(directory, "file"), httpRequest(url), options);
    expect(ranges).toEqual(["bytes=500-", undefined]);
  });

  it("refuses a file with the wrong checksum and keeps nothing of it", async () => {
    const directory = await temporaryDirectory();
    const { url } = await serve(garbage);
    await expect(download(join(directory, "file"), httpRequest(url), options)).rejects.toThrow(
      /expected checksum sha512-/,
    );
    expect(await readdir(directory)).toEqual([]);
  });

  it("refuses more bytes than the file may have", async () => {
    const directory = await temporaryDirectory();
    const { url } = await serve(whole);
    const small = download(join(directory, "file"), httpRequest(url), { ...options, maxBytes: 5000 });
    await expect(small).rejects.toBeInstanceOf(DataError);
    const endless: Answer = (_, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked" });
      response.end(content);
    };
    const { url: silent } = await serve(endless);
    await expect(
      download(join(directory, "file"), httpRequest(silent), { ...options, maxBytes: 5000 }),
    ).rejects.toThrow(/more than 5000 bytes/);
  });

  it("gives up after the agreed number of attempts, and keeps what came", async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, "file");
    const { url, ranges } = await serve(breaksOff(path), unavailable);
    await expect(download(path, httpRequest(url), options)).rejects.toThrow(/status 503/);
    expect(ranges.length).toBe(2);
    expect(await readdir(directory)).toEqual(["file.partial"]);
  });

  it("does not wait for a silent server for ever", async () => {
    const directory = await temporaryDirectory();
    const { url } = await serve(() => undefined);
    const stalled = download(join(directory, "file"), httpRequest(url), { ...options, attempts: 1, stallMs: 30 });
    await expect(stalled).rejects.toThrow(/silent/);
  });

  it("says why a connection failed", async () => {
    const directory = await temporaryDirectory();
    const nobody = httpRequest("http://127.0.0.1:1/file");
    await expect(download(join(directory, "file"), nobody, { ...options, attempts: 1 })).rejects.toThrow(
      /ECONNREFUSED|bad port/,
    );
  });
});
