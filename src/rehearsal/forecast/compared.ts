import { columns } from './columns.ts';
import type { Estimate } from './estimate.ts';
import type { Compared, Forecast } from './forecast.ts';
import { showDifference, showEstimate, showMoney, showWhy } from './words.ts';

/** Two policies side by side, on the same contacts and events. */
export function compared({ policies, comparison }: Forecast): string[] {
  const rows = comparison.map((row) => [
    `${row.figure === 'outcome' ? '  ' : ''}${showFigure(row)}`,
    ...showCompared(row, policies),
  ]);
  return columns([['Side by side', ...policies.map(({ policy }) => policy), 'difference'], ...rows]);
}

/** A row's three amounts. */
export function showCompared(row: Compared, policies: Forecast['policies']): [string, string, string] {
  const currency = policies[0]!.sms.cost?.currency ?? '';
  const show = row.figure === 'sms-cost' ? (amount: Estimate) => showMoney({ amount, currency }) : showEstimate;
  return [show(row.before), show(row.after), showDifference(row.difference, show)];
}

/** What a row of the comparison counts. */
export function showFigure({ figure, outcome, programme, ...why }: Compared): string {
  switch (figure) {
    case 'outcome':
      return outcome!;
    case 'sent':
      return `sent by ${programme}`;
    case 'refused':
      return `${outcome} by ${showWhy(why)}`;
    case 'held':
      return `held by ${showWhy(why)}`;
    case 'reached':
      return 'contacts who get something';
    case 'nothing':
      return 'contacts who get nothing';
    case 'busiest-minute':
      return 'busiest minute';
    case 'calls':
      return 'webhook calls';
    case 'sms-parts':
      return 'SMS parts';
    case 'sms-cost':
      return 'SMS cost';
    case 'entries':
    case 'messages':
      return figure;
  }
}
