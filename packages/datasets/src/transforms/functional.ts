export * from "./functional-color.js";
export { rgbToGrayscale as toGrayscale } from "./functional-color.js";
export * from "./functional-geometry.js";
export { elasticTransform as elastic, hflip as horizontalFlip, vflip as verticalFlip } from "./functional-geometry.js";
