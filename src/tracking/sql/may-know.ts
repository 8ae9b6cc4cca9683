/**
 * SQL: whether openings of a message may be known now (rule C7, as `pixelAllowed`): with consent to the brand of its
 * sender, and neither an objection (law L8) nor a restriction, under which nothing is found out (law L12).
 * @param m the message's row
 * @param senders parameters of the senders that have a brand, and of their brands; two arrays in parallel
 */
export const mayKnowOpening = (m: string, [senders, brands]: readonly [string, string]): string => `(
  EXISTS (
    SELECT FROM consent_state s
    WHERE s.lane = ${m}.lane AND s.contact_id = ${m}.contact_id AND s.channel = 'email' AND s.purpose = 'open-tracking'
      AND s.state = 'granted'
      AND s.brand = coalesce(
        (SELECT b.brand FROM unnest(${senders}::text[], ${brands}::text[]) AS b(sender, brand) WHERE b.sender = ${m}.sender), '')
  )
  AND NOT EXISTS (
    SELECT FROM suppression o WHERE o.lane = ${m}.lane AND o.contact_id = ${m}.contact_id AND o.reason IN ('objection', 'erased'))
  AND NOT EXISTS (SELECT FROM restriction r WHERE r.lane = ${m}.lane AND r.contact_id = ${m}.contact_id)
)`;
