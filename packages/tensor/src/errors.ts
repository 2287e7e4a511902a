/**
 * Base of all errors that Kindling throws on purpose. `code` is stable; messages may be reworded.
 * @example
 * import assert from "node:assert/strict";
 *
 * try {
 *   zeros([2, 3]).matmul(zeros([2, 3]));
 * } catch (error) {
 *   assert.ok(error instanceof KindlingError);
 *   assert.equal(error.code, "KINDLING_SHAPE");
 * }
 */
export class KindlingError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/**
 * Sizes that do not fit together, a dimension or an index out of range.
 * @example zeros([2]).add(zeros([3])); // → throws ShapeError
 */
export class ShapeError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_SHAPE", message, options);
  }
}

/**
 * An element type that the operation does not take.
 * @example bitwiseAnd(tensor([1.5]), 1); // → throws DTypeError
 */
export class DTypeError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DTYPE", message, options);
  }
}

/**
 * A backend that cannot be used, or that ran out of memory.
 * @example new DeviceError("out of memory").code; // → "KINDLING_DEVICE"
 */
export class DeviceError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DEVICE", message, options);
  }
}

/**
 * A call that can never work: a bad option, a wrong order of calls, a missing import.
 * @example dropout(ones(2), 1.5); // → throws UsageError
 */
export class UsageError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_USAGE", message, options);
  }
}

/**
 * Data from outside that are missing, damaged or of the wrong kind.
 * @example fromSafetensors(new Uint8Array(4)); // → throws DataError
 */
export class DataError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DATA", message, options);
  }
}

/**
 * A matrix that has no such inverse or factorisation: singular, not positive-definite, not finite.
 * @example linalg.inv(zeros(2, 2)); // → throws LinAlgError
 */
export class LinAlgError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_LINALG", message, options);
  }
}
