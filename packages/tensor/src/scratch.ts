import { Storage } from "./storage.js";

/**
 * Runs `body` with the address of `bytes` of working memory (0 if none is needed) and takes the memory
 * back at once. Nothing may be allocated inside `body`.
 */
export function withScratch(bytes: number, body: (address: number) => void): void {
  if (bytes === 0) {
    body(0);
    return;
  }
  const storage = new Storage(bytes);
  storage.owned = true;
  try {
    body(storage.block.address());
  } finally {
    storage.reuseIfDead();
  }
}
