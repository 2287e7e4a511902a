// In-place forms: what the operation of the same name gives, written into the tensor.
import { DTypeError } from "../errors.js";
import { inPlace } from "../recorder.js";
import { Tensor } from "../tensor.js";
import * as arrange from "./arrange.js";
import { i0 } from "./bessel-zero.js";
import * as binary from "./binary.js";
import * as clamp from "./clamp.js";
import { cast, checkInPlaceResult } from "./elementwise.js";
import { nextafter } from "./floating.js";
import { mvlgamma, polygammaOf } from "./gamma.js";
import { scatterReduce } from "./gather.js";
import { gcd, lcm } from "./integer.js";
import * as matmul from "./matmul.js";
import { indexReduce, put } from "./put.js";
import { renorm } from "./renorm.js";
import { rrelu } from "./rrelu.js";
import { cumprod, cumsum } from "./scan.js";
import * as special from "./special.js";
import { bitwiseNot, celu, elu, leakyRelu, logicalNot, round } from "./unary.js";

/**
 * The in-place form of an operation; the result is converted to the tensor's type.
 *
 * @throws ShapeError if the result has another shape than the tensor; DTypeError if its type does not fit.
 */
function inPlaceOf<Rest extends readonly unknown[]>(
  name: string,
  operation: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => {
    const compute = (old: Tensor): Tensor => {
      const result = operation(old, ...rest);
      checkInPlaceResult(name, x, result.shape, result.dtype);
      return cast(result, x.dtype);
    };
    const others = rest.filter((value) => value instanceof Tensor);
    return inPlace(x, others, (self) => self.overwrite(compute(self)), compute);
  };
}

/** {@link addbmm} in place. @example zeros([2, 2]).addbmm_(ones([3, 2, 4]), ones([3, 4, 2])); // → [[12, 12], [12, 12]] */
export const addbmm_ = inPlaceOf("addbmm", matmul.addbmm);
/** {@link addcdiv} in place. @example tensor([1, 2]).float().addcdiv_(tensor([3, 4]).float(), tensor(2.5)); // → [2.2, 3.6] */
export const addcdiv_ = inPlaceOf("addcdiv", clamp.addcdiv);
/** {@link addcmul} in place. @example tensor([1, 2]).addcmul_(tensor([3, 4]), tensor([5, 6]), { value: 2 }); // → [31, 50] */
export const addcmul_ = inPlaceOf("addcmul", clamp.addcmul);
/** {@link addmm} in place. @example ones([2, 2]).addmm_(ones([2, 3]), ones([3, 2])); // → [[4, 4], [4, 4]] */
export const addmm_ = inPlaceOf("addmm", matmul.addmm);
/** {@link addmv} in place. @example ones([2]).addmv_(ones([2, 3]), ones([3])); // → [4, 4] */
export const addmv_ = inPlaceOf("addmv", matmul.addmv);
/** {@link addr} in place. @example zeros([2, 2]).addr_(tensor([0.5, 1]), tensor([1.5, 2])); // → [[0.75, 1], [1.5, 2]] */
export const addr_ = inPlaceOf("addr", matmul.addr);
/** {@link atan2} in place. @example tensor([0.5, -1]).atan2_(tensor([1, 0])); // → [0.4636, -1.5708] */
export const atan2_ = inPlaceOf("atan2", binary.atan2);
/** {@link baddbmm} in place. @example ones([1, 2, 2]).baddbmm_(ones([1, 2, 3]), ones([1, 3, 2])); // → [[[4, 4], [4, 4]]] */
export const baddbmm_ = inPlaceOf("baddbmm", matmul.baddbmm);
/** {@link bitwiseAnd} in place. @example tensor([6, 7]).bitwiseAnd_(3); // → [2, 3] */
export const bitwiseAnd_ = inPlaceOf("bitwiseAnd", binary.bitwiseAnd);
/** {@link bitwiseLeftShift} in place. @example tensor([1, 3]).bitwiseLeftShift_(2); // → [4, 12] */
export const bitwiseLeftShift_ = inPlaceOf("bitwiseLeftShift", binary.bitwiseLeftShift);
/** {@link bitwiseNot} in place. @example tensor([0, 5]).bitwiseNot_(); // → [-1, -6] */
export const bitwiseNot_ = inPlaceOf("bitwiseNot", bitwiseNot);
/** {@link bitwiseOr} in place. @example tensor([4, 5]).bitwiseOr_(2); // → [6, 7] */
export const bitwiseOr_ = inPlaceOf("bitwiseOr", binary.bitwiseOr);
/** {@link bitwiseRightShift} in place. @example tensor([8, -8]).bitwiseRightShift_(2); // → [2, -2] */
export const bitwiseRightShift_ = inPlaceOf("bitwiseRightShift", binary.bitwiseRightShift);
/** {@link bitwiseXor} in place. @example tensor([6, 7]).bitwiseXor_(3); // → [5, 4] */
export const bitwiseXor_ = inPlaceOf("bitwiseXor", binary.bitwiseXor);
/** {@link celu} in place. @example celu_(tensor([-1, 0.5])); // → [-0.6321, 0.5] */
export const celu_ = inPlaceOf("celu", celu);
/** {@link clamp} in place. @example tensor([-1, 0.5, 3]).clamp_(0, 1); // → [0, 0.5, 1] */
export const clamp_ = inPlaceOf("clamp", clamp.clamp);
/** {@link clampMax} in place. @example tensor([0.5, 3]).clampMax_(1); // → [0.5, 1] */
export const clampMax_ = inPlaceOf("clampMax", clamp.clampMax);
/** {@link clampMin} in place. @example tensor([-1, 0.5]).clampMin_(0); // → [0, 0.5] */
export const clampMin_ = inPlaceOf("clampMin", clamp.clampMin);
/** {@link copysign} in place. @example tensor([1.5, -2]).copysign_(-1); // → [-1.5, -2] */
export const copysign_ = inPlaceOf("copysign", binary.copysign);
/** {@link cumprod} in place. @example tensor([1, 2, 3]).cumprod_(0); // → [1, 2, 6] */
export const cumprod_ = inPlaceOf("cumprod", cumprod);
/** {@link cumsum} in place. @example tensor([1, 2, 3]).cumsum_(0); // → [1, 3, 6] */
export const cumsum_ = inPlaceOf("cumsum", cumsum);
/** {@link deg2rad} in place. @example tensor([90.5, 180]).deg2rad_(); // → [1.5795, 3.1416] */
export const deg2rad_ = inPlaceOf("deg2rad", special.deg2rad);
/** {@link elu} in place. @example elu_(tensor([-1, 0.5])); // → [-0.6321, 0.5] */
export const elu_ = inPlaceOf("elu", elu);
/** {@link eq} in place: 1 where it holds, else 0. @example tensor([1, 2]).eq_(2); // → [0, 1] */
export const eq_ = inPlaceOf("eq", binary.eq);
/** {@link floorDivide} in place. @example tensor([7, -7]).floorDivide_(2); // → [3, -4] */
export const floorDivide_ = inPlaceOf("floorDivide", binary.floorDivide);
/** {@link fmod} in place. @example tensor([7, -7]).fmod_(4); // → [3, -3] */
export const fmod_ = inPlaceOf("fmod", binary.fmod);
/** {@link gcd} in place. @example tensor([12, -9]).gcd_(tensor([18, 6])); // → [6, 3] */
export const gcd_ = inPlaceOf("gcd", gcd);
/** {@link ge} in place: 1 where it holds, else 0. @example tensor([1, 2]).ge_(2); // → [0, 1] */
export const ge_ = inPlaceOf("ge", binary.ge);
/** {@link gt} in place: 1 where it holds, else 0. @example tensor([1, 2]).gt_(1); // → [0, 1] */
export const gt_ = inPlaceOf("gt", binary.gt);
/** {@link hardtanh} in place. @example hardtanh_(tensor([-2, 0.5])); // → [-1, 0.5] */
export const hardtanh_ = inPlaceOf("hardtanh", clamp.hardtanh);
/** {@link heaviside} in place. @example tensor([-1.5, 0, 2]).heaviside_(tensor(0.5)); // → [0, 0.5, 1] */
export const heaviside_ = inPlaceOf("heaviside", special.heaviside);
/** {@link hypot} in place. @example tensor([3, 1.5]).hypot_(tensor([4, 2])); // → [5, 2.5] */
export const hypot_ = inPlaceOf("hypot", binary.hypot);
/** {@link i0} in place. @example tensor([0, 1.5]).i0_(); // → [1, 1.6467] */
export const i0_ = inPlaceOf("i0", i0);
/** {@link indexReduce} in place. @example tensor([1, 2]).indexReduce_(0, tensor([0, 0]), tensor([3, 4]), "prod"); // → [12, 2] */
export const indexReduce_ = inPlaceOf("indexReduce", indexReduce);
/** {@link lcm} in place. @example tensor([4, -6]).lcm_(tensor([6, 4])); // → [12, 12] */
export const lcm_ = inPlaceOf("lcm", lcm);
/** {@link ldexp} in place. @example tensor([1.5, 3]).ldexp_(tensor([2, -1])); // → [6, 1.5] */
export const ldexp_ = inPlaceOf("ldexp", special.ldexp);
/** {@link le} in place: 1 where it holds, else 0. @example tensor([1, 2]).le_(1); // → [1, 0] */
export const le_ = inPlaceOf("le", binary.le);
/** {@link leakyRelu} in place. @example leakyRelu_(tensor([-1, 0.5]), 0.1); // → [-0.1, 0.5] */
export const leakyRelu_ = inPlaceOf("leakyRelu", leakyRelu);
/** {@link lerp} in place. @example tensor([0, 1.5]).lerp_(tensor([1, 2.5]), 0.5); // → [0.5, 2] */
export const lerp_ = inPlaceOf("lerp", clamp.lerp);
/** {@link logicalAnd} in place: 1 where it holds, else 0. @example tensor([0, 2]).logicalAnd_(3); // → [0, 1] */
export const logicalAnd_ = inPlaceOf("logicalAnd", binary.logicalAnd);
/** {@link logicalNot} in place: 1 where it holds, else 0. @example tensor([0, 2]).logicalNot_(); // → [1, 0] */
export const logicalNot_ = inPlaceOf("logicalNot", logicalNot);
/** {@link logicalOr} in place: 1 where it holds, else 0. @example tensor([0, 2]).logicalOr_(0); // → [0, 1] */
export const logicalOr_ = inPlaceOf("logicalOr", binary.logicalOr);
/** {@link logicalXor} in place: 1 where it holds, else 0. @example tensor([0, 2]).logicalXor_(1); // → [1, 0] */
export const logicalXor_ = inPlaceOf("logicalXor", binary.logicalXor);
/** {@link logit} in place. @example tensor([0.5, 0.9]).logit_(); // → [0, 2.1972] */
export const logit_ = inPlaceOf("logit", clamp.logit);
/** {@link lt} in place: 1 where it holds, else 0. @example tensor([1, 2]).lt_(2); // → [1, 0] */
export const lt_ = inPlaceOf("lt", binary.lt);
/** {@link mvlgamma} in place. @example tensor([2.5, 4]).mvlgamma_(2); // → [0.8570, 3.5651] */
export const mvlgamma_ = inPlaceOf("mvlgamma", mvlgamma);
/** {@link nanToNum} in place. @example tensor([NaN, 1]).nanToNum_(); // → [0, 1] */
export const nanToNum_ = inPlaceOf("nanToNum", special.nanToNum);
/** {@link ne} in place: 1 where it holds, else 0. @example tensor([1, 2]).ne_(2); // → [1, 0] */
export const ne_ = inPlaceOf("ne", binary.ne);
/** {@link nextafter} in place. @example tensor([0.5]).nextafter_(tensor([1.5])).sub(0.5).gt(0); // → [true] */
export const nextafter_ = inPlaceOf("nextafter", nextafter);
/** {@link polygamma} in place, of x first. @example polygamma_(tensor([1, 2.5]), 2); // → [-2.4041, -0.2362] */
export const polygamma_ = inPlaceOf("polygamma", polygammaOf);
/** {@link put} in place. @example zeros([2, 2]).put_(tensor([0, -1]), tensor([1.5, 2.5])); // → [[1.5, 0], [0, 2.5]] */
export const put_ = inPlaceOf("put", put);
/** {@link rad2deg} in place. @example tensor([Math.PI, 0]).rad2deg_(); // → [180, 0] */
export const rad2deg_ = inPlaceOf("rad2deg", special.rad2deg);
/** {@link remainder} in place. @example tensor([7, -7]).remainder_(4); // → [3, 1] */
export const remainder_ = inPlaceOf("remainder", binary.remainder);
/** {@link renorm} in place. @example tensor([[3, 4], [0.3, 0.4]]).renorm_(2, 0, 1); // → [[0.6, 0.8], [0.3, 0.4]] */
export const renorm_ = inPlaceOf("renorm", renorm);
/** {@link round} in place. @example tensor([1.26, 2.5]).round_({ decimals: 1 }); // → [1.3, 2.5] */
export const round_ = inPlaceOf("round", round);
/** {@link rrelu} in place. @example rrelu_(tensor([-1, 0.5]), 0.25, 0.75); // → [-0.5, 0.5] */
export const rrelu_ = inPlaceOf("rrelu", rrelu);
/** {@link scatterReduce} in place. @example tensor([1, 2]).scatterReduce_(0, tensor([0, 0]), tensor([5, 4]), "amax"); // → [5, 2] */
export const scatterReduce_ = inPlaceOf("scatterReduce", scatterReduce);
/** {@link selu} in place. @example selu_(tensor([-1, 0.5])); // → [-1.1113, 0.5254] */
export const selu_ = inPlaceOf("selu", clamp.selu);
/** {@link sinc} in place. @example tensor([0, 0.5]).sinc_(); // → [1, 0.6366] */
export const sinc_ = inPlaceOf("sinc", special.sinc);
/** {@link threshold} in place. @example threshold_(tensor([-1, 0.5]), 0, 9); // → [9, 0.5] */
export const threshold_ = inPlaceOf("threshold", clamp.threshold);
/** {@link tril} in place. @example ones([2, 2]).tril_(); // → [[1, 0], [1, 1]] */
export const tril_ = inPlaceOf("tril", arrange.tril);
/** {@link triu} in place. @example ones([2, 2]).triu_(); // → [[1, 1], [0, 1]] */
export const triu_ = inPlaceOf("triu", arrange.triu);
/** {@link xlogy} in place. @example tensor([0, 2.5]).xlogy_(tensor([0, 1.5])); // → [0, 1.0137] */
export const xlogy_ = inPlaceOf("xlogy", binary.xlogy);

const power = inPlaceOf("floatPower", special.floatPower);
/**
 * {@link floatPower} in place.
 *
 * @throws DTypeError unless the tensor is float64, as the result is.
 * @example tensor([2, 3]).double().floatPower_(2); // → [4, 9]
 */
export function floatPower_(x: Tensor, exponent: Parameters<typeof special.floatPower>[1]): Tensor {
  if (x.dtype === "float64") return power(x, exponent);
  throw new DTypeError(`floatPower_: the result is float64, which cannot be stored in a tensor of ${x.dtype}`);
}
