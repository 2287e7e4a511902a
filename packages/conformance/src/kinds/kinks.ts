import { type MaxPool2d, Module, type Sequential } from "@kindling/nn";
import { maxPool2d, noGrad, type Tensor } from "@kindling/tensor";
import { Mismatch } from "../outcome.js";

/**
 * Which side of a kink a network takes: which element is the largest, which ones are above 0. Where two are equal within
 * rounding, float32 may choose another one than the exact numbers would, and the gradient jumps; no tolerance for
 * rounding covers that. So a float64 run leads, and float32 runs follow its choices, which must be equal within rounding.
 */
export interface Choices {
  /** Says what would be chosen; returns what is to be chosen. */
  choose(own: Tensor): Tensor;
}

export class LeadingChoices implements Choices {
  readonly taken: Tensor[] = [];

  choose(own: Tensor): Tensor {
    this.taken.push(own);
    return own;
  }

  /** To call before each pass through the network. */
  restart(): void {
    this.taken.length = 0;
  }
}

export class FollowingChoices implements Choices {
  readonly #leader: LeadingChoices;
  #next = 0;

  constructor(leader: LeadingChoices) {
    this.#leader = leader;
  }

  choose(_own: Tensor): Tensor {
    const chosen = this.#leader.taken[this.#next++];
    if (chosen === undefined) throw new Mismatch("more choices than in the float64 run");
    return chosen;
  }

  restart(): void {
    this.#next = 0;
  }
}

/** Throws a Mismatch unless a choice made no difference but rounding. */
function expectTie(own: Tensor, followed: Tensor): void {
  noGrad(() => {
    const difference = own.sub(followed).abs().max().item();
    const scale = own.abs().max().item();
    if (!(difference <= 1e-5 * scale)) throw new Mismatch(`a kink's sides differ by ${difference} of ${scale}`);
  });
}

function chosenRelu(x: Tensor, choices: Choices): Tensor {
  const own = noGrad(() => x.gt(0));
  const chosen = choices.choose(own);
  if (own.equal(chosen)) return x.relu();
  const followed = x.mul(chosen.to(x.dtype));
  expectTie(x.relu(), followed);
  return followed;
}

export class ChosenReLU extends Module {
  readonly #choices: Choices;

  constructor(choices: Choices) {
    super();
    this.#choices = choices;
  }

  forward(x: Tensor): Tensor {
    return chosenRelu(x, this.#choices);
  }
}

export class ChosenMaxPool2d extends Module {
  readonly #pool: MaxPool2d;
  readonly #choices: Choices;

  constructor(pool: MaxPool2d, choices: Choices) {
    super();
    this.#pool = pool;
    this.#choices = choices;
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, dilation, ceilMode } = this.#pool;
    const options = { stride, padding, dilation, ceilMode, returnIndices: true as const };
    const { values, indices } = maxPool2d(x, kernelSize, options);
    const chosen = this.#choices.choose(indices);
    if (indices.equal(chosen)) return values;
    const followed = x.flatten(2).gather(2, chosen.flatten(2)).reshape(values.shape);
    expectTie(values, followed);
    return followed;
  }
}

/** relu(body(x) + shortcut(x)) */
export class Residual extends Module {
  body: Sequential;
  shortcut: Sequential;
  readonly #choices: Choices;

  constructor(body: Sequential, shortcut: Sequential, choices: Choices) {
    super();
    this.body = body;
    this.shortcut = shortcut;
    this.#choices = choices;
  }

  forward(x: Tensor): Tensor {
    return chosenRelu(this.body.forward(x).add(this.shortcut.forward(x)), this.#choices);
  }
}
