import type { Spread } from "./spread.js";

/** A cell of a table; numbers are in the unit that the column names. */
export type Cell = string | number | Spread | null;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a benchmark found. */
export interface Report {
  /** The machine and the programs measured, in words. */
  readonly setting: readonly string[];
  readonly tables: readonly Table[];
  /** What a reader must know to read the tables, and what is wanted. */
  readonly notes: readonly string[];
}

/** An option of the command line: a number or a switch if its default is one. */
export interface Option {
  readonly meaning: string;
  readonly default: number | string | boolean;
}

/** The type of an option's values, by that of its default. */
type ValueOf<Default> = Default extends number ? number : Default extends boolean ? boolean : string;

export interface Benchmark {
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Measures, given a value for every option. */
  run(values: Readonly<Record<string, Option["default"]>>): Promise<Report>;
}

/** A benchmark whose `run` sees each option with its type. */
export function defineBenchmark<const Options extends Readonly<Record<string, Option>>>(benchmark: {
  readonly summary: string;
  readonly options: Options;
  run(values: { [Name in keyof Options]: ValueOf<Options[Name]["default"]> }): Promise<Report>;
}): Benchmark {
  return benchmark as Benchmark;
}
