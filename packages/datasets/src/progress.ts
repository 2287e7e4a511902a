/** How far a long data operation has come; `done` and `total` are bytes while downloading, files otherwise. */
export interface ProgressEvent {
  /** `wait`: another process is downloading the same data; `download`, `decode` and `write` follow each other. */
  readonly phase: "wait" | "download" | "decode" | "write";
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
  /** Where the data come from, in words. */
  readonly source: string;
}

/** Called often while data are fetched, from the event loop; draw a bar, or ignore it. */
export type ProgressListener = (event: ProgressEvent) => void;
