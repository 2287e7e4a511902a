import { randn } from "@kindling/tensor";
import { drawUniform } from "../draws.js";

/**
 * Shares that add up to 1, of the Dirichlet distribution with all parameters `alpha`, in float32 and with PyTorch's
 * draws. The first of two is a number of the beta distribution.
 */
export function drawShares(alpha: number, count: number): number[] {
  // PyTorch's parameters are float32, and its sums float64.
  const parts = Array.from({ length: count }, () => Math.max(drawGamma(Math.fround(alpha)), smallestDouble));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => Math.min(Math.max(Math.fround(part / sum), smallestFloat), belowOne));
}

const smallestDouble = 2 ** -1022;
const smallestFloat = 2 ** -126;
const belowOne = 1 - 2 ** -24;

/** Of the gamma distribution, by the method of Marsaglia and Tsang, "A simple method for generating gamma variables". */
function drawGamma(alpha: number): number {
  // Constants are float32 where PyTorch's are. Below 1 few draws are accepted: one of alpha + 1 is scaled down instead.
  const scale = alpha < 1 ? (1 - drawUniform()) ** (1 / alpha) : 1;
  const d = (alpha < 1 ? alpha + 1 : alpha) - Math.fround(1 / 3);
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - drawUniform();
    const square = x * x;
    const isInside = u < 1 - Math.fround(0.0331) * square * square;
    if (isInside || Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return scale * d * v;
  }
}

function drawNormal(): number {
  return randn([1], { dtype: "float64" }).item();
}
