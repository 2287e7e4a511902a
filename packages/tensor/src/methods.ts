import * as binary from "./ops/binary.js";
import * as cast from "./ops/cast.js";
import * as gather from "./ops/gather.js";
import * as matmul from "./ops/matmul.js";
import * as pooling from "./ops/pooling.js";
import * as reduction from "./ops/reduction.js";
import * as scan from "./ops/scan.js";
import * as softmax from "./ops/softmax.js";
import * as sorting from "./ops/sorting.js";
import * as unary from "./ops/unary.js";
import * as view from "./ops/view.js";
import { Tensor } from "./tensor.js";

/** The operations that are methods too: each takes the tensor first. Add a family by adding its module. */
const families = {
  ...binary,
  ...cast,
  ...gather,
  ...matmul,
  ...pooling,
  ...reduction,
  ...scan,
  ...softmax,
  ...sorting,
  ...unary,
  ...view,
};

// An intersection of modules, not the type of the object above: that one could only be known once
// Tensor, which is made of it, is.
type Families = typeof binary &
  typeof cast &
  typeof gather &
  typeof matmul &
  typeof pooling &
  typeof reduction &
  typeof scan &
  typeof softmax &
  typeof sorting &
  typeof unary &
  typeof view;

type Method<F> = F extends (self: infer _Self, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** `x.method(…)` for every operation `method(x, …)`. */
export type Methods = { [K in keyof Families]: Method<Families[K]> };

for (const [name, operation] of Object.entries(families)) {
  Object.defineProperty(Tensor.prototype, name, {
    value: function method(this: Tensor, ...rest: unknown[]) {
      return (operation as (...args: unknown[]) => unknown)(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
