import * as binary from "./ops/binary.js";
import * as cast from "./ops/cast.js";
import * as unary from "./ops/unary.js";
import { Tensor } from "./tensor.js";

/** The operations that are methods too: each takes the tensor first. Add a family by adding its module. */
const families = { ...binary, ...cast, ...unary };

type Families = typeof families;
// biome-ignore lint/suspicious/noExplicitAny: the parameters of an unknown function have no other name.
type AnyFunction = (self: any, ...rest: any[]) => unknown;
type MethodName = { [K in keyof Families]: Families[K] extends AnyFunction ? K : never }[keyof Families];
type Method<F> = F extends (self: Tensor, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** `method(x)(…)` for every operation `f(x, …)`. */
export type Methods = { [K in MethodName]: Method<Families[K]> };

for (const [name, operation] of Object.entries(families)) {
  Object.defineProperty(Tensor.prototype, name, {
    value: function method(this: Tensor, ...rest: unknown[]) {
      return (operation as AnyFunction)(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
