import { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
  json: 'a value that JSON can hold',
  custom: 'something else',
};

/** `string or object` as `a text or a map`: how messages name what zod expects. */
export function kindWords(expected: string): string {
  return [...new Set(expected.split(' or ').map((type) => KINDS[type] ?? type))].join(' or ');
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an email address, such as ada@example.com',
  url: 'must be an address, such as https://example.com/',
  uuid: 'must be a UUID',
  date: 'must be a date, such as 2026-03-01',
  datetime: 'must be an instant with its offset, such as 2026-03-01T08:00:00Z',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
  json_string: 'must be JSON',
};

const plural = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? '' : 's'}`;

function sizeWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  const counted: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'entry' };
  const unit = counted[issue.origin];
  if (unit !== undefined) {
    if (small && Number(bound) === 1) return 'must not be empty';
    return `must have ${issue.exact ? 'exactly' : small ? 'at least' : 'at most'} ${plural(bound, unit)}`;
  }
  if (issue.inclusive === false) return `must be ${small ? 'more' : 'less'} than ${bound}`;
  return `must be ${bound} or ${small ? 'more' : 'less'}`;
}

/**
 * What is said of a value that a schema refuses where the schema has no words of its own: for people who have never
 * heard of zod. The same for one issue wherever it is asked, so that it can be told from words of a schema.
 */
export function schemaWords(issue: z.core.$ZodRawIssue | z.core.$ZodIssue): string {
  // What zod hands over before its own words are there has no type of its own for each code.
  const known = issue as z.core.$ZodIssue;
  switch (known.code) {
    case 'invalid_type':
      return `must be ${kindWords(known.expected)}`;
    case 'invalid_value':
      return `must be ${known.values.length > 1 ? 'one of ' : ''}${known.values.map(String).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return sizeWords(known);
    case 'invalid_format':
      return FORMATS[known.format] ?? 'is not written as it has to be here';
    case 'not_multiple_of':
      return `must be a multiple of ${known.divisor}`;
    case 'unrecognized_keys':
      return `has ${known.keys.length === 1 ? 'a field' : 'fields'} not known here: ${known.keys.slice(0, 5).join(', ').slice(0, 200)}`;
    case 'invalid_key':
      return 'has a name that is not allowed here';
    case 'invalid_element':
      return 'has a value that is not allowed here';
    default:
      return 'is not what is needed here';
  }
}

/** True when a schema had nothing of its own to say. */
export const isUnworded = (issue: z.core.$ZodIssue): boolean => issue.message === schemaWords(issue);

// Once for the process: every schema, of files and of requests, speaks so.
z.config({ localeError: (issue) => schemaWords(issue) });
