// The product of two matrices of 1024 rows and columns, in milliseconds.
import { rand } from "@kindling/tensor";
import { repeat, serve } from "./serve.js";

const a = rand([1024, 1024]);
const b = rand([1024, 1024]);

await serve(
  repeat(() => {
    const start = performance.now();
    a.matmul(b);
    return { matmul: performance.now() - start };
  }),
);
