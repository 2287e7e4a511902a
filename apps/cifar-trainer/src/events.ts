import type { TrainConfig } from "./presets.js";

/** What happens in a training run, in order: all that reporters get to know. Losses are per image, but for `lossSum`. */
export type TrainingEvent = StartEvent | StepEvent | TestEvent | EpochEvent | DoneEvent;

export interface StartEvent extends TrainConfig {
  readonly event: "start";
  readonly backend: string;
  readonly isa: string;
  readonly threads: number;
  /** Why the kernels are not the native ones. */
  readonly reason?: string;
  readonly trainImages: number;
  readonly testImages: number;
  readonly stepsPerEpoch: number;
}

export interface StepEvent {
  readonly event: "step";
  readonly epoch: number;
  /** Counted from 1 in each epoch. */
  readonly step: number;
  readonly loss: number;
}

/** Some more test images have been classified. */
export interface TestEvent {
  readonly event: "test";
  readonly epoch: number;
  readonly images: number;
}

export interface EpochEvent {
  readonly event: "epoch";
  readonly epoch: number;
  /** Sum of the losses of the batches. */
  readonly lossSum: number;
  /** Mean of the losses of the batches. */
  readonly loss: number;
  /** Null where the preset does not test. */
  readonly testLoss: number | null;
  /** From 0 to 1; null where the preset does not test. */
  readonly testAccuracy: number | null;
  readonly imagesPerSecond: number;
  /** Of the training alone, without the test. */
  readonly seconds: number;
}

export interface DoneEvent {
  readonly event: "done";
  /** Absolute path of the saved model. */
  readonly model: string;
  /** Set if a signal ended the run before its last epoch was over. */
  readonly interrupted?: boolean;
}
