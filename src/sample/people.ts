import { formatInstant, type Instant } from '../shared/clock.ts';
import { between, draw, pick, weighted } from './draw.ts';
import { PLACES, type Place } from './places.ts';

/** How a sample contact behaves, and with that what the programmes will make of it. */
export type Habit = 'active' | 'fading' | 'lapsed' | 'never-active';

export interface Person {
  userId: string;
  place: Place;
  habit: Habit;
  createdAt: Instant;
  /** When it was last heard of; null for those who never were. */
  lastSeenAt: Instant | null;
  /** As a backend would send them. */
  traits: Record<string, unknown>;
}

/** Whom the line of `npm start` is about: has consented, has looked around, and has not been welcomed yet. */
export const FIRST_CONTACT = 'ada';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CONTACTS = 300;

const FIRST_NAMES = [
  'Alex',
  'Alice',
  'Amir',
  'Anna',
  'Camille',
  'Charlie',
  'Clara',
  'Daniel',
  'Elena',
  'Emma',
  'François',
  'Gabriel',
  'Hélène',
  'Hugo',
  'Inès',
  'Jules',
  'Karim',
  'Laura',
  'Léa',
  'Leo',
  'Louise',
  'Lucas',
  'Marie',
  'Maya',
  'Mehdi',
  'Nina',
  'Noah',
  'Olivia',
  'Paul',
  'Rosa',
  'Sam',
  'Sarah',
  'Sofia',
  'Thomas',
  'Victor',
  'Yasmine',
  'Zoé',
];
const LAST_NAMES = [
  'Arnaud',
  'Baker',
  'Bonnet',
  'Carter',
  'Colin',
  'Dubois',
  'Fischer',
  'Garcia',
  'Girard',
  'Harris',
  'Lambert',
  'Leroy',
  'Martin',
  'Mercier',
  'Moreau',
  'Nguyen',
  'Petit',
  'Rossi',
  'Rousseau',
  'Silva',
  'Taylor',
  'Walker',
  'Weber',
  'Wright',
];

/**
 * Shares of habits. Most are active, so that a first start sends a few messages a day and no storm: the fading reach
 * their thirty idle days one after the other during the next week, and the lapsed had reached them before they came
 * here, which is history and fires nothing (rule T8).
 */
const HABITS: readonly { share: number; habit: Habit }[] = [
  { share: 64, habit: 'active' },
  { share: 11, habit: 'fading' },
  { share: 20, habit: 'lapsed' },
  { share: 5, habit: 'never-active' },
];

/** Days from now until the birthdays that come soon. */
const SOON = [0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10];
/** Any day of the year exists in it. */
const LEAP_YEAR = 1988;

/** The sample's contacts as they are at `now`; the same for everybody who asks at the same instant. */
export function samplePeople(now: Instant): Person[] {
  return [ada(now), ...Array.from({ length: CONTACTS - 1 }, (_, n) => person(n + 1, now))];
}

/** Days from now until the birthday of sample contact `n`; null when it is not one of those that come soon. */
const soon = (n: number): number | null => SOON[n - 1] ?? null;

function ada(now: Instant): Person {
  const [createdAt, lastSeenAt] = [now - 41 * DAY, now - 2 * DAY - 5 * HOUR];
  return {
    userId: FIRST_CONTACT,
    place: PLACES[0]!,
    habit: 'active',
    createdAt,
    lastSeenAt,
    traits: {
      email: 'ada@example.com',
      phone: '+33639980000',
      firstName: 'Ada',
      lastName: 'Example',
      birthday: '1990-12-10',
      locale: 'en-GB',
      timezone: 'Europe/Paris',
      country: 'FR',
      createdAt: formatInstant(createdAt),
      status: 'prospect',
    },
  };
}

function person(n: number, now: Instant): Person {
  const userId = `sample-${String(n).padStart(3, '0')}`;
  const place = weighted(PLACES, userId, 'place');
  const { habit } = weighted(HABITS, userId, 'habit');
  const createdAt = now - createdBefore(userId, habit);
  const firstName = pick(FIRST_NAMES, userId, 'first name');
  const lastName = pick(LAST_NAMES, userId, 'last name');
  const traits: Record<string, unknown> = {
    email:
      draw(userId, 'email') < 0.97 || soon(n) !== null
        ? `${plain(firstName)}.${plain(lastName)}.${n}@example.com`
        : null,
    phone: place.phone !== null && draw(userId, 'phone') < 0.8 ? place.phone(n) : null,
    firstName: draw(userId, 'named') < 0.93 ? firstName : null,
    lastName: draw(userId, 'named') < 0.93 ? lastName : null,
    birthday: birthday(n, userId, now),
    locale: draw(userId, 'locale') < 0.95 ? place.locale : null,
    timezone: place.timezone,
    country: place.country,
    createdAt: formatInstant(createdAt),
    source: pick(['web', 'web', 'shop', 'market'], userId, 'source'),
  };
  const known = Object.entries(traits).filter(([, value]) => value !== null);
  return {
    userId,
    place,
    habit,
    createdAt,
    lastSeenAt: lastSeen(userId, habit, now),
    traits: Object.fromEntries(known),
  };
}

/** Milliseconds. Who was never active has come within the last thirty days, so that nobody's are over yet. */
function createdBefore(userId: string, habit: Habit): number {
  if (habit === 'never-active') return Math.round((1 + draw(userId, 'created') * 28) * DAY);
  return Math.round((62 + draw(userId, 'created') ** 2 * 900) * DAY);
}

function lastSeen(userId: string, habit: Habit, now: Instant): Instant | null {
  const days: Record<Habit, [number, number] | null> = {
    active: [0.05, 20],
    fading: [22, 29.5],
    lapsed: [31, 58],
    'never-active': null,
  };
  const range = days[habit];
  if (range === null) return null;
  const [from, to] = range;
  return now - Math.round((from + draw(userId, 'last seen') * (to - from)) * DAY);
}

function birthday(n: number, userId: string, now: Instant): string | null {
  const inDays = soon(n);
  if (inDays !== null) return `${LEAP_YEAR}-${formatInstant(now + inDays * DAY).slice(5, 10)}`;
  if (n % 60 === 0) return n % 120 === 0 ? '--02-29' : '1992-02-29';
  if (draw(userId, 'birthday') < 0.25) return null;
  const day = formatInstant(Date.UTC(LEAP_YEAR, 0, 1) + between(0, 365, userId, 'day') * DAY).slice(5, 10);
  if (draw(userId, 'year') < 0.2) return `--${day}`;
  const year = between(1950, 2005, userId, 'year of birth');
  return day === '02-29' ? `--${day}` : `${year}-${day}`;
}

/** For an address: lower case, without accents. */
const plain = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
