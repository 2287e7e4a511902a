import { UsageError } from "@kindling/tensor";
import type { Center } from "./affine.js";

/** A range of angles in degrees: from −a to a for a number, else the bounds as they are given. */
export function angleRange(
  caller: string,
  name: string,
  angle: number | readonly number[],
  sizes: readonly number[] = [2],
): readonly number[] {
  const isNumber = typeof angle === "number";
  const bounds = isNumber ? [-angle, angle] : angle;
  if ((isNumber && !(angle >= 0)) || !sizes.includes(bounds.length) || !bounds.every(Number.isFinite)) {
    throw new UsageError(
      `${caller}: expected ${name} to be a number of at least 0 or ${sizes.join(" or ")} bounds in degrees, got ${JSON.stringify(angle)}`,
    );
  }
  return bounds;
}

export function checkCenter(caller: string, center: Center): void {
  if (center !== null && (center.length !== 2 || !center.every(Number.isFinite))) {
    throw new UsageError(`${caller}: expected center as [x, y] in pixels or null, got ${JSON.stringify(center)}`);
  }
}
