import type { Instant } from '../shared/clock.ts';
import type { CompiledRule } from './rule.ts';
import { countScore } from './score.ts';
import { countWindow, type Asking, type View, type WindowCount } from './count-window.ts';

/** What a rule counts for a message at `at`, and when it next has room, given what was sent so far. */
export function count({ window, unit }: CompiledRule, view: View, asking: Asking, at: Instant): WindowCount {
  return unit.kind === 'score'
    ? countScore(window, unit.halfLife, view, asking, at)
    : countWindow(window, view, asking, at);
}
