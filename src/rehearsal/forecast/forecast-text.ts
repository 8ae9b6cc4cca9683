import { showInstant, showSpan } from '../show.ts';
import { columns } from './columns.ts';
import { compared } from './compared.ts';
import { OUTCOMES, type Forecast, type PolicyForecast, type Reach } from './forecast.ts';
import { sidesSection } from './sides.ts';
import { showDay, showEstimate, showInput, showMoney, showNumber, showReach, showWhy } from './words.ts';

/** A forecast for the terminal; two policies side by side first, then each by itself. */
export function forecastText(forecast: Forecast): string {
  const lines = [...head(forecast)];
  if (forecast.policies.length > 1) lines.push('', ...compared(forecast));
  for (const policy of forecast.policies) {
    if (forecast.policies.length > 1) lines.push('', `== ${policy.policy}`);
    lines.push(...sections(policy, forecast).flatMap((section) => (section.length > 1 ? ['', ...section] : [])));
  }
  return `${lines.join('\n')}\n`;
}

function head({ from, until, timezone, days, contacts, sample, complete, input, scenarios, seed }: Forecast): string[] {
  const period = `${showInstant(from, timezone)} to ${showInstant(until, timezone)}, ${timezone}`;
  const lines = [`Forecast over ${days} ${days === 1 ? 'day' : 'days'}: ${period}`];
  if (scenarios !== null) lines.push(`of ${scenarios.join(', ')}; all others run beside`);
  lines.push(
    `${showNumber(contacts.now)} contacts, of whom ${showNumber(contacts.concerned)} are concerned; ${showNumber(contacts.simulated)} simulated`,
  );
  lines.push(showInput(input, seed));
  if (!complete) lines.push('STOPPED before its end: what follows is estimated from those who had been simulated');
  if (sample < 1)
    lines.push(`A sample of ${showNumber(sample * 100)} % (seed ${seed}): ± is the margin within which 95 of 100 lie`);
  else if (!complete) lines.push('± is the margin within which 95 of 100 lie');
  if (sample < 1 || !complete)
    lines.push('! stands where few contacts make most of a total: its margin may be too narrow; draw more');
  return lines;
}

function sections(policy: PolicyForecast, { timezone }: Forecast): string[][] {
  return [
    totals(policy),
    sidesSection(policy),
    byScenario(policy),
    byCall(policy),
    byDay(policy),
    refused(policy),
    held(policy),
    conflicts(policy),
    reach('Contacts', policy.reach),
    policy.newcomers.contacts.value > 0 ? reach('Newcomers', policy.newcomers) : [],
    notes(policy, timezone),
  ];
}

function totals({ entries, messages, outcomes, sms, calls: { total: calls } }: PolicyForecast): string[] {
  const rows = [
    ['entries', showEstimate(entries)],
    ['messages', showEstimate(messages)],
    ...OUTCOMES.filter((outcome) => outcome === 'sent' || outcomes[outcome].value > 0).map((outcome) => [
      `  ${outcome}`,
      showEstimate(outcomes[outcome]),
    ]),
  ];
  if (calls.value > 0) rows.push(['webhook calls', showEstimate(calls)]);
  if (sms.parts.value > 0) rows.push(['SMS parts', showEstimate(sms.parts)]);
  if (sms.cost !== null) rows.push(['SMS cost', showMoney(sms.cost)]);
  return ['Totals', ...columns(rows)];
}

function byScenario({ scenarios }: PolicyForecast): string[] {
  const shown = OUTCOMES.filter((outcome) => scenarios.some(({ outcomes }) => outcomes[outcome].value > 0));
  const rows = scenarios.map(({ scenario, entries, outcomes }) => [
    scenario,
    showEstimate(entries),
    ...shown.map((outcome) => showEstimate(outcomes[outcome])),
  ]);
  return rows.length === 0 ? [] : columns([['Scenario', 'entries', ...shown], ...rows]);
}

function byCall({ calls: { steps } }: PolicyForecast): string[] {
  const rows = steps.map((each) => [`${each.scenario}, ${each.step}`, showEstimate(each.calls)]);
  return ['Webhook steps', ...columns(rows)];
}

/** One column a programme and channel that sends anything. */
function byDay({ days }: PolicyForecast): string[] {
  const cells = [
    ...new Set(days.flatMap(({ sent }) => sent.map(({ channel, programme }) => `${programme} ${channel}`))),
  ].sort();
  if (days.every(({ entries, outcomes }) => entries + outcomes.sent + outcomes.blocked + outcomes.expired === 0))
    return [];
  const rows = days.map(({ day, entries, outcomes, sent }) => [
    showDay(day),
    showNumber(entries),
    ...cells.map((cell) =>
      showNumber(sent.find(({ channel, programme }) => `${programme} ${channel}` === cell)?.messages ?? 0),
    ),
    showNumber(outcomes.sent),
    showNumber(outcomes.blocked),
    showNumber(outcomes.expired),
  ]);
  return columns([['Day', 'entries', ...cells, 'sent', 'blocked', 'expired'], ...rows]);
}

function refused({ refused: all }: PolicyForecast): string[] {
  const rows = all.map(({ outcome, messages, programmes, ...why }) => [
    `${outcome} by ${showWhy(why)}`,
    showEstimate(messages),
    programmes.map((each) => `${each.programme} ${showNumber(each.messages.value)}`).join(', '),
  ]);
  return ['What gates and rules keep back', ...columns(rows)];
}

function held({ held: all }: PolicyForecast): string[] {
  const span = (minutes: number): string => showSpan(minutes * 60_000);
  const rows = all.map(({ messages, median, p90, longest, ...why }) => [
    showWhy(why),
    showEstimate(messages),
    span(median),
    span(p90),
    span(longest),
  ]);
  return rows.length === 0 ? [] : columns([['Held by', 'messages', 'half within', '9 of 10', 'longest'], ...rows]);
}

function conflicts({ conflicts: all }: PolicyForecast): string[] {
  const rows = all.map(({ winner, loser, rule, held: waited, blocked }) => [
    `${winner} before ${loser}`,
    rule,
    showEstimate(waited),
    showEstimate(blocked),
  ]);
  return rows.length === 0 ? [] : columns([['Whose messages took whose room', 'rule', 'held', 'blocked'], ...rows]);
}

function reach(title: string, { contacts, reached, nothing, why }: Reach): string[] {
  const rows = [
    ['  get something', showEstimate(reached)],
    ['  get nothing at all', showEstimate(nothing)],
    ...why.map((each) => [`    ${showReach(each)}`, showEstimate(each.contacts)]),
  ];
  return columns([[title, showEstimate(contacts)], ...rows]);
}

function notes({ busiestMinute, broken }: PolicyForecast, timezone: string): string[] {
  const lines = ['Notes'];
  if (busiestMinute !== null) {
    const { at, messages, channels } = busiestMinute;
    const each = Object.entries(channels).map(([channel, count]) => `${channel} ${showNumber(count)}`);
    lines.push(`busiest minute: ${showInstant(at, timezone)}, ${showEstimate(messages)} messages (${each.join(', ')})`);
  }
  if (broken.contacts > 0)
    lines.push(
      `${showNumber(broken.contacts)} contacts were left out: the engine cannot move them on, such as ${broken.example}`,
    );
  return lines;
}
