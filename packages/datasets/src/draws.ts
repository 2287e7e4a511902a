import { defaultGenerator, type Generator } from "@kindling/tensor";

// Single draws, each from as many bits as PyTorch takes, so that equal seeds give equal numbers.

/** A seed: the low half of a 64-bit draw, whose high half comes first. */
export function drawSeed(generator: Generator = defaultGenerator): number {
  generator.random32();
  return generator.random32();
}

/** What a loader's workers start from: 63 bits, as PyTorch's `random_` on int64. */
export function drawBaseSeed(generator: Generator = defaultGenerator): bigint {
  return generator.random64() & 0x7fff_ffff_ffff_ffffn;
}

/** Uniform on [0, 1) with 24 bits, as `rand` in float32. */
export function drawFloat(generator: Generator = defaultGenerator): number {
  return (generator.random32() & 0xffffff) / 2 ** 24;
}

/** Uniform on [from, to), as `uniform_` in float32. */
export function drawBetween([from, to]: readonly [from: number, to: number]): number {
  const start = Math.fround(from);
  return Math.fround(drawFloat() * Math.fround(Math.fround(to) - start) + start);
}

/** Uniform on [0, 1) with 53 bits. */
export function drawUniform(generator: Generator = defaultGenerator): number {
  const high = generator.random32() & 0x1fffff;
  return (high * 2 ** 32 + generator.random32()) / 2 ** 53;
}

/** An integer from 0 to `count` − 1, as `randint`. */
export function drawInteger(count: number, generator: Generator = defaultGenerator): number {
  return generator.random32() % count;
}
