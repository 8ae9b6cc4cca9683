import { until } from '../support/until.ts';

/** One request; true when it was acknowledged, false when it is to be sent again. */
export type Post = (route: string, body: object) => Promise<boolean>;

/** What one customer's backend sends, in this order; what is acknowledged goes into `acknowledged`. */
export async function live(post: Post, index: number, acknowledged: Set<string>): Promise<void> {
  const userId = `customer-${index}`;
  const send = async (route: string, body: { messageId?: string } & Record<string, unknown>): Promise<void> => {
    // As a real client does: again, with the same messageId, until it is acknowledged.
    await until(() => post(route, { userId, ...body }), { within: 200_000, what: () => `${route} of ${userId}` });
    if (body.messageId !== undefined) acknowledged.add(body.messageId);
  };
  const plan = index % 3 === 0 ? 'pro' : 'free';
  await send('/v1/identify', {
    messageId: `${userId}-1`,
    traits: { email: `${userId}@example.com`, firstName: 'Ada', plan },
  });
  if (index % 5 !== 4) {
    const source = { kind: 'form', reference: 'sign-up', textVersion: '1' };
    await send('/v1/consent', {
      entries: [{ channel: 'email', purpose: 'newsletter', action: 'granted', at: '2026-01-01T00:00:00Z', source }],
    });
  }
  if (index % 2 === 0) {
    await send('/v1/track', {
      messageId: `${userId}-2`,
      event: 'Order Completed',
      properties: { orderId: `order-${index}` },
    });
  }
  await send('/v1/track', { messageId: `${userId}-3`, event: 'Signed Up' });
  // Its backend restarted and sends the same once more: that changes nothing.
  if (index % 4 === 0) await send('/v1/track', { messageId: `${userId}-3`, event: 'Signed Up' });
}
