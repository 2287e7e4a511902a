import { convolutionAlgorithms } from "@kindling/kernels";
import { UsageError } from "./errors.js";
import { opCodes } from "./launch.js";

/** How convolutions are computed; see {@link setConvolutionAlgorithm}. */
export type ConvolutionAlgorithm = (typeof convolutionAlgorithms)[number];

const codes = opCodes(convolutionAlgorithms);
let current: ConvolutionAlgorithm = "auto";

/**
 * Chooses how convolutions are computed. "auto" (the default) uses Winograd's algorithm where it pays: about
 * ten times the rounding error or more (see docs/numerics.md) for a fraction of the multiplications. "direct" always
 * sums the products.
 *
 * @throws UsageError for another algorithm.
 * @example
 * setConvolutionAlgorithm("direct");
 * getConvolutionAlgorithm(); // → "direct"
 * setConvolutionAlgorithm("auto");
 */
export function setConvolutionAlgorithm(algorithm: ConvolutionAlgorithm): void {
  if (!convolutionAlgorithms.includes(algorithm)) {
    throw new UsageError(
      `setConvolutionAlgorithm: expected one of ${convolutionAlgorithms.join(", ")}, got ${String(algorithm)}`,
    );
  }
  current = algorithm;
}

/**
 * How convolutions are computed now; see {@link setConvolutionAlgorithm}.
 * @example getConvolutionAlgorithm(); // → "auto"
 */
export function getConvolutionAlgorithm(): ConvolutionAlgorithm {
  return current;
}

/**
 * The algorithm as kernels count it.
 *
 * @internal
 */
export function convolutionAlgorithmCode(): number {
  return codes[current];
}
