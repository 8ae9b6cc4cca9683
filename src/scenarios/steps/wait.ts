import { attributeOf, type Facts } from '../../audience/index.ts';
import {
  addDuration,
  atLocal,
  dateOf,
  instantOf,
  localDate,
  nextOccurrence,
  occurrence,
  parseTimeOfDay,
  readMoment,
  waitUntil,
  type Duration,
  type TimeOfDay,
} from '../../calendar/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { delayName } from '../machine-event.ts';
import type { WaitStep } from '../scenario.schema.ts';
import { delayUntil, durationOf, factsOf, type Place, type StepCompiler, type StepState } from './step-state.ts';

type UntilAttribute = Extract<WaitStep['wait'], { form: 'attribute' }>;

/** Lets time pass: a duration, until a moment of the contact's calendar, or until a date the contact carries. */
export const compileWait: StepCompiler<'wait'> = ({ wait }, place) => {
  switch (wait.form) {
    case 'duration': {
      const length = durationOf(wait.duration);
      return resting(place, (facts) => addDuration(facts.now, length, facts.zone));
    }
    case 'moment':
      return resting(place, ({ now, zone }) =>
        waitUntil(now, { time: wait.time, weekday: wait.weekdays, date: wait.date }, zone),
      );
    case 'attribute':
      return untilAttribute(wait, place);
  }
};

function resting(place: Place, due: (facts: Facts) => Instant): StepState {
  const delay = delayName(place.step);
  return {
    state: { after: { [delay]: [place.way('next')] } },
    delays: {
      [delay]: (args) => {
        const facts = factsOf(args);
        return delayUntil(due(facts), facts);
      },
    },
    waiting: true,
  };
}

/** A missing date never means now: what happens then, and when the date is past, is written in the step. */
function untilAttribute(wait: UntilAttribute, place: Place): StepState {
  const offset = wait.offset === undefined ? undefined : durationOf(wait.offset);
  const at = wait.at === undefined ? null : parseTimeOfDay(wait.at);
  const due = (facts: Facts): Instant | null => attributeInstant(facts, wait.attribute, offset, at);
  const [missing, past] = [`missing:${place.step}`, `past:${place.step}`];
  const rest = resting(place, (facts) => due(facts) ?? facts.now);
  return {
    ...rest,
    state: {
      ...rest.state,
      always: [
        place.way('ifMissing', missing, `${wait.attribute} is missing, or no date`),
        place.way('ifPast', past, `${wait.attribute} is past`),
      ],
    },
    guards: {
      [missing]: (args) => due(factsOf(args)) === null,
      [past]: (args) => {
        const facts = factsOf(args);
        const instant = due(facts);
        // Now is past too: a step that comes round again at the very instant must not wait for it again.
        return instant !== null && instant <= facts.now;
      },
    },
  };
}

const MIDNIGHT: TimeOfDay = { hour: 0, minute: 0 };

/**
 * The instant a contact's date stands for (rule T9); null when it is missing or is no date. A date without a year is its
 * next occurrence after now, so never past: a yearly loop waits for next year's. A date without an hour is midnight local
 * time, unless the step names one.
 */
function attributeInstant(
  facts: Facts,
  attribute: string,
  offset: Duration | undefined,
  at: TimeOfDay | null,
): Instant | null {
  const moment = readMoment(attributeOf(facts.contact, attribute));
  if (moment === null) return null;
  const options = { offset, at: at ?? MIDNIGHT };
  const date = dateOf(moment, facts.zone);
  if (moment.kind === 'yearless')
    return nextOccurrence(date, facts.now + 1, { ...options, yearly: true }, facts.zone)?.at ?? null;
  if (moment.kind === 'date') return occurrence(date, moment.year, options, facts.zone);
  const instant = instantOf(moment, facts.zone)!;
  const moved = offset === undefined ? instant : addDuration(instant, offset, facts.zone);
  return at === null ? moved : atLocal(localDate(moved, facts.zone), at, facts.zone);
}
