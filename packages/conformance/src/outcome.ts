/** How a case ended. */
export type Outcome =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly reason: string }
  | { readonly status: "notCovered"; readonly missing: string };

/** Thrown where a case needs something that Kindling does not have yet; `missing` names it, to be counted. */
export class NotCovered extends Error {
  readonly missing: string;

  constructor(missing: string) {
    super(`not covered: ${missing}`);
    this.missing = missing;
  }
}

/** Thrown where a result is not what the case expects. */
export class Mismatch extends Error {}
