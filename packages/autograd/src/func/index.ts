// The transforms of torch.func: each makes a function of a function. They have a namespace of their own, `func`, because
// names of theirs are taken: `grad` by torch.autograd.grad, `vjp`, `jvp` and `hessian` by torch.autograd.functional.
export { vmap } from "../vmap.js";
export type { ArgumentOptions, AuxiliaryOptions, GradientsBy, JacobianBy } from "./arguments.js";
export { grad, gradAndValue } from "./gradient.js";
export { hessian, jacfwd, jacrev } from "./jacobian.js";
export type { Gradients } from "./level.js";
export { jvp, vjp } from "./product.js";
