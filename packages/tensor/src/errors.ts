/** Base of all errors that Kindling throws on purpose. `code` is stable; messages may be reworded. */
export class KindlingError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Sizes that do not fit together, a dimension or an index out of range. */
export class ShapeError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_SHAPE", message, options);
  }
}

/** An element type that the operation does not take. */
export class DTypeError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DTYPE", message, options);
  }
}

/** A backend that cannot be used, or that ran out of memory. */
export class DeviceError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DEVICE", message, options);
  }
}

/** A call that can never work: a bad option, a wrong order of calls, a missing import. */
export class UsageError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_USAGE", message, options);
  }
}

/** Data from outside that are missing, damaged or of the wrong kind. */
export class DataError extends KindlingError {
  constructor(message: string, options?: ErrorOptions) {
    super("KINDLING_DATA", message, options);
  }
}
