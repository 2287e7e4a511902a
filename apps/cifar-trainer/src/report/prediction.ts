import type { Probability } from "../predict.js";
import { formatShare } from "./format.js";
import { type Column, rowLine } from "./table.js";

const columns: readonly Column<Probability>[] = [
  { title: "", width: 12, isLeft: true, cell: (row) => `  ${row.class}` },
  { title: "", width: 8, cell: ({ probability }) => formatShare(probability) },
  { title: "", width: 0, isLeft: true, cell: ({ probability }) => "█".repeat(Math.round(probability * 20)) },
];

/** An image's classes with their probabilities, one a line. */
export function predictionLines(image: string, probabilities: readonly Probability[]): string[] {
  return [`${image}: ${probabilities[0]?.class ?? ""}`, ...probabilities.map((row) => rowLine(columns, row))];
}
