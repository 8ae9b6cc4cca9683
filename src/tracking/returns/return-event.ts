import { eventRow, type EventRow } from '../../events/index.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Instant } from '../../shared/clock.ts';
import { derivedId } from '../../shared/ids.ts';
import type { Report } from './report.ts';
import type { ReportedRow } from './sql/reported-message.ts';

/** Segment's names for email (its "Email" spec); text messages are called alike. */
const NAMES: Readonly<Record<Channel, Record<Report['kind'], string>>> = {
  email: { delivered: 'Email Delivered', bounced: 'Email Bounced', complained: 'Email Marked as Spam' },
  sms: { delivered: 'SMS Delivered', bounced: 'SMS Bounced', complained: 'SMS Marked as Spam' },
};

/** The event by which scenarios hear of a return. No sign of life: a machine says so, not the person. */
export function returnEvent(report: Report, row: ReportedRow, seq: number, now: Instant): EventRow {
  const { id: messageId, contactId, userId, scenarioId: scenario, programme, step, template, purpose } = row;
  const about = { messageId, scenario, programme, step, template, purpose, channel: report.channel };
  const meaning = report.kind === 'bounced' ? report.meaning : '';
  return eventRow({
    id: derivedId(contactId, 'event', `relance ${report.kind} ${meaning} ${messageId}`),
    contactId,
    userId,
    seq,
    type: 'track',
    name: NAMES[report.channel][report.kind],
    at: report.at,
    receivedAt: now,
    properties: {
      ...about,
      ...(report.kind === 'delivered' ? {} : { reason: report.reason }),
      ...(report.kind === 'bounced' ? { bounce: report.meaning, status: report.status } : {}),
    },
    historical: false,
    active: false,
  });
}
