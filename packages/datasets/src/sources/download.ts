import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "@kindling/tensor";
import { errorCode, errorMessage, fileSize, isPresent, writeError } from "./files.js";

/** A server's answer to a request for the bytes of a file from some offset on. */
export interface RangeResponse {
  /** First byte that the body holds: the one asked for, or 0 if the server cannot resume. */
  readonly start: number;
  /** Size of the whole file, if the server tells. */
  readonly total: number | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Asks a server for a file from byte `start` on. */
export type RangeRequest = (start: number, signal: AbortSignal) => Promise<RangeResponse>;

export interface DownloadOptions {
  /** More bytes than this are refused. */
  maxBytes: number;
  /** Subresource integrity of the file, `sha512-…`. */
  integrity?: string;
  /** Failures in a row that bring no byte before giving up. */
  attempts: number;
  onProgress?: (done: number, total: number) => void;
  /** Silence after which a connection counts as broken. */
  stallMs?: number;
  /** Pause before the second attempt; it doubles each time. */
  retryMs?: number;
}

/**
 * Downloads to `path`, which appears only when it is whole. What arrived before an interruption is kept
 * in `path.partial`, and the next attempt, also that of a later process, goes on from there.
 */
export async function download(path: string, request: RangeRequest, options: DownloadOptions): Promise<void> {
  if (await isPresent(path)) {
    if (await hasIntegrity(path, options.integrity)) return;
    await rm(path, { force: true });
  }
  const partial = `${path}.partial`;
  let startedOver = false;
  for (;;) {
    await fetchAll(partial, request, options);
    if (await hasIntegrity(partial, options.integrity)) break;
    await rm(partial, { force: true });
    if (startedOver) {
      throw new DataError(`${path}: what the server sent does not have the expected checksum ${options.integrity}`);
    }
    startedOver = true;
  }
  await rename(partial, path).catch((error) => Promise.reject(writeError(path, error)));
}

async function fetchAll(partial: string, request: RangeRequest, options: DownloadOptions): Promise<void> {
  const { attempts, retryMs = 500 } = options;
  for (let failures = 0; ; ) {
    const before = await fileSize(partial);
    try {
      await fetchRest(partial, before, request, options);
      return;
    } catch (error) {
      if (error instanceof DataError) throw error;
      failures = (await fileSize(partial)) > before ? 1 : failures + 1;
      if (failures >= attempts) throw error;
      await sleep(retryMs * 2 ** (failures - 1));
    }
  }
}

async function fetchRest(
  partial: string,
  have: number,
  request: RangeRequest,
  options: DownloadOptions,
): Promise<void> {
  const { maxBytes, onProgress, stallMs = 30_000 } = options;
  const abort = new AbortController();
  const inTime = <T>(promise: Promise<T>): Promise<T> => withTimeout(promise, stallMs, abort);
  const response = await inTime(request(have, abort.signal));
  if (response.start !== 0 && response.start !== have)
    throw new Error(`the server went on from byte ${response.start}, not ${have}`);
  if (response.total !== null && response.total > maxBytes) {
    abort.abort();
    throw new DataError(`${partial}: expected at most ${maxBytes} bytes, the server announces ${response.total}`);
  }
  let done = response.start;
  const file = await openAt(partial, done);
  const chunks = response.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      onProgress?.(done, response.total ?? 0);
      const next = await inTime(chunks.next());
      if (next.done === true) break;
      if (done + next.value.length > maxBytes)
        throw new DataError(`${partial}: the server sends more than ${maxBytes} bytes`);
      await file.write(next.value, 0, next.value.length, done).catch(async (error) => {
        // A partial file on a full disk is of no use to anybody.
        if (errorCode(error) === "ENOSPC") await rm(partial, { force: true });
        throw writeError(partial, error);
      });
      done += next.value.length;
    }
    await file.sync();
  } finally {
    abort.abort();
    await file.close();
  }
  if (response.total !== null && done < response.total)
    throw new Error(`the connection ended after ${done} of ${response.total} bytes`);
}

async function openAt(partial: string, start: number): Promise<FileHandle> {
  try {
    return await open(partial, start === 0 ? "w" : "r+");
  } catch (error) {
    throw writeError(partial, error);
  }
}

async function withTimeout<T>(promise: Promise<T>, ms: number, abort: AbortController): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(new Error(`the server was silent for ${ms / 1000} seconds`));
    }, ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function hasIntegrity(path: string, integrity: string | undefined): Promise<boolean> {
  if (integrity === undefined) return true;
  const separator = integrity.indexOf("-");
  const hash = createHash(integrity.slice(0, separator));
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest("base64") === integrity.slice(separator + 1);
}

/** A request over plain HTTPS with the platform's `fetch`. */
export function httpRequest(url: string): RangeRequest {
  return async (start, signal) => {
    const response = await fetch(url, { signal, headers: start > 0 ? { range: `bytes=${start}-` } : {} }).catch(
      (error) => {
        throw new Error(errorMessage(error instanceof Error && error.cause !== undefined ? error.cause : error));
      },
    );
    return rangeResponse(
      response.status,
      (name) => response.headers.get(name),
      response.body as AsyncIterable<Uint8Array> | null,
    );
  };
}

/** Reads status and headers of an HTTP response to a range request. */
export function rangeResponse(
  status: number,
  header: (name: string) => string | null,
  body: AsyncIterable<Uint8Array> | null,
): RangeResponse {
  if ((status !== 200 && status !== 206) || body === null) throw new Error(`the server answered with status ${status}`);
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(header("content-range") ?? "");
    if (range === null) throw new Error("the server answered a range request without saying which range");
    return { start: Number(range[1]), total: Number(range[2]), body };
  }
  // The length of a compressed transfer is not that of the file.
  const length = header("content-encoding") === null ? header("content-length") : null;
  return { start: 0, total: length === null ? null : Number(length), body };
}
