import type { Evaluation } from "../evaluate.js";
import { formatCount, formatShare } from "./format.js";
import { type Column, headerLine, rowLine } from "./table.js";

/** How well one class was recognised. */
export interface ClassAccuracy {
  readonly class: string;
  readonly images: number;
  readonly correct: number;
  /** From 0 to 1; null if there was no image. */
  readonly accuracy: number | null;
}

/** A test's result, as programs get it. */
export interface EvaluationEvent {
  readonly event: "evaluation";
  readonly model: string;
  readonly images: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly classes: readonly ClassAccuracy[];
}

export function toEvaluationEvent(
  model: string,
  classes: readonly string[],
  { loss, accuracy, perClass }: Evaluation,
): EvaluationEvent {
  const results = perClass.map(({ images, correct }, index) => ({
    class: classes[index] ?? String(index),
    images,
    correct,
    accuracy: images > 0 ? correct / images : null,
  }));
  const images = perClass.reduce((sum, result) => sum + result.images, 0);
  return { event: "evaluation", model, images, loss, accuracy, classes: results };
}

const columns: readonly Column<ClassAccuracy>[] = [
  { title: "class", width: 10, isLeft: true, cell: (row) => row.class },
  { title: "images", width: 7, cell: ({ images }) => formatCount(images) },
  { title: "recognised", width: 10, cell: ({ correct }) => formatCount(correct) },
  { title: "accuracy", width: 8, cell: ({ accuracy }) => (accuracy === null ? "-" : formatShare(accuracy)) },
];

/** The same for people: the overall accuracy, then a table of classes. */
export function evaluationLines({ images, loss, accuracy, classes }: EvaluationEvent): string[] {
  const correct = classes.reduce((sum, result) => sum + result.correct, 0);
  return [
    `Test accuracy ${formatShare(accuracy)}: ${formatCount(correct)} of ${formatCount(images)} images, loss ${loss.toFixed(4)}`,
    "",
    headerLine(columns),
    ...classes.map((row) => rowLine(columns, row)),
  ];
}
