import { plainArray, type Sql } from '../database/index.ts';
import { readPublished } from '../scenarios/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { LANES } from '../shared/ids.ts';
import { scenarioSteps, scenarioTotals, type Heard } from './sql/scenario-results.ts';

/** What came of messages. `opened` is out of `openable`, the people who allow it to be known; null when nobody does. */
export interface Outcome extends Omit<Heard, 'opened'> {
  opened: number | null;
}

/** What came of everybody who entered a scenario in a time; the holdout is counted by itself. */
export interface ScenarioResults extends Outcome {
  entered: number;
  converted: number;
  holdout: { entered: number; converted: number };
  /** `converted`: how many conversions had this as the last message handed over, or clicked, before them. */
  steps: (Outcome & {
    step: string;
    template: string;
    channel: string;
    converted: { afterSent: number; afterClick: number };
  })[];
}

const ALL_LANES = plainArray(Array.from({ length: LANES }, (_, lane) => lane));

/**
 * The results of whoever entered in [`from`, `to`); two statements, whatever the size of the base.
 * Throws UserError when the scenario was never published.
 */
export async function scenarioResults(sql: Sql, id: string, from: Instant, to: Instant): Promise<ScenarioResults> {
  const published = await readPublished(sql);
  const versions = published.versionsOf(id);
  if (versions.length === 0) published.scenario(id);
  const shares = versions.map((version) => published.scenario(id, version).definition.holdout ?? 0);
  const values = [ALL_LANES, id, from, to, plainArray(versions), plainArray(shares), monthOf(from)];
  const [totals] = await sql.run(scenarioTotals, values);
  const steps = await sql.run(scenarioSteps, values);
  const { entered, converted, holdoutEntered, holdoutConverted, ...heard } = totals!;
  return {
    entered,
    converted,
    ...outcome(heard),
    holdout: { entered: holdoutEntered, converted: holdoutConverted },
    steps: steps.map(({ step, template, channel, convertedAfterSent, convertedAfterClick, ...rest }) => ({
      step,
      template,
      channel,
      ...outcome(rest),
      converted: { afterSent: convertedAfterSent, afterClick: convertedAfterClick },
    })),
  };
}

function outcome(heard: Heard): Outcome {
  return { ...heard, opened: heard.openable === 0 ? null : heard.opened };
}
