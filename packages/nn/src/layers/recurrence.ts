import { cat, type Tensor } from "@kindling/tensor";

/** What a recurrent layer carries from step to step: [h], or [h, c]. All are [sequences, size]. */
export type State = readonly Tensor[];

/** One step: the input's share of the gates and the state before it give the state after it. */
export type Advance = (gates: Tensor, state: State) => State;

const rows = (state: State, start: number, length: number): State => state.map((part) => part.narrow(0, start, length));

const joined = (states: readonly State[]): State =>
  states.length === 1
    ? (states[0] as State)
    : (states[0] as State).map((_, i) => cat(states.map((state) => state[i] as Tensor)));

const lengthOf = (state: State): number => state[0]?.shape[0] as number;

/**
 * Runs over steps from the first to the last, or back. `gates` holds the steps of all sequences one after the other;
 * `batchSizes`, which never grow, say how many sequences have each step. Going forward, sequences end one by one; going
 * back, each begins at its own end.
 *
 * Gives h after every step in the order of `gates`, and each sequence's last state.
 */
export function runSteps(
  gates: Tensor,
  batchSizes: readonly number[],
  initial: State,
  advance: Advance,
  isReverse: boolean,
): { output: Tensor; final: State } {
  const steps = gates.split(batchSizes);
  const outputs: Tensor[] = [];
  const ended: State[] = [];
  let state = isReverse ? rows(initial, 0, batchSizes.at(-1) as number) : initial;
  for (let i = 0; i < steps.length; i++) {
    const step = isReverse ? steps.length - 1 - i : i;
    const size = batchSizes[step] as number;
    const before = lengthOf(state);
    if (size > before) state = joined([state, rows(initial, before, size - before)]);
    if (size < before) {
      ended.unshift(rows(state, size, before - size));
      state = rows(state, 0, size);
    }
    state = advance(steps[step] as Tensor, state);
    outputs[step] = state[0] as Tensor;
  }
  return { output: cat(outputs), final: joined([state, ...ended]) };
}
