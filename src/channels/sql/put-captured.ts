import type { Statement } from '../../database/index.ts';

/** Keeps one message; a second attempt at it changes nothing (rule D3). */
export const putCaptured: Statement = {
  name: 'channels-put-captured',
  text: `
    INSERT INTO captured
      (lane, month, message_id, contact_id, channel, recipient, sender, subject, html, text, headers, captured_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, to_timestamp($12::float8 / 1000))
    ON CONFLICT (lane, month, message_id) DO NOTHING`,
};
