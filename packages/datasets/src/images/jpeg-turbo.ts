import { DataError } from "@kindling/tensor";
import { nodeModule } from "../node-module.js";

/** TurboJPEG's numbers for the order of the samples. */
export const PixelFormat = { rgb: 0, grey: 6, cmyk: 11 } as const;
type PixelFormat = (typeof PixelFormat)[keyof typeof PixelFormat];

const samplesOf: Readonly<Record<PixelFormat, number>> = { 0: 3, 6: 1, 11: 4 };

/** What the module exports: TurboJPEG's functions, with addresses as numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(address: number): void;
  tjInitDecompress(): number;
  tjDestroy(handle: number): number;
  tjDecompress2(
    handle: number,
    file: number,
    bytes: number,
    out: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

/** Linear memory never shrinks: a decoder that has grown larger is left to the garbage collector. */
const maxKeptBytes = 64 << 20;

class FatalError extends Error {}

/** libjpeg-turbo in WebAssembly. */
class JpegDecoder {
  readonly #exports: Exports;
  /** Whether it may be used again: after a fatal error its state is unknown. */
  isUsable = true;

  constructor(module: WebAssembly.Module) {
    const refuse = () => {
      throw new FatalError();
    };
    // It reports fatal errors by a long jump out of the decoder; files and streams of its own it has none.
    const env = { setjmp: () => 0, longjmp: refuse };
    const wasi = {
      environ_sizes_get: () => 0,
      environ_get: refuse,
      proc_exit: refuse,
      fd_close: refuse,
      fd_seek: refuse,
      fd_write: refuse,
    };
    const { exports } = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1: wasi });
    this.#exports = exports as unknown as Exports;
  }

  /** The pixels of a file, interleaved. */
  decode(file: Uint8Array, width: number, height: number, format: PixelFormat): Uint8Array {
    const { malloc, free, memory, tjInitDecompress, tjDestroy, tjDecompress2 } = this.#exports;
    const pitch = width * samplesOf[format];
    this.isUsable = false;
    try {
      const [handle, from, to] = [tjInitDecompress(), malloc(file.length), malloc(pitch * height)];
      if (handle === 0 || from === 0 || to === 0)
        throw new DataError(`the JPEG file has an image of ${width}×${height}, for which there is not enough memory`);
      new Uint8Array(memory.buffer, from, file.length).set(file);
      // A result that is not 0 is a warning, of data that could be understood all the same; PIL takes no notice either.
      tjDecompress2(handle, from, file.length, to, width, pitch, height, format, 0);
      const pixels = new Uint8Array(memory.buffer, to, pitch * height).slice();
      tjDestroy(handle);
      free(from);
      free(to);
      this.isUsable = memory.buffer.byteLength <= maxKeptBytes;
      return pixels;
    } catch (cause) {
      if (cause instanceof DataError) throw cause;
      throw new DataError("the JPEG file is damaged: it cannot be decoded", { cause });
    }
  }
}

let module: WebAssembly.Module | null = null;
let decoder: JpegDecoder | null = null;

export function jpegDecoder(): JpegDecoder {
  module ??= new WebAssembly.Module(readModule());
  if (decoder?.isUsable !== true) decoder = new JpegDecoder(module);
  return decoder;
}

function readModule(): Uint8Array<ArrayBuffer> {
  const { createRequire } = nodeModule("node:module", "decodeJpeg");
  const { readFileSync } = nodeModule("node:fs", "decodeJpeg");
  const path = createRequire(import.meta.url).resolve("@cwasm/jpeg-turbo/jpeg-turbo.wasm");
  return new Uint8Array(readFileSync(path));
}
