import { RESERVED_TRAITS } from '../../contacts/index.ts';
import { faultAt, type LintRule } from './rule.ts';

/** Fields of every contact that are texts of another kind. */
const NO_DATES: ReadonlySet<string> = new Set(
  RESERVED_TRAITS.filter((name) => name !== 'birthday' && name !== 'createdAt'),
);

/** A date trigger, or a wait until a date, reads a field of the contact that is never one. */
export const notADate: LintRule = (subject) => {
  const { trigger, steps } = subject.scenario;
  const read = [
    ...(trigger.kind === 'date' ? [{ name: trigger.date, path: ['trigger', 'date'] }] : []),
    ...Object.entries(steps).flatMap(([id, step]) =>
      step.kind === 'wait' && step.wait.form === 'attribute'
        ? [{ name: step.wait.attribute, path: ['steps', id, 'wait', 'until', 'attribute'] }]
        : [],
    ),
  ];
  return read
    .filter(({ name }) => NO_DATES.has(name))
    .map(({ name, path }) =>
      faultAt(subject, path, {
        code: 'not-a-date',
        message: `${name} of a contact is never a date, so its day never comes`,
        hint: 'name an attribute that holds a date, such as birthday or createdAt',
      }),
    );
};
