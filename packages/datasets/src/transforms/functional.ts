export * from "./functional-color.js";
export * from "./functional-geometry.js";
