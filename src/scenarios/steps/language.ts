/** One way out of a step, as written. */
export interface WayOut {
  /** `next`, `onBlocked`, `onEvent`, `onTimeout`, `ifMissing`, `ifPast`, `otherwise`, `switch.sms`, or the number of a branch. */
  name: string;
  /** The step written there, or `end` or `exit`; undefined means the step below. */
  target: string | undefined;
  /** Where it is written, below the step. */
  at: readonly (string | number)[];
  /** True when the way can be taken in the instant in which the step was entered. */
  immediate: boolean;
}

/** Names no step may have: they are places, not steps. */
export const RESERVED_STEPS = ['end', 'exit', 'next'] as const;
