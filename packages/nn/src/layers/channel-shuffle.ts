import { channelShuffle, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Takes the channels of `groups` groups in turns. See `channelShuffle`.
 *
 * **Shapes** x: [N, C, ...]; result: the same. Source: Zhang et al. 2018.
 * @throws ShapeError if the groups do not divide the channels; UsageError for a bad number of groups.
 * @example new ChannelShuffle(2).forward(randn([1, 4, 2, 2])).shape; // → [1, 4, 2, 2]
 */
export class ChannelShuffle extends Module {
  static readonly keepsNoTensors = true;
  readonly groups: number;

  constructor(groups: number) {
    super();
    this.groups = groups;
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
