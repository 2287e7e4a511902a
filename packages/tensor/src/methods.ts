import type { GeneratorOptions } from "./draw.js";
import * as aliases from "./ops/aliases.js";
import * as arrange from "./ops/arrange.js";
import * as attention from "./ops/attention.js";
import * as bilinear from "./ops/bilinear.js";
import * as binary from "./ops/binary.js";
import * as cast from "./ops/cast.js";
import * as clamp from "./ops/clamp.js";
import * as convolution from "./ops/convolution.js";
import * as covariance from "./ops/covariance.js";
import * as distance from "./ops/distance.js";
import * as distributions from "./ops/distributions.js";
import * as dropout from "./ops/dropout.js";
import * as embedding from "./ops/embedding.js";
import * as embeddingBag from "./ops/embedding-bag.js";
import * as fill from "./ops/fill.js";
import * as flip from "./ops/flip.js";
import * as floating from "./ops/floating.js";
import * as gather from "./ops/gather.js";
import * as gridSample from "./ops/grid-sample.js";
import * as histogram from "./ops/histogram.js";
import * as im2col from "./ops/im2col.js";
import * as inPlace from "./ops/in-place.js";
import * as indexSelect from "./ops/index-select.js";
import * as indexing from "./ops/indexing.js";
import * as integer from "./ops/integer.js";
import * as interpolate from "./ops/interpolate.js";
import * as linearAlgebra from "./ops/linear-algebra.js";
import * as localResponseNorm from "./ops/local-response-norm.js";
import * as masked from "./ops/masked.js";
import * as matmul from "./ops/matmul.js";
import * as methodOnly from "./ops/method-only.js";
import * as mode from "./ops/mode.js";
import * as newLike from "./ops/new.js";
import * as normalization from "./ops/normalization.js";
import * as pad from "./ops/pad.js";
import * as pixelShuffle from "./ops/pixel-shuffle.js";
import type { AdaptiveSize, MaxPoolOptions, PooledAndIndices } from "./ops/pooling.js";
import * as pooling from "./ops/pooling.js";
import * as poolingVariants from "./ops/pooling-variants.js";
import * as properties from "./ops/properties.js";
import * as put from "./ops/put.js";
import * as quantile from "./ops/quantile.js";
import * as random from "./ops/random.js";
import type { KeepdimOptions, ValuesAndIndices } from "./ops/reduction.js";
import * as reduction from "./ops/reduction.js";
import * as renorm from "./ops/renorm.js";
import * as rrelu from "./ops/rrelu.js";
import * as scan from "./ops/scan.js";
import * as search from "./ops/search.js";
import * as softmax from "./ops/softmax.js";
import * as sorting from "./ops/sorting.js";
import * as special from "./ops/special.js";
import * as split from "./ops/split.js";
import * as statistics from "./ops/statistics.js";
import * as unary from "./ops/unary.js";
import * as unique from "./ops/unique.js";
import * as view from "./ops/view.js";
import * as viewScatter from "./ops/view-scatter.js";
import type { Pair } from "./ops/window.js";
import { Tensor } from "./tensor.js";

/** The operations that are methods too: each takes the tensor first. Add a family by adding its module. */
const families = {
  ...attention,
  ...bilinear,
  ...binary,
  ...cast,
  ...clamp,
  ...convolution,
  ...dropout,
  ...flip,
  ...arrange,
  ...embedding,
  ...embeddingBag,
  ...fill,
  ...indexing,
  ...indexSelect,
  ...masked,
  ...split,
  ...gather,
  ...localResponseNorm,
  ...matmul,
  ...normalization,
  ...pad,
  ...pooling,
  ...reduction,
  ...rrelu,
  ...scan,
  ...search,
  ...softmax,
  ...sorting,
  ...unary,
  ...view,
  ...random,
  ...distance,
  ...linearAlgebra,
  ...pixelShuffle,
  ...poolingVariants,
  ...special,
  ...statistics,
  ...viewScatter,
  ...im2col,
  ...gridSample,
  ...interpolate,
  ...aliases,
  ...methodOnly,
  ...inPlace,
  ...newLike,
  ...properties,
  ...unique,
  ...renorm,
  ...quantile,
  ...put,
  ...mode,
  ...integer,
  ...histogram,
  ...floating,
  ...distributions,
  ...covariance,
};

// An intersection of modules, not the type of the object above: that one could only be known once
// Tensor, which is made of it, is.
type Families = typeof attention &
  typeof bilinear &
  typeof binary &
  typeof cast &
  typeof clamp &
  typeof convolution &
  typeof dropout &
  typeof flip &
  typeof arrange &
  typeof embedding &
  typeof embeddingBag &
  typeof fill &
  typeof indexing &
  typeof indexSelect &
  typeof masked &
  typeof split &
  typeof gather &
  typeof localResponseNorm &
  typeof matmul &
  typeof normalization &
  typeof pad &
  typeof pooling &
  typeof reduction &
  typeof rrelu &
  typeof scan &
  typeof search &
  typeof softmax &
  typeof sorting &
  typeof unary &
  typeof view &
  typeof random &
  typeof distance &
  typeof linearAlgebra &
  typeof pixelShuffle &
  typeof poolingVariants &
  typeof special &
  typeof statistics &
  typeof viewScatter &
  typeof im2col &
  typeof gridSample &
  typeof interpolate &
  typeof aliases &
  typeof methodOnly &
  typeof inPlace &
  typeof newLike &
  typeof properties &
  typeof unique &
  typeof renorm &
  typeof quantile &
  typeof put &
  typeof mode &
  typeof integer &
  typeof histogram &
  typeof floating &
  typeof distributions &
  typeof covariance;

type Method<F> = F extends (self: infer _Self, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** Of an overloaded function only the last form can be inferred, so these are spelled out. */
interface Overloaded {
  /** The largest element of all. See {@link reduction.max}. */
  max(): Tensor;
  /** The larger of the two, elementwise. See {@link reduction.max}. */
  max(other: Tensor): Tensor;
  /** The largest elements along a dimension, and where they are. See {@link reduction.max}. */
  max(dim: number, options?: KeepdimOptions): ValuesAndIndices;
  /** The smallest element of all. See {@link reduction.min}. */
  min(): Tensor;
  /** The smaller of the two, elementwise. See {@link reduction.min}. */
  min(other: Tensor): Tensor;
  /** The smallest elements along a dimension, and where they are. See {@link reduction.min}. */
  min(dim: number, options?: KeepdimOptions): ValuesAndIndices;
  /** The median of all elements but NaN. See {@link mode.nanmedian}. */
  nanmedian(): Tensor;
  /** The medians along a dimension of all but NaN, and where they are. See {@link mode.nanmedian}. */
  nanmedian(dim: number, options?: KeepdimOptions): ValuesAndIndices;
  /** Whole numbers of the whole range of the dtype, in place. See {@link random.random_}. */
  random_(options?: GeneratorOptions): Tensor;
  /** Whole numbers of [0, high), in place. See {@link random.random_}. */
  random_(high: number, options?: GeneratorOptions): Tensor;
  /** Whole numbers of [low, high), in place. See {@link random.random_}. */
  random_(low: number, high: number, options?: GeneratorOptions): Tensor;
  /** The median of all elements. See {@link sorting.median}. */
  median(): Tensor;
  /** The medians along a dimension, and where they are. See {@link sorting.median}. */
  median(dim: number, options?: KeepdimOptions): ValuesAndIndices;
  /** Maxima of windows that give a size. See {@link pooling.adaptiveMaxPool1d}. */
  adaptiveMaxPool1d(outputSize: number | readonly number[], options?: { returnIndices?: false }): Tensor;
  /** Maxima of windows that give a size, and where they are. See {@link pooling.adaptiveMaxPool1d}. */
  adaptiveMaxPool1d(outputSize: number | readonly number[], options: { returnIndices: true }): PooledAndIndices;
  /** Maxima of windows that give a size. See {@link pooling.adaptiveMaxPool2d}. */
  adaptiveMaxPool2d(outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
  /** Maxima of windows that give a size, and where they are. See {@link pooling.adaptiveMaxPool2d}. */
  adaptiveMaxPool2d(outputSize: AdaptiveSize, options: { returnIndices: true }): PooledAndIndices;
  /** Maxima of windows that give a size. See {@link pooling.adaptiveMaxPool3d}. */
  adaptiveMaxPool3d(outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
  /** Maxima of windows that give a size, and where they are. See {@link pooling.adaptiveMaxPool3d}. */
  adaptiveMaxPool3d(outputSize: AdaptiveSize, options: { returnIndices: true }): PooledAndIndices;
  /** Maxima of windows. See {@link pooling.maxPool3d}. */
  maxPool3d(kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
  /** Maxima of windows, and where they are. See {@link pooling.maxPool3d}. */
  maxPool3d(kernelSize: Pair, options: MaxPoolOptions & { returnIndices: true }): PooledAndIndices;
  /** Maxima of windows. See {@link pooling.maxPool1d}. */
  maxPool1d(kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
  /** Maxima of windows, and where they are. See {@link pooling.maxPool1d}. */
  maxPool1d(kernelSize: Pair, options: MaxPoolOptions & { returnIndices: true }): PooledAndIndices;
  /** Maxima of windows. See {@link pooling.maxPool2d}. */
  maxPool2d(kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
  /** Maxima of windows, and where they are. See {@link pooling.maxPool2d}. */
  maxPool2d(kernelSize: Pair, options: MaxPoolOptions & { returnIndices: true }): PooledAndIndices;
}

/**
 * `x.method(…)` for every operation `method(x, …)`. It maps the functions with `as`, not with `Exclude` of their names,
 * so that the methods keep their docstrings: editors show at `x.sum` what stands at `sum`.
 */
export type Methods = Overloaded & { [K in keyof Families as Exclude<K, keyof Overloaded>]: Method<Families[K]> };

for (const [name, operation] of Object.entries(families)) {
  Object.defineProperty(Tensor.prototype, name, {
    value: function method(this: Tensor, ...rest: unknown[]) {
      return (operation as (...args: unknown[]) => unknown)(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
