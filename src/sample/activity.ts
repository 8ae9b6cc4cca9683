import { formatInstant, type Instant } from '../shared/clock.ts';
import { between, draw, pick } from './draw.ts';
import { FIRST_CONTACT, type Person } from './people.ts';

/** Something a sample contact did. */
export interface Deed {
  at: Instant;
  name: string;
  properties: Record<string, unknown>;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far back events go. */
const REACH = 60 * DAY;

const PRODUCTS = [
  { productId: 'P-01', name: 'Linen kitchen towel', category: 'kitchen', price: 14 },
  { productId: 'P-02', name: 'Small teapot', category: 'kitchen', price: 42 },
  { productId: 'P-03', name: 'Walnut board', category: 'kitchen', price: 36 },
  { productId: 'P-04', name: 'Wool blanket', category: 'home', price: 98 },
  { productId: 'P-05', name: 'Winter linen sheet', category: 'home', price: 120 },
  { productId: 'P-06', name: 'Beeswax candle', category: 'home', price: 9 },
  { productId: 'P-07', name: 'Canvas bag', category: 'outside', price: 54 },
  { productId: 'P-08', name: 'Rain jacket', category: 'outside', price: 160 },
  { productId: 'P-09', name: 'Printed notebook', category: 'desk', price: 12 },
  { productId: 'P-10', name: 'Brass pen', category: 'desk', price: 28 },
];

/** What a sample contact did during the last 60 days, oldest first; its last deed is at `lastSeenAt`. */
export function deedsOf(person: Person, now: Instant): Deed[] {
  const { userId, lastSeenAt, createdAt } = person;
  if (lastSeenAt === null) return [];
  if (userId === FIRST_CONTACT) return visit(person, lastSeenAt, 0, false);
  const first = Math.max(now - REACH, createdAt);
  const visits = between(1, person.habit === 'active' ? 8 : 4, userId, 'visits');
  const buyer = draw(userId, 'buyer') < 0.55;
  const deeds: Deed[] = [];
  for (let n = 0; n < visits; n++) {
    // The last visit is the last thing heard of; the earlier ones are spread over the time before.
    const at = n === 0 ? lastSeenAt : Math.round(first + draw(userId, 'visit', n) * (lastSeenAt - first));
    deeds.push(...visit(person, at, n, buyer && draw(userId, 'order', n) < 0.45));
  }
  if (draw(userId, 'contact form') < 0.06) {
    deeds.push({
      at: first + Math.round((lastSeenAt - first) / 2),
      name: 'Form Submitted',
      properties: { form: 'contact' },
    });
  }
  return deeds.sort((a, b) => a.at - b.at);
}

/** One visit that ends at `end`: signed in, looked at some products, and perhaps bought one. */
function visit({ userId, place }: Person, end: Instant, n: number, buys: boolean): Deed[] {
  const looks = between(1, 4, userId, 'looks', n);
  const seen = Array.from({ length: looks }, (_, i) => pick(PRODUCTS, userId, 'product', n, i));
  const minutesBefore = (minutes: number): Instant => end - minutes * MINUTE;
  const deeds: Deed[] = [{ at: minutesBefore(2 * looks + 6), name: 'Logged In', properties: {} }];
  seen.forEach((product, i) => {
    const properties = { ...product, currency: place.currency };
    deeds.push({ at: minutesBefore(2 * (looks - i) + 3), name: 'Product Viewed', properties });
  });
  const last = seen.at(-1)!;
  if (!buys) {
    if (draw(userId, 'cart', n) < 0.2)
      deeds.push({ at: end, name: 'Product Added', properties: { ...last, quantity: 1 } });
    else deeds.at(-1)!.at = end;
    return deeds;
  }
  const quantity = between(1, 3, userId, 'quantity', n);
  const order = { orderId: `${userId}-${n + 1}`, total: last.price * quantity, currency: place.currency };
  deeds.push({ at: minutesBefore(2), name: 'Product Added', properties: { ...last, quantity } });
  deeds.push({ at: end, name: 'Order Completed', properties: { ...order, products: [{ ...last, quantity }] } });
  return deeds;
}

/** What a shop's backend knows of somebody with these deeds: traits beside the reserved ones. */
export function standing(deeds: readonly Deed[]): Record<string, unknown> {
  const orders = deeds.filter(({ name }) => name === 'Order Completed');
  const spent = orders.reduce((sum, { properties }) => sum + Number(properties.total), 0);
  const last = orders.at(-1);
  return {
    status: last === undefined ? 'prospect' : spent >= 300 ? 'vip' : 'customer',
    orders: orders.length,
    ...(last !== undefined && { lastOrderAt: formatInstant(last.at) }),
  };
}
