import { gridSampleModes, gridSamplePaddings } from "@kindling/kernels";
import { allocate, filled } from "../allocate.js";
import { code, kernels, opCodes, writeMeta } from "../launch.js";
import { numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";
import type { GridSample } from "./registry.js";

const modeCodes = opCodes(gridSampleModes);
const paddingCodes = opCodes(gridSamplePaddings);

/** The arguments that both kernels begin with; sizes go into the meta block. */
export function sampling(
  { mode, paddingMode, alignCorners }: GridSample,
  inputShape: Shape,
  grid: Tensor,
): [mode: number, padding: number, flags: number, dimensions: number, dtype: number, meta: number] {
  const dimensions = inputShape.length - 2;
  const sizes = dimensions === 2 ? [...inputShape.slice(0, 2), 1, ...inputShape.slice(2)] : inputShape;
  const meta = writeMeta([...sizes, numberOfElements(grid.shape.slice(1, -1))]);
  return [modeCodes[mode], paddingCodes[paddingMode], alignCorners ? 1 : 0, dimensions, code(grid.dtype), meta];
}

/**
 * Gradients of `gridSample` with respect to its input and its grid, if wanted; x is read for the grid's alone.
 *
 * @internal
 */
export function gridSampleGradient(
  gradient: Tensor,
  x: Tensor | null,
  grid: Tensor,
  attributes: GridSample,
  inputShape: Shape,
  wanted: { readonly input: boolean; readonly grid: boolean },
): { readonly input: Tensor | null; readonly grid: Tensor | null } {
  const isEmpty = numberOfElements(gradient.shape) === 0;
  const make = (shape: Shape): Tensor => (isEmpty ? filled(shape, grid.dtype, 0) : allocate(shape, grid.dtype));
  const forInput = wanted.input ? make(inputShape) : null;
  const forGrid = wanted.grid ? make(grid.shape) : null;
  if (!isEmpty) {
    const g = dense(gradient);
    const source = x === null ? null : dense(x);
    const points = dense(grid);
    kernels.gridSampleBackward(
      ...sampling(attributes, inputShape, grid),
      g.address,
      source === null ? 0 : source.address,
      points.address,
      forInput === null ? 0 : forInput.address,
      forGrid === null ? 0 : forGrid.address,
    );
  }
  return { input: forInput, grid: forGrid };
}
