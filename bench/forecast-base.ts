import { createDataSource, Database, connect, ensureMonths, migrate } from '../src/database/index.ts';
import { PublishService, readyLibrary } from '../src/scenarios/index.ts';
import { connected } from './server.ts';

const DAY = 86_400_000;

/**
 * A base as it may be after a year, made by a few statements: contacts of four countries with consents, watches as the
 * engine would have left them, two sends each within the last month, and events of the last four months, among them
 * those that the welcome programme begins with. The scenarios are those of `places`.
 */
export async function fillBase(
  url: string,
  contacts: number,
  now: number,
  places: { scenariosDir: string; templatesDir: string },
): Promise<void> {
  const dataSource = createDataSource({ url, poolSize: 2 });
  await connect(dataSource);
  const database = new Database(dataSource);
  await migrate(dataSource);
  await ensureMonths(database, now - 130 * DAY, now + 60 * DAY);
  const publisher = new PublishService(database);
  await publisher.publish(await publisher.plan((await readyLibrary(places)).files), now);
  await dataSource.destroy();
  await connected(url, async (client) => {
    await client.query("SET timezone = 'UTC'");
    for (const text of STATEMENTS)
      await client.query(
        text.replaceAll('$now', `to_timestamp(${now / 1000})`).replaceAll('$contacts', String(contacts)),
      );
    await client.query('VACUUM ANALYZE');
  });
}

/** The same number for a contact and a purpose each time, 0 to 99. */
const PERCENT = (what: string): string => `(abs(hashtext(id::text || '${what}')) % 100)`;
const FRACTION = (what: string): string => `(abs(hashtext(id::text || '${what}')) % 1000000 / 1000000.0)`;

const STATEMENTS = [
  `INSERT INTO contact (lane, id, user_id, email, phone, first_name, birthday, locale, timezone, country, created_at)
   SELECT get_byte(decode(left(h, 2), 'hex'), 0) % 64, h::uuid, 'user-' || n,
          CASE WHEN n % 33 > 0 THEN 'user-' || n || '@example.com' END, CASE WHEN n % 5 < 3 THEN '+336' || 10000000 + n END,
          'Ada', CASE WHEN n % 4 > 0 THEN to_char(date '1960-01-01' + (n::bigint * 7919 % 16000)::int, 'YYYY-MM-DD') END, 'fr',
          (ARRAY['Europe/Paris', 'Europe/Paris', 'Europe/Paris', 'Europe/London', 'America/New_York'])[1 + n % 5],
          (ARRAY['FR', 'FR', 'BE', 'GB', 'US'])[1 + n % 5], $now - (n % 900 + 1) * interval '1 day'
   FROM (SELECT n, md5('user-' || n) AS h FROM generate_series(1, $contacts) n) c`,
  `INSERT INTO consent_state (lane, contact_id, channel, purpose, state, at, legal_basis)
   SELECT lane, id, channel, purpose, 'granted', created_at, 'consent' FROM contact
   CROSS JOIN (VALUES ('email', 'newsletter', 80), ('email', 'offers', 70), ('sms', 'newsletter', 40)) AS k(channel, purpose, share)
   WHERE abs(hashtext(id::text || channel || purpose)) % 100 < share`,
  // Looked at within the last thirty days, so due again within the next.
  `INSERT INTO watch (lane, contact_id, scenario_id, due_at)
   SELECT lane, id, 'inactive-30-days',
          ((date_trunc('day', $now) + (1 + ${PERCENT('watch')} % 30) * interval '1 day' + interval '10 hours') AT TIME ZONE 'UTC') AT TIME ZONE timezone
   FROM contact`,
  `INSERT INTO watch (lane, contact_id, scenario_id, due_at)
   SELECT lane, id, 'birthday-greeting', (
     SELECT min(d) FROM (
       SELECT (make_date(y, extract(month FROM birthday::date)::int, least(extract(day FROM birthday::date)::int, 28)) + time '09:00') AT TIME ZONE timezone AS d
       FROM generate_series(extract(year FROM $now)::int, extract(year FROM $now)::int + 1) y
     ) dates WHERE d > $now)
   FROM contact`,
  // The latest sign of life: two thirds within a month.
  `INSERT INTO event (lane, month, id, contact_id, user_id, seq, type, name, at, received_at, properties)
   SELECT lane, date_trunc('month', at), gen_random_uuid(), id, user_id, (extract(epoch FROM at) * 1000)::bigint * 1024, 'track',
          (ARRAY['Product Viewed', 'Logged In', 'Product Viewed'])[1 + ${PERCENT('name')} % 3], at, at, '{}'
   FROM (SELECT *, $now - ${FRACTION('life')} ^ 2 * 70 * interval '1 day' AS at FROM contact) c WHERE ${PERCENT('active')} < 90`,
  `INSERT INTO event (lane, month, id, contact_id, user_id, seq, type, name, at, received_at, properties)
   SELECT lane, date_trunc('month', at), gen_random_uuid(), id, user_id, (extract(epoch FROM at) * 1000)::bigint * 1024, 'track',
          'Form Submitted', at, at, '{"form": "newsletter"}'
   FROM (SELECT *, $now - ${FRACTION('form')} * 28 * interval '1 day' AS at FROM contact) c WHERE ${PERCENT('subscribes')} < 6`,
  `INSERT INTO event (lane, month, id, contact_id, user_id, seq, type, name, at, received_at, properties)
   SELECT lane, date_trunc('month', at), gen_random_uuid(), id, user_id, (extract(epoch FROM at) * 1000)::bigint * 1024, 'track',
          'Order Completed', at, at, '{"total": 40}'
   FROM (SELECT *, $now - ${FRACTION('order')} * 28 * interval '1 day' AS at FROM contact) c WHERE ${PERCENT('orders')} < 10`,
  `INSERT INTO message (lane, month, id, contact_id, scenario_id, scenario_version, programme, step, channel, template,
                        template_version, category, purpose, priority, sender, needs_consent, subject_to, counts_toward,
                        planned_at, status, due_at, counted_at, settled_at)
   SELECT lane, date_trunc('month', at), gen_random_uuid(), id, 'newsletter-weekly', 1, 'newsletter', 'mail', 'email', 'news', 1,
          'marketing', 'newsletter', 20, 'brand', true, true, true, at, 'sent', at, at, at
   FROM (SELECT c.*, $now - (${FRACTION('sent')} * 14 + k * 14) * interval '1 day' AS at FROM contact c, generate_series(0, 1) k
         WHERE email IS NOT NULL) c`,
];
